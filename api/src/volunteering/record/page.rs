//! The page on which anybody looks a sheet up. No script, nothing from elsewhere.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web,
};
use serde::Deserialize;
use zhibu_domain::{
    error_code::ErrorCode,
    id::{DistrictId, ServiceRecordSheetId},
    policy::Actor,
    vocabulary::{Language, Vocabulary},
    volunteering::RecordSheetState,
};

use super::{
    super::service_row::hours,
    ops::{self, LookUp},
};
use crate::{app::App, gate, graphql::Rejection};

/// The page with nothing looked up.
pub const PATH: &str = "/service-records";
/// The page of a code; of none, it is the same page.
pub const PATH_OF_CODE: &str = "/service-records/{code:.*}";

const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";
const PAGE: &str = include_str!("page.html");

/// What the form sends.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    code: String,
}

/// Where a sheet is looked up.
pub fn url(app: &App, district: DistrictId, id: ServiceRecordSheetId) -> String {
    let code = app.auth.look_up_codes.code(district, id);
    format!("{}{PATH}/{code}", app.config.public_url.trim_end_matches('/'))
}

/// The page, with what was found of the code that was typed.
pub async fn get(app: web::Data<App>, request: HttpRequest, asked: web::Query<Asked>) -> HttpResponse {
    answer(&app, &request, &asked.code).await
}

/// The page, with what was found of the code of the address.
pub async fn get_of_code(app: web::Data<App>, request: HttpRequest, code: web::Path<String>) -> HttpResponse {
    answer(&app, &request, &code).await
}

async fn answer(app: &App, request: &HttpRequest, code: &str) -> HttpResponse {
    let call = gate::call(app, request, Actor::Anonymous);
    let language = call.language;
    if code.trim().is_empty() {
        return show(StatusCode::OK, language, "", "");
    }
    match ops::look_up(app, &call, code).await {
        Ok(Some(found)) => show(StatusCode::OK, language, code, &told(&found, language)),
        Ok(None) => {
            let said = match language {
                Language::Zh => "未找到该查验码，请核对后重新输入。",
                Language::En => "There is no sheet with this code. Please check it.",
            };
            show(StatusCode::NOT_FOUND, language, code, &verdict("bad", said))
        }
        Err(error) => {
            error.log();
            let code_of_error: ErrorCode = error.code();
            let status = Rejection::new(code_of_error).plain_status();
            let mut page = show(status, language, code, &verdict("bad", code_of_error.say(language)));
            if code_of_error == ErrorCode::RateLimited
                && let Some(wait) = ops::look_up_wait(app, &call)
            {
                page.headers_mut().insert(header::RETRY_AFTER, (wait.num_seconds() + 1).into());
            }
            page
        }
    }
}

fn verdict(class: &str, said: &str) -> String {
    format!("<p class=\"verdict {class}\" role=\"status\">{}</p>", escaped(said))
}

fn told(found: &LookUp, language: Language) -> String {
    let class = if found.state == RecordSheetState::Valid { "good" } else { "bad" };
    let mut text = verdict(class, found.state.say(language));
    let sheet = &found.sheet;
    let label = |zh: &'static str, en: &'static str| match language {
        Language::Zh => zh,
        Language::En => en,
    };
    let mut facts = vec![
        (label("编号", "Number"), sheet.number.clone()),
        (label("出具单位", "Issuer"), found.issuer.clone()),
        (label("出具日期", "Date of issue"), sheet.issued_on.to_string()),
    ];
    if found.told() {
        let unit = label("小时", "hours");
        facts.extend([
            (label("姓名", "Name"), found.masked_name()),
            (label("服务时长", "Total"), format!("{:.2} {unit}", hours(sheet.minutes))),
            (label("首次服务", "First service"), sheet.first_on.to_string()),
            (label("末次服务", "Last service"), sheet.last_on.to_string()),
        ]);
    }
    text.push_str("<dl>");
    for (name, value) in facts {
        text.push_str(&format!("<dt>{name}</dt><dd>{}</dd>", escaped(&value)));
    }
    text.push_str("</dl>");
    text
}

fn show(status: StatusCode, language: Language, code: &str, result: &str) -> HttpResponse {
    let words: [(&str, &str, &str); 6] = [
        ("{title}", "志愿服务记录单查验", "Look up a service record sheet"),
        ("{label}", "查验码", "Code"),
        ("{hint}", "记录单上的20位字符，不分大小写", "The 20 characters on the sheet, in either case"),
        ("{button}", "查验", "Look up"),
        (
            "{notice}",
            "记录单不是《志愿服务记录证明》，不能代替其使用。",
            "A service record sheet is not the national certificate of volunteer service.",
        ),
        (
            "{privacy}",
            "本页只显示核对所需的内容，不记录查验人的身份。",
            "This page shows no more than is needed to compare, and doesn't record who looks.",
        ),
    ];
    let mut page = PAGE.replace("{lang}", language.tag());
    for (name, zh, en) in words {
        page = page.replace(name, if language == Language::Zh { zh } else { en });
    }
    let code: String = code.chars().take(64).collect();
    // What the reader typed comes last: nothing in it is filled in.
    let page = page.replace("{result}", result).replace("{code}", &escaped(&code));
    HttpResponse::build(status)
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::CONTENT_LANGUAGE, language.tag()))
        .insert_header(("x-robots-tag", "noindex"))
        .body(page)
}

fn escaped(text: &str) -> String {
    let one = |c: char| match c {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '\'' => "&#39;".to_owned(),
        // Nor is a name that looks like a place of the page.
        '{' => "&#123;".to_owned(),
        other => other.to_string(),
    };
    text.chars().map(one).collect()
}
