use zhibu_domain::{
    id::{AccountId, DistrictId, PartyMemberId, ServiceHourEntryId, SignUpId, VolunteerShiftId},
    vocabulary::Vocabulary,
    volunteering::{Presence, ShiftMark, SignUp, SignUpProgress, SignUpState},
};

use crate::{
    Result, StoreError,
    row::{word, word_opt},
};

pub(super) mod sign_up {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sign_up")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub shift_id: Uuid,
        pub member_id: Uuid,
        pub account_id: Uuid,
        pub signed_up_at: DateTimeUtc,
        pub state: String,
        pub settled_at: Option<DateTimeUtc>,
        pub due_at: Option<DateTimeUtc>,
        pub checked_in_at: Option<DateTimeUtc>,
        pub check_in_method: Option<String>,
        pub check_in_doubtful: bool,
        pub check_in_by: Option<Uuid>,
        pub check_in_reason: Option<String>,
        pub closes_at: Option<DateTimeUtc>,
        pub checked_out_at: Option<DateTimeUtc>,
        pub check_out_method: Option<String>,
        pub check_out_doubtful: bool,
        pub check_out_by: Option<Uuid>,
        pub check_out_reason: Option<String>,
        pub entry_id: Option<Uuid>,
    }
    crate::row::plain_entity!();
}

fn stored_presence(row: sign_up::Model, presence: &Presence) -> sign_up::Model {
    let (since, until) = (presence.since().cloned(), presence.until().cloned());
    sign_up::Model {
        checked_in_at: since.as_ref().map(|m| m.at),
        check_in_method: since.as_ref().map(|m| m.method.code().to_owned()),
        check_in_doubtful: since.as_ref().is_some_and(|m| m.doubtful),
        check_in_by: since.as_ref().and_then(|m| m.by).map(|a| a.0),
        check_in_reason: since.and_then(|m| m.reason),
        closes_at: presence.closes_at(),
        checked_out_at: until.as_ref().map(|m| m.at),
        check_out_method: until.as_ref().map(|m| m.method.code().to_owned()),
        check_out_doubtful: until.as_ref().is_some_and(|m| m.doubtful),
        check_out_by: until.as_ref().and_then(|m| m.by).map(|a| a.0),
        check_out_reason: until.and_then(|m| m.reason),
        entry_id: presence.entry_id().map(|e| e.0),
        ..row
    }
}

fn read_presence(row: &sign_up::Model) -> Result<Presence> {
    let lacks = || StoreError::Unreadable("Presence");
    let Some(at) = row.checked_in_at else { return Ok(Presence::Absent) };
    let since = ShiftMark {
        at,
        method: word_opt(row.check_in_method.as_deref())?.ok_or_else(lacks)?,
        doubtful: row.check_in_doubtful,
        by: row.check_in_by.map(AccountId),
        reason: row.check_in_reason.clone(),
    };
    let Some(at) = row.checked_out_at else {
        return Ok(Presence::Here { since, closes_at: row.closes_at.ok_or_else(lacks)? });
    };
    let until = ShiftMark {
        at,
        method: word_opt(row.check_out_method.as_deref())?.ok_or_else(lacks)?,
        doubtful: row.check_out_doubtful,
        by: row.check_out_by.map(AccountId),
        reason: row.check_out_reason.clone(),
    };
    Ok(Presence::Left { since, until, entry_id: row.entry_id.map(ServiceHourEntryId) })
}

pub(super) fn stored_sign_up(district: DistrictId, s: &SignUp) -> sign_up::Model {
    let settled_at = match s.progress {
        SignUpProgress::Lapsed { at } | SignUpProgress::Withdrawn { at } => Some(at),
        SignUpProgress::SignedUp | SignUpProgress::Waiting | SignUpProgress::Offered { .. } => None,
    };
    let row = sign_up::Model {
        district_id: district.0,
        id: s.id.0,
        shift_id: s.shift_id.0,
        member_id: s.member_id.0,
        account_id: s.account_id.0,
        signed_up_at: s.signed_up_at,
        state: s.state().code().to_owned(),
        settled_at,
        due_at: s.due_at(),
        checked_in_at: None,
        check_in_method: None,
        check_in_doubtful: false,
        check_in_by: None,
        check_in_reason: None,
        closes_at: None,
        checked_out_at: None,
        check_out_method: None,
        check_out_doubtful: false,
        check_out_by: None,
        check_out_reason: None,
        entry_id: None,
    };
    stored_presence(row, &s.presence)
}

pub(super) fn read_sign_up(row: sign_up::Model) -> Result<SignUp> {
    let lacks = || StoreError::Unreadable("SignUpProgress");
    let progress = match word(&row.state)? {
        SignUpState::SignedUp => SignUpProgress::SignedUp,
        SignUpState::Waiting => SignUpProgress::Waiting,
        SignUpState::Offered => SignUpProgress::Offered { until: row.due_at.ok_or_else(lacks)? },
        SignUpState::Lapsed => SignUpProgress::Lapsed { at: row.settled_at.ok_or_else(lacks)? },
        SignUpState::Withdrawn => SignUpProgress::Withdrawn { at: row.settled_at.ok_or_else(lacks)? },
    };
    let presence = read_presence(&row)?;
    Ok(SignUp {
        presence,
        id: SignUpId(row.id),
        shift_id: VolunteerShiftId(row.shift_id),
        member_id: PartyMemberId(row.member_id),
        account_id: AccountId(row.account_id),
        signed_up_at: row.signed_up_at,
        progress,
    })
}
