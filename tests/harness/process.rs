//! The shipped binary as a process of its own: started, killed, started again.

use std::{
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

/// The binary.
pub const BINARY: &str = env!("CARGO_BIN_EXE_zhibu-under-test");

/// Sends documents to a process, which may be gone.
#[derive(Clone)]
pub struct Client {
    url: String,
    client: reqwest::Client,
}

/// A demo server as a process.
pub struct Process {
    child: Child,
    client: Client,
}

impl Process {
    /// Starts a demo in `folder`, on the database at `url` or on SQLite, and waits until it is ready.
    pub async fn demo(folder: &Path, url: Option<&str>) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(BINARY);
        command.args(["demo", "--dir"]).arg(folder).args(["--listen", &format!("127.0.0.1:{port}")]);
        if let Some(url) = url {
            command.args(["--database-url", url]);
        }
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary starts");
        let deadline = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < deadline, "the server didn't answer in a minute");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let client = Client {
            url: format!("http://127.0.0.1:{port}/graphql"),
            client: zhibu::outgoing::client().unwrap().build().unwrap(),
        };
        Self { child, client }
    }

    /// Sends documents to it.
    pub fn client(&self) -> Client {
        self.client.clone()
    }

    /// Where something of it is.
    pub fn url(&self, path: &str) -> String {
        self.client.url.replace("/graphql", path)
    }

    /// Asks it to stop, as an operator would; answers its exit code.
    pub fn terminate(&mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.child.wait().expect("it ends").code()
    }

    /// Kills it, as a power cut would.
    pub fn kill(&mut self) {
        self.child.kill().expect("it is still there");
        self.child.wait().expect("it ends");
    }
}

impl std::ops::Deref for Process {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Client {
    /// Sends a document; none where the server is gone before it answers.
    pub async fn gql(&self, token: Option<&str>, document: &str, variables: Value) -> Option<Value> {
        let mut request =
            self.client.post(&self.url).json(&json!({ "query": document, "variables": variables }));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        request.send().await.ok()?.json().await.ok()
    }

    /// The access token of somebody.
    pub async fn sign_in(&self, phone: &str, password: &str) -> String {
        let document = "mutation($i: SignInInput!) { signIn(input: $i) { ... on SignInDone { tokens { accessToken } } } }";
        let answer = self.gql(None, document, json!({ "i": { "phone": phone, "password": password } })).await;
        let token = answer.as_ref().and_then(|a| a["data"]["signIn"]["tokens"]["accessToken"].as_str());
        token.expect("the demo's people can sign in").to_owned()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _gone_already = self.child.kill();
        let _gone_already = self.child.wait();
    }
}
