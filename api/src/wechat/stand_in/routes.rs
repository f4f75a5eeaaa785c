//! The stand-in's answers over HTTP: of status 200, whatever has happened.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use futures_util::stream;
use serde_json::{Value, json};

use super::{
    StandIn,
    deeds::No,
    program::{Asked, Fault, Program},
};
use crate::auth::random::Randomness;

type Data = web::Data<StandIn>;
type Query = web::Query<HashMap<String, String>>;

/// An error, with the id of the request behind it, as WeChat writes it now.
fn error((errcode, errmsg): &No) -> HttpResponse {
    let rid = Randomness.bytes::<12>().map(|byte| format!("{byte:02x}")).concat();
    let (one, rest) = rid.split_at_checked(8).unwrap_or_default();
    let (two, three) = rest.split_at_checked(8).unwrap_or_default();
    let errmsg = format!("{errmsg} rid: {one}-{two}-{three}");
    HttpResponse::Ok()
        .content_type("text/plain")
        .body(json!({ "errcode": errcode, "errmsg": errmsg }).to_string())
}

fn answer(done: Result<Value, No>) -> HttpResponse {
    match done {
        // WeChat's answers aren't always said to be JSON.
        Ok(value) => HttpResponse::Ok().content_type("text/plain").body(value.to_string()),
        Err(no) => error(&no),
    }
}

/// What goes wrong before anything is done.
fn early(fault: Option<Fault>) -> Option<HttpResponse> {
    match fault? {
        Fault::Code(code) => Some(error(&(code, "system error".to_owned()))),
        Fault::CodeAsText(code) => {
            let body = json!({ "errcode": code.to_string(), "errmsg": "system error" });
            Some(HttpResponse::Ok().body(body.to_string()))
        }
        Fault::Page => Some(HttpResponse::BadGateway().content_type("text/html").body("<html>502</html>")),
        Fault::Cut | Fault::Late(_) => None,
    }
}

/// What goes wrong with the answer when it is done.
async fn late(fault: Option<Fault>, answer: HttpResponse) -> HttpResponse {
    match fault {
        Some(Fault::Cut) => {
            let broken = stream::once(async { Err::<web::Bytes, _>(std::io::Error::other("cut off")) });
            HttpResponse::Ok().streaming(Box::pin(broken))
        }
        Some(Fault::Late(millis)) => {
            tokio::time::sleep(std::time::Duration::from_millis(millis)).await;
            answer
        }
        _ => answer,
    }
}

/// Takes note of a request, and finds what goes wrong with it.
fn note(program: &mut Program, path: &'static str, body: &Value) -> Option<Fault> {
    program.asked.push(Asked { path, body: body.clone() });
    program.faults.get_mut(path).and_then(std::collections::VecDeque::pop_front)
}

/// Does something in the name of a mini-program that the client names.
async fn by_appid(
    stand_in: &StandIn,
    path: &'static str,
    appid: &str,
    body: Value,
    deed: impl FnOnce(&mut Program, &Value) -> Result<Value, No>,
) -> HttpResponse {
    if appid.is_empty() {
        return error(&(41002, "appid missing".to_owned()));
    }
    let done = stand_in.with(appid, |program| {
        let fault = note(program, path, &body);
        match early(fault) {
            Some(failed) => (None, failed),
            None => (fault, answer(deed(program, &body))),
        }
    });
    match done {
        Some((fault, answer)) => late(fault, answer).await,
        None => error(&(40013, "invalid appid".to_owned())),
    }
}

/// The mini-program of an access token.
fn appid(query: &Query) -> Result<(String, String), No> {
    let token = query.get("access_token").filter(|token| !token.is_empty());
    let token = token.ok_or_else(|| (41001, "access_token missing".to_owned()))?;
    let appid = token.split('!').next().unwrap_or_default();
    Ok((appid.to_owned(), token.clone()))
}

/// Does something by an access token.
async fn by_token(
    stand_in: &StandIn,
    path: &'static str,
    query: &Query,
    body: &[u8],
    deed: impl FnOnce(&mut Program, &Value) -> Result<HttpResponse, No>,
) -> HttpResponse {
    let (appid, token) = match appid(query) {
        Ok(found) => found,
        Err(missing) => return error(&missing),
    };
    let body: Value = match serde_json::from_slice(body) {
        Ok(body) => body,
        Err(_) if body.is_empty() => return error(&(44002, "empty post data".to_owned())),
        Err(_) => return error(&(47001, "data format error".to_owned())),
    };
    let person = body["touser"].as_str().map(str::to_owned);
    let begun = stand_in.with(&appid, |program| {
        let fault = note(program, path, &body);
        if let Some(failed) = early(fault) {
            return (None, failed);
        }
        if let Err((errcode, errmsg)) = program.takes(&token) {
            return (None, error(&(errcode, errmsg.to_owned())));
        }
        if let Some(person) = &person
            && !program.sending.insert(person.clone())
        {
            let errmsg = "Cannot make concurrent calls to the same OpenID, please try again";
            return (None, error(&(43108, errmsg.to_owned())));
        }
        let done = deed(program, &body).unwrap_or_else(|no| error(&no));
        if fault.is_none()
            && let Some(person) = &person
        {
            program.sending.remove(person);
        }
        (fault, done)
    });
    let Some((fault, done)) = begun else {
        return error(&(40001, "invalid credential, access_token is invalid or not latest".to_owned()));
    };
    let done = late(fault, done).await;
    if fault.is_some()
        && let Some(person) = &person
    {
        stand_in.with(&appid, |program| program.sending.remove(person));
    }
    done
}

pub(super) async fn login(stand_in: Data, query: Query) -> HttpResponse {
    let body = json!(query.0);
    let appid = query.get("appid").cloned().unwrap_or_default();
    by_appid(&stand_in, "/sns/jscode2session", &appid, body, Program::session).await
}

pub(super) async fn token(stand_in: Data, body: web::Bytes) -> HttpResponse {
    let Ok(body) = serde_json::from_slice::<Value>(&body) else {
        return error(&(47001, "data format error".to_owned()));
    };
    let appid = body["appid"].as_str().unwrap_or_default().to_owned();
    by_appid(&stand_in, "/cgi-bin/stable_token", &appid, body, |program, body| {
        program.knows(body["secret"].as_str().unwrap_or_default())?;
        if body["grant_type"] != "client_credential" {
            return Err((40002, "invalid grant_type".to_owned()));
        }
        let (token, seconds) = program.stable_token();
        Ok(json!({ "access_token": token, "expires_in": seconds }))
    })
    .await
}

pub(super) async fn not_by_post() -> HttpResponse {
    error(&(43002, "require POST method".to_owned()))
}

pub(super) async fn phone(stand_in: Data, query: Query, body: web::Bytes) -> HttpResponse {
    let path = "/wxa/business/getuserphonenumber";
    by_token(&stand_in, path, &query, &body, |program, body| Ok(answer(program.phone(body)))).await
}

pub(super) async fn message(stand_in: Data, query: Query, body: web::Bytes) -> HttpResponse {
    let path = "/cgi-bin/message/subscribe/send";
    by_token(&stand_in, path, &query, &body, |program, body| Ok(answer(program.send(body)))).await
}

pub(super) async fn code(stand_in: Data, query: Query, body: web::Bytes) -> HttpResponse {
    by_token(&stand_in, "/wxa/getwxacodeunlimit", &query, &body, |program, body| {
        let picture = program.draw(body)?;
        Ok(HttpResponse::Ok().content_type("image/jpeg").body(picture))
    })
    .await
}
