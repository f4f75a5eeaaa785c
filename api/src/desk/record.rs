use async_graphql::{Context, Result, Union, connection::Connection};
use uuid::Uuid;
use zhibu_domain::{
    desk::DeskItem,
    id::{
        ActivityId, AssignmentId, CheckInClaimId, LeaveRequestId, ObjectionId, OrgUnitId, ServiceHourEntryId,
    },
};
use zhibu_persistence::{Page, PageRequest};

use crate::{
    activity::ActivityObject,
    assignment::AssignmentObject,
    attendance::{AttendanceObject, ClaimObject, LeaveObject},
    error::OpExt,
    graphql::{Cursor, connect},
    organization::OrgUnitObject,
    reads::Loading,
    volunteering::{ObjectionObject, ServiceHourEntryObject},
};

/// A record behind a count or a figure.
#[derive(Union)]
pub enum WorkRecord {
    /// A branch.
    OrgUnit(OrgUnitObject),
    /// An activity.
    Activity(ActivityObject),
    /// A member's attendance.
    Attendance(AttendanceObject),
    /// A request for leave.
    LeaveRequest(LeaveObject),
    /// A check-in that was left to the organizer.
    CheckInClaim(ClaimObject),
    /// Volunteer hours.
    ServiceHourEntry(ServiceHourEntryObject),
    /// An objection to hours.
    Objection(ObjectionObject),
    /// An assignment.
    Assignment(AssignmentObject),
}

macro_rules! loading {
    ($ctx:ident, $page:ident, $id:ident, $record:ident, $object:ident) => {{
        let mut found = $ctx.data::<Loading>()?.load_many($page.rows.iter().copied().map($id)).await.op()?;
        let take = |id: &Uuid| Some((*id, WorkRecord::$record($object(found.remove(&$id(*id))?))));
        $page.rows.iter().filter_map(take).collect()
    }};
}

/// What kind of records to load by their ids.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RecordKind {
    OrgUnit,
    Activity,
    LeaveRequest,
    CheckInClaim,
    ServiceHourEntry,
    Objection,
    Assignment,
}

impl From<DeskItem> for RecordKind {
    fn from(item: DeskItem) -> Self {
        match item {
            DeskItem::PartyDayMissing => Self::OrgUnit,
            DeskItem::AttendanceOpen => Self::Activity,
            DeskItem::LeaveWaiting => Self::LeaveRequest,
            DeskItem::CheckInWaiting => Self::CheckInClaim,
            DeskItem::HoursWaiting => Self::ServiceHourEntry,
            DeskItem::ObjectionOpen => Self::Objection,
            DeskItem::AssignmentOverdue
            | DeskItem::AssignmentToVerify
            | DeskItem::AssignmentDeclined
            | DeskItem::AssignmentNotAccepted
            | DeskItem::AssignmentDueSoon
            | DeskItem::OfferUnclaimed => Self::Assignment,
        }
    }
}

/// Loads records in the page's order: one statement.
pub(crate) async fn load(
    ctx: &Context<'_>,
    args: PageRequest,
    kind: RecordKind,
    page: Page<Uuid>,
) -> Result<Connection<Cursor, WorkRecord>> {
    let rows: Vec<_> = match kind {
        RecordKind::OrgUnit => loading!(ctx, page, OrgUnitId, OrgUnit, OrgUnitObject),
        RecordKind::Activity => loading!(ctx, page, ActivityId, Activity, ActivityObject),
        RecordKind::LeaveRequest => loading!(ctx, page, LeaveRequestId, LeaveRequest, LeaveObject),
        RecordKind::CheckInClaim => loading!(ctx, page, CheckInClaimId, CheckInClaim, ClaimObject),
        RecordKind::ServiceHourEntry => {
            loading!(ctx, page, ServiceHourEntryId, ServiceHourEntry, ServiceHourEntryObject)
        }
        RecordKind::Objection => loading!(ctx, page, ObjectionId, Objection, ObjectionObject),
        RecordKind::Assignment => loading!(ctx, page, AssignmentId, Assignment, AssignmentObject),
    };
    let page = Page { rows, has_more: page.has_more };
    Ok(connect(args, page, |(id, _)| *id, |(_, record)| record))
}
