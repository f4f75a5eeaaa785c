//! Lets an operation ask for everything that it can before anything is loaded.
//!
//! async-graphql joins the fields of an object, and the items of a long list, with
//! `FuturesUnordered`, which wakes itself and yields after two waiting items. A dataloader's task of
//! its own would run in each of these pauses and load two keys at a time: a roster of 67 members
//! took 33 statements where one is enough. Here the loads of an operation wait until the operation
//! has nothing left to do without them, and go out in waves: a page of fifty takes as many as one
//! of five.

use std::{
    cell::RefCell,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker, ready},
};

use futures_util::{StreamExt, future::BoxFuture, stream::FuturesUnordered, task::AtomicWaker};
use tokio::task::coop;
use zhibu_persistence::carry_count;

/// Polls in a row, so that nothing runs forever: more than a page of a page's items needs.
const MOST: usize = 1_000;

tokio::task_local! {
    /// What the operation that is being polled wants to load.
    static ASKED: RefCell<Vec<BoxFuture<'static, ()>>>;
}

/// Loads when the operation has asked for everything; at once where none is being settled.
pub fn load(work: BoxFuture<'static, ()>) {
    let mut work = Some(work);
    let _not_settled = ASKED.try_with(|asked| asked.borrow_mut().extend(work.take()));
    if let Some(work) = work {
        tokio::spawn(carry_count(work));
    }
}

/// Whether the work has woken itself while it was polled.
#[derive(Default)]
struct Signal {
    woken: AtomicBool,
    outer: AtomicWaker,
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.woken.store(true, Ordering::Release);
        self.outer.wake();
    }
}

/// An operation that yields to others only when it really waits. Its dataloaders must be its own:
/// their loads end with it.
pub struct Settled<F> {
    work: Pin<Box<F>>,
    signal: Arc<Signal>,
    asked: Vec<BoxFuture<'static, ()>>,
    loads: FuturesUnordered<BoxFuture<'static, ()>>,
}

/// Settles `work`.
pub fn settled<F: Future>(work: F) -> Settled<F> {
    Settled {
        work: Box::pin(work),
        signal: Arc::default(),
        asked: Vec::new(),
        loads: FuturesUnordered::new(),
    }
}

impl<F: Future> Future for Settled<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = &mut *self;
        let waker = Waker::from(Arc::clone(&this.signal));
        for _ in 0..MOST {
            // Registered anew each time: a wake takes the waker away.
            this.signal.outer.register(cx.waker());
            this.signal.woken.store(false, Ordering::Release);
            let (polled, asked) = ASKED.sync_scope(RefCell::new(std::mem::take(&mut this.asked)), || {
                // A pause that the runtime asks for would pass for waiting.
                let work = pin!(coop::unconstrained(this.work.as_mut()));
                (work.poll(&mut Context::from_waker(&waker)), ASKED.with(RefCell::take))
            });
            this.asked = asked;
            if polled.is_ready() {
                return polled;
            }
            if this.signal.woken.load(Ordering::Acquire) {
                continue;
            }
            // One wave after the other: what was asked for meanwhile belongs together.
            if this.loads.is_empty() {
                this.loads.extend(this.asked.drain(..));
            }
            // Whoever waits for what is loaded is woken by it.
            while let Some(()) = ready!(this.loads.poll_next_unpin(cx)) {}
            if this.asked.is_empty() && !this.signal.woken.load(Ordering::Acquire) {
                return Poll::Pending;
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashMap, future::poll_fn, sync::Mutex, time::Duration};

    use async_graphql::dataloader::{DataLoader, Loader};
    use async_trait::async_trait;
    use futures_util::future::join_all;

    use super::*;

    /// Remembers how many keys each of its statements had.
    #[derive(Clone, Default)]
    struct Rows(Arc<Mutex<Vec<usize>>>);

    #[async_trait]
    impl Loader<usize> for Rows {
        type Value = usize;
        type Error = ();

        async fn load(&self, keys: &[usize]) -> Result<HashMap<usize, usize>, ()> {
            self.0.lock().unwrap().push(keys.len());
            tokio::time::sleep(Duration::from_millis(1)).await;
            Ok(keys.iter().map(|key| (*key, key + 1_000)).collect())
        }
    }

    async fn yield_once() {
        let mut first = true;
        poll_fn(move |cx| {
            cx.waker().wake_by_ref();
            if std::mem::take(&mut first) { Poll::Pending } else { Poll::Ready(()) }
        })
        .await;
    }

    #[tokio::test]
    async fn a_list_is_loaded_in_as_many_waves_as_it_is_deep() {
        let rows = Rows::default();
        let loading = DataLoader::new(rows.clone(), load).delay(Duration::ZERO);
        // Each item yields by itself, as an object with a waiting field does.
        let item = async |key| {
            yield_once().await;
            let parent = loading.load_one(key).await.unwrap().unwrap();
            yield_once().await;
            loading.load_one(parent).await.unwrap().unwrap()
        };
        let found = settled(join_all((0..300).map(item))).await;
        assert_eq!(found, (2_000..2_300).collect::<Vec<_>>());
        assert_eq!(*rows.0.lock().unwrap(), [300, 300]);
    }
}
