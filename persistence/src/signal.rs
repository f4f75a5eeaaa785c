//! Signals between the servers on one database: which things have changed, over PostgreSQL's
//! notification channel. A signal may get lost with a connection; it is a hint to look, no more.

use std::collections::BTreeSet;

use sea_orm::sqlx::{self, postgres::PgListener};
use uuid::Uuid;

use crate::{Connect, Result, Store, StoreError, Tx, sql};

/// The channel.
const CHANNEL: &str = "zhibu";
/// Signals in one message: its payload may have 8000 bytes.
const TOGETHER: usize = 100;

/// Something has changed: the tenant, and the thing.
pub type Signal = (Uuid, Uuid);

/// Hears what the servers on this database tell each other.
pub struct Ear(PgListener);

fn unavailable(error: sqlx::Error) -> StoreError {
    StoreError::Unavailable(sea_orm::DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into())))
}

impl Store {
    /// Listens to the other servers. None where there can't be any: SQLite has one.
    pub async fn listen(&self) -> Result<Option<Ear>> {
        if !self.is_postgres() {
            return Ok(None);
        }
        // A connection of its own: the pool's are for the requests.
        let mut listener = PgListener::connect(self.url()).await.map_err(unavailable)?;
        listener.listen(CHANNEL).await.map_err(unavailable)?;
        Ok(Some(Ear(listener)))
    }
}

impl Ear {
    /// Waits for signals. None: the connection was lost and is there again, and whatever was told
    /// meanwhile wasn't heard.
    pub async fn hear(&mut self) -> Result<Option<Vec<Signal>>> {
        let heard = self.0.try_recv().await.map_err(unavailable)?;
        Ok(heard.map(|message| read(message.payload())))
    }
}

impl Tx {
    /// Tells the other servers, when this commits.
    pub async fn signal(&self, signal: Signal) -> Result<()> {
        if self.is_postgres() { tell(self, &BTreeSet::from([signal])).await } else { Ok(()) }
    }
}

/// Tells all servers, when the transaction of `db` commits.
pub(crate) async fn tell(db: &impl Connect, signals: &BTreeSet<Signal>) -> Result<()> {
    let signals: Vec<_> = signals.iter().collect();
    for together in signals.chunks(TOGETHER) {
        let payload = write(together);
        sql::execute(db, "SELECT pg_notify($1, $2)", vec![CHANNEL.into(), payload.into()]).await?;
    }
    Ok(())
}

fn write(signals: &[&Signal]) -> String {
    let pair = |(district, subject): &&Signal| format!("{}{}", district.simple(), subject.simple());
    signals.iter().map(pair).collect::<Vec<_>>().join(" ")
}

fn read(payload: &str) -> Vec<Signal> {
    let pair = |text: &str| {
        let (district, subject) = text.split_at_checked(32)?;
        Some((Uuid::try_parse(district).ok()?, Uuid::try_parse(subject).ok()?))
    };
    payload.split(' ').filter_map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_heard() {
        let signals =
            [(Uuid::from_u128(1), Uuid::from_u128(2)), (Uuid::from_u128(1), Uuid::from_u128(u128::MAX))];
        let told = write(&signals.iter().collect::<Vec<_>>());
        assert_eq!(read(&told), signals);
        assert_eq!(read("nonsense é"), []);
        let most = vec![&signals[0]; TOGETHER];
        assert!(write(&most).len() < 8_000);
    }
}
