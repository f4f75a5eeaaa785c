//! Calendars that phones subscribe to, read by the parser of the library and, in CI, by Python's.

use chrono::{DateTime, Duration, Utc};
use icalendar::{Calendar, CalendarDateTime, Component, DatePerhapsTime, Event, EventLike, EventStatus};
use reqwest::{Response, StatusCode};
use serde_json::json;

use crate::{
    both,
    harness::{
        Actor, Unit, Who, World,
        document::*,
        meeting::{end, start},
    },
};

async fn made(actor: &Actor<'_>, unit: Option<String>) -> (String, String) {
    let reply = actor.run(CREATE_CALENDAR_LINK, json!({ "unitId": unit })).await;
    let done = reply.done();
    let url = done["url"].as_str().unwrap().strip_prefix("http://127.0.0.1").expect("a link to this server");
    (done["link"]["id"].as_str().unwrap().to_owned(), url.to_owned())
}

async fn get(world: &World, path: &str, tag: Option<&str>) -> Response {
    world.heard().await;
    let mut request = world.http.get(world.path(path));
    if let Some(tag) = tag {
        request = request.header("if-none-match", tag);
    }
    request.send().await.unwrap()
}

async fn read(world: &World, path: &str) -> (String, Vec<Event>) {
    let answer = get(world, path, None).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-type"], "text/calendar; charset=utf-8");
    assert_eq!(answer.headers()["cache-control"], "private, no-cache");
    let text = answer.text().await.unwrap();
    if let Ok(folder) = std::env::var("ZHIBU_TEST_CALENDARS") {
        let name = format!("{folder}/{:?}-{}.ics", world.engine, text.len());
        std::fs::write(name, &text).unwrap();
    }
    let calendar: Calendar = text.parse().unwrap_or_else(|why| panic!("{why}: {text}"));
    for line in text.split("\r\n") {
        assert!(line.len() <= 75 && !line.contains('\n'), "{line}");
    }
    let events = calendar.components.iter().filter_map(|component| component.as_event().cloned());
    (text.clone(), events.collect())
}

fn moment(at: Option<DatePerhapsTime>) -> DateTime<Utc> {
    match at {
        Some(DatePerhapsTime::DateTime(CalendarDateTime::Utc(at))) => at,
        other => panic!("no moment: {other:?}"),
    }
}

async fn problem(world: &World, path: &str) -> (u16, String) {
    let answer = get(world, path, None).await;
    let status = answer.status().as_u16();
    let problem: serde_json::Value = answer.json().await.expect("a problem");
    (status, problem["code"].as_str().unwrap().to_owned())
}

both! {
    async fn a_members_calendar_follows_what_becomes_of_an_activity(world: &World) {
        let (_, path) = made(&world.member_of_b1(), None).await;
        let draft = world.draft(json!({ "title": "还没发布" })).await;
        assert_eq!(read(world, &path).await.1.len(), 0, "a draft isn't told");
        let title = "四月主题党日：学习; 讨论, \\ 表决——重温入党誓词、为民办实事与志愿服务动员部署会";
        let id = world.published(json!({ "title": title, "venue": { "name": "党群服务中心三楼" } })).await;
        let (text, events) = read(world, &path).await;
        let [event] = events.as_slice() else { panic!("{text}") };
        assert_eq!((event.get_summary(), event.get_location()), (Some(title), Some("党群服务中心三楼")));
        assert_eq!((moment(event.get_start()), moment(event.get_end())), (start(), end()));
        assert_eq!(event.get_status(), Some(EventStatus::Confirmed));
        let (uid, sequence) = (event.get_uid().unwrap().to_owned(), event.get_sequence().unwrap());
        for personal in ["ATTENDEE", "ORGANIZER", "DESCRIPTION", "138", &draft] {
            assert!(!text.contains(personal), "{personal}: {text}");
        }
        assert_eq!(read(world, &path).await.0, text, "asked again, it is the same");
        let later = crate::harness::clock::rfc3339(end() + Duration::hours(1));
        world.secretary().run(UPDATE_ACTIVITY, json!({ "id": id, "endsAt": later })).await.done();
        let moved = read(world, &path).await.1.remove(0);
        assert_eq!((moved.get_uid(), moment(moved.get_end())), (Some(uid.as_str()), end() + Duration::hours(1)));
        assert!(moved.get_sequence().unwrap() > sequence, "a phone takes what was changed later");
        world.secretary().run(CANCEL, json!({ "id": id, "reason": "高温" })).await.done();
        let (text, events) = read(world, &path).await;
        assert_eq!((events[0].get_uid(), events[0].get_status()), (Some(uid.as_str()), Some(EventStatus::Cancelled)));
        assert!(events[0].get_sequence() > moved.get_sequence());
        assert!(!text.contains("高温"), "the reason stays here: {text}");
        let foreign = made(&world.as_(Who::MemberOfB2), None).await.1;
        assert_eq!(read(world, &foreign).await.1.len(), 0, "another branch's isn't theirs");
    }
}

both! {
    async fn a_phone_that_has_it_is_sent_nothing(world: &World) {
        world.published(json!({})).await;
        let (_, path) = made(&world.member_of_b1(), None).await;
        let first = get(world, &path, None).await;
        let tag = first.headers()["etag"].to_str().unwrap().to_owned();
        let again = get(world, &path, Some(&tag)).await;
        assert_eq!((again.status().as_u16(), again.headers()["etag"].to_str().unwrap()), (304, tag.as_str()));
        assert_eq!(again.bytes().await.unwrap().len(), 0);
        world.published(json!({ "title": "又一次" })).await;
        assert_eq!(get(world, &path, Some(&tag)).await.status(), 200);
    }
}

both! {
    async fn shifts_that_one_has_a_place_in_are_there(world: &World) {
        let project = world.secretary().run(CREATE_PROJECT, json!({ "unitId": world.unit(Unit::B1), "name": "文明交通劝导" })).await;
        let project = project.done()["project"]["id"].as_str().unwrap().to_owned();
        let shift = world.secretary().run(CREATE_SHIFT, json!({
            "projectId": project, "place": "泉城路口", "capacity": 1,
            "startsAt": crate::harness::clock::rfc3339(start()), "endsAt": crate::harness::clock::rfc3339(end()),
        })).await;
        let shift = shift.done()["shift"]["id"].as_str().unwrap().to_owned();
        world.secretary().run(PUBLISH_SHIFT, json!({ "id": shift })).await.done();
        let paths = [made(&world.member_of_b1(), None).await.1, made(&world.as_(Who::Second), None).await.1];
        for who in [world.member_of_b1(), world.as_(Who::Second)] {
            who.run(SIGN_UP, json!({ "shiftId": shift })).await.done();
        }
        let (text, events) = read(world, &paths[0]).await;
        let [event] = events.as_slice() else { panic!("{text}") };
        assert_eq!((event.get_summary(), event.get_location()), (Some("文明交通劝导"), Some("泉城路口")));
        assert_eq!(moment(event.get_start()), start());
        assert_eq!(read(world, &paths[1]).await.1.len(), 0, "who waits has no place");
        world.secretary().run(CANCEL_SHIFT, json!({ "id": shift, "reason": "大风" })).await.done();
        assert_eq!(read(world, &paths[0]).await.1[0].get_status(), Some(EventStatus::Cancelled));
    }
}

both! {
    async fn a_units_calendar_is_for_who_sees_its_activities(world: &World) {
        world.published(json!({})).await;
        world.draft(json!({ "title": "还没发布" })).await;
        let b1 = || Some(world.unit(Unit::B1));
        let (_, path) = made(&world.member_of_b1(), b1()).await;
        let (text, events) = read(world, &path).await;
        assert_eq!(events.len(), 1, "{text}");
        let refused = world.as_(Who::MemberOfB2).run(CREATE_CALENDAR_LINK, json!({ "unitId": b1() })).await;
        assert_eq!(refused.error(), Some("NOT_FOUND"));
        let office = made(&world.office(), b1()).await.1;
        assert_eq!(read(world, &office).await.1.len(), 1);
        let own = world.administrator().run(CREATE_CALENDAR_LINK, json!({})).await;
        assert_eq!(own.refused(), "NOT_A_MEMBER");
    }
}

both! {
    async fn an_address_is_revoked_and_replaced(world: &World) {
        let actor = world.member_of_b1();
        let (first, old) = made(&actor, None).await;
        let (second, new) = made(&actor, None).await;
        assert_eq!(problem(world, &old).await, (410, "LINK_EXPIRED".to_owned()), "another took its place");
        read(world, &new).await;
        let links = actor.gql(CALENDAR_LINKS, json!({})).await;
        assert_eq!(links.list("/calendarLinks").len(), 1);
        assert_eq!(links.str("/calendarLinks/0/id"), second);
        assert!(!links.text.contains(new.trim_start_matches("/calendar/").trim_end_matches(".ics")));
        let others = world.as_(Who::Second).run(REVOKE_CALENDAR_LINK, json!({ "id": second })).await;
        assert_eq!(others.error(), Some("NOT_FOUND"), "it is somebody else's");
        for id in [&second, &first, &second] {
            let revoked = actor.run(REVOKE_CALENDAR_LINK, json!({ "id": id })).await;
            assert!(revoked.done()["link"]["revokedAt"].is_string());
        }
        assert_eq!(problem(world, &new).await, (410, "LINK_EXPIRED".to_owned()));
        assert_eq!(problem(world, "/calendar/nobody-ever-had-this.ics").await, (404, "NOT_FOUND".to_owned()));
        let audit = world.auditor().gql(AUDIT, json!({ "first": 100 })).await;
        for operation in ["createCalendarLink", "revokeCalendarLink"] {
            assert!(audit.text.contains(&format!("\"{operation}\"")), "{operation}");
        }
    }
}

both! {
    async fn who_has_left_has_no_calendar(world: &World) {
        world.published(json!({})).await;
        let (_, own) = made(&world.member_of_b1(), None).await;
        let (_, branch) = made(&world.member_of_b1(), Some(world.unit(Unit::B1))).await;
        read(world, &own).await;
        let left = json!({ "id": world.member(Who::Member), "leftOn": "2026-03-02", "reason": "转出" });
        world.office().run(UPDATE_MEMBER, left).await.done();
        for path in [own, branch] {
            assert_eq!(problem(world, &path).await, (410, "LINK_EXPIRED".to_owned()));
        }
    }
}
