//! Few connections to the database: who needs another in the middle of a transaction gets it.

use std::time::{Duration as Real, Instant};

use futures_util::future::join_all;
use serde_json::json;

use crate::{
    both,
    harness::{
        Setup, Unit, World,
        clock::{beijing_time, rfc3339},
        document::*,
    },
};

both! {
    Setup { configure: |config| config.database_connections = 2, ..Setup::default() },
    async fn what_was_forgotten_is_read_anew_within_transactions(world: &World) {
        let crowd = world.crowd(Unit::B1, 8).await;
        for (phone, _) in &crowd {
            world.by_phone(phone).access().await;
        }
        for day in [26, 27, 28] {
            // As after any change of rights, rules or units.
            world.apps().for_each(|app| app.memo.clear());
            let begun = Instant::now();
            let reports = crowd.iter().map(async |(phone, _)| {
                let (from, until) = (beijing_time(2026, 2, day, 9, 0), beijing_time(2026, 2, day, 10, 0));
                let service = json!({
                    "startsAt": rfc3339(from), "endsAt": rfc3339(until),
                    "place": "芙蓉社区", "content": "清洁家园", "beneficiary": "社区居民",
                });
                world.by_phone(phone).run(REPORT_HOURS, json!({ "service": service })).await
            });
            for reply in join_all(reports).await {
                reply.done();
            }
            assert!(begun.elapsed() < Real::from_secs(5), "{:?}", begun.elapsed());
        }
    }
}
