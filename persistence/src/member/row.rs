use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use uuid::Uuid;
use zhibu_domain::{
    id::{AccountId, DistrictId, ExemptionId, OrgUnitId, PartyMemberId, PostId},
    member::{Account, BirthMonth, Exemption, PartyMember, PhoneNumber, Post},
    vocabulary::Vocabulary,
};

use crate::{
    Result, StoreError,
    row::{word, word_opt},
};

pub(super) mod account {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "account")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        pub phone: Option<String>,
        pub language: String,
        pub created_at: DateTimeUtc,
    }
    crate::row::plain_entity!();
}

pub(super) mod party_member {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "party_member")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub unit_id: Uuid,
        pub status: String,
        pub joined_on: Option<Date>,
        pub full_member_on: Option<Date>,
        pub sex: Option<String>,
        pub birth_month: Option<String>,
        pub education: Option<String>,
        pub left_on: Option<Date>,
        pub created_at: DateTimeUtc,
        pub updated_at: DateTimeUtc,
        pub version: i32,
    }
    crate::row::plain_entity!();
}

pub(super) mod membership {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "membership")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub member_id: Uuid,
        pub unit_id: Uuid,
        pub entered_on: Option<Date>,
        pub left_on: Option<Date>,
    }
    crate::row::plain_entity!();
}

pub(super) mod exemption {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "exemption")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub member_id: Uuid,
        pub kind: String,
        pub reason: String,
        pub starts_on: Date,
        pub ends_on: Option<Date>,
    }
    crate::row::plain_entity!();
}

pub(super) mod post {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "post")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub unit_id: Uuid,
        pub kind: String,
        pub starts_on: Date,
        pub ends_on: Option<Date>,
    }
    crate::row::plain_entity!();
}

/// A member with the name and phone of the account.
#[derive(FromQueryResult)]
pub(super) struct MemberRow {
    pub(super) id: Uuid,
    account_id: Uuid,
    name: String,
    phone: Option<String>,
    status: String,
    unit_id: Uuid,
    joined_on: Option<chrono::NaiveDate>,
    full_member_on: Option<chrono::NaiveDate>,
    sex: Option<String>,
    birth_month: Option<String>,
    education: Option<String>,
    left_on: Option<chrono::NaiveDate>,
    version: i32,
}

pub(super) const MEMBER: &str =
    "SELECT m.id, m.account_id, a.name, a.phone, m.status, m.unit_id, m.joined_on,
    m.full_member_on, m.sex, m.birth_month, m.education, m.left_on, m.version
    FROM party_member m JOIN account a ON a.district_id = m.district_id AND a.id = m.account_id";

/// A member's columns beside those of another table; read with the prefix `m_`.
pub(crate) const MEMBER_BESIDE: &str = "m.id AS m_id, m.account_id AS m_account_id, p.name AS m_name,
    p.phone AS m_phone, m.status AS m_status, m.unit_id AS m_unit_id, m.joined_on AS m_joined_on,
    m.full_member_on AS m_full_member_on, m.sex AS m_sex, m.birth_month AS m_birth_month,
    m.education AS m_education, m.left_on AS m_left_on, m.version AS m_version";

/// Reads a member beside another row.
pub(crate) fn member_beside(row: &sea_orm::QueryResult) -> Result<PartyMember> {
    read_member(MemberRow::from_query_result(row, "m_")?)
}

pub(super) fn read_member(row: MemberRow) -> Result<PartyMember> {
    Ok(PartyMember {
        id: PartyMemberId(row.id),
        account_id: AccountId(row.account_id),
        name: row.name,
        phone: row.phone.map(PhoneNumber::from_stored),
        status: word(&row.status)?,
        unit_id: OrgUnitId(row.unit_id),
        joined_on: row.joined_on,
        full_member_on: row.full_member_on,
        sex: word_opt(row.sex.as_deref())?,
        birth: row
            .birth_month
            .map(|text| BirthMonth::from_stored(&text).ok_or(StoreError::Unreadable("BirthMonth")))
            .transpose()?,
        education: word_opt(row.education.as_deref())?,
        left_on: row.left_on,
        version: row.version,
    })
}

pub(super) fn stored_member(
    district: DistrictId,
    member: &PartyMember,
    now: DateTime<Utc>,
) -> party_member::Model {
    party_member::Model {
        district_id: district.0,
        id: member.id.0,
        account_id: member.account_id.0,
        unit_id: member.unit_id.0,
        status: member.status.code().to_owned(),
        joined_on: member.joined_on,
        full_member_on: member.full_member_on,
        sex: member.sex.map(|s| s.code().to_owned()),
        birth_month: member.birth.map(BirthMonth::stored),
        education: member.education.map(|e| e.code().to_owned()),
        left_on: member.left_on,
        created_at: now,
        updated_at: now,
        version: member.version,
    }
}

pub(super) fn stored_account(district: DistrictId, account: &Account) -> account::Model {
    account::Model {
        district_id: district.0,
        id: account.id.0,
        name: account.name.clone(),
        phone: account.phone.as_ref().map(|p| p.as_e164().to_owned()),
        language: account.language.code().to_owned(),
        created_at: account.created_at,
    }
}

pub(super) fn read_account(row: account::Model) -> Result<Account> {
    Ok(Account {
        id: AccountId(row.id),
        name: row.name,
        phone: row.phone.map(PhoneNumber::from_stored),
        language: word(&row.language)?,
        created_at: row.created_at,
    })
}

pub(super) fn stored_exemption(district: DistrictId, exemption: &Exemption) -> exemption::Model {
    exemption::Model {
        district_id: district.0,
        id: exemption.id.0,
        member_id: exemption.member_id.0,
        kind: exemption.kind.code().to_owned(),
        reason: exemption.reason.clone(),
        starts_on: exemption.starts_on,
        ends_on: exemption.ends_on,
    }
}

pub(super) fn read_exemption(row: exemption::Model) -> Result<Exemption> {
    Ok(Exemption {
        id: ExemptionId(row.id),
        member_id: PartyMemberId(row.member_id),
        kind: word(&row.kind)?,
        reason: row.reason,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
    })
}

pub(super) fn stored_post(district: DistrictId, post: &Post) -> post::Model {
    post::Model {
        district_id: district.0,
        id: post.id.0,
        account_id: post.account_id.0,
        unit_id: post.unit_id.0,
        kind: post.kind.code().to_owned(),
        starts_on: post.starts_on,
        ends_on: post.ends_on,
    }
}

pub(super) fn read_post(row: post::Model) -> Result<Post> {
    Ok(Post {
        id: PostId(row.id),
        account_id: AccountId(row.account_id),
        unit_id: OrgUnitId(row.unit_id),
        kind: word(&row.kind)?,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
    })
}
