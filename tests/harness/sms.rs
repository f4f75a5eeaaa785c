//! A phone network that keeps what it was given, or lets its callers wait.

use std::sync::Mutex;

use futures_util::future::BoxFuture;
use tokio::sync::watch;
use zhibu::auth::sms::{Sms, SmsError};
use zhibu_domain::member::PhoneNumber;

/// Messages as sent: number and text.
#[derive(Default)]
pub struct Captured {
    sent: Mutex<Vec<(String, String)>>,
    hangs: watch::Sender<bool>,
}

impl Sms for Captured {
    fn send<'a>(&'a self, to: &'a PhoneNumber, text: &'a str) -> BoxFuture<'a, Result<(), SmsError>> {
        let mut hangs = self.hangs.subscribe();
        Box::pin(async move {
            hangs.wait_for(|hangs| !hangs).await.expect("the phone network is there");
            self.sent.lock().unwrap().push((to.national().to_owned(), text.to_owned()));
            Ok(())
        })
    }
}

impl Captured {
    /// Whether it lets whoever sends wait from now on.
    pub fn hang(&self, hangs: bool) {
        self.hangs.send_replace(hangs);
    }

    /// How many messages a number got.
    pub fn count(&self, phone: &str) -> usize {
        self.sent.lock().unwrap().iter().filter(|(to, _)| to == phone).count()
    }

    /// All of them.
    pub fn total(&self) -> usize {
        self.sent.lock().unwrap().len()
    }

    /// The six digits in the last message to a number.
    pub fn code(&self, phone: &str) -> String {
        let messages = self.sent.lock().unwrap();
        let (_, text) = messages.iter().rev().find(|(to, _)| to == phone).expect("a message to the number");
        let runs = text.split(|c: char| !c.is_ascii_digit());
        runs.into_iter().find(|run| run.len() == 6).expect("six digits in the message").to_owned()
    }
}
