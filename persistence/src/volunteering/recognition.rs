//! What each member's hours of a year come to, kept by the transaction that writes the ledger, beside
//! the subdistrict of the member's home: whoever has most there is found by one index, however much
//! there is. A member who moves takes the years along, for the new home's office recognizes them.

use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;
use zhibu_domain::{
    id::{AccountId, DistrictId, OrgUnitId, PartyMemberId},
    organization::OrgUnitPath,
    volunteering::Posting,
};

use crate::{Connect, Result, StoreError, Tx, organization::below, sql};

/// From a member `m` to the subdistrict `s`: the unit right below the root in which the home `u` lies.
fn subdistrict() -> String {
    format!(
        "JOIN org_unit u ON u.district_id = m.district_id AND u.id = m.unit_id
         JOIN org_unit s ON s.district_id = u.district_id AND s.path = substr(u.path, 1, {})",
        OrgUnitPath::SUBDISTRICT
    )
}

/// Moves the sum of a member's year by as much as the ledger.
pub(super) async fn add(tx: &Tx, district: DistrictId, posting: &Posting) -> Result<()> {
    let values: Vec<Value> =
        vec![district.0.into(), posting.member_id.0.into(), posting.year.into(), posting.delta().into()];
    // A first line is always a grant; whatever follows finds the sum.
    let text = if posting.delta() > 0 {
        if tx.is_postgres() {
            // Whoever is moving at this moment, and whose home is, is waited for.
            let lock = "SELECT 1 FROM party_member m JOIN org_unit u ON u.district_id = m.district_id AND u.id = m.unit_id
                WHERE m.district_id = $1 AND m.id = $2 FOR SHARE";
            sql::execute(tx, lock, vec![district.0.into(), posting.member_id.0.into()]).await?;
        }
        format!(
            "INSERT INTO hour_year (district_id, member_id, year, subdistrict_id, minutes)
             SELECT m.district_id, m.id, $3, s.id, $4 FROM party_member m {}
             WHERE m.district_id = $1 AND m.id = $2
             ON CONFLICT (district_id, member_id, year) DO UPDATE SET minutes = hour_year.minutes + excluded.minutes",
            subdistrict()
        )
    } else {
        "UPDATE hour_year SET minutes = minutes + $4 WHERE district_id = $1 AND member_id = $2 AND year = $3"
            .to_owned()
    };
    match sql::execute(tx, &text, values).await? {
        1 => Ok(()),
        _ => Err(StoreError::Unreadable("HourYear")),
    }
}

/// Counts the years of a district that has none yet from its ledger.
pub(super) async fn count(tx: &Tx, district: DistrictId) -> Result<()> {
    let text = format!(
        "INSERT INTO hour_year (district_id, member_id, year, subdistrict_id, minutes)
         SELECT l.district_id, l.member_id, l.year, s.id, CAST(sum(l.after_minutes - l.before_minutes) AS bigint)
         FROM hour_ledger l JOIN party_member m ON m.district_id = l.district_id AND m.id = l.member_id {}
         WHERE l.district_id = $1 GROUP BY l.district_id, l.member_id, l.year, s.id",
        subdistrict()
    );
    sql::execute(tx, &text, vec![district.0.into()]).await?;
    Ok(())
}

fn moved() -> String {
    format!(
        "UPDATE hour_year SET subdistrict_id = (SELECT s.id FROM party_member m {}
         WHERE m.district_id = hour_year.district_id AND m.id = hour_year.member_id) WHERE district_id = $1",
        subdistrict()
    )
}

/// A member has moved: the years go along.
pub(crate) async fn follow_member(tx: &Tx, district: DistrictId, member: PartyMemberId) -> Result<()> {
    let text = format!("{} AND member_id = $2", moved());
    sql::execute(tx, &text, vec![district.0.into(), member.0.into()]).await?;
    Ok(())
}

/// A unit has moved, with all below it: the years of their members go along.
pub(crate) async fn follow_unit(tx: &Tx, district: DistrictId, path: &OrgUnitPath) -> Result<()> {
    let mut values: Vec<Value> = vec![district.0.into()];
    let condition = below(path, "v.path", &mut values);
    let text = format!(
        "{} AND member_id IN (SELECT n.id FROM party_member n
            JOIN org_unit v ON v.district_id = n.district_id AND v.id = n.unit_id
            WHERE n.district_id = $1 AND {condition})",
        moved()
    );
    sql::execute(tx, &text, values).await?;
    Ok(())
}

/// A member with the verified hours of a year.
#[derive(Clone, Debug)]
pub struct Recognizable {
    /// Who.
    pub member_id: PartyMemberId,
    /// Their account.
    pub account_id: AccountId,
    /// Name.
    pub name: String,
    /// Home.
    pub unit_id: OrgUnitId,
    /// The home's short name.
    pub unit_name: String,
    /// The minutes of the year, in whichever unit.
    pub minutes: i64,
    /// The minutes of all years.
    pub total: i64,
}

#[derive(FromQueryResult)]
struct Row {
    member_id: Uuid,
    account_id: Uuid,
    name: String,
    unit_id: Uuid,
    unit_name: String,
    minutes: i64,
    total: i64,
}

/// The members of a subdistrict with most verified hours of a year: one statement, which reads as much
/// as it answers.
pub async fn recognizable(
    db: &impl Connect,
    district: DistrictId,
    subdistrict: OrgUnitId,
    year: i32,
    limit: u32,
) -> Result<Vec<Recognizable>> {
    let text = format!(
        "SELECT y.member_id, m.account_id, a.name, m.unit_id, u.short_name AS unit_name, y.minutes,
            (SELECT CAST(sum(z.minutes) AS bigint) FROM hour_balance z
                WHERE z.district_id = y.district_id AND z.member_id = y.member_id) AS total
         FROM hour_year y
         JOIN party_member m ON m.district_id = y.district_id AND m.id = y.member_id
         JOIN account a ON a.district_id = m.district_id AND a.id = m.account_id
         JOIN org_unit u ON u.district_id = m.district_id AND u.id = m.unit_id
         WHERE y.district_id = $1 AND y.subdistrict_id = $2 AND y.year = $3 AND y.minutes > 0 AND m.left_on IS NULL
         ORDER BY y.minutes DESC, y.member_id LIMIT {limit}"
    );
    let values = vec![district.0.into(), subdistrict.0.into(), year.into()];
    let read = |r: Row| Recognizable {
        member_id: PartyMemberId(r.member_id),
        account_id: AccountId(r.account_id),
        name: r.name,
        unit_id: OrgUnitId(r.unit_id),
        unit_name: r.unit_name,
        minutes: r.minutes,
        total: r.total,
    };
    Ok(sql::all::<Row>(db, &text, values).await?.into_iter().map(read).collect())
}
