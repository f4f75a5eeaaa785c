//! Password hashes: argon2id, on threads of their own.
//!
//! One hash takes 19 MiB and tens of milliseconds. A fixed number of threads, each with its own
//! memory that it uses again and again, and a bounded queue keep a storm of sign-ins from
//! starving everything else: when the queue is full, the answer is "overloaded" at once.

mod hasher;

use std::{
    num::NonZeroUsize,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel},
    },
    thread::{Builder, available_parallelism},
    time::Duration,
};

pub use hasher::{Hasher, needs_rehash};
use tokio::sync::oneshot;

use super::random::Randomness;

/// How many hashes may wait.
pub const QUEUE: usize = 256;
/// After how long without work a thread gives its memory back.
const REST: Duration = Duration::from_secs(1);

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// Too many are waiting: try again later.
    #[error("too many passwords are being checked")]
    Overloaded,
    /// The stored hash can't be read.
    #[error("a stored password hash can't be read")]
    BadHash,
    /// A hash can't be made.
    #[error("the password can't be hashed")]
    Failed,
}

/// Something to do on a thread of the pool.
type Job = Box<dyn FnOnce(&mut Hasher) + Send>;

/// The threads and their queue. They end when the pool is dropped.
pub struct PasswordHashes {
    queue: SyncSender<Job>,
    random: Randomness,
}

impl PasswordHashes {
    /// Starts `threads` threads; as many as there are cores where none are given.
    pub fn start(
        threads: Option<NonZeroUsize>,
        queue: usize,
        random: Randomness,
    ) -> Result<Self, std::io::Error> {
        let threads = threads.or_else(|| available_parallelism().ok()).map_or(1, NonZeroUsize::get);
        let (sender, receiver) = sync_channel(queue);
        let receiver = Arc::new(Mutex::new(receiver));
        for n in 0..threads {
            let receiver = Arc::clone(&receiver);
            Builder::new().name(format!("password-{n}")).spawn(move || work(&receiver))?;
        }
        Ok(Self { queue: sender, random })
    }

    /// A new hash with a random salt, as a PHC string.
    pub async fn hash(&self, password: String) -> Result<String, HashError> {
        let salt = self.random.bytes();
        self.run(move |hasher| hasher.hash(&password, salt)).await
    }

    /// Whether the password is the one that `phc` was made of.
    pub async fn verify(&self, password: String, phc: String) -> Result<bool, HashError> {
        self.run(move |hasher| hasher.verify(&password, &phc)).await
    }

    /// Takes as long as [`verify`](Self::verify) of a hash with today's parameters and never says
    /// yes: for unknown numbers and accounts without a password.
    pub async fn verify_dummy(&self, password: String) -> Result<bool, HashError> {
        self.run(move |hasher| hasher.verify(&password, hasher::DUMMY).map(|_| false)).await
    }

    async fn run<T: Send + 'static>(
        &self,
        task: impl FnOnce(&mut Hasher) -> Result<T, HashError> + Send + 'static,
    ) -> Result<T, HashError> {
        let (answer, wait) = oneshot::channel();
        let job: Job = Box::new(move |hasher| {
            // Whoever asked may have hung up while waiting in the queue.
            if !answer.is_closed() {
                let _ = answer.send(task(hasher));
            }
        });
        self.queue.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => HashError::Overloaded,
            TrySendError::Disconnected(_) => HashError::Failed,
        })?;
        wait.await.map_err(|_| HashError::Failed)?
    }
}

fn work(queue: &Mutex<Receiver<Job>>) {
    let mut hasher = Hasher::default();
    loop {
        // The lock is held while waiting, and let go before the work.
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(REST);
        let job = match job {
            Ok(job) => job,
            Err(RecvTimeoutError::Timeout) => {
                hasher = Hasher::default();
                continue;
            }
            Err(RecvTimeoutError::Disconnected) => return,
        };
        // A fault in one job mustn't take the thread with it; whoever asked learns by the silence.
        if catch_unwind(AssertUnwindSafe(|| job(&mut hasher))).is_err() {
            hasher = Hasher::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(queue: usize) -> PasswordHashes {
        PasswordHashes::start(NonZeroUsize::new(1), queue, Randomness).unwrap()
    }

    #[tokio::test]
    async fn knows_the_right_password_and_salts_each() {
        let pool = pool(QUEUE);
        let phc = pool.hash("kR9-plume".into()).await.unwrap();
        assert_ne!(pool.hash("kR9-plume".into()).await.unwrap(), phc);
        assert_eq!(pool.verify("kR9-plume".into(), phc.clone()).await, Ok(true));
        assert_eq!(pool.verify("kR9-plumf".into(), phc).await, Ok(false));
        assert_eq!(pool.verify_dummy("kR9-plume".into()).await, Ok(false));
        assert_eq!(pool.verify("x".into(), "nonsense".into()).await, Err(HashError::BadHash));
        // The thread lives on, even after a fault.
        assert_eq!(pool.run(|_| -> Result<(), _> { panic!("a fault") }).await, Err(HashError::Failed));
        assert_eq!(pool.verify_dummy(String::new()).await, Ok(false));
    }

    #[tokio::test]
    async fn a_full_queue_says_so_at_once_and_recovers() {
        let pool = pool(2);
        let (started, begun) = oneshot::channel();
        let (go, gate) = std::sync::mpsc::channel::<()>();
        let blocker = pool.run(move |_| {
            let _ = started.send(());
            gate.recv().map_err(|_| HashError::Failed)
        });
        let scenario = async {
            begun.await.unwrap();
            let waiting =
                futures_util::future::join(pool.verify_dummy("a".into()), pool.verify_dummy("b".into()));
            let refused = async {
                let refused = pool.verify_dummy("c".into()).await;
                go.send(()).unwrap();
                refused
            };
            let (waited, refused) = futures_util::future::join(waiting, refused).await;
            assert_eq!(refused, Err(HashError::Overloaded));
            assert_eq!(waited, (Ok(false), Ok(false)));
        };
        let (blocked, ()) = futures_util::future::join(blocker, scenario).await;
        assert_eq!(blocked, Ok(()));
        assert_eq!(pool.verify_dummy("d".into()).await, Ok(false));
    }
}
