//! Tenants.

use sea_orm::FromQueryResult;
use serde::Serialize;
use uuid::Uuid;
use zhibu_domain::{id::DistrictId, policy::Permit};

use crate::{
    Connect, Result, Tx,
    audit::{self, Entry},
    sql,
};

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromQueryResult)]
pub struct District {
    /// Identity.
    pub id: Uuid,
    /// The code by which a client names it (e.g. the 6-digit division code, GB/T 2260).
    pub code: String,
    /// Name.
    pub name: String,
    /// IANA time zone.
    pub time_zone: String,
}

/// All districts. Administration only: the one statement across tenants.
pub async fn districts(db: &impl Connect) -> Result<Vec<District>> {
    sql::all(db, "SELECT id, code, name, time_zone FROM district ORDER BY code", vec![]).await
}

/// Founds a district. Its root unit is saved apart.
pub async fn insert_district(tx: &Tx, permit: &Permit, district: &District) -> Result<()> {
    sql::execute(
        tx,
        "INSERT INTO district (id, code, name, time_zone, created_at) VALUES ($1, $2, $3, $4, $5)",
        vec![
            district.id.into(),
            district.code.clone().into(),
            district.name.clone().into(),
            district.time_zone.clone().into(),
            tx.now().into(),
        ],
    )
    .await?;
    audit::append(tx, permit, Entry::about(DistrictId(district.id)).change(None, Some(district))).await
}

/// Lets one import into a district, or one export of it, go on at a time, until the end of the
/// transaction.
pub async fn lock_district(tx: &Tx, district: DistrictId) -> Result<()> {
    if tx.is_postgres() {
        sql::execute(tx, "SELECT 1 FROM district WHERE id = $1 FOR NO KEY UPDATE", vec![district.0.into()])
            .await?;
    }
    Ok(())
}
