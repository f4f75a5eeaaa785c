use proptest::prelude::*;

use super::*;
use crate::activity::check_in::place::{gcj02_to_wgs84, haversine, wgs84_to_gcj02};

const SQUARE: Fence = Fence { latitude: 39.9087, longitude: 116.3975, radius_metres: 300 };

fn position(latitude: f64, longitude: f64, accuracy_metres: Option<f64>, datum: Datum) -> Option<Position> {
    Some(Position { latitude, longitude, accuracy_metres, datum })
}

#[test]
fn near_far_or_nothing() {
    let wgs = |latitude, accuracy| position(latitude, 116.3975, accuracy, Datum::Wgs84);
    assert_eq!(nearness(None, wgs(39.9087, None)), Nearness::Unknown);
    assert_eq!(nearness(Some(&SQUARE), None), Nearness::NotGiven);
    assert_eq!(nearness(Some(&SQUARE), wgs(39.9100, None)), Nearness::Near);
    // 556 m away: doubt counts for the member.
    assert_eq!(nearness(Some(&SQUARE), wgs(39.9137, None)), Nearness::Far);
    assert_eq!(nearness(Some(&SQUARE), wgs(39.9137, Some(300.0))), Nearness::Near);
    assert_eq!(nearness(Some(&SQUARE), wgs(31.0, Some(2_001.0))), Nearness::NotGiven);
    for nonsense in [f64::NAN, f64::INFINITY, 91.0, -1e300] {
        assert_eq!(nearness(Some(&SQUARE), wgs(nonsense, None)), Nearness::NotGiven);
        assert_eq!(nearness(Some(&SQUARE), wgs(39.9087, Some(nonsense.min(-1.0)))), Nearness::NotGiven);
    }
}

#[test]
fn a_chinese_map_is_half_a_kilometre_off() {
    let (latitude, longitude) = wgs84_to_gcj02(SQUARE.latitude, SQUARE.longitude);
    let off = haversine((latitude, longitude), (SQUARE.latitude, SQUARE.longitude));
    assert!((400.0..700.0).contains(&off), "{off}");
    assert_eq!(nearness(Some(&SQUARE), position(latitude, longitude, None, Datum::Gcj02)), Nearness::Near);
    assert_eq!(nearness(Some(&SQUARE), position(latitude, longitude, None, Datum::Wgs84)), Nearness::Far);
}

#[test]
fn a_known_pair_of_degrees_agrees() {
    // The pairs with which the open-source converters of several languages are tested.
    let pairs = [
        ((31.177_427_6, 121.527_210_6), (31.175_303_983_645_97, 121.531_541_859_215)),
        ((22.543_847, 113.912_316), (22.540_796_131_694_766, 113.917_176_480_836_3)),
        ((39.911_954, 116.377_817), (39.913_345_455_360_69, 116.384_047_224_556_57)),
    ];
    for (wgs, gcj) in pairs {
        let off = haversine(wgs84_to_gcj02(wgs.0, wgs.1), gcj);
        assert!(off < 0.1, "{off} m");
    }
}

#[test]
fn a_position_shows_nothing_of_itself() {
    assert_eq!(format!("{:?}", position(39.9, 116.4, None, Datum::Wgs84)), "Some(Position(…))");
}

#[test]
fn distance_on_the_sphere() {
    let quarter = haversine((0.0, 0.0), (0.0, 90.0));
    assert!((quarter - 10_007_557.0).abs() < 1.0, "{quarter}");
    assert!(haversine((0.0, 179.9999), (0.0, -179.9999)) < 30.0);
}

proptest! {
    #[test]
    fn there_and_back_is_less_than_a_metre(latitude in 18.0_f64..53.0, longitude in 74.0_f64..134.0) {
        let shifted = wgs84_to_gcj02(latitude, longitude);
        let back = gcj02_to_wgs84(shifted.0, shifted.1);
        prop_assert!(haversine((latitude, longitude), back) < 1.0);
    }

    #[test]
    fn outside_china_nothing_is_shifted(latitude in -60.0_f64..0.0, longitude in -180.0_f64..180.0) {
        prop_assert_eq!(wgs84_to_gcj02(latitude, longitude), (latitude, longitude));
        prop_assert_eq!(gcj02_to_wgs84(latitude, longitude), (latitude, longitude));
    }
}
