//! A phone network that keeps what it was given.

use std::sync::Mutex;

use futures_util::future::BoxFuture;
use zhibu::auth::sms::{Sms, SmsError};
use zhibu_domain::member::PhoneNumber;

/// Messages as sent: number and text.
#[derive(Default)]
pub struct Captured(Mutex<Vec<(String, String)>>);

impl Sms for Captured {
    fn send<'a>(&'a self, to: &'a PhoneNumber, text: &'a str) -> BoxFuture<'a, Result<(), SmsError>> {
        self.0.lock().unwrap().push((to.national().to_owned(), text.to_owned()));
        Box::pin(std::future::ready(Ok(())))
    }
}

impl Captured {
    /// How many messages a number got.
    pub fn count(&self, phone: &str) -> usize {
        self.0.lock().unwrap().iter().filter(|(to, _)| to == phone).count()
    }

    /// All of them.
    pub fn total(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// The six digits in the last message to a number.
    pub fn code(&self, phone: &str) -> String {
        let messages = self.0.lock().unwrap();
        let (_, text) = messages.iter().rev().find(|(to, _)| to == phone).expect("a message to the number");
        let runs = text.split(|c: char| !c.is_ascii_digit());
        runs.into_iter().find(|run| run.len() == 6).expect("six digits in the message").to_owned()
    }
}
