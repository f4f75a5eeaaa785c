//! HTTP/1.1 as far as a load generator needs it: bytes that are ready go out, an answer with a
//! known length comes back.

use std::{io, net::SocketAddr};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// One keep-alive connection.
pub struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer.
pub struct Answer<'a> {
    /// Whether the status is 200.
    pub ok: bool,
    /// The body.
    pub body: &'a [u8],
}

impl Answer<'_> {
    /// Whether the body holds these bytes.
    pub fn holds(&self, needle: &[u8]) -> bool {
        find(self.body, needle).is_some()
    }
}

/// Where a needle begins.
pub fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

fn broken(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// The length of the head and of the body behind it.
fn lengths(head: &[u8]) -> io::Result<Option<(usize, usize)>> {
    let Some(end) = find(head, b"\r\n\r\n") else { return Ok(None) };
    let lines = head.get(..end).unwrap_or_default().split(|byte| *byte == b'\n');
    for line in lines {
        let Some((name, value)) = line.split_at_checked("content-length:".len()) else { continue };
        if name.eq_ignore_ascii_case(b"content-length:") {
            let value = std::str::from_utf8(value).ok().and_then(|text| text.trim().parse().ok());
            return Ok(Some((end + 4, value.ok_or_else(|| broken("a content-length that is no number"))?)));
        }
    }
    Err(broken("an answer without content-length"))
}

impl Wire {
    /// Connects.
    pub async fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(4_096) })
    }

    /// Sends a request and waits for its answer.
    pub async fn exchange(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let (start, end) = loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(broken("the server hung up"));
            }
            if let Some((head, body)) = lengths(&self.buffer)? {
                break (head, head + body);
            }
        };
        while self.buffer.len() < end {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(broken("the server hung up"));
            }
        }
        let body = self.buffer.get(start..end).unwrap_or_default();
        Ok(Answer { ok: self.buffer.starts_with(b"HTTP/1.1 200"), body })
    }
}

/// A GraphQL request up to its body.
pub fn head(token: Option<&str>, body_length: usize) -> String {
    let bearer = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    format!(
        "POST /graphql HTTP/1.1\r\nHost: bench\r\n{bearer}Accept: application/json\r\n\
         Content-Type: application/json\r\nContent-Length: {body_length}\r\n\r\n"
    )
}

/// A whole GraphQL request.
pub fn request(token: Option<&str>, body: &str) -> Vec<u8> {
    (head(token, body.len()) + body).into_bytes()
}
