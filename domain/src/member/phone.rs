use serde::{Serialize, Serializer};

/// A mobile phone number in E.164 form. Numbers without a country code are of mainland China.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Reads a number as people write it: full-width digits, spaces, dashes, `86`, `+86`, `0086`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut digits = String::new();
        let mut plus = false;
        for c in text.trim().chars() {
            match c {
                '0'..='9' => digits.push(c),
                '０'..='９' => digits.push(char::from_u32(c as u32 - '０' as u32 + '0' as u32)?),
                '+' | '＋' if digits.is_empty() && !plus => plus = true,
                ' ' | '\u{3000}' | '\u{A0}' | '-' | '－' | '—' | '–' => {}
                _ => return None,
            }
        }
        let digits = digits.strip_prefix("00").inspect(|_| plus = true).unwrap_or(&digits);
        let national = digits.strip_prefix("86").filter(|n| n.len() == 11).unwrap_or(digits);
        let mainland = national.len() == 11
            && national.starts_with('1')
            && matches!(national.as_bytes().get(1), Some(b'3'..=b'9'));
        if mainland {
            Some(Self(format!("+86{national}")))
        } else if plus
            && !digits.starts_with("86")
            && !digits.starts_with('0')
            && (8..=15).contains(&digits.len())
        {
            Some(Self(format!("+{digits}")))
        } else {
            None
        }
    }

    /// Reads a stored number.
    pub fn from_stored(e164: String) -> Self {
        Self(e164)
    }

    /// E.164, as stored.
    pub fn as_e164(&self) -> &str {
        &self.0
    }

    /// As people here write it: without `+86`.
    pub fn national(&self) -> &str {
        self.0.strip_prefix("+86").unwrap_or(&self.0)
    }

    /// What others may see: `138****1234`.
    pub fn masked(&self) -> String {
        let n = self.national();
        let tail = n.len().saturating_sub(4);
        format!("{}****{}", n.get(..3).unwrap_or(""), n.get(tail..).unwrap_or(""))
    }
}

// A whole number must not slip into a log or into the audit.
impl std::fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.masked())
    }
}

impl Serialize for PhoneNumber {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers_as_offices_keep_them() {
        for text in [
            "13800001234",
            " 138-0000-1234",
            "１３８００００１２３４",
            "+86 138 0000 1234",
            "8613800001234",
            "008613800001234",
        ] {
            assert_eq!(PhoneNumber::parse(text).unwrap().as_e164(), "+8613800001234", "{text}");
        }
        assert_eq!(PhoneNumber::parse("+852 6123 4567").unwrap().as_e164(), "+85261234567");
        for text in
            ["", "12800001234", "1380000123", "138000012345", "6123 4567", "138x0001234", "0577-88881234"]
        {
            assert_eq!(PhoneNumber::parse(text), None, "{text}");
        }
        assert_eq!(format!("{:?}", PhoneNumber::parse("13800001234").unwrap()), "138****1234");
    }
}
