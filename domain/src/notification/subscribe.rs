use chrono::{DateTime, Utc};

use super::Notification;
use crate::{
    vocabulary,
    vocabulary::{Language, Vocabulary},
};

vocabulary! {
    /// What may stand in a field of a subscribe message. Nothing that names another person is among it.
    pub enum MessageFact {
        /// What kind of message it is.
        Kind = "KIND" => "消息类别", "The kind";
        /// What the thing is called.
        Title = "TITLE" => "名称", "The title";
        /// When it begins, or is due.
        At = "AT" => "时间", "The time";
        /// Where.
        Place = "PLACE" => "地点", "The place";
        /// What was decided.
        Outcome = "OUTCOME" => "结果", "The outcome";
        /// The minutes that count.
        Minutes = "MINUTES" => "时长（分钟）", "The minutes";
        /// Until when one may object.
        Until = "UNTIL" => "截止时间", "Until when";
    }
}

/// What WeChat takes in a field, by the letters of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Any text, at most 20 characters.
    Thing,
    /// Chinese characters alone, at most 5.
    Phrase,
    /// Letters, digits and signs, at most 32.
    CharacterString,
    /// A number, at most 32 digits.
    Number,
    /// A time of day, with its date.
    Time,
    /// A date, with the time of day.
    Date,
}

use FieldKind::{CharacterString, Date, Number, Phrase, Thing, Time};

/// Stands where a message has nothing to say.
const LOOK: &str = "请查看";

impl FieldKind {
    /// The kind of a field with this name: letters, then a number.
    pub fn of(name: &str) -> Option<Self> {
        let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
        if letters.len() == name.len() {
            return None;
        }
        match letters {
            "thing" => Some(Thing),
            "phrase" => Some(Phrase),
            "character_string" => Some(CharacterString),
            "number" => Some(Number),
            "time" => Some(Time),
            "date" => Some(Date),
            _ => None,
        }
    }

    fn takes(self, fact: MessageFact) -> bool {
        use MessageFact::{At, Kind, Minutes, Outcome, Until};
        match self {
            Thing => true,
            Phrase => matches!(fact, Kind | Outcome),
            CharacterString => matches!(fact, At | Until | Minutes),
            Number => fact == Minutes,
            Time | Date => matches!(fact, At | Until),
        }
    }

    /// The text cut and cleaned to what WeChat takes; none where nothing is left.
    pub fn clean(self, text: &str) -> Option<String> {
        let cleaned = match self {
            Thing => shortened(text, 20),
            Phrase => text.chars().filter(|c| is_chinese(*c)).take(5).collect(),
            CharacterString | Time | Date => {
                let ascii: String = text.chars().filter(|c| matches!(c, ' '..='~')).take(32).collect();
                ascii.trim().to_owned()
            }
            Number => text.chars().filter(char::is_ascii_digit).take(32).collect(),
        };
        (!cleaned.is_empty()).then_some(cleaned)
    }
}

/// One line of at most so many characters; what was cut is told by an ellipsis.
fn shortened(text: &str, most: usize) -> String {
    // Neither control characters nor those that are shown as nothing.
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
    };
    let plain: String = text.chars().map(|c| if hidden(c) { ' ' } else { c }).collect();
    let line = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    let cut: String = line.chars().take(most - 1).collect();
    format!("{}…", cut.trim_end())
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}')
}

/// A field of a template, and what stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscribeField {
    /// As WeChat calls it.
    pub name: String,
    kind: FieldKind,
    fact: MessageFact,
}

impl SubscribeField {
    /// A field that can be filled with a fact; none where its kind doesn't take it.
    pub fn new(name: &str, fact: &str) -> Option<Self> {
        let (kind, fact) = (FieldKind::of(name)?, MessageFact::from_code(fact)?);
        kind.takes(fact).then(|| Self { name: name.to_owned(), kind, fact })
    }

    /// What stands in it; none where WeChat would take no message with it.
    pub fn fill(&self, told: &Notification, time_zone: &str) -> Option<String> {
        let zone: chrono_tz::Tz = time_zone.parse().unwrap_or(chrono_tz::Asia::Shanghai);
        let time = |at: DateTime<Utc>| at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string();
        let facts = &told.facts;
        let text = match self.fact {
            MessageFact::Kind => Some(told.kind.say(Language::Zh).to_owned()),
            MessageFact::Title => facts.title.clone(),
            MessageFact::Place => facts.place.clone(),
            MessageFact::Outcome => told.outcome(Language::Zh),
            MessageFact::Minutes => facts.minutes.map(|minutes| minutes.to_string()),
            MessageFact::At => facts.at.map(time),
            MessageFact::Until => facts.until.map(time),
        };
        let look = || matches!(self.kind, Thing | Phrase).then(|| LOOK.to_owned());
        text.and_then(|text| self.kind.clean(&text)).or_else(look)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::{
        id::{AccountId, NotificationId},
        notification::{Facts, NotificationKind},
    };

    fn told(facts: Facts) -> Notification {
        let now: DateTime<Utc> = "2026-03-02T01:00:00Z".parse().unwrap();
        Notification {
            id: NotificationId(Uuid::nil()),
            account_id: AccountId(Uuid::nil()),
            kind: NotificationKind::AssignmentDispatched,
            subject_kind: "Assignment".to_owned(),
            subject_id: Uuid::nil(),
            facts,
            created_at: now,
            alert_at: now,
            read_at: None,
        }
    }

    #[test]
    fn a_field_takes_what_fits_its_kind() {
        for (name, fact) in
            [("thing1", "TITLE"), ("time12", "AT"), ("phrase3", "OUTCOME"), ("number4", "MINUTES")]
        {
            assert!(SubscribeField::new(name, fact).is_some(), "{name} {fact}");
        }
        for (name, fact) in [
            ("thing", "TITLE"),
            ("1", "TITLE"),
            ("time1", "TITLE"),
            ("name1", "TITLE"),
            ("thing1", "WHOSE"),
            ("", ""),
        ] {
            assert!(SubscribeField::new(name, fact).is_none(), "{name} {fact}");
        }
    }

    #[test]
    fn fields_are_filled_as_the_clocks_of_the_district_show() {
        let told = told(Facts {
            title: Some("走访慰问\n困难党员，并把情况记入台账，周五前报支部".to_owned()),
            at: Some("2026-03-06T11:00:00Z".parse().unwrap()),
            whose: Some("某支部 张三".to_owned()),
            ..Facts::default()
        });
        let fill = |name, fact| SubscribeField::new(name, fact).unwrap().fill(&told, "Asia/Shanghai");
        assert_eq!(fill("thing1", "TITLE").unwrap(), "走访慰问 困难党员，并把情况记入台账，…");
        assert_eq!(fill("time2", "AT").unwrap(), "2026-03-06 19:00");
        assert_eq!(fill("phrase3", "KIND").unwrap(), "新任务");
        assert_eq!(fill("thing4", "PLACE").unwrap(), "请查看");
        assert_eq!(fill("time5", "UNTIL"), None);
    }

    proptest! {
        #[test]
        fn whatever_the_text_wechat_takes_it(text in any::<String>(), spaced in "[ \\t\\n中文a]{0,60}") {
            for text in [text, spaced] {
                if let Some(thing) = Thing.clean(&text) {
                    prop_assert!((1..=20).contains(&thing.chars().count()));
                    prop_assert!(!thing.chars().any(char::is_control) && thing.trim() == thing);
                    prop_assert_eq!(Thing.clean(&thing), Some(thing));
                }
                if let Some(phrase) = Phrase.clean(&text) {
                    prop_assert!((1..=5).contains(&phrase.chars().count()) && phrase.chars().all(is_chinese));
                }
                if let Some(string) = CharacterString.clean(&text) {
                    prop_assert!((1..=32).contains(&string.len()) && string.chars().all(|c| matches!(c, ' '..='~')));
                }
                if let Some(number) = Number.clean(&text) {
                    prop_assert!(number.len() <= 32 && number.bytes().all(|b| b.is_ascii_digit()));
                }
            }
        }
    }
}
