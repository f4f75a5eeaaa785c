use async_graphql::InputObject;
use zhibu_domain::{
    id::{AccountId, ExemptionId, OrgUnitId, PartyMemberId, PostId},
    member::{
        BirthMonth, ContactLanguage, EducationLevel, ExemptionKind, MemberChange, MemberRefusal,
        MemberStatus, NewMember, PhoneNumber, PostKind, PostRefusal, Sex,
    },
};

use crate::{
    error::{Stop, at},
    graphql::{Date, GlobalId, Phone, Term},
};

/// Reads `YYYY-MM`.
fn birth_month(
    text: Option<&str>,
    today: chrono::NaiveDate,
) -> Result<Option<BirthMonth>, Stop<MemberRefusal>> {
    let Some(text) = text else { return Ok(None) };
    let month = BirthMonth::from_stored(text).and_then(|m| BirthMonth::new(m.year, m.month, today));
    month.map(Some).ok_or_else(|| at("birthMonth")(MemberRefusal::BadBirthMonth))
}

/// Reads a phone number as it was typed.
fn phone(typed: Option<&Phone>) -> Result<Option<PhoneNumber>, Stop<MemberRefusal>> {
    let Some(typed) = typed else { return Ok(None) };
    typed.number().map(Some).ok_or_else(|| at("phone")(MemberRefusal::BadPhone))
}

/// The input field that a refusal is about. `dates` are the input's days, by their fields.
pub(super) fn faulty(
    refusal: MemberRefusal,
    today: chrono::NaiveDate,
    dates: &[(&'static str, Option<chrono::NaiveDate>)],
) -> Option<&'static str> {
    use MemberRefusal::*;
    match refusal {
        BadName => Some("name"),
        BadPhone | PhoneTaken | HoldsPosts => Some("phone"),
        NotABranch | UnitDissolved => Some("homeUnitId"),
        FullBeforeJoined | ProbationaryButFull => Some("fullMemberOn"),
        TooYoung => Some("joinedOn"),
        BadBirthMonth => Some("birthMonth"),
        BadReason => Some("reason"),
        Stale => Some("version"),
        DateInFuture => {
            dates.iter().find(|(_, day)| day.is_some_and(|day| day > today)).map(|(field, _)| *field)
        }
        AlreadyMember | HasLeft | HasPassword | OwnRecord | EndsBeforeStart | AlreadyEnded => None,
    }
}

/// The field of an exemption that a refusal is about.
pub(super) fn exemption_field(refusal: MemberRefusal) -> Option<&'static str> {
    match refusal {
        MemberRefusal::BadReason => Some("reason"),
        MemberRefusal::EndsBeforeStart | MemberRefusal::AlreadyEnded => Some("endsOn"),
        _ => None,
    }
}

/// The field of an appointment that a refusal is about.
pub(super) fn post_field(refusal: PostRefusal) -> Option<&'static str> {
    use PostRefusal::*;
    match refusal {
        WrongUnit | AlreadyHeld => Some("kind"),
        EndsBeforeStart | AlreadyEnded => Some("endsOn"),
        UnitDissolved => Some("unitId"),
        BadPhone | PhoneTaken => Some("phone"),
        BadName => Some("name"),
        Self_ | BeyondYours => None,
    }
}

/// A new member.
#[derive(InputObject)]
pub struct AddMemberInput {
    /// Name, 1–50 characters.
    pub name: String,
    /// Mobile number, unique in the district; elders may have none.
    pub phone: Option<Phone>,
    /// Full or probationary.
    pub status: Term<MemberStatus>,
    /// Home unit: a branch, a group or a member hub.
    pub home_unit_id: GlobalId<OrgUnitId>,
    /// Joined the Party on.
    pub joined_on: Option<Date>,
    /// Full member on; none for a probationary member.
    pub full_member_on: Option<Date>,
    /// Sex.
    pub sex: Option<Term<Sex>>,
    /// Month of birth, `YYYY-MM`; the day isn't collected.
    pub birth_month: Option<String>,
    /// Level of education.
    pub education: Option<Term<EducationLevel>>,
    /// The client's key for this request, 1–64 characters: sent again within a day, the first answer is replayed.
    pub client_mutation_id: Option<String>,
}

impl AddMemberInput {
    pub(super) fn member(self, today: chrono::NaiveDate) -> Result<NewMember, Stop<MemberRefusal>> {
        Ok(NewMember {
            birth: birth_month(self.birth_month.as_deref(), today)?,
            name: self.name,
            phone: phone(self.phone.as_ref())?,
            status: self.status.0,
            unit_id: self.home_unit_id.0,
            joined_on: self.joined_on.map(|d| d.0),
            full_member_on: self.full_member_on.map(|d| d.0),
            sex: self.sex.map(|s| s.0),
            education: self.education.map(|e| e.0),
        })
    }
}

/// A change of a member's record; what is absent stays.
#[derive(InputObject)]
pub struct UpdateMemberInput {
    /// Whose.
    pub id: GlobalId<PartyMemberId>,
    /// The version that the client read; refused as `STALE` if it has changed since.
    pub version: Option<i32>,
    /// New name.
    pub name: Option<String>,
    /// New mobile number.
    pub phone: Option<Phone>,
    /// Whether the number is removed.
    #[graphql(default)]
    pub remove_phone: bool,
    /// New status.
    pub status: Option<Term<MemberStatus>>,
    /// New home unit, in which the caller has the same right.
    pub home_unit_id: Option<GlobalId<OrgUnitId>>,
    /// New joining date.
    pub joined_on: Option<Date>,
    /// New date of full membership.
    pub full_member_on: Option<Date>,
    /// New sex.
    pub sex: Option<Term<Sex>>,
    /// New month of birth, `YYYY-MM`.
    pub birth_month: Option<String>,
    /// New education.
    pub education: Option<Term<EducationLevel>>,
    /// Left the roster on: the record stays for the figures, and can't be changed until `addMember` or
    /// an import brings the person back.
    pub left_on: Option<Date>,
    /// Why, up to 200 characters; stands in the audit.
    pub reason: Option<String>,
}

impl UpdateMemberInput {
    pub(super) fn change(&self, today: chrono::NaiveDate) -> Result<MemberChange, Stop<MemberRefusal>> {
        let new_phone = match (&self.phone, self.remove_phone) {
            (Some(_), _) => Some(phone(self.phone.as_ref())?),
            (None, true) => Some(None),
            (None, false) => None,
        };
        Ok(MemberChange {
            name: self.name.clone(),
            phone: new_phone,
            status: self.status.map(|s| s.0),
            unit_id: self.home_unit_id.map(|u| u.0),
            joined_on: self.joined_on.map(|d| d.0),
            full_member_on: self.full_member_on.map(|d| d.0),
            sex: self.sex.map(|s| s.0),
            birth: birth_month(self.birth_month.as_deref(), today)?,
            education: self.education.map(|e| e.0),
            left_on: self.left_on.map(|d| d.0),
        })
    }
}

/// A new exemption.
#[derive(InputObject)]
pub struct GrantExemptionInput {
    /// Whose.
    pub member_id: GlobalId<PartyMemberId>,
    /// From what.
    pub kind: Term<ExemptionKind>,
    /// Why, in up to 200 characters; no diagnosis is asked for.
    pub reason: String,
    /// First day.
    pub starts_on: Date,
    /// Last day; open while absent.
    pub ends_on: Option<Date>,
    /// The client's key for this request, 1–64 characters.
    pub client_mutation_id: Option<String>,
}

/// The caller's contact language.
#[derive(InputObject)]
pub struct SetContactLanguageInput {
    /// The language.
    pub language: Term<ContactLanguage>,
}

/// An exemption's last day.
#[derive(InputObject)]
pub struct EndExemptionInput {
    /// Which.
    pub id: GlobalId<ExemptionId>,
    /// The last day.
    pub ends_on: Date,
}

/// An appointment. Name either `accountId`, or `phone` and `name` of anybody.
#[derive(InputObject)]
pub struct AppointPostInput {
    /// Somebody with an account; instead of `phone` and `name`.
    pub account_id: Option<GlobalId<AccountId>>,
    /// Anybody's mobile number, together with `name`; instead of `accountId`. An account is made if
    /// nobody in the district has the number.
    pub phone: Option<Phone>,
    /// The name of the person whose number is `phone`, 1–50 characters. If somebody has the number
    /// already it must be theirs, else `BAD_PHONE`.
    pub name: Option<String>,
    /// On which unit.
    pub unit_id: GlobalId<OrgUnitId>,
    /// To what.
    pub kind: Term<PostKind>,
    /// First day; today where absent.
    pub starts_on: Option<Date>,
    /// Last day; open while absent.
    pub ends_on: Option<Date>,
    /// The client's key for this request, 1–64 characters.
    pub client_mutation_id: Option<String>,
}

/// A post to end.
#[derive(InputObject)]
pub struct EndPostInput {
    /// Which.
    pub id: GlobalId<PostId>,
    /// The last day; where absent, yesterday: the rights end now.
    pub ends_on: Option<Date>,
}
