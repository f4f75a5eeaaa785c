//! Check-ins, each by another pair of member and activity (W1, W1h).

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::{Rc, Weak},
    time::Duration,
};

use tokio::{sync::Notify, time::sleep};

use crate::{
    Fault,
    crowd::Crowd,
    graph::Graph,
    load::{Measure, Source},
    meeting::{self, Meeting, Size},
    process,
    sample::note,
    wire::{self, Answer},
};

/// Activities asked for their codes in one request.
const CODES_TOGETHER: usize = 50;
/// How many check-ins are kept ready: few, because the codes in them grow old.
const READY: usize = 3_000;
const CHECK_IN: &str = "mutation($i: CheckInInput!) { checkIn(input: $i) { __typename ... on CheckInDone { \
    repeated attendance { id state occurredAt } } ... on CheckInRefused { code message } } }";

/// Pairs of member and activity, each used once, with codes as they are on the screen now.
pub struct Supply {
    crowd: Rc<Crowd>,
    ready: RefCell<VecDeque<(usize, Rc<str>)>>,
    more: Notify,
    over: Cell<bool>,
}

/// Somebody's check-in with a code; none who hasn't signed in can do it.
pub fn request(crowd: &Crowd, number: usize, code: &str) -> Option<Vec<u8>> {
    let variables = format!(r#"{{"i":{{"qr":"{code}","deviceId":"bench-{number}"}}}}"#);
    let body = format!(r#"{{"query":"{CHECK_IN}","variables":{variables}}}"#);
    Some(wire::request(Some(&crowd.token(number)?), &body))
}

/// Whether an answer tells of a new record.
pub fn is_done(answer: &Answer<'_>) -> bool {
    answer.holds(br#""repeated":false,"attendance":{"#)
}

impl Supply {
    /// Holds activities for so many pairs.
    pub async fn prepare(
        measure: &Measure,
        crowd: &Rc<Crowd>,
        size: Size,
        pairs: usize,
    ) -> Result<Rc<Self>, Fault> {
        let meetings = meeting::hold_all(crowd, size, pairs).await?;
        process::rest(measure.pid).await;
        let supply = Rc::new(Self {
            crowd: Rc::clone(crowd),
            ready: RefCell::default(),
            more: Notify::new(),
            over: Cell::new(false),
        });
        let together = if size == Size::Joint { 1 } else { CODES_TOGETHER };
        let feeding = feed(Rc::downgrade(&supply), crowd.office().await?, meetings, together);
        tokio::task::spawn_local(async move {
            if let Err(fault) = feeding.await {
                note(&format!("no more codes: {fault}"));
            }
        });
        // Until the first codes are there.
        sleep(Duration::from_secs(1)).await;
        Ok(supply)
    }
}

/// Asks for codes shortly before they are used, until the run is over.
async fn feed(
    supply: Weak<Supply>,
    graph: Graph,
    meetings: Vec<Meeting>,
    together: usize,
) -> Result<(), Fault> {
    let over = Over(Weak::clone(&supply));
    for meetings in meetings.chunks(together) {
        loop {
            let Some(supply) = supply.upgrade() else { return Ok(()) };
            if supply.ready.borrow().len() < READY {
                break;
            }
            drop(supply);
            sleep(Duration::from_millis(2)).await;
        }
        let codes = meeting::codes(&graph, meetings).await?;
        let Some(supply) = supply.upgrade() else { return Ok(()) };
        let most = meetings.iter().map(|meeting| meeting.people.len()).max().unwrap_or_default();
        // Everywhere at once, as on a Party day's evening.
        let pairs = (0..most).flat_map(|place| {
            let pair = move |(meeting, code): (&Meeting, &Rc<str>)| {
                Some((*meeting.people.get(place)?, Rc::clone(code)))
            };
            meetings.iter().zip(&codes).filter_map(pair)
        });
        supply.ready.borrow_mut().extend(pairs);
        supply.more.notify_waiters();
    }
    drop(over);
    Ok(())
}

/// Says that nothing more comes, however the feeding ends.
struct Over(Weak<Supply>);

impl Drop for Over {
    fn drop(&mut self) {
        if let Some(supply) = self.0.upgrade() {
            supply.over.set(true);
            supply.more.notify_waiters();
        }
    }
}

impl Source for Supply {
    async fn next(&self, request: &mut Vec<u8>) -> Option<usize> {
        let (number, code) = loop {
            let more = self.more.notified();
            if let Some(pair) = self.ready.borrow_mut().pop_front() {
                break pair;
            }
            if self.over.get() {
                return None;
            }
            more.await;
        };
        request.extend(self::request(&self.crowd, number, &code)?);
        Some(number)
    }

    fn accept(&self, _: usize, answer: &Answer<'_>) -> bool {
        is_done(answer)
    }
}
