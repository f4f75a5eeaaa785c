//! Files by a link: `/downloads/{ticket}`. The link says who asked for it; whether they may is asked
//! again when it is opened.

use std::{future::Future, sync::Arc};

use actix_web::{
    HttpRequest, HttpResponse,
    body::SizedStream,
    http::header::{self, ContentEncoding},
    web,
    web::Bytes,
};
use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use futures_util::stream::BoxStream;
use tokio::sync::Semaphore;
use uuid::Uuid;
use zhibu_domain::{
    error_code::ErrorCode,
    id::{ReportExportId, ServiceHourExportId, ServiceRecordSheetId},
    policy::Denied,
    token::TokenScopes,
};

use crate::{
    app::App,
    auth::{
        ticket::{FileKind, LIFETIME, Ticket, TicketError},
        token::{Bearer, Shown},
    },
    call::Call,
    config::Config,
    error::OpError,
    gate, identity,
    print::{FontError, Fonts},
    report,
    rest::Problem,
    token,
    volunteering::{export, record},
    wechat::code,
};

/// Where files are.
pub const PATH: &str = "/downloads/{ticket}";

/// Files made, or read, at the same time: each takes a core, and some megabytes.
const AT_ONCE: usize = 2;

/// Makes files, and reads workbooks, a few at a time, on threads that may block.
pub struct Press {
    /// The faces of print-outs.
    pub fonts: Arc<Fonts>,
    turns: Semaphore,
}

impl Press {
    /// Reads the configured font.
    pub fn load(config: &Config) -> Result<Self, FontError> {
        let fonts = Arc::new(Fonts::load(config.print_font.as_deref())?);
        Ok(Self { fonts, turns: Semaphore::new(AT_ONCE) })
    }

    /// Makes a file when it is its turn.
    pub async fn make<T>(&self, making: impl Future<Output = Result<T, OpError>>) -> Result<T, OpError> {
        let _turn = self.turns.acquire().await.map_err(|_| OpError::internal("the press is closed"))?;
        making.await
    }
}

/// A file.
pub struct File {
    /// Its name, of ASCII letters.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// Its media type.
    pub media: &'static str,
    /// What is in it.
    pub content: Content,
}

/// What is in a file.
pub enum Content {
    /// All of it.
    Whole(Vec<u8>),
    /// So many bytes, which come one after the other.
    Coming(u64, BoxStream<'static, std::io::Result<Bytes>>),
}

/// The media type of PDF.
pub const PDF: &str = "application/pdf";
/// The media type of a spreadsheet.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A link to a file. Whoever has it may open it until it expires, unless the session of who asked for
/// it ends before; one that a token asked for counts against its limit, and opens from its addresses
/// alone. Read the field again for a new one.
#[derive(SimpleObject)]
pub struct DownloadLink {
    /// Where the file is: a GET without any header.
    url: String,
    /// Until when.
    expires_at: DateTime<Utc>,
}

/// A link to a file for the caller.
pub fn link(app: &App, call: &Call, kind: FileKind, id: Uuid) -> Result<DownloadLink, OpError> {
    let person = call.actor.person().ok_or(Denied::Unauthenticated)?;
    let bearer = Bearer {
        account_id: person.account_id,
        district_id: person.district_id,
        session_id: person.session_id,
        second_factor: !person.second_factor_missing,
        password_change_due: person.password_change_due,
        grant: person
            .limit
            .as_ref()
            .map(|limit| Shown { id: limit.grant_id, scopes: TokenScopes::of(&limit.scopes) }),
    };
    let until = app.now() + LIFETIME;
    let ticket = app.auth.tickets.issue(&Ticket { bearer, kind, id, until }, &app.auth.random);
    let ticket = ticket.ok_or(OpError::internal("a ticket can't be sealed"))?;
    let url = format!("{}{}", app.config.public_url.trim_end_matches('/'), PATH.replace("{ticket}", &ticket));
    Ok(DownloadLink { url, expires_at: until })
}

/// Sends the file of a ticket.
pub async fn get(app: web::Data<App>, request: HttpRequest, ticket: web::Path<String>) -> HttpResponse {
    let app = app.into_inner();
    match find(&app, &request, &ticket).await {
        Ok(file) => send(file),
        Err(error) => Problem::from(error).answer(&request),
    }
}

async fn find(app: &Arc<App>, request: &HttpRequest, ticket: &str) -> Result<File, OpError> {
    let ticket = app.auth.tickets.read(ticket, app.now()).map_err(|error| match error {
        TicketError::Forged => OpError::Denied(Denied::Hidden),
        TicketError::Expired => OpError::Code(ErrorCode::LinkExpired, "the link is too old"),
    })?;
    let actor = identity::actor(app, ticket.bearer).await?;
    if let Some(limit) = actor.limit() {
        token::admit(app, request, limit.grant_id).await?;
    }
    let call = gate::call(app, request, actor);
    match ticket.kind {
        FileKind::SheetPdf | FileKind::SheetXlsx => {
            record::ops::file(app, &call, ServiceRecordSheetId(ticket.id), ticket.kind).await
        }
        FileKind::ActivityCode | FileKind::ProjectCode | FileKind::ShiftCode => {
            code::file(app, &call, ticket.kind, ticket.id).await
        }
        FileKind::HourExport => export::ops::file(app, &call, ServiceHourExportId(ticket.id)).await,
        FileKind::ReportExport => report::export::ops::file(app, &call, ReportExportId(ticket.id)).await,
    }
}

fn send(file: File) -> HttpResponse {
    let disposition =
        format!("attachment; filename=\"{}\"; filename*=UTF-8''{}", file.name, percent_encoded(&file.title));
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((header::CONTENT_TYPE, file.media))
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        // It is packed already.
        .insert_header(ContentEncoding::Identity);
    match file.content {
        Content::Whole(content) => answer.body(content),
        Content::Coming(size, pieces) => answer.body(SizedStream::new(size, pieces)),
    }
}

/// As RFC 8187 has it: all but letters, digits and a few signs as the bytes of UTF-8.
fn percent_encoded(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}
