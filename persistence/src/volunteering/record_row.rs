use zhibu_domain::{
    id::{AccountId, DistrictId, OrgUnitId, PartyMemberId, ServiceHourExportId, ServiceRecordSheetId},
    identity::SecretHash,
    vocabulary::Vocabulary,
    volunteering::{ExportCounts, ServiceHourExport, ServiceRecordSheet},
};

use crate::{Result, row::word_opt};

pub(super) mod sheet {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "service_record_sheet")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub member_id: Uuid,
        pub account_id: Uuid,
        pub unit_id: Uuid,
        pub number: String,
        pub code_hash: Vec<u8>,
        pub name: String,
        pub year: Option<i32>,
        pub first_on: Date,
        pub last_on: Date,
        pub services: i32,
        pub minutes: i64,
        pub shift_minutes: i64,
        pub star_level: Option<String>,
        pub issued_on: Date,
        pub issued_at: DateTimeUtc,
        pub revoked_at: Option<DateTimeUtc>,
    }
    crate::row::plain_entity!();
}

pub(super) mod sheet_line {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "service_record_sheet_line")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub sheet_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub entry_id: Uuid,
        pub minutes: i64,
    }
    crate::row::plain_entity!();
}

pub(super) mod export {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "service_hour_export")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub unit_id: Uuid,
        pub from_on: Date,
        pub until_on: Date,
        pub purpose: String,
        pub account_id: Uuid,
        pub exported_at: DateTimeUtc,
        pub new_rows: i64,
        pub repeated_rows: i64,
        pub corrected_rows: i64,
        pub minutes: i64,
    }
    crate::row::plain_entity!();
}

pub(super) fn stored_sheet(district: DistrictId, s: &ServiceRecordSheet, code: SecretHash) -> sheet::Model {
    sheet::Model {
        district_id: district.0,
        id: s.id.0,
        member_id: s.member_id.0,
        account_id: s.account_id.0,
        unit_id: s.unit_id.0,
        number: s.number.clone(),
        code_hash: code.0.to_vec(),
        name: s.name.clone(),
        year: s.year,
        first_on: s.first_on,
        last_on: s.last_on,
        services: s.services,
        minutes: s.minutes,
        shift_minutes: s.shift_minutes,
        star_level: s.star_level.map(|level| level.code().to_owned()),
        issued_on: s.issued_on,
        issued_at: s.issued_at,
        revoked_at: s.revoked_at,
    }
}

pub(super) fn read_sheet(row: sheet::Model) -> Result<ServiceRecordSheet> {
    Ok(ServiceRecordSheet {
        id: ServiceRecordSheetId(row.id),
        member_id: PartyMemberId(row.member_id),
        account_id: AccountId(row.account_id),
        unit_id: OrgUnitId(row.unit_id),
        number: row.number,
        name: row.name,
        year: row.year,
        first_on: row.first_on,
        last_on: row.last_on,
        services: row.services,
        minutes: row.minutes,
        shift_minutes: row.shift_minutes,
        star_level: word_opt(row.star_level.as_deref())?,
        issued_on: row.issued_on,
        issued_at: row.issued_at,
        revoked_at: row.revoked_at,
    })
}

pub(super) fn stored_export(district: DistrictId, e: &ServiceHourExport) -> export::Model {
    export::Model {
        district_id: district.0,
        id: e.id.0,
        unit_id: e.unit_id.0,
        from_on: e.from,
        until_on: e.until,
        purpose: e.purpose.clone(),
        account_id: e.account_id.0,
        exported_at: e.exported_at,
        new_rows: e.counts.new,
        repeated_rows: e.counts.repeated,
        corrected_rows: e.counts.corrections,
        minutes: e.counts.minutes,
    }
}

pub(super) fn read_export(row: export::Model) -> ServiceHourExport {
    ServiceHourExport {
        id: ServiceHourExportId(row.id),
        unit_id: OrgUnitId(row.unit_id),
        from: row.from_on,
        until: row.until_on,
        purpose: row.purpose,
        account_id: AccountId(row.account_id),
        exported_at: row.exported_at,
        counts: ExportCounts {
            new: row.new_rows,
            repeated: row.repeated_rows,
            corrections: row.corrected_rows,
            minutes: row.minutes,
        },
    }
}
