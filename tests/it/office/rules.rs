//! Rules: a district's own values, dated, with their source.

use chrono::Duration;
use serde_json::json;
use zhibu_domain::{rule::RuleKey, vocabulary::Vocabulary};

use crate::{
    both,
    harness::{
        Who, World,
        document::*,
        meeting::{self, start},
    },
};

both! {
    async fn a_districts_own_value_holds_from_its_day(world: &World) {
        let rules = world.member_of_b1().gql(RULES, json!({})).await;
        assert_eq!(rules.list("/rules").len(), RuleKey::words().len());
        let input = json!({ "key": "LATE_AFTER_MINUTES", "value": 0, "startsOn": "2026-03-06", "source": "区委〔2026〕3号" });
        world.administrator().run(SET_RULE, input).await.done();
        let id = world.party_day().await;
        world.set_clock(start() + Duration::minutes(1));
        assert_eq!(world.scan(world.member_of_b1(), &id).await.done()["attendance"]["state"], "LATE");
        let foreign = world.as_(Who::ForeignMember).gql(RULES, json!({})).await;
        assert!(!foreign.text.contains("区委〔2026〕3号"));
    }
}

both! {
    async fn bounds_are_kept(world: &World) {
        for (more, why) in [
            (json!({ "value": -1 }), "OUT_OF_BOUNDS"),
            (json!({ "value": 100 }), "OUT_OF_BOUNDS"),
            (json!({ "value": i64::MAX }), "OUT_OF_BOUNDS"),
            (json!({ "startsOn": "2020-01-01" }), "IN_PAST"),
            (json!({ "source": "" }), "BAD_SOURCE"),
            (json!({ "source": "\u{FEFF}" }), "BAD_SOURCE"),
        ] {
            let input = json!({ "key": "CODE_STEP_SECONDS", "value": 20, "source": "试点" });
            let reply = world.administrator().run(SET_RULE, meeting::with(input, more.clone())).await;
            assert_eq!(reply.refused(), why, "{more}");
        }
        for bad in [json!(1.5), json!("20"), json!(1e30), json!(null)] {
            let input = json!({ "key": "CODE_STEP_SECONDS", "value": bad, "source": "试点" });
            assert!(world.administrator().run(SET_RULE, input).await.error().is_some(), "{bad}");
        }
    }
}
