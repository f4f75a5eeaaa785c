//! A browser as people have it: Debian's Chromium, driven by its own protocol.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

/// How long anything may take to be seen.
const PATIENCE: Duration = Duration::from_secs(20);

/// A browser with one page.
pub struct Browser {
    process: Child,
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    session: String,
    sent: u64,
    _profile: TempDir,
}

/// A picture of a page, in shades of grey.
pub struct Picture {
    pub png: Vec<u8>,
    pub width: usize,
    pub height: usize,
    grey: Vec<u8>,
}

impl Browser {
    /// Starts one; none where there is no Chromium, unless it is demanded.
    pub async fn start() -> Option<Self> {
        let profile = tempfile::tempdir().unwrap();
        let started = Command::new("chromium")
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .args(["--hide-scrollbars", "--remote-debugging-port=0", "--lang=zh-CN"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn();
        let mut process = match started {
            Ok(process) => process,
            Err(why) => {
                let demanded = std::env::var("ZHIBU_TEST_DEMAND_CHROMIUM").is_ok_and(|v| v == "1");
                assert!(!demanded, "Chromium is demanded, but {why}");
                eprintln!("no Chromium: {why}");
                return None;
            }
        };
        let mut said = BufReader::new(process.stderr.take().unwrap()).lines();
        let address = tokio::task::spawn_blocking(move || {
            let found = said
                .by_ref()
                .find_map(|line| line.ok()?.strip_prefix("DevTools listening on ").map(str::to_owned));
            // Whatever it says later is read, so that it never waits to be heard.
            std::thread::spawn(move || said.for_each(drop));
            found
        });
        let address = address.await.unwrap().expect("Chromium says where it listens");
        let (socket, _) = connect_async(&address).await.expect("Chromium's own socket");
        let mut browser = Self { process, socket, session: String::new(), sent: 0, _profile: profile };
        let targets = browser.call("Target.getTargets", json!({})).await;
        let page = targets["targetInfos"].as_array().unwrap().iter().find(|t| t["type"] == "page").unwrap();
        let attached = json!({ "targetId": page["targetId"], "flatten": true });
        let attached = browser.call("Target.attachToTarget", attached).await;
        browser.session = attached["sessionId"].as_str().unwrap().to_owned();
        Some(browser)
    }

    async fn call(&mut self, method: &str, params: Value) -> Value {
        self.sent += 1;
        let id = self.sent;
        let mut message = json!({ "id": id, "method": method, "params": params });
        if !self.session.is_empty() {
            message["sessionId"] = self.session.clone().into();
        }
        self.socket.send(Message::text(message.to_string())).await.expect("Chromium hears");
        loop {
            let answer = tokio::time::timeout(PATIENCE, self.socket.next()).await;
            let answer = answer.expect("Chromium answers in time").expect("and goes on").unwrap();
            let Message::Text(answer) = answer else { continue };
            let answer: Value = serde_json::from_str(&answer).unwrap();
            if answer["id"] == id {
                assert!(answer.get("error").is_none(), "{method}: {answer}");
                return answer["result"].clone();
            }
        }
    }

    /// The size of the screen, and whether it is dark.
    pub async fn screen(&mut self, width: u32, height: u32, dark: bool) {
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < height });
        self.call("Emulation.setDeviceMetricsOverride", size).await;
        let scheme = if dark { "dark" } else { "light" };
        let scheme = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.call("Emulation.setEmulatedMedia", scheme).await;
    }

    /// Opens a page.
    pub async fn open(&mut self, url: &str) {
        // An address that differs behind `#` alone would not be loaded anew.
        self.call("Page.navigate", json!({ "url": "about:blank" })).await;
        self.call("Page.navigate", json!({ "url": url })).await;
    }

    /// What an expression comes to.
    pub async fn ask(&mut self, expression: &str) -> Value {
        let asked = json!({ "expression": expression, "returnByValue": true });
        let answer = self.call("Runtime.evaluate", asked).await;
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    /// Waits until an expression is true.
    pub async fn wait_for(&mut self, expression: &str) {
        let began = Instant::now();
        while self.ask(&format!("Boolean({expression})")).await != true {
            let shown = self.ask("document.body?.innerText").await;
            assert!(began.elapsed() < PATIENCE, "{expression} doesn't come true; the page shows {shown}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// A picture of the page.
    pub async fn picture(&mut self) -> Picture {
        let shot = self.call("Page.captureScreenshot", json!({ "format": "png" })).await;
        Picture::read(STANDARD.decode(shot["data"].as_str().unwrap()).unwrap())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _gone_already = self.process.kill();
        let _gone_already = self.process.wait();
    }
}

impl Picture {
    fn read(png: Vec<u8>) -> Self {
        let mut reader = png::Decoder::new(std::io::Cursor::new(&png)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        let grey = |pixel: &[u8]| {
            let sum: u32 = pixel.iter().take(3).map(|part| u32::from(*part)).sum();
            u8::try_from(sum / 3).unwrap()
        };
        let grey = pixels.chunks_exact(info.color_type.samples()).map(grey).collect();
        Self { grey, width: info.width as usize, height: info.height as usize, png }
    }

    /// The texts of the QR codes in it, seen `times` smaller: from as many times farther away.
    pub fn codes(&self, times: usize) -> Vec<String> {
        let (width, height) = (self.width / times, self.height / times);
        let shade = |x: usize, y: usize| {
            let cells = (0..times * times).map(|n| (x * times + n % times, y * times + n / times));
            let sum: usize = cells.map(|(x, y)| usize::from(self.grey[y * self.width + x])).sum();
            u8::try_from(sum / (times * times)).unwrap()
        };
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, shade);
        image.detect_grids().iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
    }

    /// Keeps the picture for people to look at, where `ZHIBU_TEST_PICTURES` names a folder.
    pub fn keep(&self, name: &str) {
        if let Ok(folder) = std::env::var("ZHIBU_TEST_PICTURES") {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(format!("{folder}/{name}.png"), &self.png).unwrap();
        }
    }

    /// How many shades it has: a page that shows nothing has one.
    pub fn shades(&self) -> usize {
        self.grey.iter().map(|shade| (*shade, ())).collect::<HashMap<_, _>>().len()
    }
}
