//! What the stand-in does, and with which number it refuses.

use chrono::Duration;
use serde_json::{Value, json};

use super::program::{CODE_LASTS, LoginCode, PhoneCode, Program, Sent};

/// An error as WeChat tells it.
pub(super) type No = (i64, String);

fn no(errcode: i64, errmsg: &str) -> No {
    (errcode, errmsg.to_owned())
}

fn text<'a>(body: &'a Value, name: &str) -> &'a str {
    body[name].as_str().unwrap_or_default()
}

/// The smallest JPEG that has a picture's first and last bytes.
const PICTURE: &[u8] = &[0xFF, 0xD8, 0xFF, 0xE0, 0, 4, b'Z', b'H', 0xFF, 0xD9];

impl Program {
    /// Whether the secret is right.
    pub(super) fn knows(&self, secret: &str) -> Result<(), No> {
        if secret.is_empty() {
            return Err(no(41004, "appsecret missing"));
        }
        if self.frozen {
            return Err(no(40243, "AppSecret has been frozen"));
        }
        if secret != self.secret {
            return Err(no(40125, "invalid appsecret, view more at http://t.cn/RAEkdVq"));
        }
        Ok(())
    }

    /// `jscode2session`.
    pub(super) fn session(&mut self, query: &Value) -> Result<Value, No> {
        self.knows(text(query, "secret"))?;
        if text(query, "grant_type") != "authorization_code" {
            return Err(no(40002, "invalid grant_type"));
        }
        let code = text(query, "js_code").to_owned();
        if code.is_empty() {
            return Err(no(41008, "missing code"));
        }
        self.make_up_login(&code);
        let now = self.now();
        let login = self.logins.get_mut(&code).ok_or_else(|| no(40029, "invalid code"))?;
        if login.used {
            return Err(no(40163, "code been used"));
        }
        if now >= login.until {
            return Err(no(40029, "invalid code"));
        }
        if login.risky {
            return Err(no(40226, "code blocked"));
        }
        login.used = true;
        let (open_id, union_id) = (login.open_id.clone(), login.union_id.clone());
        if self.welcome.is_some() {
            // The devtools make up the same code each time.
            self.logins.remove(&code);
        }
        let most = self.logins_of_minute;
        if self.is_over(format!("login {open_id}"), Duration::minutes(1), most) {
            return Err(no(45011, "api minute-quota reach limit  mustslower  retry next minute"));
        }
        let mut answer = json!({ "openid": open_id, "session_key": "never+to/be/kept==" });
        if let (Some(union_id), Some(answer)) = (union_id, answer.as_object_mut()) {
            answer.insert("unionid".to_owned(), json!(union_id));
        }
        Ok(answer)
    }

    /// The person of a made-up code: whose phone number it begins with, else whoever is welcome.
    fn made_up(&self, code: &str) -> Option<String> {
        let welcome = self.welcome.clone()?;
        let number: String = code.chars().take_while(char::is_ascii_digit).collect();
        Some(if number.len() == 11 { number } else { welcome })
    }

    fn make_up_login(&mut self, code: &str) {
        let Some(person) = self.made_up(code).filter(|_| !self.logins.contains_key(code)) else { return };
        let login = LoginCode {
            open_id: self.open_id(&person),
            union_id: None,
            until: self.now() + CODE_LASTS,
            used: false,
            risky: false,
        };
        self.logins.insert(code.to_owned(), login);
    }

    fn make_up_phone(&mut self, code: &str, open_id: &str) {
        let Some(person) = self.made_up(code).filter(|_| !self.phones.contains_key(code)) else { return };
        let phone = PhoneCode {
            open_id: open_id.to_owned(),
            phone: person,
            foreign: false,
            until: self.now() + CODE_LASTS,
            used: false,
        };
        self.phones.insert(code.to_owned(), phone);
    }

    /// `getuserphonenumber`.
    pub(super) fn phone(&mut self, body: &Value) -> Result<Value, No> {
        let (code, open_id) = (text(body, "code").to_owned(), text(body, "openid").to_owned());
        self.make_up_phone(&code, &open_id);
        let now = self.now();
        let given = self.phones.get_mut(&code).ok_or_else(|| no(40029, "invalid code"))?;
        if given.used || now >= given.until || (!open_id.is_empty() && open_id != given.open_id) {
            return Err(no(40029, "invalid code"));
        }
        given.used = true;
        let appid = if given.foreign { "wxanotherone" } else { &self.appid };
        let answer = json!({ "errcode": 0, "errmsg": "ok", "phone_info": {
            "phoneNumber": given.phone, "purePhoneNumber": given.phone, "countryCode": "86",
            "watermark": { "timestamp": now.timestamp(), "appid": appid },
        }});
        if self.welcome.is_some() {
            self.phones.remove(&code);
        }
        Ok(answer)
    }

    /// `subscribe/send`, up to where the message is with the person.
    pub(super) fn send(&mut self, body: &Value) -> Result<Value, No> {
        let (open_id, id) = (text(body, "touser").to_owned(), text(body, "template_id").to_owned());
        if !open_id.starts_with('o') || open_id.len() != 28 {
            return Err(no(40003, "invalid openid"));
        }
        let template = self.templates.get(&id).cloned().ok_or_else(|| no(40037, "invalid template_id"))?;
        let page = text(body, "page");
        let path = page.split('?').next().unwrap_or_default();
        if page.starts_with('/') || (!page.is_empty() && !self.pages.is_empty() && !self.pages.contains(path))
        {
            return Err(no(41030, "invalid page"));
        }
        if let Some(field) = template.fields.iter().find(|field| !is_taken(field, &body["data"][field])) {
            return Err((47003, format!("argument invalid! data.{field}.value invalid")));
        }
        let most = self.messages_of_day;
        if self.is_over("messages".to_owned(), Duration::days(1), most) {
            return Err(no(45009, "reach max api daily quota limit"));
        }
        let credit = self.credits.entry((open_id.clone(), id)).or_default();
        // In the demo nobody's phone can tell WeChat of a consent; what would be shown stands in the log.
        if self.welcome.is_some() {
            *credit += 1;
            tracing::info!(template = body["template_id"].as_str(), data = %body["data"], "WeChat would show");
        }
        if *credit == 0 {
            return Err(no(43101, "user refuse to accept the msg"));
        }
        if !template.long_term {
            *credit -= 1;
        }
        self.sent.push(Sent { open_id, message: body.clone() });
        // Greater than what JavaScript counts to, as WeChat's are.
        Ok(json!({ "errcode": 0, "errmsg": "ok", "msgid": 1_988_810_812_324_364_291_i64 }))
    }

    /// `getwxacodeunlimit`: a picture.
    pub(super) fn draw(&mut self, body: &Value) -> Result<Vec<u8>, No> {
        let scene = text(body, "scene");
        if scene.is_empty() || scene.len() > 32 {
            return Err(no(40169, "invalid length for scene, or the data is not json string"));
        }
        if !scene.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$'()*+,/:;=?@-._~".contains(&b)) {
            return Err(no(40129, "invalid scene"));
        }
        let page = text(body, "page");
        let is_checked = body["check_path"].as_bool().unwrap_or(true) && !self.pages.is_empty();
        if page.starts_with('/') || page.contains('?') || (is_checked && !self.pages.contains(page)) {
            return Err(no(41030, "invalid page"));
        }
        if body["width"].as_i64().is_some_and(|width| !(280..=1_280).contains(&width)) {
            return Err(no(40097, "invalid args"));
        }
        let most = self.codes_of_minute;
        if self.is_over("codes".to_owned(), Duration::minutes(1), most) {
            return Err(no(45009, "reach max api minute quota limit"));
        }
        Ok(PICTURE.to_vec())
    }
}

/// Whether WeChat takes a field's value.
fn is_taken(field: &str, value: &Value) -> bool {
    let Some(value) = value["value"].as_str() else { return false };
    let (length, mut letters) = (value.chars().count(), value.chars());
    if length == 0 || value.trim().is_empty() || letters.clone().any(char::is_control) {
        return false;
    }
    match field.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "thing" => length <= 20,
        "phrase" => length <= 5 && letters.all(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c)),
        "number" => length <= 32 && value.parse::<f64>().is_ok(),
        "character_string" => length <= 32 && value.is_ascii(),
        "time" | "date" => chrono::NaiveDateTime::parse_from_str(value, "%Y-%m-%d %H:%M").is_ok(),
        _ => false,
    }
}
