//! Another system that is told by webhooks, in whatever mood it is.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// How it answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mood {
    /// It takes everything.
    Takes,
    /// With a status, and more header lines.
    Says(u16, String),
    /// Takes the request and never answers.
    Hangs,
    /// Takes the request, and answers 100 MB.
    Floods,
    /// Sends one byte of its answer at a time.
    Drips,
    /// What the body holds is answered with 500, all else is taken.
    Refuses(String),
}

/// What it was sent.
#[derive(Clone, Debug)]
pub struct Got {
    pub id: String,
    pub timestamp: i64,
    pub signature: String,
    pub body: String,
}

impl Got {
    /// The body's JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// What happened.
    pub fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }

    /// Whether one of its signatures is by this secret.
    pub fn is_signed_by(&self, secret: &str) -> bool {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let expected = zhibu_domain::webhook::sign(&key, &self.id, self.timestamp, &self.body).unwrap();
        self.signature.split(' ').any(|signature| signature == expected)
    }
}

#[derive(Default)]
struct Counts {
    now: AtomicUsize,
    most: AtomicUsize,
    sent: AtomicUsize,
}

/// A receiver that listens on an address of this machine.
pub struct Receiver {
    pub port: u16,
    host: String,
    got: Arc<Mutex<Vec<Got>>>,
    mood: Arc<Mutex<Mood>>,
    counts: Arc<Counts>,
    serving: JoinHandle<()>,
}

impl Receiver {
    /// On 127.0.0.1.
    pub async fn open() -> Self {
        Self::on("127.0.0.1").await
    }

    /// On an address.
    pub async fn on(host: &str) -> Self {
        let listener = TcpListener::bind((host, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (got, counts) = (Arc::<Mutex<Vec<Got>>>::default(), Arc::<Counts>::default());
        let mood = Arc::new(Mutex::new(Mood::Takes));
        let (seen, felt, counted) = (Arc::clone(&got), Arc::clone(&mood), Arc::clone(&counts));
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (seen, felt, counted) = (Arc::clone(&seen), Arc::clone(&felt), Arc::clone(&counted));
                tokio::spawn(async move {
                    let now = counted.now.fetch_add(1, Ordering::SeqCst) + 1;
                    counted.most.fetch_max(now, Ordering::SeqCst);
                    let _gone = serve(stream, &seen, &felt, &counted.sent).await;
                    counted.now.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Self { port, host: host.to_owned(), got, mood, counts, serving }
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://{}:{}/hook", self.host, self.port)
    }

    /// Changes its mood.
    pub fn feel(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// What it was sent so far.
    pub fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    /// The most that it was sent at the same time.
    pub fn most_at_once(&self) -> usize {
        self.counts.most.load(Ordering::SeqCst)
    }

    /// How many bytes of a flood it could get rid of.
    pub fn flooded(&self) -> usize {
        self.counts.sent.load(Ordering::SeqCst)
    }

    /// Waits until it was sent so many.
    pub async fn came(&self, count: usize) -> Vec<Got> {
        for _ in 0..1_500 {
            let got = self.got();
            if got.len() >= count {
                return got;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{} of {count} have come", self.got().len());
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn request(stream: &mut TcpStream) -> std::io::Result<Got> {
    let mut read = Vec::new();
    let mut buffer = [0; 4096];
    let head = loop {
        let n = stream.read(&mut buffer).await?;
        if n == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        read.extend_from_slice(&buffer[..n]);
        if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
    };
    let text = String::from_utf8_lossy(&read[..head]).to_lowercase();
    let raw = String::from_utf8_lossy(&read[..head]).into_owned();
    let header = |name: &str| {
        let found = text.lines().zip(raw.lines()).find(|(line, _)| line.starts_with(&format!("{name}: ")));
        found.map(|(_, line)| line[name.len() + 2..].to_owned()).unwrap_or_default()
    };
    let length: usize = header("content-length").parse().unwrap();
    while read.len() < head + 4 + length {
        let n = stream.read(&mut buffer).await?;
        read.extend_from_slice(&buffer[..n]);
    }
    Ok(Got {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp").parse().unwrap_or_default(),
        signature: header("webhook-signature"),
        body: String::from_utf8(read[head + 4..].to_vec()).unwrap(),
    })
}

async fn serve(
    mut stream: TcpStream,
    seen: &Mutex<Vec<Got>>,
    felt: &Mutex<Mood>,
    sent: &AtomicUsize,
) -> std::io::Result<()> {
    let got = request(&mut stream).await?;
    let mood = felt.lock().unwrap().clone();
    let body = got.body.clone();
    seen.lock().unwrap().push(got);
    match mood {
        Mood::Refuses(what) if body.contains(&what) => {
            stream.write_all(b"HTTP/1.1 500 No\r\ncontent-length: 2\r\n\r\nno").await?;
        }
        Mood::Takes | Mood::Refuses(_) => {
            stream.write_all(b"HTTP/1.1 204 Taken\r\n\r\n").await?;
        }
        Mood::Says(status, more) => {
            let answer = format!("HTTP/1.1 {status} Said\r\n{more}content-length: 6\r\n\r\nsaid\0!");
            stream.write_all(answer.as_bytes()).await?;
        }
        Mood::Hangs => {
            // Until the other side has had enough.
            while stream.read(&mut [0; 64]).await? > 0 {}
        }
        Mood::Floods => {
            stream.write_all(b"HTTP/1.1 200 Here\r\ncontent-length: 104857600\r\n\r\n").await?;
            for _ in 0..1_600 {
                stream.write_all(&[b'x'; 65_536]).await?;
                sent.fetch_add(65_536, Ordering::SeqCst);
            }
        }
        Mood::Drips => {
            for byte in b"HTTP/1.1 200 Slow\r\ncontent-length: 2\r\n\r\nok".iter().cycle() {
                stream.write_all(&[*byte]).await?;
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
    Ok(())
}
