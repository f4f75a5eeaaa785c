use chrono::{DateTime, Utc};
use zhibu_domain::{
    assignment::{
        Addressee, AddresseeKind, Alert, Assignment, AssignmentProgress as Progress,
        AssignmentState as State, AssignmentTerms, Evidence, Measure, Placement, Step, Submission,
    },
    id::{AccountId, AssignmentId, DistrictId, OrgUnitId, PostId},
    rule::Rules,
    vocabulary::Vocabulary,
};

use crate::{
    Result, StoreError,
    row::{word, word_opt},
};

pub(super) mod assignment {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "assignment")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: String,
        pub issuer_unit_id: Uuid,
        pub unit_id: Uuid,
        pub addressee: String,
        pub post_id: Option<Uuid>,
        pub owner_id: Option<Uuid>,
        pub capacity: Option<i32>,
        pub claimed: Option<i32>,
        pub parent_id: Option<Uuid>,
        pub title: String,
        pub description: Option<String>,
        pub basis: Option<String>,
        pub measure_text: Option<String>,
        pub measure_target: Option<i64>,
        pub measure_unit: Option<String>,
        pub priority: String,
        pub checklist: Json,
        pub evidence_wanted: Option<String>,
        pub amount: i64,
        pub due_at: DateTimeUtc,
        pub state: String,
        pub state_at: Option<DateTimeUtc>,
        pub state_by: Option<Uuid>,
        pub state_reason: Option<String>,
        pub submitted_at: Option<DateTimeUtc>,
        pub evidence: Option<Json>,
        pub reminded_at: Option<DateTimeUtc>,
        pub overdue_at: Option<DateTimeUtc>,
        pub escalated_at: Option<DateTimeUtc>,
        pub next_alert_at: Option<DateTimeUtc>,
        pub issued_by: Uuid,
        pub created_at: DateTimeUtc,
        pub dispatched_at: Option<DateTimeUtc>,
        pub version: i32,
    }
    crate::row::plain_entity!();
}

pub(super) mod step {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "assignment_step")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub assignment_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub version: i32,
        pub kind: String,
        pub from_state: Option<String>,
        pub to_state: String,
        pub by_account: Option<Uuid>,
        pub at: DateTimeUtc,
        pub note: Option<String>,
        pub owner_id: Option<Uuid>,
        pub amount: i64,
        pub due_at: Option<DateTimeUtc>,
        pub evidence: Option<Json>,
    }
    crate::row::plain_entity!();
}

fn evidence_json(evidence: Option<&Evidence>) -> Option<serde_json::Value> {
    evidence.and_then(|evidence| serde_json::to_value(evidence).ok())
}

fn read_evidence(json: Option<serde_json::Value>) -> Result<Option<Evidence>> {
    json.map(serde_json::from_value).transpose().map_err(|_| StoreError::Unreadable("Evidence"))
}

/// The row of an assignment; the rules say when its next alert is due.
pub(super) fn stored(district: DistrictId, a: &Assignment, rules: &Rules) -> assignment::Model {
    let (terms, progress, to) = (&a.terms, &a.progress, a.placement.addressee);
    let (capacity, claimed) = match to {
        Addressee::Offer { capacity, claimed } => (Some(capacity), Some(claimed)),
        _ => (None, None),
    };
    let post_id = match to {
        Addressee::Post { post_id, .. } => Some(post_id.0),
        _ => None,
    };
    assignment::Model {
        district_id: district.0,
        id: a.id.0,
        kind: terms.kind.code().to_owned(),
        issuer_unit_id: a.issuer_unit_id.0,
        unit_id: a.placement.unit_id.0,
        addressee: to.kind().code().to_owned(),
        post_id,
        owner_id: to.owner().map(|owner| owner.0),
        capacity,
        claimed,
        parent_id: a.parent_id.map(|parent| parent.0),
        title: terms.title.clone(),
        description: terms.description.clone(),
        basis: terms.basis.clone(),
        measure_text: terms.measure.as_ref().map(|m| m.text.clone()),
        measure_target: terms.measure.as_ref().map(|m| m.target),
        measure_unit: terms.measure.as_ref().map(|m| m.unit.clone()),
        priority: terms.priority.code().to_owned(),
        checklist: serde_json::json!(terms.checklist),
        evidence_wanted: terms.evidence_wanted.clone(),
        amount: a.amount,
        due_at: a.due_at,
        state: a.state().code().to_owned(),
        state_at: progress.since(),
        state_by: progress.by().map(|by| by.0),
        state_reason: progress.reason().map(str::to_owned),
        submitted_at: progress.submission().map(|submission| submission.at),
        evidence: evidence_json(progress.submission().map(|submission| &submission.evidence)),
        reminded_at: a.reminded_at,
        overdue_at: a.overdue_at,
        escalated_at: a.escalated_at,
        next_alert_at: a.next_alert(rules).map(Alert::at),
        issued_by: a.issued_by.0,
        created_at: a.created_at,
        dispatched_at: a.dispatched_at,
        version: a.version,
    }
}

fn addressee(row: &assignment::Model) -> Result<Addressee> {
    let lacks = || StoreError::Unreadable("Addressee");
    let owner = || row.owner_id.map(AccountId).ok_or_else(lacks);
    Ok(match word::<AddresseeKind>(&row.addressee)? {
        AddresseeKind::Member => Addressee::Member { owner: owner()? },
        AddresseeKind::Post => {
            Addressee::Post { post_id: row.post_id.map(PostId).ok_or_else(lacks)?, owner: owner()? }
        }
        AddresseeKind::Unit => Addressee::Unit { owner: owner()? },
        AddresseeKind::Offer => Addressee::Offer {
            capacity: row.capacity.ok_or_else(lacks)?,
            claimed: row.claimed.ok_or_else(lacks)?,
        },
    })
}

fn progress(row: &mut assignment::Model) -> Result<Progress> {
    let lacks = || StoreError::Unreadable("AssignmentProgress");
    let state = word::<State>(&row.state)?;
    let since: Option<DateTime<Utc>> = row.state_at;
    let at = || since.ok_or_else(lacks);
    let by = row.state_by.map(AccountId);
    let told = row.state_reason.take();
    let reason = told.clone().unwrap_or_default();
    let evidence = read_evidence(row.evidence.take())?;
    let submission = row.submitted_at.zip(evidence).map(|(at, evidence)| Submission { at, evidence });
    Ok(match state {
        State::Draft => Progress::Draft,
        State::Dispatched => Progress::Dispatched { at: at()? },
        State::Accepted => Progress::Accepted { at: at()? },
        State::Declined => Progress::Declined { at: at()?, reason },
        State::InProgress => Progress::InProgress { since: at()?, reopened: told },
        State::Submitted => Progress::Submitted { submission: submission.ok_or_else(lacks)? },
        State::Returned => Progress::Returned {
            submission: submission.ok_or_else(lacks)?,
            by: by.ok_or_else(lacks)?,
            at: at()?,
            reason,
        },
        State::Verified => Progress::Verified {
            submission: submission.ok_or_else(lacks)?,
            by: by.ok_or_else(lacks)?,
            at: at()?,
        },
        State::Cancelled => Progress::Cancelled { by: by.ok_or_else(lacks)?, at: at()?, reason },
    })
}

fn measure(row: &mut assignment::Model) -> Option<Measure> {
    let (text, unit) = row.measure_text.take().zip(row.measure_unit.take())?;
    Some(Measure { text, target: row.measure_target?, unit })
}

pub(super) fn read(mut row: assignment::Model) -> Result<Assignment> {
    Ok(Assignment {
        progress: progress(&mut row)?,
        placement: Placement { unit_id: OrgUnitId(row.unit_id), addressee: addressee(&row)? },
        terms: AssignmentTerms {
            measure: measure(&mut row),
            kind: word(&row.kind)?,
            title: row.title,
            description: row.description,
            basis: row.basis,
            priority: word(&row.priority)?,
            checklist: serde_json::from_value(row.checklist)
                .map_err(|_| StoreError::Unreadable("Checklist"))?,
            evidence_wanted: row.evidence_wanted,
        },
        id: AssignmentId(row.id),
        issuer_unit_id: OrgUnitId(row.issuer_unit_id),
        parent_id: row.parent_id.map(AssignmentId),
        amount: row.amount,
        due_at: row.due_at,
        reminded_at: row.reminded_at,
        overdue_at: row.overdue_at,
        escalated_at: row.escalated_at,
        issued_by: AccountId(row.issued_by),
        created_at: row.created_at,
        dispatched_at: row.dispatched_at,
        version: row.version,
    })
}

pub(super) fn stored_step(district: DistrictId, id: AssignmentId, s: &Step) -> step::Model {
    step::Model {
        district_id: district.0,
        assignment_id: id.0,
        version: s.version,
        kind: s.kind.code().to_owned(),
        from_state: s.from.map(|state| state.code().to_owned()),
        to_state: s.to.code().to_owned(),
        by_account: s.by.map(|by| by.0),
        at: s.at,
        note: s.note.clone(),
        owner_id: s.owner.map(|owner| owner.0),
        amount: s.amount,
        due_at: s.due_at,
        evidence: evidence_json(s.evidence.as_ref()),
    }
}

pub(super) fn read_step(row: step::Model) -> Result<Step> {
    Ok(Step {
        version: row.version,
        kind: word(&row.kind)?,
        from: word_opt(row.from_state.as_deref())?,
        to: word(&row.to_state)?,
        by: row.by_account.map(AccountId),
        at: row.at,
        note: row.note,
        owner: row.owner_id.map(AccountId),
        amount: row.amount,
        due_at: row.due_at,
        evidence: read_evidence(row.evidence)?,
    })
}
