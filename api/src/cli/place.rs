//! Where a command works: the district and the unit that its arguments name.

use zhibu_domain::{id::DistrictId, organization::OrgUnit};
use zhibu_persistence::organization;

use super::failure::Failure;
use crate::app::App;

/// The district with a code; the only one where none is named.
pub async fn district(app: &App, code: Option<&str>) -> Result<DistrictId, Failure> {
    let districts = app.districts().await?;
    let code = code.or(app.config.default_district.as_deref());
    let found = match (code, districts.as_slice()) {
        (Some(code), all) => all.iter().find(|d| d.code == code),
        (None, [only]) => Some(only),
        (None, _) => return Err(Failure::setting("--district: name the district; there isn't exactly one")),
    };
    let found =
        found.ok_or_else(|| Failure::setting(format!("--district: there is no {}", code.unwrap_or(""))))?;
    Ok(DistrictId(found.id))
}

/// The unit with a code.
pub async fn unit(app: &App, district: DistrictId, code: &str) -> Result<OrgUnit, Failure> {
    let root = organization::root(&app.store, district).await?;
    let units = match root {
        Some(root) => organization::subtree(&app.store, district, &root.path).await?,
        None => Vec::new(),
    };
    let found = units.into_iter().find(|unit| unit.code == code);
    found.ok_or_else(|| Failure::setting(format!("--unit: the district has no unit with the code {code}")))
}
