//! Requests to other servers over HTTP.

use std::sync::Arc;

use reqwest::{Client, ClientBuilder, redirect::Policy};

/// A client for one kind of requests. It trusts the authorities that browsers do, follows no redirect and
/// asks no proxy: what it sends is for the server that it was meant for.
pub fn client() -> Result<ClientBuilder, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let roots = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect::<rustls::RootCertStore>();
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Client::builder().tls_backend_preconfigured(tls).redirect(Policy::none()).no_proxy())
}
