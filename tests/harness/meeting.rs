//! A Party day, as most tests need one.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::{
    cast::Unit,
    clock::{beijing_time, rfc3339},
    document::{CHECK_IN, CODE, CREATE_ACTIVITY, PUBLISH},
    reply::Reply,
    world::World,
};

/// When it begins: Friday evening of the world's first week.
pub fn start() -> DateTime<Utc> {
    beijing_time(2026, 3, 6, 19, 0)
}

/// When it ends.
pub fn end() -> DateTime<Utc> {
    start() + Duration::hours(2)
}

/// What a secretary types in for it.
pub fn plan(world: &World, host: Unit) -> Value {
    json!({
        "hostUnitId": world.unit(host),
        "kind": "THEME_PARTY_DAY",
        "title": "三月主题党日",
        "startsAt": rfc3339(start()),
        "endsAt": rfc3339(end()),
    })
}

/// The same with more said.
pub fn with(mut plan: Value, more: Value) -> Value {
    for (key, value) in more.as_object().expect("an object") {
        plan[key] = value.clone();
    }
    plan
}

impl World {
    /// B1's Party day as a draft; answers its id.
    pub async fn draft(&self, more: Value) -> String {
        let planned = self.secretary().run(CREATE_ACTIVITY, with(plan(self, Unit::B1), more)).await;
        planned.done()["activity"]["id"].as_str().unwrap().to_owned()
    }

    /// B1's Party day, made known.
    pub async fn published(&self, more: Value) -> String {
        let id = self.draft(more).await;
        self.secretary().run(PUBLISH, json!({ "id": id })).await.done();
        id
    }

    /// B1's Party day five minutes before its start: people are coming in.
    pub async fn party_day(&self) -> String {
        self.party_day_with(json!({})).await
    }

    /// The same with more said.
    pub async fn party_day_with(&self, more: Value) -> String {
        let id = self.published(more).await;
        self.set_clock(start() - Duration::minutes(5));
        self.settle().await;
        id
    }

    /// What the room's screen shows now.
    pub async fn code(&self, id: &str) -> Value {
        self.secretary().gql(CODE, json!({ "id": id })).await.data("/checkInCode").clone()
    }

    /// The text of the QR code on the screen.
    pub async fn qr(&self, id: &str) -> String {
        self.code(id).await["qr"].as_str().unwrap().to_owned()
    }

    /// Somebody scans what the screen shows now.
    pub async fn scan(&self, who: super::Actor<'_>, id: &str) -> Reply {
        let qr = self.qr(id).await;
        who.run(CHECK_IN, json!({ "qr": qr })).await
    }
}
