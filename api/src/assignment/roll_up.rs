use async_graphql::SimpleObject;
use zhibu_domain::assignment::RollUp;

/// How far the parts of an assignment are, at every depth: each part that has no parts itself counts
/// once. What was cancelled counts nowhere.
#[derive(SimpleObject)]
#[graphql(name = "AssignmentRollUp")]
pub struct RollUpObject {
    /// The parts that somebody does or did: neither declined nor cancelled.
    parts: i64,
    /// Given, and not accepted yet.
    waiting: i64,
    /// Accepted, being done, or returned.
    underway: i64,
    /// Handed in, and not looked at yet.
    submitted: i64,
    /// Verified.
    verified: i64,
    /// Declined: nobody does them now.
    declined: i64,
    /// Overdue, of those waiting or underway.
    overdue: i64,
    /// What the measures of `parts` add up to.
    target: i64,
    /// What the measures of the declined ones add up to, beside `target`: nobody does it now.
    declined_target: i64,
    /// How much of it is done, as the owners report.
    amount: i64,
}

impl From<RollUp> for RollUpObject {
    fn from(sum: RollUp) -> Self {
        Self {
            parts: sum.parts,
            waiting: sum.waiting,
            underway: sum.underway,
            submitted: sum.submitted,
            verified: sum.verified,
            declined: sum.declined,
            overdue: sum.overdue,
            target: sum.target,
            declined_target: sum.declined_target,
            amount: sum.amount,
        }
    }
}
