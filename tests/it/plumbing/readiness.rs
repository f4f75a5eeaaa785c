//! A server runs on the schema of the next version, so that replicas are replaced one by one.

use sea_orm::ConnectionTrait;

use crate::{
    both,
    harness::{World, document::*},
};

both! {
    async fn a_newer_schema_is_borne(world: &World) {
        let ready = async || {
            let answer = world.http.get(world.path("/readyz")).send().await.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap())
        };
        assert_eq!(ready().await, (200, "ready\n".to_owned()));
        let db = sea_orm::Database::connect(&world.app.config.database_url).await.unwrap();
        db.execute_unprepared("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m999_next', 0)").await.unwrap();
        assert_eq!(ready().await, (200, "ready\n".to_owned()));
        assert_eq!(world.app.store.migrate().await.unwrap(), 0, "a server that starts now goes on");
        world.member_of_b1().gql(ME, serde_json::json!({})).await.data("/me");
        db.execute_unprepared("DELETE FROM seaql_migrations").await.unwrap();
        assert_eq!(ready().await, (503, "the schema is not up to date\n".to_owned()));
        db.close().await.unwrap();
    }
}
