use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use zhibu_domain::{
    assignment::{Command, Evidence, Recipient},
    id::AssignmentId,
};

use super::{
    input::{AddresseeInput, MeasureInput},
    ops::Which,
};
use crate::{graphql::GlobalId, once::Once};

macro_rules! step_inputs {
    ($($(#[$doc:meta])+ $name:ident { $($(#[$fdoc:meta])+ $field:ident: $ty:ty,)* })+) => {$(
        $(#[$doc])+
        #[derive(InputObject)]
        pub struct $name {
            /// Which.
            pub id: GlobalId<AssignmentId>,
            /// The version that the client read; refused as `STALE` if it has changed since.
            pub version: Option<i32>,
            $($(#[$fdoc])+ pub $field: $ty,)*
        }

        impl $name {
            pub(crate) fn which(&self) -> Which {
                Which { id: self.id.0, version: self.version }
            }
        }
    )+};
}
step_inputs! {
    /// A step that needs no words.
    AssignmentStepInput {}

    /// A step that needs a reason.
    AssignmentReasonInput {
        /// Why, 1–500 characters.
        reason: String,
    }

    /// An assignment to accept.
    AcceptAssignmentInput {
        /// Of an issue, the measure that the owner proposes; of others left aside.
        measure: Option<MeasureInput>,
        /// Of an issue, until when the owner will do it, not after the given time; of others left aside.
        due_at: Option<DateTime<Utc>>,
    }

    /// How far an assignment is.
    ReportProgressInput {
        /// In words, up to 500 characters.
        note: Option<String>,
        /// How many of the measure's number are done by now, all in all.
        amount: Option<i64>,
        /// The positions of all items of the checklist that are done; the others are not.
        done_items: Option<Vec<usize>>,
        /// The client's key for this request, 1–64 characters: sent again within a day, nothing is written twice.
        client_mutation_id: Option<String>,
    }

    /// An assignment to hand in.
    SubmitAssignmentInput {
        /// What shows it, in words, up to 2000 characters.
        text: Option<String>,
        /// Where more is to be seen: at most 9 references of 1–500 characters.
        references: Option<Vec<String>>,
        /// How many of the measure's number were done; where absent what was reported last, of a whole what its parts
        /// come to, if that is more.
        amount: Option<i64>,
    }

    /// An assignment to give back to its owner.
    ReturnAssignmentInput {
        /// What is missing, 1–500 characters.
        reason: String,
        /// A new due time, ahead of now; the old one stays where absent, though it may have passed.
        due_at: Option<DateTime<Utc>>,
    }

    /// A verified assignment to open again.
    ReopenAssignmentInput {
        /// What has come back, 1–500 characters.
        reason: String,
        /// Until when it is to be done anew.
        due_at: DateTime<Utc>,
    }

    /// An assignment to give to another owner.
    ReassignAssignmentInput {
        /// To whom; not an offer.
        to: AddresseeInput,
        /// Why, 1–500 characters.
        reason: String,
        /// A new due time; needed where the old one has passed.
        due_at: Option<DateTime<Utc>>,
    }
}

impl AcceptAssignmentInput {
    pub(crate) fn command(self) -> Command {
        Command::Accept { measure: self.measure.map(MeasureInput::measure), due_at: self.due_at }
    }
}

impl ReportProgressInput {
    /// By the client's key in it, else by another of the client's.
    pub(crate) fn once(&self, key: Option<&String>) -> Once {
        Once::of(self.client_mutation_id.as_ref().or(key), self)
    }

    pub(crate) fn command(self) -> Command {
        Command::Report { note: self.note, amount: self.amount, done: self.done_items }
    }
}

impl SubmitAssignmentInput {
    pub(crate) fn command(self) -> Command {
        let evidence = Evidence { text: self.text, references: self.references.unwrap_or_default() };
        Command::Submit { evidence, amount: self.amount }
    }
}

impl ReassignAssignmentInput {
    pub(super) fn to(&self) -> Recipient {
        self.to.to()
    }
}

/// Assignments to verify.
#[derive(InputObject)]
pub struct VerifyAssignmentsInput {
    /// 1–100 assignments; one refusal never holds up the others.
    #[graphql(validator(min_items = 1, max_items = 100))]
    pub assignments: Vec<AssignmentStepInput>,
}
