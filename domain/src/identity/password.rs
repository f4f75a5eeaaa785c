use chrono::{DateTime, Duration, Utc};

use super::predictable::too_common;
use crate::{
    rule::{RuleKey, Rules},
    vocabulary,
};

/// Longest password, in characters.
pub const LONGEST_PASSWORD: usize = 128;

vocabulary! {
    /// Why the password wasn't changed: the right to change it wasn't proved, or the new one isn't good.
    pub refusal enum PasswordRefusal {
        /// It has fewer characters than the district's rule asks for.
        TooShort = "TOO_SHORT" => "密码太短。", "The password is too short.";
        /// It has more than 128 characters.
        TooLong = "TOO_LONG" => "密码不能超过128个字符。", "The password is longer than 128 characters.";
        /// It mixes fewer of lower case, upper case, digits and other characters than the rule asks for.
        TooFewClasses = "TOO_FEW_CLASSES" => "密码须混合使用大写字母、小写字母、数字和符号。", "Mix capitals, small letters, digits and signs.";
        /// It contains the phone number or eight digits of it.
        ContainsPhone = "CONTAINS_PHONE" => "密码中不能含有手机号。", "The password contains the phone number.";
        /// It contains the name.
        ContainsName = "CONTAINS_NAME" => "密码中不能含有姓名。", "The password contains the name.";
        /// It is among those that are guessed first: a common word, a sequence, a repetition.
        TooCommon = "TOO_COMMON" => "密码过于常见，容易被猜到，请换一个。", "The password is among those guessed first.";
        /// It equals the present password.
        SameAsOld = "SAME_AS_OLD" => "新密码不能与原密码相同。", "The new password equals the old one.";
        /// It holds control characters or the trace of a broken encoding.
        BadCharacters = "BAD_CHARACTERS" => "密码中含有无法识别的字符。", "The password holds characters that can't be typed.";
        /// The current password is wrong.
        WrongPassword = "WRONG_PASSWORD" => "原密码不正确。", "The current password is wrong.";
        /// There is no password yet: set one, or prove yourself by a one-time code.
        NoPassword = "NO_PASSWORD" => "您尚未设置密码。", "There is no password yet.";
        /// There is a password: change it, or prove yourself by a one-time code.
        HasPassword = "HAS_PASSWORD" => "您已设置密码，请使用修改密码功能。", "There is a password already; change it.";
        /// The one-time code is wrong, too old, spent, or was never sent.
        CodeWrong = "CODE_WRONG" => "验证码不正确或已失效，请核对或重新获取。", "The code is wrong or no longer valid.";
        /// Too many failures with this number. Unknown numbers lock as well.
        Locked = "LOCKED" => "尝试次数过多，已暂时锁定，请稍后再试。", "Too many failures; please try again later.";
        /// Too many failures from this network address.
        TooManyFromAddress = "TOO_MANY_FROM_ADDRESS" => "当前网络尝试次数过多，请稍后再试。", "Too many failures from this network; please try again later.";
        /// The server has several districts: name one, by a code that it knows.
        DistrictRequired = "DISTRICT_REQUIRED" => "请选择所在区县。", "Name your district.";
    }
}

/// Checks a new password (R40, R41). `phone` is the national number, empty where there is none;
/// `same_as_old` is whether the present password's hash accepts it.
pub fn check_password(
    plain: &str,
    phone: &str,
    name: &str,
    same_as_old: bool,
    rules: &Rules,
) -> Result<(), PasswordRefusal> {
    let length = plain.chars().count();
    if length > LONGEST_PASSWORD {
        return Err(PasswordRefusal::TooLong);
    }
    if plain.chars().any(|c| c.is_control() || c == '\u{FFFD}') {
        return Err(PasswordRefusal::BadCharacters);
    }
    if i64::try_from(length).is_ok_and(|n| n < rules.get(RuleKey::PasswordMinLength)) {
        return Err(PasswordRefusal::TooShort);
    }
    if classes(plain) < rules.get(RuleKey::PasswordMinClasses) {
        return Err(PasswordRefusal::TooFewClasses);
    }
    if contains_phone(plain, phone) {
        return Err(PasswordRefusal::ContainsPhone);
    }
    if contains_name(plain, name) {
        return Err(PasswordRefusal::ContainsName);
    }
    if too_common(plain) {
        return Err(PasswordRefusal::TooCommon);
    }
    if same_as_old { Err(PasswordRefusal::SameAsOld) } else { Ok(()) }
}

/// Whether the password must be changed before anything else. `changed_at` is when its holder
/// last chose it; `None` while it is the initial one that somebody else set. Only those who hold
/// a post must change it by age (R41).
pub fn password_due(
    changed_at: Option<DateTime<Utc>>,
    holds_post: bool,
    now: DateTime<Utc>,
    rules: &Rules,
) -> bool {
    let longest = Duration::days(rules.get(RuleKey::PasswordMaxAgeDays));
    changed_at.is_none_or(|at| holds_post && now - at >= longest)
}

fn classes(plain: &str) -> i64 {
    let lower = plain.chars().any(|c| c.is_ascii_lowercase());
    let upper = plain.chars().any(|c| c.is_ascii_uppercase());
    let digit = plain.chars().any(|c| c.is_ascii_digit());
    let other = plain.chars().any(|c| !c.is_ascii_alphanumeric());
    [lower, upper, digit, other].into_iter().map(i64::from).sum()
}

fn contains_phone(plain: &str, phone: &str) -> bool {
    let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
    let phone: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    phone.windows(8).any(|part| digits.contains(&part.iter().collect::<String>()))
}

fn contains_name(plain: &str, name: &str) -> bool {
    let fold = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let name = fold(name);
    name.chars().count() >= 2 && fold(plain).contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(plain: &str) -> Result<(), PasswordRefusal> {
        check_password(plain, "13800001234", "王小明", false, &Rules::defaults())
    }

    #[test]
    fn accepts_what_is_long_mixed_and_nobodys_guess() {
        for good in ["Zhuoyue#7k", "kR9-plume", "春江水暖Ya7鸭", "correct horse 9 Battery", "Tree.were9"]
        {
            assert_eq!(check(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn refuses_each_fault_by_its_name() {
        use PasswordRefusal::*;
        let long = "aB3!".repeat(33);
        for (bad, why) in [
            ("kR9-plu", TooShort),
            (long.as_str(), TooLong),
            ("kr9plumes", TooFewClasses),
            ("kR9-pl\u{0}ume", BadCharacters),
            ("kR9-pl\u{FFFD}ume", BadCharacters),
            ("X-13800001234a", ContainsPhone),
            ("Xa 138 0000 1234", ContainsPhone),
            ("Xy-00001234", ContainsPhone),
            ("kR9王小明-plume", ContainsName),
            ("Password1!", TooCommon),
        ] {
            assert_eq!(check(bad), Err(why), "{bad}");
        }
        let same = check_password("kR9-plume", "", "Li", true, &Rules::defaults());
        assert_eq!(same, Err(SameAsOld));
        let latin = check_password("9-John.Smith", "", "john smith", false, &Rules::defaults());
        assert_eq!(latin, Err(ContainsName));
    }

    #[test]
    fn an_initial_password_is_due_and_a_post_holders_ages() {
        let rules = Rules::defaults();
        let now = DateTime::UNIX_EPOCH + Duration::days(20_000);
        let days = |n| Some(now - Duration::days(n));
        assert!(password_due(None, false, now, &rules));
        assert!(!password_due(days(400), false, now, &rules));
        assert!(!password_due(days(89), true, now, &rules));
        assert!(password_due(days(90), true, now, &rules));
    }
}
