//! The page for the room's screen: plain files from the binary, no CDN, which an intranet doesn't reach.
//! The link's ticket stands behind `#`, so that it comes neither to a log nor to a proxy.

use std::sync::LazyLock;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, ContentEncoding},
    web,
};
use serde::Deserialize;
use zhibu_domain::{
    id::{ActivityId, TypedId},
    policy::{Actor, Denied},
    vocabulary::Language,
};

use super::{DOCUMENT, ops};
use crate::{
    app::App,
    error::OpError,
    gate,
    graphql::{body::Short, decode, encode},
    rest::Problem,
    web::version,
};

/// The page.
pub const PATH: &str = "/board/{activity}";
/// Where it follows its link.
pub const ENTER: &str = "/board/{activity}/enter";
/// Its files.
pub const ASSETS: &str = "/board/assets/{version}/{file}";

/// The page may load its own files, talk to its own server, and nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STYLE: &str = include_str!("page/board.css");

static SCRIPT: LazyLock<String> = LazyLock::new(|| {
    let document = serde_json::Value::from(DOCUMENT).to_string();
    include_str!("page/board.js").replace("\"{document}\"", &document)
});

static VERSION: LazyLock<String> = LazyLock::new(|| version([STYLE.as_bytes(), SCRIPT.as_bytes()]));

/// What the page says, by the attribute that asks for it, in both languages.
const WORDS: [(&str, &str, &str); 13] = [
    ("{title}", "签到", "Check-in"),
    ("{expected}", "应到", "Due"),
    ("{present}", "实到", "In"),
    ("{late}", "迟到", "Late"),
    ("{onLeave}", "请假", "Away"),
    ("{scan}", "扫码或输数字", "Scan or type"),
    ("{early}", "签到未开始", "Not open yet"),
    ("{from}", "签到开始", "opens"),
    ("{over}", "签到已结束", "Check-in is over"),
    ("{offline}", "连接中断", "Offline"),
    ("{again}", "正在重连…", "Reconnecting…"),
    ("{ended}", "签到屏已关闭", "This board is closed"),
    ("{reopen}", "请重新打开", "Open a new one"),
];

/// Where an activity's board is opened with a ticket.
pub fn url(app: &App, activity: ActivityId, ticket: &str) -> String {
    let id = encode(ActivityId::KIND, activity.0);
    format!("{}{}#{ticket}", app.config.public_url.trim_end_matches('/'), PATH.replace("{activity}", &id))
}

/// What the address may ask.
#[derive(Deserialize)]
pub struct Asked {
    lang: Option<String>,
}

/// The page: of every activity the same, whether it is there or not.
pub async fn get(request: HttpRequest, asked: web::Query<Asked>) -> HttpResponse {
    let language = match &asked.lang {
        Some(lang) => Language::from_accept_language(lang),
        None => gate::language(&request),
    };
    let mut page = include_str!("page/board.html").replace("{version}", &VERSION);
    for (name, zh, en) in WORDS {
        page = page.replace(name, if language == Language::Zh { zh } else { en });
    }
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::CONTENT_LANGUAGE, language.tag()))
        .insert_header((header::VARY, "Accept-Language"))
        .insert_header(("x-robots-tag", "noindex"))
        .body(page.replace("{lang}", language.tag()))
}

/// One of its files.
pub async fn asset(path: web::Path<(String, String)>) -> HttpResponse {
    let (version, file) = path.into_inner();
    let (kind, content) = match file.as_str() {
        "board.css" => ("text/css; charset=utf-8", STYLE),
        "board.js" => ("text/javascript; charset=utf-8", SCRIPT.as_str()),
        _ => return HttpResponse::NotFound().finish(),
    };
    // An older server's page may ask a newer one: it gets what there is, and doesn't keep it.
    let kept = if version == *VERSION { "public, max-age=31536000, immutable" } else { "no-store" };
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, kind))
        .insert_header((header::CACHE_CONTROL, kept))
        .body(content)
}

/// Follows a link: the body is its ticket, the answer what the screen shows from then on.
pub async fn enter(
    app: web::Data<App>,
    request: HttpRequest,
    activity: web::Path<String>,
    ticket: Short,
) -> HttpResponse {
    let call = gate::call(&app, &request, Actor::Anonymous);
    let id = decode(&activity).filter(|(kind, _)| kind == ActivityId::KIND);
    let ticket = match &ticket.0 {
        Ok(ticket) => std::str::from_utf8(ticket),
        Err(rejection) => return Problem::new(rejection.code()).answer(&request),
    };
    let entered = match (id, ticket) {
        (Some((_, id)), Ok(ticket)) => ops::enter(&app, &call, ActivityId(id), ticket.trim()).await,
        _ => Err(OpError::Denied(Denied::Hidden)),
    };
    match entered {
        Ok(screen) => HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, "text/plain; charset=utf-8"))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header(ContentEncoding::Identity)
            .body(screen),
        Err(error) => Problem::from(error).answer(&request),
    }
}
