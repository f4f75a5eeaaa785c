//! The first administrator of a district, from the command line.

use chrono::{DateTime, Utc};
use zhibu_domain::{
    id::{AccountId, DistrictId, PostId, TypedId},
    identity::{PasswordRefusal, RevocationReason, check_password},
    member::{Account, ContactLanguage, PhoneNumber, Post, PostKind},
    organization::{DEFAULT_TIME_ZONE, NewOrgUnit, OrgUnit, OrgUnitKind},
    policy::{self, Action, Actor, Permit, Subject},
    rule::Rules,
    text,
};
use zhibu_persistence::{
    Origin, Store, StoreError, Tx, epoch,
    identity::{self, Credential},
    member,
    organization::{self, District},
    rule,
};

use crate::{
    app::civil_day,
    auth::{password_hash::Hasher, random::Randomness},
    identity::initial_password,
};

/// An administrator to be.
pub struct NewAdministrator {
    /// The district's code, 1–32 letters, digits, `-`, `_`.
    pub district: String,
    /// The district's name, where it is to be founded.
    pub district_name: Option<String>,
    /// The administrator's name.
    pub name: String,
    /// The number to sign in with.
    pub phone: PhoneNumber,
    /// The initial password.
    pub password: String,
}

/// Why there is no administrator.
#[derive(Debug)]
pub enum AdminError {
    /// There is no such district, and no name to found it with.
    UnknownDistrict,
    /// The district's name or code isn't one.
    BadDistrict,
    /// The name isn't one.
    BadName,
    /// Somebody of another name has the number.
    PhoneTaken,
    /// The password isn't good.
    Password(PasswordRefusal),
    /// The database.
    Store(StoreError),
    /// Anything else.
    Fault(&'static str),
}

impl From<StoreError> for AdminError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// An administrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Created {
    /// The district.
    pub district_id: DistrictId,
    /// The account.
    pub account_id: AccountId,
    /// Whether the district was founded.
    pub founded: bool,
}

/// An initial password that the rules' defaults accept.
pub fn draw_password(phone: &str, name: &str) -> Result<String, AdminError> {
    let drawn = initial_password::draw(phone, name, &Rules::defaults(), &Randomness);
    drawn.ok_or(AdminError::Fault("no password meets the rules"))
}

/// Makes somebody administrator of a district, with an initial password; founds the district where
/// it lacks. Who is administrator already gets the new password, and the old sessions end.
pub async fn create(store: &Store, now: DateTime<Utc>, new: NewAdministrator) -> Result<Created, AdminError> {
    let name = text::line(&new.name, 50).ok_or(AdminError::BadName)?;
    let existing = organization::districts(store).await?.into_iter().find(|d| d.code == new.district);
    let founded = existing.is_none();
    let district = existing.map_or_else(|| founding(&new, now), Ok)?;
    let id = DistrictId(district.id);
    let rules = Rules::on(civil_day(now, &district.time_zone), rule::settings(store, id).await?);
    check_password(&new.password, new.phone.national(), &name, false, &rules)
        .map_err(AdminError::Password)?;
    let hash = Hasher::default().hash(&new.password, Randomness.bytes());
    let password_hash = hash.map_err(|_| AdminError::Fault("the password can't be hashed"))?;
    let actor = Actor::System(id);
    let permit = policy::permit(&actor, Action::Appoint, Subject::default());
    let permit = permit.map_err(|_| AdminError::Fault("the server may not appoint"))?;
    let tx = store.begin(Origin { operation: "createAdministrator", request_id: None, now }).await?;
    if founded {
        organization::insert_district(&tx, &permit, &district).await?;
    }
    let root = root(&tx, &permit, &district).await?;
    let account_id = account(&tx, &permit, name, new.phone).await?;
    appoint(&tx, &permit, account_id, &root).await?;
    let credential = Credential { password_hash, changed_at: None };
    identity::save_credential(&tx, &permit, account_id, &credential).await?;
    identity::revoke_sessions(&tx, &permit, account_id, None, RevocationReason::PasswordChanged).await?;
    epoch::advance(&tx).await?;
    tx.commit().await?;
    Ok(Created { district_id: id, account_id, founded })
}

fn draw<I: TypedId>(now: DateTime<Utc>) -> I {
    I::from_uuid(Randomness.id(now))
}

fn founding(new: &NewAdministrator, now: DateTime<Utc>) -> Result<District, AdminError> {
    let name = new.district_name.as_deref().ok_or(AdminError::UnknownDistrict)?;
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let code = new.district.clone();
    if !(1..=32).contains(&code.len()) || !code.chars().all(legal) {
        return Err(AdminError::BadDistrict);
    }
    Ok(District {
        id: draw::<DistrictId>(now).0,
        code,
        name: text::line(name, 100).ok_or(AdminError::BadDistrict)?,
        time_zone: DEFAULT_TIME_ZONE.to_owned(),
    })
}

async fn root(tx: &Tx, permit: &Permit, district: &District) -> Result<OrgUnit, AdminError> {
    if let Some(root) = organization::root(tx, permit.district_id()).await? {
        return Ok(root);
    }
    let new = NewOrgUnit {
        id: draw(tx.now()),
        kind: OrgUnitKind::DistrictCommittee,
        name: district.name.clone(),
        short_name: None,
        code: Some(district.code.clone()),
        domain: None,
        community_class: None,
        time_zone: Some(district.time_zone.clone()),
    };
    let root = OrgUnit::found(None, new, tx.now()).map_err(|_| AdminError::BadDistrict)?;
    organization::insert_unit(tx, permit, &root).await?;
    Ok(root)
}

async fn account(
    tx: &Tx,
    permit: &Permit,
    name: String,
    phone: PhoneNumber,
) -> Result<AccountId, AdminError> {
    match member::account_by_phone(tx, permit.district_id(), &phone).await? {
        Some(known) if known.name == name => Ok(known.id),
        Some(_) => Err(AdminError::PhoneTaken),
        None => {
            let (id, created_at) = (draw(tx.now()), tx.now());
            let account = Account { id, name, phone: Some(phone), language: ContactLanguage::Zh, created_at };
            member::insert_account(tx, permit, &account).await?;
            Ok(id)
        }
    }
}

async fn appoint(tx: &Tx, permit: &Permit, account: AccountId, root: &OrgUnit) -> Result<(), AdminError> {
    let (district, today) = (permit.district_id(), civil_day(tx.now(), &root.time_zone));
    let kind = PostKind::DistrictAdministrator;
    let held = member::held_posts(tx, district, account, today).await?;
    if held.iter().any(|post| post.kind == kind) {
        return Ok(());
    }
    let id: PostId = draw(tx.now());
    let post = Post { id, account_id: account, unit_id: root.id, kind, starts_on: today, ends_on: None };
    Ok(member::insert_post(tx, permit, &post).await?)
}
