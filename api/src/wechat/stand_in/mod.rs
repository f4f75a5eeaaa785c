//! A stand-in for WeChat's servers, with their error codes, limits and times, for tests and for the demo:
//! it keeps to what WeChat documents, and to what its real answers show. A server reaches it only where its
//! `wechat.base_url` says so.

mod deeds;
mod program;
mod routes;

use std::{
    collections::HashMap,
    net::TcpListener,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use actix_web::{App as Actix, HttpServer, web};

pub use self::program::{Asked, Fault, Program, Sent, StandInTemplate};
use crate::clock::Clock;

/// The stand-in, with the mini-programs that it knows.
#[derive(Default)]
pub struct StandIn {
    programs: Mutex<HashMap<String, Program>>,
}

impl StandIn {
    fn programs(&self) -> MutexGuard<'_, HashMap<String, Program>> {
        self.programs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a mini-program known.
    pub fn found(&self, appid: &str, secret: &str, clock: Clock) {
        self.programs().insert(appid.to_owned(), Program::new(appid, secret, clock));
    }

    /// Looks at a mini-program, or changes it; none where it isn't known.
    pub fn with<T>(&self, appid: &str, look: impl FnOnce(&mut Program) -> T) -> Option<T> {
        self.programs().get_mut(appid).map(look)
    }

    /// Listens; the server that it answers has to be awaited.
    pub fn listen(self: &Arc<Self>, listener: TcpListener) -> std::io::Result<actix_web::dev::Server> {
        let data = web::Data::from(Arc::clone(self));
        let server = HttpServer::new(move || {
            Actix::new()
                .app_data(data.clone())
                .route("/sns/jscode2session", web::get().to(routes::login))
                .route("/cgi-bin/stable_token", web::post().to(routes::token))
                .route("/cgi-bin/stable_token", web::to(routes::not_by_post))
                .route("/wxa/business/getuserphonenumber", web::post().to(routes::phone))
                .route("/cgi-bin/message/subscribe/send", web::post().to(routes::message))
                .route("/wxa/getwxacodeunlimit", web::post().to(routes::code))
        });
        Ok(server.workers(1).disable_signals().shutdown_timeout(0).listen(listener)?.run())
    }
}
