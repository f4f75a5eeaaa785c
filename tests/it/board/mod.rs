//! The room's screen: by a link, for one activity, and for nothing else.

mod screen;

use chrono::Duration;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Who, World,
        document::*,
        meeting::{end, start},
        ws::{Came, Socket},
    },
};

/// Where a new board of an activity is opened: path, and ticket.
async fn link(world: &World, activity: &str) -> (String, String) {
    let opened = world.secretary().run(OPEN_BOARD, json!({ "activityId": activity })).await;
    let url = opened.done()["url"].as_str().unwrap().to_owned();
    let path = url.strip_prefix("http://127.0.0.1").expect("a link to this server");
    let (path, ticket) = path.split_once('#').expect("the ticket stands where no log sees it");
    (path.to_owned(), ticket.to_owned())
}

/// Follows a link; answers the screen's ticket, or the code of the problem.
async fn enter(world: &World, path: &str, ticket: &str) -> Result<String, String> {
    world.heard().await;
    let answer = world.http.post(world.path(&format!("{path}/enter"))).body(ticket.to_owned());
    let answer = answer.send().await.unwrap();
    let (ok, text) = (answer.status().is_success(), answer.text().await.unwrap());
    if ok {
        return Ok(text);
    }
    let problem: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("no problem: {text}"));
    Err(problem["code"].as_str().unwrap().to_owned())
}

async fn screen(world: &World, activity: &str) -> String {
    let (path, ticket) = link(world, activity).await;
    enter(world, &path, &ticket).await.expect("the link is new")
}

async fn watch(world: &World, ticket: &str) -> Result<Socket, u16> {
    let mut socket = Socket::connect_with(world, json!({ "board": ticket })).await?;
    socket.subscribe("board", BOARD, json!({})).await;
    Ok(socket)
}

async fn shown(socket: &mut Socket) -> Value {
    let result = socket.result().await;
    result.pointer("/data/board").unwrap_or_else(|| panic!("no board: {result}")).clone()
}

/// Why a subscription ends, after whatever comes until then.
async fn ending(socket: &mut Socket) -> String {
    loop {
        let Came::Message(message) = socket.next().await else { panic!("the socket was closed first") };
        let errors = message.pointer("/payload/errors").or(message.get("payload").filter(|p| p.is_array()));
        if let Some(errors) = errors {
            return errors[0]["extensions"]["code"].as_str().unwrap().to_owned();
        }
        assert!(message["type"] == "next" || message["id"] != "board", "{message}");
    }
}

both! {
    async fn a_board_shows_the_code_that_changes_and_the_counts(world: &World) {
        let id = world.party_day().await;
        let mut socket = watch(world, &screen(world, &id).await).await.expect("a screen");
        let first = shown(&mut socket).await;
        assert_eq!((&first["phase"], &first["title"]), (&json!("OPEN"), &json!("三月主题党日")));
        assert_eq!(first["tally"], json!({ "expected": 8, "present": 0, "late": 0, "onLeave": 0 }));
        assert_eq!(first["code"]["qr"], world.qr(&id).await);
        assert!(!first.to_string().contains("党员"), "no names: {first}");
        let qr = first["code"]["qr"].as_str().unwrap();
        world.member_of_b1().run(CHECK_IN, json!({ "qr": qr })).await.done();
        assert_eq!(shown(&mut socket).await["tally"]["present"], 1);
        world.pass(Duration::seconds(15));
        let next = shown(&mut socket).await;
        assert_ne!(next["code"]["digits"], first["code"]["digits"]);
        assert_eq!(next["code"]["qr"], world.qr(&id).await);
        let audit = world.auditor().gql(AUDIT, json!({ "first": 100 })).await;
        for operation in ["openBoard", "enterBoard"] {
            assert!(audit.text.contains(&format!("\"{operation}\"")), "{operation}: {}", audit.text);
        }
    }
}

both! {
    async fn a_link_is_followed_once_and_soon_and_for_its_activity(world: &World) {
        let (id, other) = (world.party_day().await, world.draft(json!({})).await);
        let (path, ticket) = link(world, &id).await;
        let wrong = format!("/board/{other}");
        let hidden = Err("NOT_FOUND".to_owned());
        assert_eq!(enter(world, &wrong, &ticket).await, hidden, "it is another activity's");
        assert_eq!(enter(world, "/board/nonsense", &ticket).await, hidden);
        for bad in ["", "AAAA", "é", &format!("{ticket}A"), &"A".repeat(10_000)] {
            assert_eq!(enter(world, &path, bad).await, hidden, "{bad:.20}");
        }
        let long = enter(world, &path, &"A".repeat(100_000)).await;
        assert_eq!(long, Err("PAYLOAD_TOO_LARGE".to_owned()));
        let screen = enter(world, &path, &ticket).await.expect("nobody has followed it");
        assert_eq!(enter(world, &path, &ticket).await, Err("LINK_EXPIRED".to_owned()));
        assert_eq!(enter(world, &path, &screen).await, hidden, "a screen's ticket is no link");
        assert_eq!(watch(world, &ticket).await.err(), Some(4403), "nor a link's one a screen's");
        let (path, late) = link(world, &id).await;
        world.pass(Duration::minutes(5));
        assert_eq!(enter(world, &path, &late).await, Err("LINK_EXPIRED".to_owned()));
    }
}

both! {
    async fn a_screen_may_do_nothing_else(world: &World) {
        let id = world.party_day().await;
        let ticket = screen(world, &id).await;
        let mut socket = watch(world, &ticket).await.expect("a screen");
        shown(&mut socket).await;
        for (n, (document, variables)) in [
            (TALLY, json!({ "id": id })),
            (FOLLOW_INBOX, json!({})),
            (FOLLOW_ASSIGNMENTS, json!({})),
            (FOLLOW_BOARD, json!({ "id": world.unit(crate::harness::Unit::B1) })),
        ].into_iter().enumerate() {
            socket.subscribe(&n.to_string(), document, variables).await;
            assert_eq!(ending(&mut socket).await, "UNAUTHENTICATED", "{document}");
        }
        assert_eq!(Socket::connect(world, Some(&ticket)).await.err(), Some(4403), "it is no token");
        let asked = world.bearer(&ticket).gql(CODE, json!({ "id": id })).await;
        assert_eq!(asked.error(), Some("UNAUTHENTICATED"));
    }
}

both! {
    async fn a_board_outlives_the_session_and_not_the_right(world: &World) {
        let id = world.party_day().await;
        let ticket = screen(world, &id).await;
        // The secretary's phone lies in a pocket for longer than a session of a post lasts.
        world.pass(Duration::minutes(45));
        let mut socket = watch(world, &ticket).await.expect("a screen");
        shown(&mut socket).await;
        world.office().run(END_POST, json!({ "id": world.post(Who::Secretary) })).await.done();
        let code = ending(&mut socket).await;
        assert!(["FORBIDDEN", "NOT_FOUND"].contains(&code.as_str()), "{code}");
        world.heard().await;
        assert_eq!(watch(world, &ticket).await.err(), Some(4403));
    }
}

both! {
    async fn boards_are_closed_at_will(world: &World) {
        let id = world.party_day().await;
        let tickets = [screen(world, &id).await, screen(world, &id).await];
        let mut socket = watch(world, &tickets[0]).await.expect("a screen");
        shown(&mut socket).await;
        let (path, unused) = link(world, &id).await;
        let closed = world.deputy().run(CLOSE_BOARDS, json!({ "activityId": id })).await;
        assert_eq!(closed.done()["closed"], 3);
        assert_eq!(ending(&mut socket).await, "LINK_EXPIRED");
        assert_eq!(watch(world, &tickets[1]).await.err(), Some(4403));
        assert_eq!(enter(world, &path, &unused).await, Err("LINK_EXPIRED".to_owned()));
        let again = world.deputy().run(CLOSE_BOARDS, json!({ "activityId": id })).await;
        assert_eq!(again.done()["closed"], 0);
    }
}

both! {
    async fn a_board_is_there_about_its_activity(world: &World) {
        let draft = world.draft(json!({})).await;
        let open = async |id: &str| world.secretary().run(OPEN_BOARD, json!({ "activityId": id })).await;
        assert_eq!(open(&draft).await.refused(), "NOT_PUBLISHED");
        let id = world.published(json!({})).await;
        assert_eq!(open(&id).await.refused(), "TOO_EARLY");
        world.set_clock(start() - Duration::hours(2));
        let ticket = screen(world, &id).await;
        let mut socket = watch(world, &ticket).await.expect("a screen");
        let early = shown(&mut socket).await;
        assert_eq!((&early["phase"], &early["code"], &early["showUntil"]), (&json!("EARLY"), &json!(null), &json!(null)));
        world.set_clock(start() - Duration::minutes(30));
        assert_eq!(shown(&mut socket).await["phase"], "OPEN");
        world.set_clock(end() + Duration::minutes(1));
        let over = shown(&mut socket).await;
        assert_eq!((&over["phase"], &over["code"]), (&json!("OVER"), &json!(null)));
        world.set_clock(end() + Duration::minutes(30));
        assert_eq!(ending(&mut socket).await, "LINK_EXPIRED");
        assert_eq!(open(&id).await.refused(), "OVER");
    }
}

both! {
    async fn the_page_is_the_binarys_own_and_keeps_to_itself(world: &World) {
        let get = async |path: &str, language: &str| {
            world.http.get(world.path(path)).header("accept-language", language).send().await.unwrap()
        };
        let page = get("/board/whatever", "zh-CN").await;
        let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
        for part in ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(page.headers()["referrer-policy"], "no-referrer");
        assert_eq!(page.headers()["cache-control"], "no-store");
        let text = page.text().await.unwrap();
        assert!(text.contains("lang=\"zh-CN\"") && text.contains("应到"), "{text}");
        assert!(!text.contains('{'), "every place is filled in: {text}");
        assert!(!text.contains("//"), "nothing comes from elsewhere: {text}");
        let english = get("/board/whatever?lang=en", "zh-CN").await.text().await.unwrap();
        assert!(english.contains("lang=\"en\"") && english.contains("Due"), "{english}");
        let files: Vec<_> = text.split('"').filter(|part| part.starts_with("assets/")).collect();
        assert_eq!(files.len(), 2);
        for file in files {
            let answer = get(&format!("/board/{file}"), "zh-CN").await;
            assert_eq!(answer.status(), 200, "{file}");
            assert!(answer.headers()["cache-control"].to_str().unwrap().contains("immutable"));
        }
        assert_eq!(get("/board/assets/old/board.js", "zh-CN").await.headers()["cache-control"], "no-store");
        assert_eq!(get("/board/assets/old/mod.rs", "zh-CN").await.status(), 404);
    }
}
