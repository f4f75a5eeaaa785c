use proptest::prelude::*;

use super::*;

const ACTIVITY: ActivityId = ActivityId(Uuid::from_u128(0xac));
const OTHER: ActivityId = ActivityId(Uuid::from_u128(0xad));

fn instant(seconds: i64, nanos: u32) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, nanos).unwrap()
}

fn scan(text: &str, key: &CodeKey, activity: ActivityId, when: DateTime<Utc>) -> Result<Fresh, CodeRefusal> {
    verify_qr(&QrPayload::parse(text).unwrap(), key, activity, when, &rules())
}

#[test]
fn the_code_has_its_published_form() {
    let shown = show(&key(), ACTIVITY, at(0), &rules());
    assert_eq!(shown.qr.len(), 5 + 43);
    assert_eq!(shown.digits.len(), 6);
    assert_eq!((shown.valid_from, shown.valid_until), (at(0), at(0) + Duration::seconds(15)));
    assert_eq!(QrPayload::<ActivityId>::parse(&shown.qr).unwrap().subject, ACTIVITY);
    assert_eq!(format!("{:?}", key()), "CodeKey(…)");
}

#[test]
fn nonsense_is_no_code() {
    let good = show(&key(), ACTIVITY, at(0), &rules()).qr;
    for bad in
        ["", "zhb1.", "zhb1.AAAA", "zhb2.AAAA", "https://example.com", &good[..20], &format!("{good}A")]
    {
        assert_eq!(QrPayload::<ActivityId>::parse(bad), None, "{bad}");
    }
    assert_eq!(QrPayload::<ActivityId>::parse(&"zhb1.A".repeat(1_000_000)), None);
    assert!(QrPayload::<ActivityId>::parse(&format!(" {good}\n")).is_some());
}

#[test]
fn digits_are_understood_as_phones_type_them() {
    let shown = show(&key(), ACTIVITY, at(0), &rules());
    let wide: String = shown
        .digits
        .chars()
        .map(|c| char::from_u32(u32::from(c) - u32::from('0') + u32::from('０')).unwrap())
        .collect();
    let spaced = format!(" {} {} ", &shown.digits[..3], &shown.digits[3..]);
    for typed in [&shown.digits, &wide, &spaced] {
        assert!(verify_digits(typed, &key(), ACTIVITY, at(0), &rules()).is_ok(), "{typed}");
    }
    for typed in ["", "12345", "1234567", "12345a", "-12345", "99999999999999999999"] {
        let answer = verify_digits(typed, &key(), ACTIVITY, at(0), &rules());
        assert_eq!(answer, Err(CodeRefusal::Wrong), "{typed}");
    }
}

#[test]
fn digits_last_as_long_as_typing_takes() {
    let digits = show(&key(), ACTIVITY, at(0), &rules()).digits;
    let after =
        |seconds| verify_digits(&digits, &key(), ACTIVITY, at(0) + Duration::seconds(seconds), &rules());
    assert_eq!(after(14).map(|fresh| fresh.edge), Ok(false));
    assert_eq!(after(44).map(|fresh| fresh.edge), Ok(true));
    assert_eq!(after(45), Err(CodeRefusal::Wrong));
    assert_eq!(after(-1), Err(CodeRefusal::Wrong));
}

proptest! {
    #[test]
    fn what_is_shown_is_accepted_until_its_grace_ends_and_never_before_it_is_shown(
        second in 1_700_000_000_i64..4_000_000_000,
        nanos in 0_u32..1_000_000_000,
        later in 0_i64..60,
    ) {
        let shown = show(&key(), ACTIVITY, instant(second, nanos), &rules());
        prop_assert!(shown.valid_from <= instant(second, nanos) && instant(second, nanos) < shown.valid_until);
        let when = instant(second + later, nanos);
        let answer = scan(&shown.qr, &key(), ACTIVITY, when);
        if when < shown.valid_until {
            prop_assert_eq!(answer, Ok(Fresh { step: shown.step, edge: false }));
        } else if when < shown.valid_until + Duration::seconds(5) {
            prop_assert_eq!(answer, Ok(Fresh { step: shown.step, edge: true }));
        } else {
            prop_assert_eq!(answer, Err(CodeRefusal::Expired));
        }
        let before = shown.valid_from - Duration::nanoseconds(1);
        prop_assert_eq!(scan(&shown.qr, &key(), ACTIVITY, before), Err(CodeRefusal::Wrong));
    }

    #[test]
    fn a_code_of_another_activity_or_key_or_a_changed_one_is_refused(
        secret in prop::array::uniform32(any::<u8>()),
        position in 5_usize..48,
    ) {
        let shown = show(&key(), ACTIVITY, at(0), &rules());
        prop_assert_eq!(scan(&shown.qr, &key(), OTHER, at(0)), Err(CodeRefusal::OtherActivity));
        prop_assume!(secret != [7; 32]);
        prop_assert_eq!(scan(&shown.qr, &CodeKey::new(secret), ACTIVITY, at(0)), Err(CodeRefusal::Wrong));
        let mut text = shown.qr.clone().into_bytes();
        text[position] = if text[position] == b'A' { b'B' } else { b'A' };
        let payload = QrPayload::<ActivityId>::parse(std::str::from_utf8(&text).unwrap());
        let accepted = payload.is_some_and(|p| verify_qr(&p, &key(), ACTIVITY, at(0), &rules()).is_ok());
        prop_assert!(!accepted);
    }
}
