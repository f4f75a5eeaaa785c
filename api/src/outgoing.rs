//! Requests to other servers over HTTP.

use std::{path::Path, sync::Arc};

use reqwest::{Client, ClientBuilder, redirect::Policy};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};

/// A client for one kind of requests. It trusts the authorities that browsers do, follows no redirect and
/// asks no proxy: what it sends is for the server that it was meant for.
pub fn client() -> Result<ClientBuilder, String> {
    client_trusting(None)
}

/// The same; it trusts the authorities in a PEM file as well.
pub fn client_trusting(authorities: Option<&Path>) -> Result<ClientBuilder, String> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(file) = authorities {
        let bad = |why: String| format!("{}: {why}", file.display());
        for certificate in CertificateDer::pem_file_iter(file).map_err(|error| bad(error.to_string()))? {
            let certificate = certificate.map_err(|error| bad(error.to_string()))?;
            roots.add(certificate).map_err(|error| bad(error.to_string()))?;
        }
    }
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Client::builder().tls_backend_preconfigured(tls).redirect(Policy::none()).no_proxy())
}
