//! Reading: methods, tags, links between pages.

use reqwest::Method;

use crate::{
    both,
    harness::{Reply, Unit, Who, World},
};

both! {
    async fn units_by_pages(world: &World) {
        let stranger = world.stranger();
        let whole = stranger.get("/units?limit=100").await;
        assert_eq!(whole.items().len(), 8, "district A's");
        assert_eq!((&whole.body["next"], whole.header("link")), (&serde_json::Value::Null, ""));
        let (mut path, mut read) = (format!("/units?limit=3&within={}", world.unit(Unit::A)), Vec::new());
        loop {
            let page = stranger.get(&path).await;
            read.extend(page.items().clone());
            let Some(next) = page.body["next"].as_str() else { break };
            let link = page.header("link");
            assert!(link.contains(&format!("after={next}")) && link.ends_with("; rel=\"next\""), "{link}");
            path = link.split('>').next().unwrap().strip_prefix("</api/v1").unwrap().to_owned();
        }
        assert_eq!(&read, whole.items());
        let branches = stranger.get(&format!("/units?kind=PARTY_BRANCH&within={}", world.unit(Unit::S1))).await;
        assert_eq!(branches.items().len(), 2);
        let one = stranger.get(&format!("/units/{}", world.unit(Unit::B1))).await;
        assert_eq!(one.found()["parentId"], world.unit(Unit::General));
        assert_eq!(stranger.get(&format!("/units/{}", world.unit(Unit::D))).await.problem(), (404, "NOT_FOUND"));
    }
}

both! {
    async fn what_is_known_is_not_sent_again(world: &World) {
        for path in [format!("/units/{}", world.unit(Unit::B1)), "/units".to_owned()] {
            let first = world.stranger().get(&path).await;
            let tag = first.header("etag").to_owned();
            assert!(!tag.is_empty());
            let again = world.stranger().rest(Method::GET, &path).await.header("if-none-match", &tag);
            let again = Reply::read(again.send().await.unwrap()).await;
            assert_eq!((again.status.as_u16(), again.text.as_str(), again.header("etag")), (304, "", tag.as_str()));
            let head = world.stranger().rest(Method::HEAD, &path).await.send().await.unwrap();
            let head = Reply::read(head).await;
            assert_eq!((head.status.as_u16(), head.text.as_str(), head.header("etag")), (200, "", tag.as_str()));
        }
        let packed = world.stranger().rest(Method::GET, "/units").await.header("accept-encoding", "br");
        assert_eq!(packed.send().await.unwrap().headers()["content-encoding"], "br");
    }
}

both! {
    async fn every_path_tells_its_methods(world: &World) {
        for (path, allow) in [
            ("/units", "GET, HEAD, OPTIONS"),
            ("/assignments", "GET, HEAD, OPTIONS, POST"),
            ("/assignments/x/dispatch", "OPTIONS, POST"),
        ] {
            let options = world.anonymous().rest(Method::OPTIONS, path).await.send().await.unwrap();
            assert_eq!((options.status().as_u16(), options.headers()["allow"].to_str().unwrap()), (204, allow));
            for method in ["TRACE", "QUERY", "PATCH", "DELETE"] {
                let method = Method::from_bytes(method.as_bytes()).unwrap();
                let other = world.stranger().rest(method.clone(), path).await.send().await.unwrap();
                let other = Reply::read(other).await;
                assert_eq!(other.problem(), (405, "METHOD_NOT_ALLOWED"), "{method} {path}");
                assert_eq!(other.header("allow"), allow);
            }
        }
        assert_eq!(world.stranger().get("/nothing").await.problem(), (404, "NOT_FOUND"));
    }
}

both! {
    async fn the_document_and_its_page(world: &World) {
        let document = world.http.get(world.path("/api/openapi.json")).send().await.unwrap();
        let document: serde_json::Value = document.json().await.unwrap();
        assert_eq!(&document, zhibu::rest::document());
        let page = world.http.get(world.path("/api/docs")).send().await.unwrap();
        assert_eq!(page.status(), 200);
        assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
    }
}

both! {
    async fn activities_with_their_counts(world: &World) {
        let activity = world.party_day().await;
        world.scan(world.member_of_b1(), &activity).await.done();
        let list = world.instructor().get(&format!("/activities?unitId={}", world.unit(Unit::B1))).await;
        assert_eq!(list.items().len(), 1);
        assert_eq!(list.items()[0]["tally"]["present"], 1);
        let one = world.instructor().get(&format!("/activities/{activity}")).await;
        assert_eq!(one.found(), &list.items()[0]);
        assert_eq!(one.body["state"], "OPEN");
        let draft = world.draft(serde_json::json!({ "title": "四月主题党日" })).await;
        let draft = format!("/activities/{draft}");
        assert_eq!(world.member_of_b1().get(&draft).await.problem(), (404, "NOT_FOUND"));
        world.secretary().get(&draft).await.found();
        for range in ["from=9999-12-31T23:59:59-23:59", "until=0001-01-01T00:00:00Z"] {
            let none = world.secretary().get(&format!("/activities?unitId={}&{range}", world.unit(Unit::B1))).await;
            assert_eq!(none.items().len(), 0, "{range}");
        }
        assert_eq!(world.as_(Who::MemberOfB2).get(&format!("/activities/{activity}")).await.problem(), (404, "NOT_FOUND"));
    }
}
