//! Lets an operation ask for everything that it can before anything is loaded.
//!
//! async-graphql joins the fields of an object, and the items of a long list, with
//! `FuturesUnordered`, which wakes itself and yields after two waiting items. The dataloader's task
//! would run in each of these pauses and load two keys at a time: a roster of 67 members took 33
//! statements where one is enough.

use std::{
    future::poll_fn,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use futures_util::task::AtomicWaker;

/// Polls in a row, so that nothing runs forever: more than a page of a page's items needs.
const MOST: usize = 1_000;

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

/// Runs `work`, which yields to others only when it really waits.
pub async fn settled<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    let signal = Arc::new(Signal::default());
    let waker = Waker::from(Arc::clone(&signal));
    poll_fn(|cx| {
        for _ in 0..MOST {
            // Registered anew each time: a wake takes the waker away.
            signal.outer.register(cx.waker());
            signal.woken.store(false, Ordering::Release);
            let polled = work.as_mut().poll(&mut Context::from_waker(&waker));
            if polled.is_ready() || !signal.woken.load(Ordering::Acquire) {
                return polled;
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, rc::Rc};

    use futures_util::future::join_all;
    use tokio::{sync::Notify, task::LocalSet};

    use super::*;

    #[tokio::test]
    async fn everything_is_asked_for_before_anything_else_runs() {
        let (asked, go) = (Rc::new(Cell::new(0)), Rc::new(Notify::new()));
        let local = LocalSet::new();
        let seen = local.run_until(async {
            let (seen, open) = (Rc::clone(&asked), Rc::clone(&go));
            let other = tokio::task::spawn_local(async move {
                let seen = seen.get();
                open.notify_waiters();
                seen
            });
            // Each item yields by itself, as an object with a waiting field does.
            let item = || async {
                let wait = go.notified();
                asked.set(asked.get() + 1);
                yield_once().await;
                wait.await;
            };
            settled(join_all((0..67).map(|_| item()))).await;
            other.await
        });
        assert_eq!(seen.await.ok(), Some(67));
    }

    async fn yield_once() {
        let mut first = true;
        poll_fn(move |cx| {
            cx.waker().wake_by_ref();
            if std::mem::take(&mut first) { Poll::Pending } else { Poll::Ready(()) }
        })
        .await;
    }
}
