//! Tickets for files: a link that a browser opens without a header carries who asked for it, by which
//! session, and until when, sealed so that nobody else can write or read one.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;
use zhibu_domain::{
    id::{AccountId, DistrictId, SessionId, TokenGrantId},
    token::TokenScopes,
};

use super::{
    envelope::Envelope,
    random::Randomness,
    secret::MasterKey,
    token::{Bearer, Shown},
};

/// How long a link may be opened.
pub const LIFETIME: Duration = Duration::minutes(10);

const BOUND: &[u8] = b"zhibu file";

/// Which file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A service record sheet as PDF.
    SheetPdf,
    /// The same as a spreadsheet.
    SheetXlsx,
    /// An export of volunteer hours.
    HourExport,
    /// The mini-program code of an activity.
    ActivityCode,
    /// The mini-program code of a project.
    ProjectCode,
    /// The mini-program code of a shift.
    ShiftCode,
    /// An export of a month report.
    ReportExport,
}

const KINDS: [FileKind; 7] = [
    FileKind::SheetPdf,
    FileKind::SheetXlsx,
    FileKind::HourExport,
    FileKind::ActivityCode,
    FileKind::ProjectCode,
    FileKind::ShiftCode,
    FileKind::ReportExport,
];

/// Who may fetch which file until when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ticket {
    /// Who.
    pub bearer: Bearer,
    /// What kind of file.
    pub kind: FileKind,
    /// Of which thing.
    pub id: Uuid,
    /// Until when.
    pub until: DateTime<Utc>,
}

/// Why a ticket isn't taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketError {
    /// We never issued it.
    Forged,
    /// It is over.
    Expired,
}

/// Issues and reads tickets.
pub struct Tickets(Envelope);

impl Tickets {
    /// The tickets of an installation.
    pub fn new(master: &MasterKey) -> Self {
        Self(Envelope::new(master, "file-ticket"))
    }

    /// A ticket as it stands in a link.
    pub fn issue(&self, ticket: &Ticket, random: &Randomness) -> Option<String> {
        let bearer = &ticket.bearer;
        let kind = u8::try_from(KINDS.iter().position(|kind| *kind == ticket.kind)?).ok()?;
        let flags = u8::from(bearer.second_factor) | u8::from(bearer.password_change_due) << 1;
        let grant = bearer.grant.map_or_else(Uuid::nil, |grant| grant.id.0);
        let scopes = bearer.grant.map_or(0, |grant| grant.scopes.0);
        let ids = [bearer.district_id.0, bearer.account_id.0, bearer.session_id.0, grant, ticket.id];
        let mut plain = vec![kind, flags];
        plain.extend(ticket.until.timestamp().to_be_bytes());
        plain.extend(scopes.to_be_bytes());
        ids.iter().for_each(|id| plain.extend(id.as_bytes()));
        self.0.seal(&plain, BOUND, random).map(|sealed| URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Reads a ticket.
    pub fn read(&self, text: &str, now: DateTime<Utc>) -> Result<Ticket, TicketError> {
        let ticket = self.open(text).ok_or(TicketError::Forged)?;
        if ticket.until <= now { Err(TicketError::Expired) } else { Ok(ticket) }
    }

    fn open(&self, text: &str) -> Option<Ticket> {
        let sealed = URL_SAFE_NO_PAD.decode(text.get(..text.len().min(256))?).ok()?;
        let plain = self.0.open(&sealed, BOUND)?;
        let ([kind, flags], rest) = plain.split_first_chunk::<2>()?;
        let (until, rest) = rest.split_first_chunk::<8>()?;
        let (scopes, ids) = rest.split_first_chunk::<4>()?;
        let shown = |id| Shown { id: TokenGrantId(id), scopes: TokenScopes(u32::from_be_bytes(*scopes)) };
        let mut ids = ids.chunks_exact(16).filter_map(|id| Uuid::from_slice(id).ok());
        Some(Ticket {
            kind: *KINDS.get(usize::from(*kind))?,
            until: DateTime::from_timestamp(i64::from_be_bytes(*until), 0)?,
            bearer: Bearer {
                district_id: DistrictId(ids.next()?),
                account_id: AccountId(ids.next()?),
                session_id: SessionId(ids.next()?),
                second_factor: flags & 1 != 0,
                password_change_due: flags & 2 != 0,
                grant: ids.next().filter(|id| !id.is_nil()).map(shown),
            },
            id: ids.next()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_ours_and_of_its_time() {
        let tickets = Tickets::new(&MasterKey::from_bytes(&Randomness.bytes::<32>()).unwrap());
        let until = DateTime::from_timestamp(1_000, 0).unwrap();
        for (n, kind) in (1..).zip(KINDS) {
            let bearer = Bearer {
                district_id: DistrictId(Uuid::from_u128(n)),
                account_id: AccountId(Uuid::from_u128(n + 1)),
                session_id: SessionId(Uuid::from_u128(n + 2)),
                second_factor: n == 1,
                password_change_due: n == 2,
                grant: (n == 3)
                    .then(|| Shown { id: TokenGrantId(Uuid::from_u128(n + 4)), scopes: TokenScopes(5) }),
            };
            let ticket = Ticket { bearer, kind, id: Uuid::from_u128(n + 3), until };
            let text = tickets.issue(&ticket, &Randomness).unwrap();
            assert_eq!(tickets.read(&text, until - Duration::seconds(1)), Ok(ticket));
            assert_eq!(tickets.read(&text, until), Err(TicketError::Expired));
            for at in 0..text.len() {
                let mut forged = text.clone().into_bytes();
                forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
                let forged = String::from_utf8(forged).unwrap();
                assert_eq!(tickets.read(&forged, DateTime::UNIX_EPOCH), Err(TicketError::Forged), "{at}");
            }
            for bad in ["", "A", "é", &text[1..], &format!("{text}AAAA"), &"A".repeat(1_000_000)] {
                assert_eq!(tickets.read(bad, DateTime::UNIX_EPOCH), Err(TicketError::Forged));
            }
        }
    }
}
