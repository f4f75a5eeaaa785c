//! WeChat in the demo: a stand-in on this machine, so that whoever develops a mini-program needs no account
//! with WeChat to begin.

use std::{collections::BTreeMap, sync::Arc};

use super::{Failure, World, guide::plain_member, setup};
use crate::{
    clock::Clock,
    config::Config,
    wechat::{ProgramState, Settings, Template, stand_in::StandIn},
};

const SECRET: &str = "demo";

/// The phone number of who comes in by any code.
pub fn person(world: &World) -> Result<Option<String>, Failure> {
    let base = world.base()?;
    let street = world.subdistrict(0, &base)?;
    Ok(plain_member(&street).map(|member| member.phone.to_owned()))
}

/// Starts the stand-in, and has the server ask it.
pub fn set_up(config: Config, appid: &str, person: Option<String>) -> Result<Config, Failure> {
    let listener = setup::bind("WeChat's stand-in", ([127, 0, 0, 1], 0).into())?;
    let base_url = format!("http://{}", listener.local_addr()?);
    let stand_in = Arc::new(StandIn::default());
    stand_in.found(appid, SECRET, Clock::System);
    let templates = templates();
    stand_in.with(appid, |program| {
        program.welcome = person;
        for template in templates.values() {
            let fields: Vec<_> = template.fields.keys().map(String::as_str).collect();
            program.add_template(&template.id, &fields, template.long_term);
        }
    });
    tokio::spawn(stand_in.listen(listener)?);
    let wechat = Settings {
        base_url,
        appid: appid.to_owned(),
        secret: SECRET.to_owned(),
        state: ProgramState::Developer,
        templates,
        ..Settings::default()
    };
    Config { wechat, ..config }.check().map_err(|bad| Failure::setting(bad.to_string()))
}

/// The messages of the demo.
fn templates() -> BTreeMap<String, Template> {
    let template = |id: &str, fields: &[(&str, &str)], page: &str| Template {
        id: id.to_owned(),
        long_term: false,
        page: page.to_owned(),
        fields: fields.iter().map(|(name, fact)| ((*name).to_owned(), (*fact).to_owned())).collect(),
    };
    let (inbox, work) = ("pages/inbox/index", "pages/assignment/index?id={id}");
    let when = [("thing1", "TITLE"), ("time2", "AT")];
    let reviewed = [("thing1", "TITLE"), ("phrase2", "OUTCOME")];
    [
        ("ACTIVITY_PUBLISHED", template("demo-party-day", &when, inbox)),
        ("ASSIGNMENT_DISPATCHED", template("demo-assignment", &when, work)),
        ("ASSIGNMENT_DUE_SOON", template("demo-due", &when, work)),
        ("HOURS_REVIEWED", template("demo-hours", &reviewed, inbox)),
    ]
    .map(|(kind, template)| (kind.to_owned(), template))
    .into()
}
