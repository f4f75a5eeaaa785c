//! Pages that the server itself shows.

pub mod graphiql;
pub mod redoc;

use sha2::{Digest, Sha256};

/// What changes when any of a page's files does; stands in their addresses, so that they are kept for good.
pub fn version<'a>(files: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    files.into_iter().for_each(|content| hash.update(content));
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
