//! A wire to the server that goes dead, as one does whose plug is pulled: nothing is closed, and nothing
//! comes through.

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// A wire to a server.
pub struct Wire {
    address: String,
    dead: watch::Sender<bool>,
}

impl Wire {
    /// Lays a wire to the server at `server`, as `host:port`.
    pub async fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (dead, state) = watch::channel(false);
        tokio::spawn(async move {
            loop {
                let (mut here, _) = listener.accept().await.unwrap();
                let (server, mut state) = (server.clone(), state.clone());
                tokio::spawn(async move {
                    if state.wait_for(|dead| !*dead).await.is_err() {
                        return;
                    }
                    let Ok(mut there) = TcpStream::connect(&server).await else { return };
                    tokio::select! {
                        _ended = copy_bidirectional(&mut here, &mut there) => return,
                        _died = state.wait_for(|dead| *dead) => {}
                    }
                    // Both ends hang in the air until the wire is whole again.
                    let _mended = state.wait_for(|dead| !*dead).await;
                });
            }
        });
        Self { address, dead }
    }

    /// The same address by way of the wire.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Cuts the wire, or mends it.
    pub fn cut(&self, dead: bool) {
        self.dead.send_replace(dead);
    }
}
