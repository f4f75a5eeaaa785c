//! What each item of the desk is, in SQL: said once, so that the count and the list of its records
//! can't differ. `$1` is the district, `$2` now, `$3` until when something is due soon, `$4` and `$5`
//! the month, `$6` how many Party days it wants.

use zhibu_domain::desk::DeskItem;

/// Where the records `t` of an item are, and on whose desk each lies.
pub(super) struct Source {
    /// The records' table.
    pub table: &'static str,
    /// What is read beside them, to the unit with which each lies.
    pub joins: &'static str,
    /// Which of them.
    pub condition: &'static str,
    /// By which column they are listed; by id where none is named.
    pub order: Option<&'static str>,
}

impl Source {
    const fn of(table: &'static str, joins: &'static str, condition: &'static str) -> Self {
        Self { table, joins, condition, order: None }
    }

    const fn by(self, column: &'static str) -> Self {
        Self { order: Some(column), ..self }
    }

    /// All from `FROM` on; each record stands beside the root `p` under which it lies.
    pub fn text(&self) -> String {
        format!("FROM {} t {} WHERE t.district_id = $1 AND {}", self.table, self.joins, self.condition)
    }
}

const BY_UNIT: &str = "JOIN place p ON p.unit_id = t.unit_id";
const BY_ISSUER: &str = "JOIN place p ON p.unit_id = t.issuer_unit_id";
const BY_HOST: &str = "JOIN place p ON p.unit_id = t.host_unit_id";
const BY_ACTIVITY: &str = "JOIN activity a ON a.district_id = t.district_id AND a.id = t.activity_id
    JOIN place p ON p.unit_id = a.host_unit_id";
const BY_ENTRY: &str = "JOIN service_hour_entry e ON e.district_id = t.district_id AND e.id = t.entry_id
    JOIN place p ON p.unit_id = e.unit_id";
/// An offer lies with those below it, and with those to whom it is made from above and who haven't claimed.
const BY_OFFER: &str = "JOIN org_unit u ON u.district_id = t.district_id AND u.id = t.unit_id
    JOIN root p ON (u.path >= p.path AND u.path < p.until)
        OR (p.path >= u.path AND p.path < substr(u.path, 1, length(u.path) - 1) || '0' AND NOT EXISTS (
            SELECT 1 FROM assignment c JOIN org_unit v ON v.district_id = c.district_id AND v.id = c.unit_id
            WHERE c.district_id = t.district_id AND c.parent_id = t.id AND c.state NOT IN ('DECLINED', 'CANCELLED')
                AND v.path >= p.path AND v.path < p.until))";

const PARTY_DAY_MISSING: &str = "t.kind IN ('PARTY_BRANCH', 'JOINT_BRANCH') AND t.dissolved_at IS NULL AND t.created_at < $5
    AND (SELECT count(*) FROM activity a WHERE a.district_id = t.district_id AND a.host_unit_id = t.id
            AND a.kind = 'THEME_PARTY_DAY' AND a.starts_at >= $4 AND a.starts_at < $5
            AND a.published_at IS NOT NULL AND a.state <> 'CANCELLED')
        + (SELECT count(*) FROM activity_joint_host j JOIN activity a ON a.district_id = j.district_id AND a.id = j.activity_id
            WHERE j.district_id = t.district_id AND j.unit_id = t.id
            AND a.kind = 'THEME_PARTY_DAY' AND a.starts_at >= $4 AND a.starts_at < $5
            AND a.published_at IS NOT NULL AND a.state <> 'CANCELLED') < $6";

// The indexes of what waits have these very words in their own conditions.
const OVERDUE: &str = "t.state IN ('DISPATCHED', 'ACCEPTED', 'IN_PROGRESS', 'RETURNED') AND t.addressee <> 'OFFER' AND t.due_at < $2";
const DUE_SOON: &str =
    "t.state IN ('DISPATCHED', 'ACCEPTED', 'IN_PROGRESS', 'RETURNED') AND t.addressee <> 'OFFER'
    AND t.due_at >= $2 AND t.due_at < $3";
const NOT_ACCEPTED: &str =
    "t.state IN ('DISPATCHED', 'ACCEPTED', 'IN_PROGRESS', 'RETURNED') AND t.addressee <> 'OFFER'
    AND t.state = 'DISPATCHED'";
const TO_VERIFY: &str = "t.state IN ('SUBMITTED', 'DECLINED') AND t.state = 'SUBMITTED'";
const DECLINED: &str = "t.state IN ('SUBMITTED', 'DECLINED') AND t.state = 'DECLINED'";
const UNCLAIMED: &str =
    "t.addressee = 'OFFER' AND t.state = 'DISPATCHED' AND t.claimed < t.capacity AND t.due_at > $2";

/// Where the records of an item are.
pub(super) fn source(item: DeskItem) -> Source {
    match item {
        DeskItem::PartyDayMissing => {
            Source::of("org_unit", "JOIN place p ON p.unit_id = t.id", PARTY_DAY_MISSING)
        }
        DeskItem::AttendanceOpen => {
            Source::of("activity", BY_HOST, "t.state IN ('PUBLISHED', 'OPEN') AND t.ends_at <= $2")
                .by("starts_at")
        }
        DeskItem::LeaveWaiting => Source::of(
            "leave_request",
            BY_ACTIVITY,
            "t.state = 'REQUESTED' AND a.state IN ('PUBLISHED', 'OPEN', 'CLOSED')",
        ),
        DeskItem::CheckInWaiting => Source::of(
            "check_in_claim",
            BY_ACTIVITY,
            "t.state = 'PENDING' AND a.state IN ('PUBLISHED', 'OPEN', 'CLOSED')",
        ),
        DeskItem::HoursWaiting => {
            Source::of("service_hour_entry", BY_UNIT, "t.state = 'REPORTED'").by("calm")
        }
        DeskItem::ObjectionOpen => Source::of("objection", BY_ENTRY, "t.state = 'OPEN'"),
        DeskItem::AssignmentOverdue => Source::of("assignment", BY_UNIT, OVERDUE).by("due_at"),
        DeskItem::AssignmentToVerify => Source::of("assignment", BY_ISSUER, TO_VERIFY).by("due_at"),
        DeskItem::AssignmentDeclined => Source::of("assignment", BY_ISSUER, DECLINED).by("due_at"),
        DeskItem::AssignmentNotAccepted => Source::of("assignment", BY_UNIT, NOT_ACCEPTED).by("due_at"),
        DeskItem::AssignmentDueSoon => Source::of("assignment", BY_UNIT, DUE_SOON).by("due_at"),
        DeskItem::OfferUnclaimed => Source::of("assignment", BY_OFFER, UNCLAIMED).by("due_at"),
    }
}
