//! Writes the fixed small world into a database.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;
use zhibu::auth::{password_hash::Hasher, random::Randomness};
use zhibu_domain::{
    id::{AccountId, DistrictId, ExemptionId, OrgUnitId, PartyMemberId, PostId},
    member::{
        Account, ContactLanguage, EducationLevel, Exemption, MemberStatus, NewMember, PartyMember,
        PhoneNumber, Post, Sex,
    },
    organization::{NewOrgUnit, OrgUnit},
    policy::{Action, Actor, Permit, Subject, permit},
};
use zhibu_persistence::{
    Origin, Store,
    identity::{Credential, insert_credentials},
    member,
    organization::{District, insert_district, insert_units},
};

use super::cast::{PASSWORD, PEOPLE, UNITS, Unit, Who};

/// The ids of everything in the small world, the same in every database of this process.
#[derive(Debug)]
pub struct Ids {
    pub districts: [DistrictId; 2],
    pub units: HashMap<Unit, OrgUnit>,
    pub accounts: HashMap<Who, AccountId>,
    pub members: HashMap<Who, PartyMemberId>,
    pub posts: HashMap<Who, PostId>,
    pub exemption: ExemptionId,
    /// The hash of everybody's password, made once.
    pub password_hash: String,
}

/// The server itself as the writer.
pub fn system(district: DistrictId) -> Permit {
    permit(&Actor::System(district), Action::ManageUnit, Subject::default()).expect("the server may")
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

impl Ids {
    /// Draws ids for everything.
    pub fn draw(now: DateTime<Utc>) -> Self {
        let id = |_: usize| Randomness.id(now);
        let districts = [DistrictId(id(0)), DistrictId(id(1))];
        let mut units: HashMap<Unit, OrgUnit> = HashMap::new();
        for spec in UNITS {
            let parent = spec.parent.map(|p| units[&p].clone());
            let new = NewOrgUnit {
                id: OrgUnitId(id(2)),
                kind: spec.kind,
                name: spec.name.to_owned(),
                short_name: None,
                code: Some(spec.code.to_owned()),
                domain: None,
                community_class: None,
                time_zone: None,
            };
            units.insert(spec.unit, OrgUnit::found(parent.as_ref(), new, now).expect("a sound unit"));
        }
        let draw = |p: &super::cast::Person| (p.who, id(3));
        let members = PEOPLE.iter().filter(|p| p.home.is_some()).map(draw);
        let members = members.map(|(who, id)| (who, PartyMemberId(id))).collect();
        let hash = Hasher::default().hash(PASSWORD, Randomness.bytes()).expect("a hash");
        Self {
            districts,
            units,
            accounts: PEOPLE.iter().map(draw).map(|(who, id)| (who, AccountId(id))).collect(),
            members,
            posts: PEOPLE.iter().map(draw).map(|(who, id)| (who, PostId(id))).collect(),
            exemption: ExemptionId(id(4)),
            password_hash: hash,
        }
    }

    /// Whether somebody belongs to a district, by its number.
    fn of(&self, foreign: bool) -> DistrictId {
        self.districts[usize::from(foreign)]
    }

    /// Writes everything into an empty, migrated database.
    pub async fn write(&self, store: &Store, now: DateTime<Utc>) {
        for foreign in [false, true] {
            let permit = system(self.of(foreign));
            let origin = Origin { operation: "found", request_id: None, now };
            let tx = store.begin(origin).await.unwrap();
            let (code, name) = if foreign { ("370200", "市南区") } else { ("370100", "历下区") };
            let district = District {
                id: self.of(foreign).0,
                code: code.to_owned(),
                name: name.to_owned(),
                time_zone: "Asia/Shanghai".to_owned(),
            };
            insert_district(&tx, &permit, &district).await.unwrap();
            let units = UNITS.iter().filter(|u| u.unit.is_foreign() == foreign);
            let units: Vec<_> = units.map(|u| self.units[&u.unit].clone()).collect();
            insert_units(&tx, &permit, &units).await.unwrap();
            self.write_people(&tx, &permit, foreign, now).await;
            tx.commit().await.unwrap();
        }
    }

    async fn write_people(
        &self,
        tx: &zhibu_persistence::Tx,
        permit: &Permit,
        foreign: bool,
        now: DateTime<Utc>,
    ) {
        let mut members = Vec::new();
        let mut posts = Vec::new();
        for person in PEOPLE.iter().filter(|p| p.foreign == foreign) {
            let account = Account {
                id: self.accounts[&person.who],
                name: person.name.to_owned(),
                phone: PhoneNumber::parse(person.phone),
                language: ContactLanguage::Zh,
                created_at: now,
            };
            match person.home {
                Some(home) => members.push((Some(account.clone()), self.member(person, home, &account))),
                None => member::insert_account(tx, permit, &account).await.unwrap(),
            }
            if let Some((kind, unit)) = person.post {
                let (id, unit_id) = (self.posts[&person.who], self.units[&unit].id);
                let starts_on = day(2025, 1, 1);
                posts.push(Post { id, account_id: account.id, unit_id, kind, starts_on, ends_on: None });
            }
        }
        member::insert_members(tx, permit, &members, false).await.unwrap();
        member::insert_posts(tx, permit, &posts).await.unwrap();
        let everybody = PEOPLE.iter().filter(|p| p.foreign == foreign && !p.phone.is_empty());
        let accounts: Vec<_> = everybody.map(|p| self.accounts[&p.who]).collect();
        self.write_passwords(tx, permit, &accounts, now).await;
        for person in PEOPLE.iter().filter(|p| p.foreign == foreign) {
            if let Some(kind) = person.exempt {
                let exemption = Exemption {
                    id: self.exemption,
                    member_id: self.members[&person.who],
                    kind,
                    reason: "长期住院".to_owned(),
                    starts_on: day(2025, 6, 1),
                    ends_on: None,
                };
                member::insert_exemption(tx, permit, &exemption, self.accounts[&person.who]).await.unwrap();
            }
        }
    }

    /// Gives accounts the password that everybody has.
    pub async fn write_passwords(
        &self,
        tx: &zhibu_persistence::Tx,
        permit: &Permit,
        accounts: &[AccountId],
        now: DateTime<Utc>,
    ) {
        let credential = Credential { password_hash: self.password_hash.clone(), changed_at: Some(now) };
        let credentials: Vec<_> = accounts.iter().map(|a| (*a, credential.clone())).collect();
        insert_credentials(tx, permit, &credentials).await.unwrap();
    }

    fn member(&self, person: &super::cast::Person, home: Unit, account: &Account) -> PartyMember {
        let home = &self.units[&home];
        let full = person.status == MemberStatus::Full;
        let new = NewMember {
            name: account.name.clone(),
            phone: account.phone.clone(),
            status: person.status,
            unit_id: home.id,
            joined_on: Some(if full { day(2010, 7, 1) } else { day(2025, 7, 1) }),
            full_member_on: full.then(|| day(2011, 7, 1)),
            sex: Some(Sex::Female),
            birth: None,
            education: Some(EducationLevel::Bachelor),
        };
        let id = self.members[&person.who];
        PartyMember::enter(id, account.id, new, home.kind, day(2026, 1, 1)).expect("a sound member")
    }
}

/// A member of a branch whose number is `index`, for crowds.
pub fn one_of_many(index: usize, home: &OrgUnit, now: DateTime<Utc>) -> (Option<Account>, PartyMember) {
    let phone = format!("137{:08}", index);
    let account = Account {
        id: AccountId(uuid(now)),
        name: format!("群众{index}"),
        phone: PhoneNumber::parse(&phone),
        language: ContactLanguage::Zh,
        created_at: now,
    };
    let new = NewMember {
        name: account.name.clone(),
        phone: account.phone.clone(),
        status: MemberStatus::Full,
        unit_id: home.id,
        joined_on: None,
        full_member_on: None,
        sex: None,
        birth: None,
        education: None,
    };
    let member = PartyMember::enter(PartyMemberId(uuid(now)), account.id, new, home.kind, day(2026, 1, 1));
    (Some(account), member.expect("a sound member"))
}

fn uuid(now: DateTime<Utc>) -> Uuid {
    Randomness.id(now)
}
