//! `accounts.json`: who can sign in, for newcomers and load generators.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use serde::Serialize;
use zhibu_domain::id::{OrgUnitId, PartyMemberId, TypedId};

use super::{
    DemoError, PASSWORD,
    world::{Part, Role, Someone, World},
};
use crate::graphql::encode;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    phone: &'a str,
    password: &'static str,
    role: Role,
    name: &'a str,
    unit: &'a str,
    unit_code: &'a str,
    unit_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    member_id: Option<String>,
}

impl<'a> Line<'a> {
    fn of(someone: &Someone<'a>) -> Self {
        let (unit_id, unit_code, unit) = someone.unit;
        Self {
            phone: someone.phone,
            password: PASSWORD,
            role: someone.role,
            name: someone.name,
            unit,
            unit_code,
            unit_id: encode(OrgUnitId::KIND, unit_id.0),
            member_id: someone.member.map(|id| encode(PartyMemberId::KIND, id.0)),
        }
    }
}

/// Writes everybody of the demo into a JSON array, one person a line.
pub fn write(path: &Path, world: &World) -> Result<usize, DemoError> {
    let mut file = BufWriter::new(File::create(path)?);
    let base = world.base()?;
    let mut count = 0;
    count += append(&mut file, &base, count)?;
    for n in 0..world.plan.subdistricts.len() {
        let part = world.subdistrict(n, &base)?;
        count += append(&mut file, &part, count)?;
    }
    file.write_all(b"\n]\n")?;
    file.flush()?;
    Ok(count)
}

fn append(file: &mut impl Write, part: &Part, before: usize) -> Result<usize, DemoError> {
    let mut count = 0;
    for someone in part.everybody() {
        file.write_all(if before + count == 0 { b"[\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *file, &Line::of(&someone)).map_err(std::io::Error::from)?;
        count += 1;
    }
    Ok(count)
}
