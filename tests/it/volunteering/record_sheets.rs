//! A member takes home what their hours come to, and anybody can see that it is true (R28, R31).

use calamine::Data;
use reqwest::StatusCode;

use super::{
    files::{about_pdf, cell, fetch, last_page, read_pdf, read_xlsx},
    *,
};
use crate::both;

/// Somebody's sheet.
async fn issued(world: &World, who: Who, input: Value) -> Value {
    world.as_(who).run(ISSUE_SHEET, input).await.done()["sheet"].clone()
}

async fn look_up(world: &World, code: &str) -> Value {
    let reply = world.anonymous().gql(LOOK_UP, json!({ "code": code })).await;
    reply.data("/serviceRecordLookUp").clone()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

both! {
    async fn a_member_takes_home_what_counts(world: &World) {
        granted(world).await;
        // Waits for review, and isn't on it.
        reported(world, Who::Member, Unit::B1, 300, 60).await;
        let sheet = issued(world, Who::Member, json!({})).await;
        assert_eq!(sheet["name"], "陈党员");
        assert_eq!(sheet["issuer"]["name"], "芙蓉社区第一党支部");
        assert_eq!((&sheet["services"], &sheet["totalMinutes"]), (&json!(1), &json!(120)));
        assert_eq!((&sheet["shiftMinutes"], &sheet["selfReportedMinutes"]), (&json!(0), &json!(120)));
        assert_eq!((&sheet["firstOn"], &sheet["issuedOn"]), (&json!("2026-03-01"), &json!("2026-03-09")));
        assert_eq!(sheet["state"], "VALID");
        let pdf = fetch(world, text(&sheet["pdf"]["url"])).await;
        assert_eq!(pdf.header("content-type"), "application/pdf");
        assert_eq!(pdf.header("cache-control"), "no-store");
        let number = text(&sheet["number"]).to_owned();
        assert_eq!(pdf.header("content-disposition"), format!(
            "attachment; filename=\"service-record-{number}.pdf\"; \
             filename*=UTF-8''%E5%BF%97%E6%84%BF%E6%9C%8D%E5%8A%A1%E8%AE%B0%E5%BD%95%E5%8D%95-{number}.pdf"
        ));
        let (told, pages) = read_pdf(&pdf.file());
        assert_eq!(pages, 1);
        for part in [
            "志愿服务记录单", "不是《志愿服务记录证明》", "Itisnotthenationalcertificate", "陈党员", "芙蓉社区第一党支部",
            "清洁家园", "社区居民（30人）", "2.00小时（120分钟）", "2026-03-01", "09:00-11:00", "王书记／陈党员",
            number.as_str(), text(&sheet["code"]), "一、本人填报（1次，2.00小时）", "未达到",
        ] {
            assert!(told.contains(part), "{part} isn't in {told}");
        }
        assert!(!told.contains("二、"), "there were no shifts: {told}");
        let xlsx = fetch(world, text(&sheet["xlsx"]["url"])).await.file();
        let about = read_xlsx(xlsx.clone(), "服务记录单");
        let all: String = about.rows().flatten().map(ToString::to_string).collect();
        for part in ["不是《志愿服务记录证明》", "not the national certificate", "陈党员", number.as_str()] {
            assert!(all.contains(part), "{part} isn't in {all}");
        }
        let services = read_xlsx(xlsx, "服务明细");
        assert_eq!(services.height(), 3, "a heading, a service, a total");
        assert_eq!(cell(&services, 1, "服务内容"), "清洁家园");
        assert_eq!(cell(&services, 1, "服务时长（小时）"), &Data::Float(2.0));
        assert_eq!(cell(&services, 1, "服务人数"), &Data::Float(30.0));
        assert!(matches!(cell(&services, 1, "服务日期"), Data::DateTime(_)), "a real date");
        assert_eq!(cell(&services, 1, "记录方式"), "本人填报");
        assert_eq!(cell(&services, 1, "服务质量评价"), &Data::Empty);
        assert_eq!(cell(&services, 2, "服务时长（分钟）"), &Data::Float(120.0));
    }
}

both! {
    async fn anybody_with_the_code_sees_that_it_is_true_and_no_more(world: &World) {
        granted(world).await;
        let sheet = issued(world, Who::Member, json!({ "year": 2026 })).await;
        let typed = text(&sheet["code"]).to_lowercase().replace('-', " ");
        let found = look_up(world, &typed).await;
        assert_eq!(found, json!({
            "number": sheet["number"], "state": "VALID", "issuedOn": "2026-03-09", "issuer": "芙蓉社区第一党支部",
            "maskedName": "陈*员", "totalMinutes": 120, "firstOn": "2026-03-01", "lastOn": "2026-03-01",
        }));
        assert_eq!(look_up(world, "AAAAA-BBBBB-CCCCC-DDDDD").await, Value::Null);
        let page = fetch(world, text(&sheet["lookUpUrl"])).await;
        assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
        let html = String::from_utf8(page.file()).unwrap();
        for part in ["陈*员", "2.00 小时", "有效，与时长台账一致", "不是《志愿服务记录证明》", text(&sheet["number"])] {
            assert!(html.contains(part), "{part} isn't in {html}");
        }
        assert!(!html.contains("陈党员") && !html.contains("<script"), "{html}");
        let evil = world.http.get(world.path("/service-records?code=%22%3E%3Cscript%3E%7Bresult%7D"));
        let evil = evil.header("accept-language", "en").send().await.unwrap();
        assert_eq!(evil.status(), StatusCode::NOT_FOUND);
        let html = evil.text().await.unwrap();
        assert!(html.contains("There is no sheet") && html.contains("&lt;script&gt;&#123;result}"), "{html}");
    }
}

both! {
    async fn the_branch_issues_whichever_group_or_hub_is_the_home(world: &World) {
        let id = reported(world, Who::Leader, Unit::B1, 0, 60).await;
        review(world, Who::Secretary, json!({ "id": id })).await;
        world.pass(Duration::days(7));
        world.settle().await;
        let sheet = issued(world, Who::Leader, json!({})).await;
        assert_eq!(sheet["issuer"]["name"], "芙蓉社区第一党支部");
        let pdf = fetch(world, text(&sheet["pdf"]["url"])).await.file();
        let (told, _) = read_pdf(&pdf);
        assert!(told.contains("芙蓉社区第一党支部") && !told.contains("第一党小组"), "{told}");
        assert_eq!(about_pdf(&pdf, b"Author"), "芙蓉社区第一党支部");
        assert_eq!(about_pdf(&pdf, b"CreationDate"), "D:20260309090000+08'00", "as the clocks showed it");
        assert_eq!(look_up(world, text(&sheet["code"])).await["issuer"], "芙蓉社区第一党支部");
        let empty = fetch(world, "http://127.0.0.1/service-records/").await;
        assert!(String::from_utf8(empty.file()).unwrap().contains("志愿服务记录单查验"), "the page with nothing looked up");
    }
}

both! {
    async fn a_reversal_after_issue_shows(world: &World) {
        let id = granted(world).await;
        let sheet = issued(world, Who::Member, json!({})).await;
        world.office().run(REVERSE_HOURS, json!({ "id": id, "reason": "误报" })).await.done();
        assert_eq!(look_up(world, text(&sheet["code"])).await["state"], "SUPERSEDED");
        let gone = fetch(world, text(&sheet["pdf"]["url"])).await;
        assert_eq!((gone.status, gone.problem().as_str()), (StatusCode::GONE, "SUPERSEDED"));
        let again = world.member_of_b1().run(ISSUE_SHEET, json!({})).await;
        assert_eq!(again.refused(), "NOTHING_VERIFIED");
        let mine = world.member_of_b1().gql(MY_SHEETS, json!({})).await;
        assert_eq!(mine.str("/myServiceRecordSheets/edges/0/node/state"), "SUPERSEDED");
    }
}

both! {
    async fn new_hours_after_issue_change_nothing(world: &World) {
        granted(world).await;
        let sheet = issued(world, Who::Member, json!({})).await;
        let id = reported(world, Who::Member, Unit::B1, 300, 60).await;
        review(world, Who::Secretary, json!({ "id": id })).await;
        world.pass(Duration::days(8));
        world.settle().await;
        assert_eq!(look_up(world, text(&sheet["code"])).await["state"], "VALID");
        let anew = json!({ "id": id, "minutes": 30, "reason": "扣除休息" });
        world.secretary().run(RECALCULATE_HOURS, anew).await.done();
        assert_eq!(look_up(world, text(&sheet["code"])).await["state"], "VALID", "it isn't on the sheet");
        assert_eq!(issued(world, Who::Member, json!({})).await["totalMinutes"], 150);
    }
}

both! {
    async fn what_is_revoked_tells_nothing(world: &World) {
        granted(world).await;
        let sheet = issued(world, Who::Member, json!({})).await;
        for _ in 0..2 {
            let revoked = world.member_of_b1().run(REVOKE_SHEET, json!({ "id": sheet["id"] })).await;
            assert_eq!(revoked.done()["sheet"]["state"], "REVOKED");
        }
        let found = look_up(world, text(&sheet["code"])).await;
        assert_eq!(found, json!({
            "number": sheet["number"], "state": "REVOKED", "issuedOn": "2026-03-09", "issuer": "芙蓉社区第一党支部",
            "maskedName": null, "totalMinutes": null, "firstOn": null, "lastOn": null,
        }));
        assert_eq!(fetch(world, text(&sheet["xlsx"]["url"])).await.problem(), "SUPERSEDED");
        let html = String::from_utf8(fetch(world, text(&sheet["lookUpUrl"])).await.file()).unwrap();
        assert!(html.contains("已由本人作废") && !html.contains("陈*员"), "{html}");
    }
}

both! {
    async fn a_link_is_short_lived_and_ours(world: &World) {
        granted(world).await;
        let sheet = issued(world, Who::Member, json!({})).await;
        let url = text(&sheet["pdf"]["url"]).to_owned();
        let mut forged = url.clone().into_bytes();
        let at = forged.len() - 20;
        forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
        let forged = fetch(world, &String::from_utf8(forged).unwrap()).await;
        assert_eq!((forged.status, forged.problem().as_str()), (StatusCode::NOT_FOUND, "NOT_FOUND"));
        world.pass(Duration::minutes(9));
        fetch(world, &url).await.file();
        world.pass(Duration::minutes(1));
        let late = fetch(world, &url).await;
        assert_eq!((late.status, late.problem().as_str()), (StatusCode::GONE, "LINK_EXPIRED"));
        let fresh = world.member_of_b1().gql(MY_SHEETS, json!({})).await;
        let url = fresh.str("/myServiceRecordSheets/edges/0/node/pdf/url");
        world.member_of_b1().gql(SIGN_OUT, json!({})).await.data("");
        let gone = fetch(world, &url).await;
        assert_eq!(gone.problem(), "UNAUTHENTICATED", "the session has ended");
        world.forget_tokens();
    }
}

both! {
    async fn a_sheet_is_ones_own(world: &World) {
        granted(world).await;
        let sheet = issued(world, Who::Member, json!({})).await;
        for who in [Who::Second, Who::Secretary, Who::Office, Who::Administrator, Who::ForeignMember] {
            let revoke = world.as_(who).run(REVOKE_SHEET, json!({ "id": sheet["id"] })).await;
            assert_eq!(revoke.error_code(), "NOT_FOUND", "{who:?}");
            let theirs = world.as_(who).gql(MY_SHEETS, json!({})).await;
            assert!(theirs.list("/myServiceRecordSheets/edges").is_empty(), "{who:?}");
        }
        assert_eq!(world.as_(Who::Stranger).run(ISSUE_SHEET, json!({})).await.refused(), "NOT_A_MEMBER");
        assert_eq!(world.as_(Who::Second).run(ISSUE_SHEET, json!({})).await.refused(), "NOTHING_VERIFIED");
        for year in [2025, 2026] {
            let reply = world.member_of_b1().run(ISSUE_SHEET, json!({ "year": year })).await;
            if year == 2025 { assert_eq!(reply.refused(), "NOTHING_VERIFIED") } else { drop(reply.done().clone()) }
        }
        for year in [i32::MIN, -1, 0, 1948, 2027, 10_000, i32::MAX] {
            assert_eq!(world.member_of_b1().run(ISSUE_SHEET, json!({ "year": year })).await.refused(), "BAD_YEAR", "{year}");
        }
    }
}

both! {
    async fn sent_twice_it_is_one_sheet_and_stands_in_the_audit(world: &World) {
        granted(world).await;
        let input = json!({ "clientMutationId": "sheet-1" });
        let first = issued(world, Who::Member, input.clone()).await;
        let second = issued(world, Who::Member, input).await;
        assert_eq!((&first["id"], &first["code"]), (&second["id"], &second["code"]));
        let other = world.member_of_b1().run(ISSUE_SHEET, json!({ "clientMutationId": "sheet-1", "year": 2026 })).await;
        assert_eq!(other.error_code(), "IDEMPOTENCY_KEY_REUSED");
        world.member_of_b1().run(REVOKE_SHEET, json!({ "id": first["id"] })).await.done();
        let audit = world.member_of_b1().gql(MY_AUDIT, json!({})).await.text;
        assert!(audit.contains("issueServiceRecordSheet") && audit.contains("revokeServiceRecordSheet"), "{audit}");
    }
}

both! {
    async fn codes_cannot_be_guessed_for_long(world: &World) {
        // Each server counts for itself.
        world.pin();
        granted(world).await;
        let sheet = issued(world, Who::Member, json!({})).await;
        for _ in 0..20 {
            assert_eq!(look_up(world, "AAAAA-BBBBB-CCCCC-DDDDD").await, Value::Null);
        }
        let wrong = json!({ "code": "AAAAA-BBBBB-CCCCC-DDDDD" });
        assert_eq!(world.anonymous().gql(LOOK_UP, wrong.clone()).await.error_code(), "RATE_LIMITED");
        let page = fetch(world, "http://127.0.0.1/service-records/AAAAA-BBBBB-CCCCC-DDDDD").await;
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
        let wait: i64 = page.header("retry-after").parse().unwrap();
        assert!((1..=7_200).contains(&wait), "{wait}");
        assert_eq!(look_up(world, text(&sheet["code"])).await["state"], "VALID", "another behind the same address");
        for _ in 0..180 {
            assert_eq!(world.anonymous().gql(LOOK_UP, wrong.clone()).await.error_code(), "RATE_LIMITED");
        }
        let page = fetch(world, text(&sheet["lookUpUrl"])).await;
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS, "enough is enough");
        assert!(!String::from_utf8(page.content).unwrap().contains("陈"));
        world.pass(Duration::hours(2));
        assert_eq!(look_up(world, text(&sheet["code"])).await["state"], "VALID");
    }
}

both! {
    async fn nobody_fills_the_table_with_sheets(world: &World) {
        // Each server counts for itself.
        world.pin();
        granted(world).await;
        for _ in 0..20 {
            issued(world, Who::Member, json!({})).await;
        }
        assert_eq!(world.member_of_b1().run(ISSUE_SHEET, json!({})).await.error_code(), "RATE_LIMITED");
    }
}

both! {
    async fn hours_stay_with_a_member_who_moves(world: &World) {
        let there = reported(world, Who::Member, Unit::B2, 0, 60).await;
        review(world, Who::SecretaryOfB2, json!({ "id": there })).await;
        let here = reported(world, Who::Member, Unit::B1, 90, 45).await;
        review(world, Who::Secretary, json!({ "id": here })).await;
        world.pass(Duration::days(7));
        world.settle().await;
        let moved = json!({ "id": world.member(Who::Member), "homeUnitId": world.unit(Unit::B2) });
        world.office().run(UPDATE_MEMBER, moved).await.done();
        let sheet = issued(world, Who::Member, json!({})).await;
        assert_eq!((&sheet["totalMinutes"], &sheet["services"]), (&json!(105), &json!(2)));
        let issuer = text(&sheet["issuer"]["name"]).to_owned();
        assert_ne!(issuer, "芙蓉社区第一党支部");
        let (told, _) = read_pdf(&fetch(world, text(&sheet["pdf"]["url"])).await.file());
        assert!(told.contains("芙蓉社区第一党支部") && told.contains(&issuer), "each unit is named: {told}");
        assert!(told.contains("1.75小时（105分钟）"), "{told}");
    }
}

both! {
    async fn rare_characters_and_formulas_do_no_harm(world: &World) {
        // In the first face, in the second, in none.
        let name = json!({ "id": world.member(Who::Member), "name": "䶮𠙶𪚥" });
        world.office().run(UPDATE_MEMBER, name).await.done();
        let said = json!({ "content": "=HYPERLINK(\"http://x\",\"点\")", "place": "@社区 👍", "beneficiary": "+老人" });
        let id = entry_id(&report_with(world, Who::Member, service(0, 60), said).await);
        review(world, Who::Secretary, json!({ "id": id })).await;
        world.pass(Duration::days(7));
        world.settle().await;
        let sheet = issued(world, Who::Member, json!({})).await;
        let (told, _) = read_pdf(&fetch(world, text(&sheet["pdf"]["url"])).await.file());
        assert!(told.contains("䶮𠙶[U+2A6A5]"), "{told}");
        assert!(told.contains("[U+1F44D]") && told.contains("=HYPERLINK("), "{told}");
        let services = read_xlsx(fetch(world, text(&sheet["xlsx"]["url"])).await.file(), "服务明细");
        assert_eq!(cell(&services, 1, "服务内容"), "=HYPERLINK(\"http://x\",\"点\")");
        assert_eq!(cell(&services, 1, "服务地点"), "@社区 👍");
        assert_eq!(cell(&services, 1, "服务对象"), "+老人");
        assert_eq!(cell(&services, 1, "记录人"), "䶮𠙶𪚥", "the spreadsheet is whole");
    }
}

both! {
    async fn a_long_record_goes_on_over_pages(world: &World) {
        let mut reviews = Vec::new();
        // As many as fill the second page: with the sentence below the table it goes on to a third.
        for n in 0..42 {
            let more = json!({ "content": format!("第{n}次，在社区为老人送餐、打扫、陪同就医，并登记他们的需要") });
            let id = entry_id(&report_with(world, Who::Member, service(-n * 10, 10), more).await);
            reviews.push(json!({ "id": id }));
        }
        world.secretary().run(REVIEW_HOURS, json!({ "reviews": reviews })).await.done();
        world.pass(Duration::days(7));
        world.settle().await;
        let issue = world.member_of_b1().run(ISSUE_SHEET, json!({})).await;
        assert!(issue.statements() < 25, "{} statements", issue.statements());
        let sheet = issue.done()["sheet"].clone();
        let fetched = fetch(world, text(&sheet["pdf"]["url"])).await;
        let content = fetched.file();
        let (told, pages) = read_pdf(&content);
        assert!(pages >= 3 && told.contains("第0次") && told.contains("第41次"), "{pages} pages");
        assert!(told.contains(&format!("第{pages}页，共{pages}页")));
        let last = last_page(&content);
        assert!(last.text.contains("第0次"), "no sentence stands alone: {}", last.text);
        assert!((last.grey_ends - last.first_line).abs() < 0.1, "grey no further than the headings: {last:?}");
    }
}
