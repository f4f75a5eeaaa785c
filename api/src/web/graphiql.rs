//! GraphiQL, the page on which developers try queries, from the binary itself: no CDN, which an
//! intranet doesn't reach. `graphiql/README.md` says where each file comes from.

use std::sync::LazyLock;

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};

use super::version;

/// Where the page's files are.
pub const ASSETS: &str = "/graphql/assets/{file}";

/// The page may load its own files, talk to its own server, and nothing else. GraphiQL's editor
/// sets styles from scripts.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; font-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

struct Asset {
    name: &'static str,
    kind: &'static str,
    content: &'static str,
}

macro_rules! asset {
    ($name:literal, $kind:literal) => {
        Asset { name: $name, kind: $kind, content: include_str!(concat!("graphiql/", $name)) }
    };
}

const FILES: [Asset; 6] = [
    asset!("graphiql.min.css", "text/css; charset=utf-8"),
    asset!("graphiql.min.js", "text/javascript; charset=utf-8"),
    asset!("page.css", "text/css; charset=utf-8"),
    asset!("page.js", "text/javascript; charset=utf-8"),
    asset!("react.production.min.js", "text/javascript; charset=utf-8"),
    asset!("react-dom.production.min.js", "text/javascript; charset=utf-8"),
];

static VERSION: LazyLock<String> =
    LazyLock::new(|| version(FILES.iter().map(|file| file.content.as_bytes())));

static PAGE: LazyLock<String> =
    LazyLock::new(|| include_str!("graphiql/index.html").replace("{version}", &VERSION));

/// The page.
pub fn page() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::VARY, "Accept"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(PAGE.as_str())
}

/// One of its files.
pub async fn asset(request: HttpRequest) -> HttpResponse {
    let name = request.match_info().query("file");
    let Some(file) = FILES.iter().find(|file| file.name == name) else {
        return HttpResponse::NotFound().finish();
    };
    let tag = format!("\"{}\"", *VERSION);
    let known = request.headers().get(header::IF_NONE_MATCH);
    let fresh = known.is_some_and(|value| value.as_bytes() == tag.as_bytes());
    let mut answer = if fresh { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")));
    if fresh {
        return answer.finish();
    }
    answer.insert_header((header::CONTENT_TYPE, file.kind)).body(file.content)
}

#[cfg(test)]
mod tests {
    use actix_web::test::{TestRequest, call_service, init_service};
    use actix_web::{App, web};

    use sha2::{Digest, Sha256};

    use super::*;

    async fn get(request: TestRequest) -> HttpResponse<web::Bytes> {
        let app = init_service(App::new().route(ASSETS, web::get().to(asset))).await;
        let response = call_service(&app, request.to_request()).await;
        let (head, body) = response.into_parts().1.into_parts();
        head.set_body(actix_web::body::to_bytes(body).await.unwrap())
    }

    #[test]
    fn published_files_are_unchanged() {
        let readme = include_str!("graphiql/README.md");
        for file in FILES.iter().filter(|file| file.name.contains(".min.")) {
            let hash: String =
                Sha256::digest(file.content).iter().map(|byte| format!("{byte:02x}")).collect();
            assert!(readme.contains(&format!("`{}`", file.name)), "{}", file.name);
            assert!(readme.contains(&hash), "{} has the hash {hash}", file.name);
        }
    }

    #[actix_web::test]
    async fn every_file_of_the_page_is_served_and_kept() {
        let page = actix_web::body::to_bytes(page().into_body()).await.unwrap();
        let page = std::str::from_utf8(&page).unwrap();
        let addresses: Vec<_> = page.split('"').filter(|text| text.starts_with("/graphql/assets/")).collect();
        assert_eq!(addresses.len(), FILES.len());
        for address in addresses {
            let whole = get(TestRequest::with_uri(address)).await;
            assert_eq!(whole.status(), 200, "{address}");
            let tag = whole.headers().get(header::ETAG).unwrap().clone();
            let kept = get(TestRequest::with_uri(address).insert_header((header::IF_NONE_MATCH, tag))).await;
            assert_eq!((kept.status().as_u16(), kept.body().len()), (304, 0), "{address}");
        }
        assert_eq!(get(TestRequest::with_uri("/graphql/assets/README.md")).await.status(), 404);
    }
}
