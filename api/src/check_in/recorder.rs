use std::{
    collections::{BTreeSet, HashSet},
    panic::AssertUnwindSafe,
    sync::Arc,
};

use futures_util::FutureExt;
use tokio::sync::{mpsc, oneshot};
use zhibu_domain::{error_code::ErrorCode, id::AttendanceId};
use zhibu_persistence::{
    Origin, Store, StoreError,
    attendance::{CheckInRow, record_batch},
};

use crate::{clock::Clock, error::OpError, live::Hub};

/// The most check-ins in one transaction.
const BATCH: usize = 256;

/// What became of a check-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is recorded, durably.
    Recorded,
    /// It isn't: the member has a record already, or the activity has changed meanwhile.
    Outdated,
}

struct Waiting {
    row: CheckInRow,
    answer: oneshot::Sender<Result<Verdict, StoreError>>,
}

/// Writes check-ins: those that arrive while a transaction commits go into the next one
/// together. No timer: an idle server writes at once. Each is answered after its commit.
pub struct Recorder(mpsc::Sender<Waiting>);

impl Recorder {
    /// Starts the writer with room for `queue` waiting check-ins. It ends when the recorder is
    /// dropped, after what waits has been written.
    pub fn start(store: Store, clock: Clock, hub: Arc<Hub>, queue: usize) -> Self {
        let (sender, receiver) = mpsc::channel(queue);
        tokio::spawn(write(receiver, store, clock, hub));
        Self(sender)
    }

    /// Records a check-in. With a full queue the answer is "overloaded" at once.
    pub async fn record(&self, row: CheckInRow) -> Result<Verdict, OpError> {
        let (answer, verdict) = oneshot::channel();
        self.0
            .try_send(Waiting { row, answer })
            .map_err(|_| OpError::Code(ErrorCode::Overloaded, "too many check-ins are waiting"))?;
        match verdict.await {
            Ok(verdict) => Ok(verdict?),
            Err(_) => Err(OpError::Code(ErrorCode::Unavailable, "the writer of check-ins has died")),
        }
    }
}

async fn write(mut receiver: mpsc::Receiver<Waiting>, store: Store, clock: Clock, hub: Arc<Hub>) {
    let mut batch = Vec::with_capacity(BATCH);
    while receiver.recv_many(&mut batch, BATCH).await > 0 {
        let (rows, answers): (Vec<_>, Vec<_>) = batch.drain(..).map(|w| (w.row, w.answer)).unzip();
        match try_write(&store, &clock, &rows).await {
            Ok(new) => {
                answer_all(&rows, answers, &new);
                tell(&hub, &rows);
            }
            Err(error @ StoreError::Unavailable(_)) => {
                for answer in answers {
                    let _gone = answer.send(Err(error.clone()));
                }
            }
            // One bad row must not fail its neighbours.
            Err(_) => {
                for (row, answer) in rows.iter().zip(answers) {
                    let written = try_write(&store, &clock, std::slice::from_ref(row)).await;
                    let _gone = answer.send(written.map(|new| verdict(row, &new)));
                }
            }
        }
        hub.wake();
    }
}

/// Has the screens of this server look at once. The other servers hear of it by the outbox, which in a burst
/// has much else to hand on.
fn tell(hub: &Hub, rows: &[CheckInRow]) {
    let activities = rows.iter().map(|row| (row.permit.district_id().0, row.attendance.activity_id.0));
    activities.collect::<BTreeSet<_>>().into_iter().for_each(|activity| hub.signal(activity));
}

async fn try_write(
    store: &Store,
    clock: &Clock,
    rows: &[CheckInRow],
) -> Result<HashSet<AttendanceId>, StoreError> {
    let origin = Origin { operation: "checkIn", request_id: None, now: clock.now() };
    // A panic fails its batch; the writer goes on for everybody else.
    AssertUnwindSafe(record_batch(store, origin, rows))
        .catch_unwind()
        .await
        .unwrap_or_else(|_| Err(StoreError::Panicked))
}

fn verdict(row: &CheckInRow, new: &HashSet<AttendanceId>) -> Verdict {
    if new.contains(&row.attendance.id) { Verdict::Recorded } else { Verdict::Outdated }
}

fn answer_all(
    rows: &[CheckInRow],
    answers: Vec<oneshot::Sender<Result<Verdict, StoreError>>>,
    new: &HashSet<AttendanceId>,
) {
    for (row, answer) in rows.iter().zip(answers) {
        let _gone = answer.send(Ok(verdict(row, new)));
    }
}
