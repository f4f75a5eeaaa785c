//! The office takes verified hours out for the national system (R27).

use calamine::Data;

use super::{
    files::{cell, fetch, read_xlsx},
    presence::{at_the_door, begins, come, hours, leave},
    *,
};
use crate::both;

fn asked(world: &World, unit: Unit) -> Value {
    json!({ "unitId": world.unit(unit), "from": "2026-03-01", "until": "2026-03-31", "purpose": "录入全国志愿服务信息系统" })
}

async fn exported(world: &World, who: Who, unit: Unit) -> Value {
    world.as_(who).run(EXPORT_HOURS, asked(world, unit)).await.done()["export"].clone()
}

/// New, repeated, corrected.
fn counts(export: &Value) -> [i64; 3] {
    ["newCount", "repeatedCount", "correctionCount"].map(|name| export[name].as_i64().unwrap())
}

fn rows(export: &Value) -> Vec<Value> {
    export["rows"]["edges"].as_array().unwrap().iter().map(|edge| edge["node"].clone()).collect()
}

both! {
    async fn one_row_for_each_service_below(world: &World) {
        granted(world).await;
        // How many were served is lost, as in S3-16.
        let lost = with(service(0, 45), json!({ "beneficiaryCount": null }));
        let elsewhere = json!({ "unitId": world.unit(Unit::B2), "service": lost });
        let elsewhere = entry_id(&world.as_(Who::Second).run(REPORT_HOURS, elsewhere).await);
        review(world, Who::SecretaryOfB2, json!({ "id": elsewhere })).await;
        let foreign = reported(world, Who::Second, Unit::B3, 120, 45).await;
        review(world, Who::SecretaryOfB3, json!({ "id": foreign })).await;
        reported(world, Who::Second, Unit::B1, 300, 60).await;
        world.pass(Duration::days(8));
        world.settle().await;
        let export = exported(world, Who::Office, Unit::S1).await;
        assert_eq!((counts(&export), &export["totalMinutes"]), ([2, 0, 0], &json!(165)));
        let rows = rows(&export);
        let first = &rows[0];
        assert_eq!((&first["name"], &first["minutes"], &first["mark"]), (&json!("陈党员"), &json!(120), &json!("NEW")));
        assert_eq!((&first["phone"], &first["beneficiaryCount"]), (&json!("+8613800000021"), &json!(30)));
        assert_eq!((&first["verifier"], &first["recorder"]), (&json!("王书记"), &json!("陈党员")));
        assert_eq!((&first["origin"], &first["minutesBefore"]), (&json!("SELF_REPORTED"), &Value::Null));
        assert_eq!(first["serviceName"], Value::Null, "a member's own report has no name");
        assert_eq!((&rows[1]["name"], &rows[1]["beneficiaryCount"]), (&json!("林党员"), &Value::Null));
        let fetched = fetch(world, export["xlsx"]["url"].as_str().unwrap()).await;
        assert!(fetched.header("content-disposition").contains("service-hours-20260301-20260331.xlsx"));
        let content = fetched.file();
        let table = read_xlsx(content.clone(), "志愿服务时长");
        assert_eq!(table.height(), 3);
        assert_eq!(cell(&table, 1, "姓名"), "陈党员");
        assert_eq!(cell(&table, 1, "手机号码"), "+8613800000021");
        assert_eq!(cell(&table, 1, "处理标记"), "首次导出");
        assert_eq!(cell(&table, 1, "服务时长（小时）"), &Data::Float(2.0));
        assert!(matches!(cell(&table, 1, "开始时间"), Data::DateTime(_)));
        for lost in ["证件号码", "服务名称", "服务质量评价", "上次导出时长（分钟）"] {
            assert_eq!(cell(&table, 1, lost), &Data::Empty, "{lost}");
        }
        assert_eq!(cell(&table, 1, "服务人数"), &Data::Float(30.0));
        assert_eq!(cell(&table, 2, "服务人数"), &Data::Empty, "unknown is not nobody");
        let about: String = read_xlsx(content.clone(), "说明").rows().flatten().map(ToString::to_string).collect();
        assert!(about.contains("录入全国志愿服务信息系统"), "{about}");
        let about = read_xlsx(content, "说明");
        let at = about.rows().find(|row| row[0] == "导出时间").expect("when it was exported, as the clocks showed it");
        let Data::DateTime(at) = &at[1] else { panic!("{at:?}") };
        let local = (world.now() + Duration::hours(8)).naive_utc();
        assert!((at.as_datetime().unwrap() - local).num_seconds().abs() <= 1, "{at:?}");
    }
}

both! {
    async fn a_shift_is_called_what_its_project_is(world: &World) {
        let id = at_the_door(world).await;
        come(world, Who::Member, &id).await.done();
        world.set_clock(begins() + Duration::hours(1));
        let entry = hours(&leave(world, Who::Member, &id).await);
        review(world, Who::Secretary, json!({ "id": entry["id"] })).await;
        world.pass(Duration::days(8));
        world.settle().await;
        let export = exported(world, Who::Office, Unit::S1).await;
        let row = &rows(&export)[0];
        assert_eq!((&row["serviceName"], &row["place"], &row["origin"]), (&json!("清洁家园"), &json!("曲水亭街"), &json!("SHIFT")));
        let table = read_xlsx(fetch(world, export["xlsx"]["url"].as_str().unwrap()).await.file(), "志愿服务时长");
        assert_eq!(cell(&table, 1, "服务名称"), "清洁家园");
        assert_eq!(cell(&table, 1, "服务地点"), "曲水亭街");
        let sheet = world.member_of_b1().run(ISSUE_SHEET, json!({})).await.done()["sheet"].clone();
        let services = read_xlsx(fetch(world, sheet["xlsx"]["url"].as_str().unwrap()).await.file(), "服务明细");
        assert_eq!(cell(&services, 1, "服务名称"), "清洁家园");
        assert_eq!(cell(&services, 1, "服务地点"), "曲水亭街");
    }
}

both! {
    async fn what_was_exported_is_marked_and_a_reversal_corrects_it(world: &World) {
        let id = granted(world).await;
        let other = reported(world, Who::Second, Unit::B1, 0, 60).await;
        review(world, Who::Secretary, json!({ "id": other })).await;
        world.pass(Duration::days(8));
        world.settle().await;
        assert_eq!(counts(&exported(world, Who::Office, Unit::B1).await), [2, 0, 0]);
        assert_eq!(counts(&exported(world, Who::Office, Unit::S1).await), [0, 2, 0]);
        let anew = json!({ "id": other, "minutes": 30, "reason": "扣除休息" });
        world.secretary().run(RECALCULATE_HOURS, anew).await.done();
        world.office().run(REVERSE_HOURS, json!({ "id": id, "reason": "误报" })).await.done();
        let corrected = exported(world, Who::Office, Unit::S1).await;
        assert_eq!((counts(&corrected), &corrected["totalMinutes"]), ([0, 0, 2], &json!(30)));
        let rows = rows(&corrected);
        let reversed = rows.iter().find(|row| row["entryId"] == id).expect("the reversal");
        assert_eq!((&reversed["minutes"], &reversed["minutesBefore"]), (&json!(0), &json!(120)));
        assert_eq!((&reversed["reason"], &reversed["mark"]), (&json!("误报"), &json!("CORRECTION")));
        let table = read_xlsx(fetch(world, corrected["xlsx"]["url"].as_str().unwrap()).await.file(), "志愿服务时长");
        assert_eq!(cell(&table, 1, "更正原因"), "误报");
        assert_eq!(cell(&table, 1, "上次导出时长（分钟）"), &Data::Float(120.0));
        assert_eq!(cell(&table, 1, "服务时长（分钟）"), &Data::Float(0.0));
        assert_eq!(counts(&exported(world, Who::Office, Unit::S1).await), [0, 1, 0], "told once");
    }
}

both! {
    async fn offices_alone_export_and_each_reads_their_own(world: &World) {
        granted(world).await;
        let input = asked(world, Unit::B1);
        for who in [Who::Member, Who::Secretary, Who::OfficeOfS2, Who::Administrator, Who::Auditor] {
            assert_eq!(world.as_(who).run(EXPORT_HOURS, input.clone()).await.error_code(), "FORBIDDEN", "{who:?}");
        }
        assert_eq!(world.as_(Who::ForeignOffice).run(EXPORT_HOURS, input).await.error_code(), "NOT_FOUND");
        let export = exported(world, Who::Office, Unit::S1).await;
        let url = export["xlsx"]["url"].as_str().unwrap().to_owned();
        let post = json!({ "accountId": world.account(Who::Secretary), "unitId": world.unit(Unit::S1), "kind": "OFFICE_STAFF" });
        world.administrator().run(APPOINT, post).await.done();
        let listed = world.secretary().gql(EXPORTS, json!({ "unitId": world.unit(Unit::S1) })).await;
        let node = listed.data("/serviceHourExports/edges/0/node");
        assert_eq!((&node["rowCount"], &node["exportedBy"]["name"]), (&json!(1), &json!("党建办甲")));
        assert_eq!((&node["rows"], &node["xlsx"]), (&Value::Null, &Value::Null));
        let end = json!({ "id": world.post(Who::Office), "endsOn": "2026-03-08" });
        world.administrator().run(END_POST, end).await.done();
        let refused = fetch(world, &url).await;
        assert_eq!(refused.problem(), "FORBIDDEN", "the post has ended since");
    }
}

both! {
    async fn it_needs_a_purpose_and_stands_in_everybodys_audit(world: &World) {
        granted(world).await;
        for (more, refusal) in [
            (json!({ "purpose": " " }), "BAD_PURPOSE"),
            (json!({ "until": "2026-02-28" }), "BAD_PERIOD"),
            (json!({ "from": "1900-01-01", "until": "2999-12-31" }), "BAD_PERIOD"),
            (json!({ "from": "2025-01-01", "until": "2025-12-31" }), "NOTHING_TO_EXPORT"),
        ] {
            let input = with(asked(world, Unit::S1), more);
            assert_eq!(world.office().run(EXPORT_HOURS, input).await.refused(), refusal);
        }
        let input = with(asked(world, Unit::S1), json!({ "clientMutationId": "once" }));
        let first = world.office().run(EXPORT_HOURS, input.clone()).await.done()["export"]["id"].clone();
        let again = world.office().run(EXPORT_HOURS, input).await;
        assert_eq!((&again.done()["export"]["id"], counts(&again.done()["export"])), (&first, [1, 0, 0]));
        let mine = "{ myAudit { edges { node { operation reason actor { name } } } } }";
        let audit = world.member_of_b1().gql(mine, json!({})).await.text;
        assert!(audit.contains("exportServiceHours") && audit.contains("录入全国志愿服务信息系统"), "{audit}");
        let neighbour = world.as_(Who::Second).gql(mine, json!({})).await.text;
        assert!(!neighbour.contains("exportServiceHours"), "none of theirs: {neighbour}");
    }
}

both! {
    async fn a_page_of_rows_costs_the_same_statements(world: &World) {
        let crowd = world.crowd(Unit::B1, 40).await;
        let mut reviews = Vec::new();
        for (phone, _) in &crowd {
            let reply = world.by_phone(phone).run(REPORT_HOURS, json!({ "service": service(0, 60) })).await;
            reviews.push(json!({ "id": entry_id(&reply) }));
        }
        world.secretary().run(REVIEW_HOURS, json!({ "reviews": reviews })).await.done();
        world.pass(Duration::days(7));
        world.settle().await;
        assert_eq!(counts(&exported(world, Who::Office, Unit::S1).await), [40, 0, 0]);
        let mut costs = Vec::new();
        for rows in [5, 5, 40] {
            let page = json!({ "unitId": world.unit(Unit::S1), "first": 1, "rows": rows });
            let reply = world.office().gql(EXPORTS, page).await;
            assert_eq!(reply.list("/serviceHourExports/edges/0/node/rows/edges").len(), rows);
            costs.push(reply.statements());
        }
        assert_eq!(costs[1], costs[2], "{costs:?}");
        let of_office = world.office().gql(EXPORTS, json!({ "unitId": world.unit(Unit::S1) })).await;
        let url = of_office.str("/serviceHourExports/edges/0/node/xlsx/url");
        let fetched = fetch(world, &url).await;
        let sql: usize = fetched.header("server-timing").split('"').nth(1).unwrap().parse().unwrap();
        assert!(sql <= 12, "{sql} statements for a file of forty rows");
        assert_eq!(read_xlsx(fetched.file(), "志愿服务时长").height(), 41);
    }
}

both! {
    async fn what_a_token_downloads_counts_against_it(world: &World) {
        world.pin();
        granted(world).await;
        let mut new = crate::token::asked(world, &["HOURS_EXPORT", "MEMBERS_READ"], Unit::B1);
        new["perMinute"] = json!(3);
        let made = world.office().run(CREATE_TOKEN, new).await;
        let system = world.bearer(made.done()["secret"].as_str().unwrap());
        system.run(EXPORT_HOURS, asked(world, Unit::B1)).await.done();
        let links = "query($unitId: ID!) { serviceHourExports(unitId: $unitId) { edges { node { xlsx { url } } } } }";
        let listed = system.gql(links, json!({ "unitId": world.unit(Unit::B1) })).await;
        let url = listed.str("/serviceHourExports/edges/0/node/xlsx/url");
        let path = url.split_once("127.0.0.1").unwrap().1.to_owned();
        for status in [200, 429] {
            let answer = world.http.get(world.path(&path)).send().await.unwrap();
            assert_eq!(answer.status(), status);
            assert!(answer.headers().contains_key("ratelimit"));
        }
    }
}
