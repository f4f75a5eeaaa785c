use std::f64::consts::PI;

use crate::{
    activity::{Fence, venue::on_earth},
    vocabulary,
};

vocabulary! {
    /// The datum of a position's degrees.
    pub enum Datum {
        /// As satellites give it.
        Wgs84 = "WGS84" => "WGS-84", "WGS-84";
        /// As Chinese maps and WeChat give it.
        Gcj02 = "GCJ02" => "GCJ-02", "GCJ-02";
    }
}

vocabulary! {
    /// All that is kept of a position (R35, R46).
    pub enum Nearness {
        /// Within the venue's fence, as far as the phone can tell.
        Near = "NEAR" => "在现场附近", "Near";
        /// Outside.
        Far = "FAR" => "距离较远", "Far";
        /// No position was given, or one too vague to say anything.
        NotGiven = "NOT_GIVEN" => "未提供位置", "Not given";
        /// The venue has no fence.
        Unknown = "UNKNOWN" => "未设范围", "No fence";
    }
}

/// A position that a member has chosen to send. It is used up by [`nearness`], can't be
/// serialized and shows nothing of itself in a log.
#[derive(Clone, Copy)]
pub struct Position {
    /// Latitude in degrees.
    pub latitude: f64,
    /// Longitude in degrees.
    pub longitude: f64,
    /// What the phone says of the error, in metres.
    pub accuracy_metres: Option<f64>,
    /// The degrees' datum.
    pub datum: Datum,
}

impl std::fmt::Debug for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Position(…)")
    }
}

/// A position less exact than this says nothing.
const VAGUE_METRES: f64 = 2_000.0;
const EARTH_METRES: f64 = 6_371_008.8;

/// Whether a position is near the venue. Doubt counts for the member: only who is outside by
/// more than the phone's error is far.
pub fn nearness(fence: Option<&Fence>, position: Option<Position>) -> Nearness {
    let Some(fence) = fence else { return Nearness::Unknown };
    let Some(position) = position else { return Nearness::NotGiven };
    let error = position.accuracy_metres.unwrap_or(0.0);
    if !on_earth(position.latitude, position.longitude) || !(0.0..=VAGUE_METRES).contains(&error) {
        return Nearness::NotGiven;
    }
    let (latitude, longitude) = match position.datum {
        Datum::Wgs84 => (position.latitude, position.longitude),
        Datum::Gcj02 => gcj02_to_wgs84(position.latitude, position.longitude),
    };
    let distance = haversine((latitude, longitude), (fence.latitude, fence.longitude));
    #[expect(clippy::cast_precision_loss, reason = "at most 5,000")]
    let radius = fence.radius_metres as f64;
    if distance <= radius + error { Nearness::Near } else { Nearness::Far }
}

/// Distance of two places in metres on a sphere.
pub(in crate::activity) fn haversine(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat_a, lat_b) = (a.0.to_radians(), b.0.to_radians());
    let half = |x: f64| (x / 2.0).sin().powi(2);
    let h = half(lat_b - lat_a) + lat_a.cos() * lat_b.cos() * half((b.1 - a.1).to_radians());
    2.0 * EARTH_METRES * h.clamp(0.0, 1.0).sqrt().asin()
}

// The Krasovsky ellipsoid, on which GCJ-02 is built.
const AXIS: f64 = 6_378_245.0;
const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;

fn in_china(latitude: f64, longitude: f64) -> bool {
    (0.8293..=55.8271).contains(&latitude) && (72.004..=137.8347).contains(&longitude)
}

fn wave(x: f64) -> f64 {
    20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin()
}

/// WGS-84 degrees as GCJ-02 shifts them; unchanged outside China.
pub(in crate::activity) fn wgs84_to_gcj02(latitude: f64, longitude: f64) -> (f64, f64) {
    if !in_china(latitude, longitude) {
        return (latitude, longitude);
    }
    let (x, y) = (longitude - 105.0, latitude - 35.0);
    let root = 0.1 * x.abs().sqrt();
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 2.0 * root
        + (wave(x)
            + 20.0 * (y * PI).sin()
            + 40.0 * (y / 3.0 * PI).sin()
            + 160.0 * (y / 12.0 * PI).sin()
            + 320.0 * (y * PI / 30.0).sin())
            * 2.0
            / 3.0;
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + root
        + (wave(x)
            + 20.0 * (x * PI).sin()
            + 40.0 * (x / 3.0 * PI).sin()
            + 150.0 * (x / 12.0 * PI).sin()
            + 300.0 * (x / 30.0 * PI).sin())
            * 2.0
            / 3.0;
    let phi = latitude.to_radians();
    let magic = 1.0 - ECCENTRICITY_SQUARED * phi.sin().powi(2);
    let meridian = AXIS * (1.0 - ECCENTRICITY_SQUARED) / (magic * magic.sqrt());
    let parallel = AXIS / magic.sqrt() * phi.cos();
    (latitude + (north / meridian).to_degrees(), longitude + (east / parallel).to_degrees())
}

/// The inverse, found by iteration; three rounds are exact to millimetres.
pub(in crate::activity) fn gcj02_to_wgs84(latitude: f64, longitude: f64) -> (f64, f64) {
    (0..4).fold((latitude, longitude), |guess, _| {
        let shifted = wgs84_to_gcj02(guess.0, guess.1);
        (guess.0 + latitude - shifted.0, guess.1 + longitude - shifted.1)
    })
}
