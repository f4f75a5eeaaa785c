//! What the tests stand on: databases, a small fixed world, and clients of the server.

pub mod actor;
pub mod assigning;
pub mod browser;
pub mod cast;
pub mod clock;
pub mod document;
pub mod fault;
pub mod founding;
pub mod leftovers;
pub mod meeting;
pub mod postgres;
pub mod process;
pub mod receiver;
pub mod reply;
pub mod rest;
pub mod sms;
pub mod template;
pub mod wechat;
pub mod wire;
pub mod world;
pub mod ws;

pub use actor::Actor;
pub use cast::{Unit, Who};
pub use reply::Reply;
pub use world::{Engine, Setup, World};

/// Runs a test in a world of its own on SQLite and, where one is found, on PostgreSQL.
#[macro_export]
macro_rules! both {
    ($(#[$meta:meta])* async fn $name:ident($world:ident: &World) $body:block) => {
        $crate::both! { $crate::harness::Setup::default(), $(#[$meta])* async fn $name($world: &World) $body }
    };
    ($setup:expr, $(#[$meta:meta])* async fn $name:ident($world:ident: &World) $body:block) => {
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, reason = "not every test needs everything around it")]
            use super::*;

            async fn test($world: &World) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let world = $crate::harness::World::open($crate::harness::Engine::Sqlite, $setup).await;
                let world = world.expect("SQLite is always there");
                test(&world).await;
                world.close().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let Some(world) = $crate::harness::World::open($crate::harness::Engine::Postgres, $setup).await else {
                    return;
                };
                test(&world).await;
                world.close().await;
            }
        }
    };
}
