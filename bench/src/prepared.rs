//! Requests that are ready and asked in turn: what is only read can be read again.

use std::cell::Cell;

use crate::{Fault, load::Source, wire::Answer};

/// A round of requests.
pub struct Prepared {
    requests: Vec<Vec<u8>>,
    next: Cell<usize>,
    /// A shorter answer isn't what was asked for.
    least: usize,
}

impl Prepared {
    /// These requests, of which none may be answered in fewer bytes than `least`.
    pub fn new(requests: Vec<Vec<u8>>, least: usize) -> Result<Self, Fault> {
        if requests.is_empty() {
            return Err("there is nothing to ask".into());
        }
        Ok(Self { requests, next: Cell::new(0), least })
    }
}

impl Source for Prepared {
    async fn next(&self, request: &mut Vec<u8>) -> Option<usize> {
        let number = self.next.get() % self.requests.len().max(1);
        self.next.set(number + 1);
        request.extend_from_slice(self.requests.get(number)?);
        Some(number)
    }

    fn accept(&self, _: usize, answer: &Answer<'_>) -> bool {
        answer.body.starts_with(br#"{"data":"#) && answer.body.len() >= self.least
    }
}
