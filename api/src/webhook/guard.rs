//! To where messages may go. An address is looked at when it is registered, before each connection, and in what its
//! name stands for at that moment: so neither a name that changes nor a spelling gets past it.

use std::{net::SocketAddr, time::Duration};

use ipnet::IpNet;
use reqwest::{
    Url,
    dns::{Addrs, Name, Resolve, Resolving},
};
use serde::Deserialize;
use zhibu_domain::webhook::{WebhookRefusal as Refusal, is_admitted};

/// How long a registration waits for a name.
const PATIENCE: Duration = Duration::from_secs(3);

/// The longest address.
const LONGEST: usize = 500;

/// How webhooks are set up.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Networks whose addresses may be reached though they aren't public.
    pub allowed_networks: Vec<IpNet>,
    /// Whether receivers may do without TLS.
    pub plain_http: bool,
    /// The ports of receivers; any where empty.
    pub ports: Vec<u16>,
    /// How long a receiver may take in all, in milliseconds.
    pub timeout_ms: u64,
    /// A PEM file with certificates of authorities that are trusted besides the public ones.
    pub authorities: Option<std::path::PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            allowed_networks: Vec::new(),
            plain_http: false,
            ports: vec![443, 8443],
            timeout_ms: 15_000,
            authorities: None,
        }
    }
}

/// Says to where messages may go.
#[derive(Clone, Debug)]
pub struct Guard {
    allowed: Vec<IpNet>,
    plain_http: bool,
    ports: Vec<u16>,
}

/// A name stands for nothing but addresses to which nothing is sent.
#[derive(Debug)]
pub struct Forbidden;

impl std::fmt::Display for Forbidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the address isn't allowed")
    }
}

impl std::error::Error for Forbidden {}

impl Guard {
    /// As the operator has set it up.
    pub fn new(settings: &Settings) -> Self {
        Self {
            allowed: settings.allowed_networks.clone(),
            plain_http: settings.plain_http,
            ports: settings.ports.clone(),
        }
    }

    fn admits(&self, address: SocketAddr) -> bool {
        is_admitted(address.ip(), &self.allowed)
    }

    /// Reads an address, and looks at what it says itself: an IP address goes by no name.
    pub fn read(&self, text: &str) -> Result<Url, Refusal> {
        let url = Url::parse(text.trim()).map_err(|_| Refusal::BadUrl)?;
        let secret = !url.username().is_empty() || url.password().is_some() || url.fragment().is_some();
        if secret || url.as_str().len() > LONGEST {
            return Err(Refusal::BadUrl);
        }
        match url.scheme() {
            "https" => {}
            "http" if self.plain_http => {}
            _ => return Err(Refusal::HttpsRequired),
        }
        let port = url.port_or_known_default().ok_or(Refusal::BadUrl)?;
        if !self.ports.is_empty() && !self.ports.contains(&port) {
            return Err(Refusal::PortNotAllowed);
        }
        let host = url.host_str().ok_or(Refusal::BadUrl)?;
        // The parser has brought every spelling of an IPv4 address into this one.
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse();
        if literal.is_ok_and(|address| !self.admits(SocketAddr::new(address, port))) {
            return Err(Refusal::AddressNotAllowed);
        }
        Ok(url)
    }

    /// Looks at an address that somebody registers. A name that can't be found now may be found later: then it is
    /// looked at again.
    pub async fn check(&self, text: &str) -> Result<String, Refusal> {
        let url = self.read(text)?;
        let host = url.host_str().unwrap_or_default().trim_end_matches('.').to_owned();
        let found = tokio::time::timeout(PATIENCE, self.resolve(&host)).await;
        if matches!(found, Ok(Ok(addresses)) if addresses.is_empty()) {
            return Err(Refusal::AddressNotAllowed);
        }
        Ok(url.into())
    }

    /// What a name stands for, as far as it is allowed.
    async fn resolve(&self, name: &str) -> std::io::Result<Vec<SocketAddr>> {
        let found = tokio::net::lookup_host((name.trim_start_matches('[').trim_end_matches(']'), 0)).await?;
        Ok(found.filter(|address| self.admits(*address)).collect())
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            let found = Guard::resolve(&guard, name.as_str()).await?;
            if found.is_empty() {
                return Err(Forbidden.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_closed_address_is_refused() {
        let guard = Guard::new(&Settings { ports: Vec::new(), ..Settings::default() });
        for text in [
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://１２７.０.０.１/",
            "https://127.0.0.1./",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:7f00:1]/",
            "https://[fe80::1]/",
            "https://169.254.169.254/latest/meta-data",
            "https://100.100.100.200/",
            "https://[fd00:ec2::254]/",
            "https://0/",
        ] {
            assert_eq!(guard.read(text), Err(Refusal::AddressNotAllowed), "{text}");
        }
    }

    #[test]
    fn an_address_says_no_more_than_where() {
        let guard = Guard::new(&Settings::default());
        for (text, refusal) in [
            ("", Refusal::BadUrl),
            ("/hook", Refusal::BadUrl),
            ("https://", Refusal::BadUrl),
            ("https://a:b@hook.example/", Refusal::BadUrl),
            ("https://hook.example/#part", Refusal::BadUrl),
            ("http://hook.example/", Refusal::HttpsRequired),
            ("ftp://hook.example/", Refusal::HttpsRequired),
            ("file:///etc/passwd", Refusal::HttpsRequired),
            ("https://hook.example:22/", Refusal::PortNotAllowed),
        ] {
            assert_eq!(guard.read(text), Err(refusal), "{text}");
        }
        let long = format!("https://hook.example/{}", "a".repeat(500));
        assert_eq!(guard.read(&long), Err(Refusal::BadUrl));
        assert_eq!(
            guard.read(" https://HOOK.example:443/a?b=c ").unwrap().as_str(),
            "https://hook.example/a?b=c"
        );
        assert!(guard.read("https://hook.example:8443/").is_ok());
    }

    #[tokio::test]
    async fn a_name_that_stands_for_loopback_is_refused() {
        let guard = Guard::new(&Settings::default());
        assert_eq!(guard.check("https://localhost/").await, Err(Refusal::AddressNotAllowed));
        let found = Resolve::resolve(&guard, "localhost".parse().unwrap()).await;
        assert!(found.err().unwrap().is::<Forbidden>());
        let allowed = ["127.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
        let open = Guard::new(&Settings { allowed_networks: allowed.to_vec(), ..Settings::default() });
        assert!(open.check("https://localhost/").await.is_ok());
    }
}
