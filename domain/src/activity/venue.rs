use serde::{Deserialize, Serialize};

use super::ActivityRefusal as Refusal;
use crate::{
    rule::{RuleKey, Rules},
    text,
};

/// The radii that a venue may have, in metres: a phone's position is never better than the
/// first, and beyond the last a circle says nothing.
const RADIUS_METRES: std::ops::RangeInclusive<i64> = 20..=5_000;

/// A circle on the ground, in WGS-84 degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fence {
    /// Latitude of the centre.
    pub latitude: f64,
    /// Longitude of the centre.
    pub longitude: f64,
    /// Radius.
    pub radius_metres: i64,
}

/// Where an activity takes place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Venue {
    /// Name.
    pub name: String,
    /// Address.
    pub address: Option<String>,
    /// The circle within which somebody counts as near.
    pub fence: Option<Fence>,
}

/// What is said of a fence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NewFence {
    /// Latitude of the centre.
    pub latitude: f64,
    /// Longitude of the centre.
    pub longitude: f64,
    /// Radius; the rule's where absent.
    pub radius_metres: Option<i64>,
}

/// What is said of a venue.
#[derive(Clone, Debug, PartialEq)]
pub struct NewVenue {
    /// Name.
    pub name: String,
    /// Address.
    pub address: Option<String>,
    /// Fence.
    pub fence: Option<NewFence>,
}

impl NewVenue {
    /// Checks it.
    pub fn check(self, rules: &Rules) -> Result<Venue, Refusal> {
        Ok(Venue {
            name: text::line(&self.name, 100).ok_or(Refusal::BadVenue)?,
            address: self
                .address
                .filter(|address| !address.trim().is_empty())
                .map(|address| text::line(&address, 200).ok_or(Refusal::BadVenue))
                .transpose()?,
            fence: self.fence.map(|fence| fence.check(rules)).transpose()?,
        })
    }
}

impl NewFence {
    fn check(self, rules: &Rules) -> Result<Fence, Refusal> {
        let radius_metres = self.radius_metres.unwrap_or_else(|| rules.get(RuleKey::GeofenceMetres));
        let on_earth = on_earth(self.latitude, self.longitude);
        if on_earth && RADIUS_METRES.contains(&radius_metres) {
            Ok(Fence { latitude: self.latitude, longitude: self.longitude, radius_metres })
        } else {
            Err(Refusal::BadFence)
        }
    }
}

/// Whether such a place exists; not a number never does.
pub(super) fn on_earth(latitude: f64, longitude: f64) -> bool {
    (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude)
}
