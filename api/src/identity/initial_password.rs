//! An initial password: read over the telephone, typed once, then changed.

use zhibu_domain::{
    identity::check_password,
    rule::{RuleKey, Rules},
};

use crate::auth::random::Randomness;

/// Letters and digits that are not mistaken for one another.
const SYMBOLS: &[u8; 54] = b"ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789";

/// Symbols between dashes.
const GROUP: usize = 4;

/// Draws until the rules are met; one draw in seven misses a class of characters.
const DRAWS: usize = 1_000;

/// An initial password that the rules accept: three groups of four, more where the rules want it
/// longer. `None` if none is found, which the rules' bounds don't allow.
pub(crate) fn draw(phone: &str, name: &str, rules: &Rules, random: &Randomness) -> Option<String> {
    let shortest = usize::try_from(rules.get(RuleKey::PasswordMinLength)).unwrap_or(usize::MAX);
    let groups = shortest.saturating_add(1).div_ceil(GROUP + 1).max(3);
    (0..DRAWS)
        .map(|_| one(groups, random))
        .find(|plain| check_password(plain, phone, name, false, rules).is_ok() && has_all(plain))
}

fn one(groups: usize, random: &Randomness) -> String {
    let symbol = |_| {
        let at = usize::try_from(random.below(54)).unwrap_or(0);
        SYMBOLS.get(at).copied().map_or('x', char::from)
    };
    let group = |_| (0..GROUP).map(symbol).collect::<String>();
    (0..groups).map(group).collect::<Vec<_>>().join("-")
}

fn has_all(plain: &str) -> bool {
    let has = |kind: fn(&char) -> bool| plain.chars().any(|c| kind(&c));
    has(char::is_ascii_lowercase) && has(char::is_ascii_uppercase) && has(char::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use zhibu_domain::rule::RuleSetting;

    use super::*;

    #[test]
    fn is_readable_and_meets_the_rules() {
        let rules = Rules::defaults();
        let mut seen = std::collections::HashSet::new();
        for _ in 0..200 {
            let plain = draw("13800001234", "王小明", &rules, &Randomness).unwrap();
            assert_eq!(plain.split('-').map(str::len).collect::<Vec<_>>(), [4, 4, 4]);
            assert!(!plain.contains(['0', 'O', '1', 'l', 'I', 'i', 'o']), "{plain}");
            assert!(seen.insert(plain));
        }
    }

    #[test]
    fn grows_with_the_rules() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        for (length, groups) in [(14, 3), (15, 4), (64, 13)] {
            let setting = |key, value| RuleSetting { key, value, starts_on: day, source: "x".into() };
            let settings =
                vec![setting(RuleKey::PasswordMinLength, length), setting(RuleKey::PasswordMinClasses, 4)];
            let plain = draw("", "", &Rules::on(day, settings), &Randomness).unwrap();
            assert_eq!(plain.split('-').count(), groups);
        }
    }
}
