use std::collections::{HashMap, HashSet};

use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, Value};
use uuid::Uuid;
use zhibu_domain::{
    id::{AccountId, DistrictId, PartyMemberId, VolunteerTeamId, VolunteerTeamMemberId},
    policy::Permit,
    volunteering::VolunteerTeamMember,
};

use self::row::{Column, Entity, Model};
use crate::{
    Connect, Page, PageRequest, Result, Tx,
    audit::{self, Entry},
    row::{insert, update},
    sql,
};

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "volunteer_team_member")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub team_id: Uuid,
        pub member_id: Uuid,
        pub account_id: Uuid,
        pub joined_at: DateTimeUtc,
        pub added_by: Option<Uuid>,
        pub left_at: Option<DateTimeUtc>,
    }
    crate::row::plain_entity!();
}

fn stored(district: DistrictId, m: &VolunteerTeamMember) -> Model {
    Model {
        district_id: district.0,
        id: m.id.0,
        team_id: m.team_id.0,
        member_id: m.member_id.0,
        account_id: m.account_id.0,
        joined_at: m.joined_at,
        added_by: m.added_by.map(|a| a.0),
        left_at: m.left_at,
    }
}

fn read(row: Model) -> VolunteerTeamMember {
    VolunteerTeamMember {
        id: VolunteerTeamMemberId(row.id),
        team_id: VolunteerTeamId(row.team_id),
        member_id: PartyMemberId(row.member_id),
        account_id: AccountId(row.account_id),
        joined_at: row.joined_at,
        added_by: row.added_by.map(AccountId),
        left_at: row.left_at,
    }
}

/// What a member is in a team now. The caller has locked the team.
pub async fn team_member(
    tx: &Tx,
    district: DistrictId,
    team: VolunteerTeamId,
    member: PartyMemberId,
) -> Result<Option<VolunteerTeamMember>> {
    let query = Entity::find()
        .filter(Column::DistrictId.eq(district.0))
        .filter(Column::TeamId.eq(team.0))
        .filter(Column::MemberId.eq(member.0))
        .filter(Column::LeftAt.is_null())
        .lock_exclusive();
    Ok(query.one(tx.conn()).await?.map(read))
}

/// Who is in a team now, in order of joining.
pub async fn team_member_page(
    db: &impl Connect,
    district: DistrictId,
    team: VolunteerTeamId,
    page: PageRequest,
) -> Result<Page<VolunteerTeamMember>> {
    let mut values: Vec<Value> = vec![district.0.into(), team.0.into()];
    let mut text =
        "SELECT * FROM volunteer_team_member WHERE district_id = $1 AND team_id = $2 AND left_at IS NULL"
            .to_owned();
    page.append(&mut text, &mut values, "id", false);
    let rows: Vec<Model> = sql::all(db, &text, values).await?;
    Ok(page.page(rows.into_iter().map(read).collect()))
}

#[derive(FromQueryResult)]
struct CountRow {
    team_id: Uuid,
    members: i64,
}

/// How many are in some teams now.
pub async fn team_sizes(
    db: &impl Connect,
    district: DistrictId,
    teams: &[VolunteerTeamId],
) -> Result<HashMap<VolunteerTeamId, i64>> {
    let text = format!(
        "SELECT team_id, count(*) AS members FROM volunteer_team_member
         WHERE district_id = $1 AND left_at IS NULL AND {} GROUP BY team_id",
        sql::in_list("team_id", 2, teams.len())
    );
    let values = std::iter::once(district.0).chain(teams.iter().map(|id| id.0)).map(Value::from).collect();
    let rows = sql::all::<CountRow>(db, &text, values).await?;
    Ok(rows.into_iter().map(|r| (VolunteerTeamId(r.team_id), r.members)).collect())
}

#[derive(FromQueryResult)]
struct TeamRow {
    team_id: Uuid,
}

/// In which teams a member is now.
pub async fn teams_of(
    db: &impl Connect,
    district: DistrictId,
    member: PartyMemberId,
) -> Result<HashSet<VolunteerTeamId>> {
    let text = "SELECT team_id FROM volunteer_team_member
        WHERE district_id = $1 AND member_id = $2 AND left_at IS NULL";
    let rows = sql::all::<TeamRow>(db, text, vec![district.0.into(), member.0.into()]).await?;
    Ok(rows.into_iter().map(|r| VolunteerTeamId(r.team_id)).collect())
}

/// Remembers that somebody is in a team.
pub async fn insert_team_member(tx: &Tx, permit: &Permit, new: &VolunteerTeamMember) -> Result<()> {
    insert(tx, stored(permit.district_id(), new)).await?;
    audit::append(tx, permit, Entry::about(new.id).person(new.account_id).change(None, Some(new))).await
}

/// Remembers a change of it.
pub async fn update_team_member(
    tx: &Tx,
    permit: &Permit,
    before: &VolunteerTeamMember,
    after: &VolunteerTeamMember,
) -> Result<()> {
    update(tx, stored(permit.district_id(), after)).await?;
    let entry = Entry::about(after.id).person(after.account_id).change(Some(before), Some(after));
    audit::append(tx, permit, entry).await
}
