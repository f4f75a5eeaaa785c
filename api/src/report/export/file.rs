//! The file of an export: in sealed pieces in the database. Whichever server has made it, any can be asked
//! for it; a copy of the database alone doesn't tell it; and it is gone with its rows.

use std::{io, sync::Arc};

use actix_web::web::Bytes;
use futures_util::stream::{BoxStream, StreamExt, try_unfold};
use zhibu_persistence::{StoreError, report, report::Try};

use crate::{app::App, error::OpError};

/// What a piece belongs to: none can stand for another.
fn bound(of: Try, position: i32) -> Vec<u8> {
    let numbers = [of.tries.to_be_bytes(), position.to_be_bytes()].concat();
    [of.district.0.as_bytes().as_slice(), of.id.0.as_bytes(), &numbers].concat()
}

/// Seals a piece.
pub(super) fn seal(app: &App, of: Try, position: i32, piece: &[u8]) -> Result<Vec<u8>, OpError> {
    let sealed = app.auth.exports.seal(piece, &bound(of, position), &app.auth.random);
    sealed.ok_or(OpError::internal("a piece of an export can't be sealed"))
}

async fn next(app: &App, of: Try, position: i32) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(sealed) = report::piece(&app.store, of, position).await? else { return Ok(None) };
    let opened = app.auth.exports.open(&sealed, &bound(of, position));
    Ok(Some(opened.ok_or(StoreError::Unreadable("ReportExportPiece"))?))
}

/// The file, piece by piece: memory holds one at a time. What lacks in the end breaks the connection off, so
/// that nobody takes a part for the whole.
pub(super) fn read(app: &Arc<App>, of: Try) -> BoxStream<'static, io::Result<Bytes>> {
    let begin = (Arc::clone(app), 0);
    let read = try_unfold(begin, move |(app, position)| async move {
        match next(&app, of, position).await {
            Ok(piece) => Ok(piece.map(|piece| (Bytes::from(piece), (app, position + 1)))),
            Err(error) => {
                tracing::error!(?error, export = %of.id, "the file of an export can't be read");
                Err(io::Error::other("the file can't be read"))
            }
        }
    });
    read.boxed()
}
