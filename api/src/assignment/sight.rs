//! Who sees an assignment, and who may do something about it.

use zhibu_domain::{
    assignment::Assignment,
    organization::{OrgUnit, OrgUnitPath},
    policy::{Action, Denied, Permit, Person, Subject},
};

use crate::call::Call;

/// Whether something that is offered in a subtree is offered to a person: to members by their home,
/// to others by a post.
fn is_offered(person: &Person, subtree: &OrgUnitPath) -> bool {
    let home = person.membership.as_ref().is_some_and(|m| m.path.is_within(subtree));
    let awake = !person.second_factor_missing;
    home || (awake && person.posts.iter().any(|post| post.path.is_within(subtree)))
}

/// What is to be seen of an assignment.
#[derive(Clone, Copy, Debug)]
pub enum Look {
    /// The assignment itself.
    Itself,
    /// How its parts stand.
    Parts,
    /// All that was done with it, before its present owner had it, too.
    Past,
}

/// An assignment with the units around it.
pub struct Around<'a> {
    /// The assignment.
    pub assignment: &'a Assignment,
    /// Where it lies.
    pub unit: &'a OrgUnit,
    /// Who has it done.
    pub issuer: &'a OrgUnit,
}

impl Around<'_> {
    /// Asks the policy whether the caller sees it: a draft is for its issuers alone.
    pub fn see(&self, call: &Call) -> Result<Permit, Denied> {
        self.ask(call, Action::ViewAssignment)
    }

    /// Asks the policy whether the caller sees so much of it.
    pub fn look(&self, call: &Call, look: Look) -> Result<Permit, Denied> {
        match look {
            Look::Itself => self.see(call),
            Look::Parts => self.permit_below(call),
            Look::Past => {
                self.see(call)?;
                call.permit(Action::ViewAssignment, self.place())
            }
        }
    }

    fn place(&self) -> Subject<'_> {
        Subject::unit(&self.unit.path).joint(std::slice::from_ref(&self.issuer.path))
    }

    fn ask(&self, call: &Call, action: Action) -> Result<Permit, Denied> {
        let issuer = &self.issuer.path;
        if action == Action::Assign || !self.assignment.is_known() {
            return call.permit(Action::Assign, Subject::unit(issuer));
        }
        let offered = self.assignment.is_offer()
            && call.actor.person().is_some_and(|person| is_offered(person, &self.unit.path));
        let mut subject = self.place().invited(offered);
        subject.owner = self.assignment.owner();
        call.permit(action, subject)
    }

    /// Asks the policy whether the caller may do something about it.
    pub fn permit(&self, call: &Call, action: Action) -> Result<Permit, Denied> {
        self.see(call)?;
        self.ask(call, action)
            .map_err(|denied| if denied == Denied::Hidden { Denied::Forbidden } else { denied })
    }

    /// Asks the policy whether the caller may hand it down, and see how its parts stand: the unit has
    /// it, and so have those above.
    pub fn permit_below(&self, call: &Call) -> Result<Permit, Denied> {
        self.see(call)?;
        let below = call.permit(Action::Assign, Subject::unit(&self.unit.path));
        below.map_err(|denied| if denied == Denied::Hidden { Denied::Forbidden } else { denied })
    }
}
