use super::Action;
use crate::member::PostKind::{self, *};

/// How an actor may be related to a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Anybody, signed in or not.
    Anyone,
    /// Anybody signed in, of the same district.
    SignedIn,
    /// The person whom the thing is about.
    Own,
    /// A member whose home is the unit or below it.
    UnitMember,
    /// A member who is expected at the activity, or its guest; whoever an assignment is offered to; who is
    /// in a team.
    Invited,
    /// The captain of the team whose shift it is, or whose shift it comes from.
    Captain,
    /// Another system, whose client was given the unit or one above it, with the action's scope.
    Integrator,
    /// The screen that was opened for the activity.
    Screen,
    /// Holder of the post on the unit or above it.
    Held(PostKind),
}

/// One row of the table: an action and the relations that give it.
#[derive(Debug)]
pub struct Access {
    /// The action.
    pub action: Action,
    /// Any of these is enough.
    pub relations: &'static [Relation],
}

use Relation::{Anyone, Captain, Held, Integrator, Invited, Own, Screen, SignedIn, UnitMember};

macro_rules! access {
    ($($action:ident: $($relation:expr),+;)+) => {
        &[$(Access { action: Action::$action, relations: &[$($relation),+] }),+]
    };
}

/// The table. What isn't here is denied.
pub const ACCESS: &[Access] = access! {
    SignIn: Anyone;
    UseAccount: Own;
    ViewUnit: SignedIn, Integrator;
    ManageUnit: Held(DistrictAdministrator), Held(OfficeStaff);
    ViewMember: Own, Held(OfficeStaff), Held(Secretary), Held(DeputySecretary),
        Held(OrganizationCommissioner), Held(GroupLeader), Held(Instructor), Integrator;
    ViewContact: Own, Held(OfficeStaff), Held(Secretary), Held(DeputySecretary),
        Held(OrganizationCommissioner), Integrator;
    ManageMember: Held(OfficeStaff), Held(Secretary), Held(OrganizationCommissioner);
    ImportMember: Held(OfficeStaff);
    IssuePassword: Held(DistrictAdministrator), Held(OfficeStaff), Held(Secretary);
    ViewPost: SignedIn, Integrator;
    Appoint: Held(DistrictAdministrator), Held(OfficeStaff);
    ViewActivity: UnitMember, Invited, Held(OfficeStaff), Held(Secretary), Held(DeputySecretary),
        Held(OrganizationCommissioner), Held(GroupLeader), Held(Instructor), Integrator;
    ViewDraft: Held(OfficeStaff), Held(Secretary), Held(DeputySecretary),
        Held(OrganizationCommissioner), Held(GroupLeader), Integrator;
    Organize: Held(OfficeStaff), Held(Secretary), Held(DeputySecretary),
        Held(OrganizationCommissioner), Held(GroupLeader), Integrator;
    KeepAttendance: Held(OfficeStaff), Held(Secretary), Held(DeputySecretary),
        Held(OrganizationCommissioner), Held(GroupLeader), Integrator;
    ViewAttendance: Own, Held(OfficeStaff), Held(Secretary), Held(DeputySecretary),
        Held(OrganizationCommissioner), Held(GroupLeader), Held(Instructor), Integrator;
    Attend: Invited;
    ViewFigures: UnitMember, Held(OfficeStaff), Held(Secretary), Held(DeputySecretary),
        Held(OrganizationCommissioner), Held(GroupLeader), Held(Instructor), Integrator;
    ViewTheme: UnitMember, Held(OfficeStaff), Held(Secretary), Held(DeputySecretary),
        Held(OrganizationCommissioner), Held(Instructor), Integrator;
    IssueTheme: Held(OfficeStaff);
    ViewAssignment: Own, Invited, Held(OfficeStaff), Held(Secretary), Held(DeputySecretary),
        Held(OrganizationCommissioner), Held(GroupLeader), Held(Instructor), Integrator;
    Assign: Held(OfficeStaff), Held(Secretary), Held(DeputySecretary),
        Held(OrganizationCommissioner), Held(GroupLeader), Held(Instructor), Integrator;
    ClaimAssignment: Invited;
    Undertake: Own;
    ViewRule: SignedIn, Integrator;
    ManageRule: Held(DistrictAdministrator);
    ViewAudit: Own, Held(Auditor);
    ReportHours: Own;
    ViewHours: Own, Captain, Held(OfficeStaff), Held(Secretary), Held(DeputySecretary),
        Held(OrganizationCommissioner), Held(GroupLeader), Held(Instructor), Integrator;
    VerifyHours: Captain, Held(OfficeStaff), Held(Secretary), Held(DeputySecretary),
        Held(OrganizationCommissioner), Held(GroupLeader);
    ViewPublicity: Own, UnitMember, Held(OfficeStaff), Held(Secretary), Held(DeputySecretary),
        Held(OrganizationCommissioner), Held(GroupLeader), Held(Instructor), Integrator;
    ObjectToHours: Own, UnitMember;
    UseInbox: Own;
    ViewService: SignedIn, Integrator;
    OrganizeService: Held(OfficeStaff), Held(Secretary), Held(DeputySecretary),
        Held(OrganizationCommissioner), Held(GroupLeader);
    SignUp: Own;
    ViewTeam: Invited, Captain, Held(OfficeStaff), Held(Secretary), Held(DeputySecretary),
        Held(OrganizationCommissioner), Held(GroupLeader), Held(Instructor), Integrator;
    ManageTeam: Captain, Held(OfficeStaff), Held(Secretary), Held(DeputySecretary),
        Held(OrganizationCommissioner), Held(GroupLeader);
    RunShift: Captain, Held(OfficeStaff), Held(Secretary), Held(DeputySecretary),
        Held(OrganizationCommissioner), Held(GroupLeader);
    ViewDesk: Held(OfficeStaff), Held(Secretary), Held(DeputySecretary),
        Held(OrganizationCommissioner), Held(GroupLeader), Held(Instructor);
    RecognizeVolunteers: Held(OfficeStaff);
    IssueRecordSheet: Own;
    LookUpRecordSheet: Anyone;
    ExportHours: Held(OfficeStaff), Integrator;
    ManageClient: Held(DistrictAdministrator), Held(OfficeStaff);
    ShowBoard: Screen;
    UseCalendar: Own;
    ExportReport: Held(OfficeStaff);
    ManageWebhook: Held(DistrictAdministrator), Held(OfficeStaff), Integrator;
};
