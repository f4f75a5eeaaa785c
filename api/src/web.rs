//! Pages that the server itself shows.

pub mod graphiql;
pub mod redoc;

use actix_web::{FromRequest, Handler, HttpResponse, Resource, Responder, Route, guard, http::header, web};
use sha2::{Digest, Sha256};

/// What can be read at a path, by GET and HEAD.
pub fn read<F, Args>(path: &str, handler: F) -> Resource
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    let reading = web::route().guard(guard::Any(guard::Get()).or(guard::Head()));
    alone(path, reading.to(handler), "GET, HEAD")
}

/// What is fetched at a path, by GET: that it was is written down.
pub fn fetch<F, Args>(path: &str, handler: F) -> Resource
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    alone(path, web::get().to(handler), "GET")
}

/// What is sent to a path, by POST.
pub fn post<F, Args>(path: &str, handler: F) -> Resource
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    alone(path, web::post().to(handler), "POST")
}

fn alone(path: &str, route: Route, methods: &'static str) -> Resource {
    let other = move || async move {
        HttpResponse::MethodNotAllowed().insert_header((header::ALLOW, methods)).finish()
    };
    web::resource(path).route(route).default_service(web::to(other))
}

/// What changes when any of a page's files does; stands in their addresses, so that they are kept for good.
pub fn version<'a>(files: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    files.into_iter().for_each(|content| hash.update(content));
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
