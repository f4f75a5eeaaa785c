use actix_web::{HttpRequest, HttpResponse, http::header, web};

use super::ops;
use crate::{
    app::App,
    rest::{Problem, conditional},
};

/// Where calendars are. The address is the secret: it comes into no log.
pub const PATH: &str = "/calendar/{token}.ics";

/// Where a secret's calendar is.
pub fn url(app: &App, token: &str) -> String {
    format!("{}{}", app.config.public_url.trim_end_matches('/'), PATH.replace("{token}", token))
}

/// A calendar; nothing where the phone has it as it is.
pub async fn get(app: web::Data<App>, request: HttpRequest, token: web::Path<String>) -> HttpResponse {
    let calendar = match ops::feed(&app, &token).await {
        Ok(feed) => feed.write(),
        Err(error) => return Problem::from(error).answer(&request),
    };
    // Compressed or not, it is the same calendar.
    let tag = conditional::tag(None, calendar.as_bytes());
    let fresh = conditional::is_known(request.headers(), &tag);
    let mut answer = if fresh { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header(("x-robots-tag", "noindex"));
    if fresh {
        return answer.finish();
    }
    answer
        .insert_header((header::CONTENT_TYPE, "text/calendar; charset=utf-8"))
        .insert_header((header::CONTENT_DISPOSITION, "inline; filename=\"zhibu.ics\""))
        .body(calendar)
}
