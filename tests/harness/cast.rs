//! Who is in the fixed small world, and where.
//!
//! ```text
//! district A (370100)                         district B (370200)
//! ├─ street S1 ── general branch G            └─ street T ── branch D
//! │               ├─ branch B1 ── group G1
//! │               └─ branch B2
//! └─ street S2 ── branch B3
//! ```

use zhibu_domain::{
    member::{ExemptionKind, MemberStatus, PostKind},
    organization::OrgUnitKind,
};

/// A unit. The first letter of a unit of district B is its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// District A's root.
    A,
    /// A street with everything in it.
    S1,
    /// Another street.
    S2,
    /// A general branch in S1.
    General,
    /// The branch where most happens.
    B1,
    /// Its sister.
    B2,
    /// A branch in the other street.
    B3,
    /// A group in B1.
    Group,
    /// District B's root.
    B,
    /// Its street.
    T,
    /// Its branch.
    D,
}

/// A unit as founded.
pub struct UnitSpec {
    pub unit: Unit,
    pub parent: Option<Unit>,
    pub kind: OrgUnitKind,
    pub name: &'static str,
    pub code: &'static str,
}

const fn unit(
    unit: Unit,
    parent: Option<Unit>,
    kind: OrgUnitKind,
    name: &'static str,
    code: &'static str,
) -> UnitSpec {
    UnitSpec { unit, parent, kind, name, code }
}

/// All units, superiors first.
pub const UNITS: &[UnitSpec] = &[
    unit(Unit::A, None, OrgUnitKind::DistrictCommittee, "历下区委", "370100"),
    unit(Unit::S1, Some(Unit::A), OrgUnitKind::PartyWorkCommittee, "泉城路街道党工委", "S1"),
    unit(Unit::S2, Some(Unit::A), OrgUnitKind::PartyWorkCommittee, "大明湖街道党工委", "S2"),
    unit(Unit::General, Some(Unit::S1), OrgUnitKind::GeneralBranch, "芙蓉社区党总支", "G"),
    unit(Unit::B1, Some(Unit::General), OrgUnitKind::PartyBranch, "芙蓉社区第一党支部", "B1"),
    unit(Unit::B2, Some(Unit::General), OrgUnitKind::PartyBranch, "芙蓉社区第二党支部", "B2"),
    unit(Unit::B3, Some(Unit::S2), OrgUnitKind::PartyBranch, "曲水亭党支部", "B3"),
    unit(Unit::Group, Some(Unit::B1), OrgUnitKind::PartyGroup, "一支部第一党小组", "G1"),
    unit(Unit::B, None, OrgUnitKind::DistrictCommittee, "市南区委", "370200"),
    unit(Unit::T, Some(Unit::B), OrgUnitKind::PartyWorkCommittee, "香港中路街道党工委", "S1"),
    unit(Unit::D, Some(Unit::T), OrgUnitKind::PartyBranch, "东海路党支部", "B1"),
];

impl Unit {
    /// Whether it belongs to district B.
    pub fn is_foreign(self) -> bool {
        matches!(self, Self::B | Self::T | Self::D)
    }

    /// Its entry.
    pub fn spec(self) -> &'static UnitSpec {
        UNITS.iter().find(|s| s.unit == self).unwrap()
    }
}

macro_rules! people {
    ($($(#[$doc:meta])+ $who:ident: $name:literal, $phone:literal, $($field:ident = $value:expr),*;)+) => {
        /// A person.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Who { $($(#[$doc])+ $who,)+ }

        /// Everybody.
        pub const PEOPLE: &[Person] = &[$({
            #[allow(unused_mut, reason = "some have no more than a name")]
            let mut person = Person { who: Who::$who, name: $name, phone: $phone, ..NOBODY };
            $(person.$field = $value;)*
            person
        },)+];
    };
}

/// A person as entered.
pub struct Person {
    pub who: Who,
    pub name: &'static str,
    /// Empty where none.
    pub phone: &'static str,
    pub home: Option<Unit>,
    pub status: MemberStatus,
    pub post: Option<(PostKind, Unit)>,
    pub exempt: Option<ExemptionKind>,
    pub foreign: bool,
}

const NOBODY: Person = Person {
    who: Who::Stranger,
    name: "",
    phone: "",
    home: None,
    status: MemberStatus::Full,
    post: None,
    exempt: None,
    foreign: false,
};

people! {
    /// District administrator: units, posts, rules.
    Administrator: "管理员甲", "13800000001", post = Some((PostKind::DistrictAdministrator, Unit::A));
    /// Reads the audit.
    Auditor: "审计员甲", "13800000002", post = Some((PostKind::Auditor, Unit::A));
    /// Staff of S1's office.
    Office: "党建办甲", "13800000003", post = Some((PostKind::OfficeStaff, Unit::S1));
    /// Staff of S2's office: another subtree.
    OfficeOfS2: "党建办乙", "13800000004", post = Some((PostKind::OfficeStaff, Unit::S2));
    /// B1's secretary.
    Secretary: "王书记", "13800000011", home = Some(Unit::B1), post = Some((PostKind::Secretary, Unit::B1));
    /// B1's deputy secretary.
    Deputy: "李副书记", "13800000012", home = Some(Unit::B1), post = Some((PostKind::DeputySecretary, Unit::B1));
    /// B1's organization commissioner.
    Commissioner: "赵组委", "13800000013", home = Some(Unit::B1), post = Some((PostKind::OrganizationCommissioner, Unit::B1));
    /// Leader of B1's group, and a member of it.
    Leader: "孙组长", "13800000014", home = Some(Unit::Group), post = Some((PostKind::GroupLeader, Unit::Group));
    /// Instructor of B1, no member there.
    Instructor: "周指导员", "13800000015", post = Some((PostKind::Instructor, Unit::B1));
    /// A member of B1.
    Member: "陈党员", "13800000021", home = Some(Unit::B1);
    /// Another member of B1.
    Second: "林党员", "13800000022", home = Some(Unit::B1);
    /// A probationary member of B1.
    Probationary: "吴预备", "13800000023", home = Some(Unit::B1), status = MemberStatus::Probationary;
    /// A member of B1 who isn't counted in 应到.
    Exempt: "郑长病", "13800000024", home = Some(Unit::B1), exempt = Some(ExemptionKind::NotExpected);
    /// An elder of B1 without a phone.
    Elder: "冯老", "", home = Some(Unit::B1);
    /// B2's secretary.
    SecretaryOfB2: "钱书记", "13800000031", home = Some(Unit::B2), post = Some((PostKind::Secretary, Unit::B2));
    /// A member of B2.
    MemberOfB2: "朱党员", "13800000032", home = Some(Unit::B2);
    /// B3's secretary: another subtree.
    SecretaryOfB3: "尤书记", "13800000041", home = Some(Unit::B3), post = Some((PostKind::Secretary, Unit::B3));
    /// A member of B3.
    MemberOfB3: "许党员", "13800000042", home = Some(Unit::B3);
    /// An account without any role.
    Stranger: "何居民", "13800000051",;
    /// District B's administrator.
    ForeignAdministrator: "管理员乙", "13800000001", foreign = true, post = Some((PostKind::DistrictAdministrator, Unit::B));
    /// District B's auditor.
    ForeignAuditor: "审计员乙", "13900000002", foreign = true, post = Some((PostKind::Auditor, Unit::B));
    /// Staff of the office of B's street.
    ForeignOffice: "党建办丙", "13900000003", foreign = true, post = Some((PostKind::OfficeStaff, Unit::T));
    /// Secretary of B's branch.
    ForeignSecretary: "吕书记", "13900000011", foreign = true, home = Some(Unit::D), post = Some((PostKind::Secretary, Unit::D));
    /// A member of B's branch, with a number that somebody of district A has too.
    ForeignMember: "施党员", "13800000021", foreign = true, home = Some(Unit::D);
}

/// Everybody of district B who can sign in.
pub const FOREIGNERS: &[Who] = &[
    Who::ForeignAdministrator,
    Who::ForeignAuditor,
    Who::ForeignOffice,
    Who::ForeignSecretary,
    Who::ForeignMember,
];

impl Who {
    /// This person's entry.
    pub fn spec(self) -> &'static Person {
        PEOPLE.iter().find(|p| p.who == self).unwrap()
    }

    /// The code of the district to sign in to.
    pub fn district(self) -> &'static str {
        if self.spec().foreign { "370200" } else { "370100" }
    }
}

/// Everybody's password.
pub const PASSWORD: &str = "kR9-plume-Tide";
