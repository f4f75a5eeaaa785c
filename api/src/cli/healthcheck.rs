use std::{
    io::{Read, Write},
    net::{TcpStream, ToSocketAddrs},
    process::ExitCode,
    time::Duration,
};

use super::{failure::Failure, out::say};

/// Asks a running server whether it is well.
///
/// Exit code 0 if it answers 200 within five seconds, else 1. /readyz says whether the database
/// answers and its schema is up to date; /healthz only whether the process lives. For containers
/// without curl.
#[derive(clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Args {
    /// What to ask; plain http only.
    #[arg(long, default_value = "http://127.0.0.1:8080/readyz", value_name = "URL")]
    url: String,
}

const EXAMPLES: &str = "\
Examples:
  zhibu healthcheck
  zhibu healthcheck --url http://127.0.0.1:8080/healthz";

const PATIENCE: Duration = Duration::from_secs(5);

/// Asks.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let (host, path) = parts(&args.url)
        .ok_or_else(|| Failure::setting(format!("--url: {} isn't http://HOST:PORT/PATH", args.url)))?;
    let answer = ask(&host, &path).map_err(|error| Failure::new(format!("{}: {error}", args.url)))?;
    let status = answer.lines().next().unwrap_or_default().split(' ').nth(1).unwrap_or_default();
    let said = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body.trim());
    if status != "200" {
        return Err(Failure::new(format!("{}: {status} {said}", args.url)));
    }
    say(said);
    Ok(ExitCode::SUCCESS)
}

fn parts(url: &str) -> Option<(String, String)> {
    let rest = url.strip_prefix("http://")?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let clean = !host.is_empty() && !url.chars().any(|c| c.is_control() || c == ' ');
    clean.then(|| (if port { host.to_owned() } else { format!("{host}:80") }, format!("/{path}")))
}

fn ask(host: &str, path: &str) -> std::io::Result<String> {
    let mut addresses = host.to_socket_addrs()?;
    let address = addresses.next().ok_or_else(|| std::io::Error::other("no such host"))?;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.take(64 * 1024).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_an_address_apart() {
        let parts = |url| parts(url).map(|(host, path)| format!("{host} {path}"));
        assert_eq!(parts("http://127.0.0.1:8080/readyz").as_deref(), Some("127.0.0.1:8080 /readyz"));
        assert_eq!(parts("http://zhibu").as_deref(), Some("zhibu:80 /"));
        for bad in ["https://zhibu/", "zhibu:8080", "http://", "http://a/\r\nx: y"] {
            assert_eq!(parts(bad), None, "{bad}");
        }
    }
}
