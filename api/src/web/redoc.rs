//! The page that shows the OpenAPI document, from the binary itself. `redoc/README.md` says where
//! its script comes from.

use std::sync::LazyLock;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, AcceptEncoding, ContentEncoding, Encoding, Header},
};

use super::version;

/// Where the page is.
pub const PAGE: &str = "/api/docs";
/// Where its files are.
pub const ASSETS: &str = "/api/docs/assets/{file}";
/// Where the document is.
pub const DOCUMENT: &str = "/api/openapi.json";

/// The page may load its own files and the document, and nothing else. Redoc sets styles from scripts.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const SCRIPT: &[u8] = include_bytes!("redoc/redoc.standalone.js.br");

const FILES: [(&str, &str, &str); 2] = [
    ("page.css", "text/css; charset=utf-8", include_str!("redoc/page.css")),
    ("page.js", "text/javascript; charset=utf-8", include_str!("redoc/page.js")),
];

/// For those who can't unpack it.
static PLAIN: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut plain = Vec::new();
    let done = brotli_decompressor::BrotliDecompress(&mut &*SCRIPT, &mut plain);
    debug_assert!(done.is_ok());
    plain
});

static VERSION: LazyLock<String> = LazyLock::new(|| {
    version([SCRIPT].into_iter().chain(FILES.iter().map(|(_, _, content)| content.as_bytes())))
});

/// The page.
pub async fn page() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .body(include_str!("redoc/index.html").replace("{version}", &VERSION))
}

/// The document.
pub async fn document() -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-cache")).json(crate::rest::document())
}

/// One of the page's files.
pub async fn asset(request: HttpRequest) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::VARY, "accept-encoding"));
    let name = request.match_info().query("file");
    if let Some((_, kind, content)) = FILES.iter().find(|(file, ..)| *file == name) {
        return answer.insert_header((header::CONTENT_TYPE, *kind)).body(*content);
    }
    if name != "redoc.standalone.js" {
        return HttpResponse::NotFound().finish();
    }
    answer.insert_header((header::CONTENT_TYPE, "text/javascript; charset=utf-8"));
    let packed = AcceptEncoding::parse(&request)
        .is_ok_and(|accepts| accepts.negotiate([Encoding::brotli()].iter()) == Some(Encoding::brotli()));
    if packed {
        return answer.insert_header(ContentEncoding::Brotli).body(SCRIPT);
    }
    answer.body(PLAIN.as_slice())
}

#[cfg(test)]
mod tests {
    use actix_web::{
        App,
        body::to_bytes,
        test::{TestRequest, call_service, init_service},
        web,
    };

    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn the_published_script_is_unchanged() {
        let hash: String = Sha256::digest(&*PLAIN).iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(include_str!("redoc/README.md").contains(&hash), "redoc.standalone.js has the hash {hash}");
    }

    #[actix_web::test]
    async fn every_file_of_the_page_is_served_packed_or_not() {
        let page = to_bytes(page().await.into_body()).await.unwrap();
        let page = std::str::from_utf8(&page).unwrap().to_owned();
        let app = init_service(App::new().route(ASSETS, web::get().to(asset))).await;
        let addresses: Vec<_> =
            page.split('"').filter(|text| text.starts_with("/api/docs/assets/")).collect();
        assert_eq!(addresses.len(), FILES.len() + 1);
        for address in addresses {
            let found = call_service(&app, TestRequest::with_uri(address).to_request()).await;
            assert_eq!(
                (found.status().as_u16(), found.headers().get("content-encoding")),
                (200, None),
                "{address}"
            );
        }
        let script = TestRequest::with_uri("/api/docs/assets/redoc.standalone.js");
        let packed =
            call_service(&app, script.insert_header(("accept-encoding", "gzip, br")).to_request()).await;
        assert_eq!(packed.headers().get("content-encoding").unwrap(), "br");
        assert_eq!(to_bytes(packed.into_body()).await.unwrap(), SCRIPT);
    }
}
