use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::NotificationKind as Kind;
use crate::{
    activity::{ClaimState, LeaveState, check_in::AttendanceState},
    assignment::AssignmentState,
    id::{AccountId, NotificationId},
    vocabulary::{Language, Vocabulary},
    volunteering::{HourState, ObjectionState},
    webhook::DisabledReason,
};

/// What a message says beyond its kind, as it was when it happened. Sentences are made when it is
/// read, in the reader's language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// What the thing is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// When it begins, or is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What was decided: the code of a word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Why, in somebody's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// In whose hands it lies: a unit, and a person where it was given to one by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whose: Option<String>,
    /// The minutes, where they have changed: before …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<i64>,
    /// … and now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<i64>,
    /// Until when one may object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
}

/// Something that a person is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// Identity; in order of time.
    pub id: NotificationId,
    /// Who is told.
    pub account_id: AccountId,
    /// What.
    pub kind: Kind,
    /// The kind of thing that it is about, as in its global id.
    pub subject_kind: String,
    /// Which.
    pub subject_id: Uuid,
    /// The rest.
    pub facts: Facts,
    /// When.
    pub created_at: DateTime<Utc>,
    /// From when on a phone may make itself heard: the end of the person's quiet hours.
    pub alert_at: DateTime<Utc>,
    /// When it was read.
    pub read_at: Option<DateTime<Utc>>,
}

/// A notification in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What it is.
    pub title: &'static str,
    /// What happened.
    pub body: String,
}

fn word<V: Vocabulary>(code: &str, language: Language) -> Option<String> {
    V::from_code(code).map(|word| word.say(language).to_owned())
}

impl Notification {
    /// The notification in words, with times as the clocks of a time zone show them.
    pub fn say(&self, language: Language, time_zone: &str) -> Message {
        let (zh, en) = sentences(self.kind);
        let (said, gap) = match language {
            Language::Zh => (zh, ""),
            Language::En => (en, " "),
        };
        let said: Vec<_> = said.iter().filter_map(|text| self.fill(text, language, time_zone)).collect();
        Message { title: self.kind.say(language), body: said.join(gap) }
    }

    pub(super) fn outcome(&self, language: Language) -> Option<String> {
        let code = self.facts.outcome.as_deref()?;
        match self.kind {
            Kind::LeaveDecided => word::<LeaveState>(code, language),
            Kind::CheckInClaimDecided => word::<ClaimState>(code, language),
            Kind::AttendanceCorrected => word::<AttendanceState>(code, language),
            Kind::AssignmentChanged => word::<AssignmentState>(code, language),
            Kind::HoursReviewed => word::<HourState>(code, language),
            Kind::HoursDisputed | Kind::ObjectionDecided => word::<ObjectionState>(code, language),
            Kind::WebhookDisabled => word::<DisabledReason>(code, language),
            _ => None,
        }
    }

    /// A sentence with its facts; none where one of them isn't known.
    fn fill(&self, text: &str, language: Language, time_zone: &str) -> Option<String> {
        let zone: chrono_tz::Tz = time_zone.parse().unwrap_or(chrono_tz::Asia::Shanghai);
        let clock = |at: DateTime<Utc>| {
            let format = match language {
                Language::Zh => "%-m月%-d日%H:%M",
                Language::En => "%-d %B, %H:%M",
            };
            at.with_timezone(&zone).format(format).to_string()
        };
        let mut rest = text;
        let mut filled = String::with_capacity(text.len());
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}')?;
            filled.push_str(before);
            filled.push_str(&match name {
                "title" => self.facts.title.clone(),
                "at" => self.facts.at.map(clock),
                "place" => self.facts.place.clone(),
                "outcome" => self.outcome(language),
                "whose" => self.facts.whose.clone(),
                "before" => self.facts.before.map(|minutes| minutes.to_string()),
                "minutes" => self.facts.minutes.map(|minutes| minutes.to_string()),
                "until" => self.facts.until.map(clock),
                _ => self.facts.reason.clone(),
            }?);
            rest = after;
        }
        filled.push_str(rest);
        Some(filled)
    }
}

type Sentences = &'static [&'static str];

/// What is said of each kind; a sentence whose facts aren't known is left out.
fn sentences(kind: Kind) -> (Sentences, Sentences) {
    match kind {
        Kind::ActivityPublished | Kind::ActivityReminder => {
            (&["“{title}”，{at}开始。"], &["“{title}” begins on {at}."])
        }
        Kind::ActivityCancelled => (
            &["“{title}”（原定{at}）已取消。", "原因：{reason}。"],
            &["“{title}” on {at} is called off.", "Reason: {reason}."],
        ),
        Kind::ActivityMoved => (
            &["“{title}”有变动：{at}开始。", "地点：{place}。"],
            &["“{title}” has changed: it begins on {at}.", "Place: {place}."],
        ),
        Kind::LeaveDecided => (
            &["“{title}”请假：{outcome}。", "说明：{reason}。"],
            &["Leave from “{title}”: {outcome}.", "Note: {reason}."],
        ),
        Kind::CheckInClaimDecided => (
            &["“{title}”签到：{outcome}。", "原因：{reason}。"],
            &["Check-in at “{title}”: {outcome}.", "Reason: {reason}."],
        ),
        Kind::AttendanceCorrected => (
            &["“{title}”的考勤更正为：{outcome}。", "原因：{reason}。"],
            &["Your record of “{title}” now says: {outcome}.", "Reason: {reason}."],
        ),
        Kind::AssignmentOverdue | Kind::AssignmentEscalated => (
            &["“{title}”。", "承办：{whose}。", "期限：{at}。", "说明：{reason}。"],
            &["“{title}”.", "In the hands of {whose}.", "Due on {at}.", "Note: {reason}."],
        ),
        Kind::AssignmentDispatched
        | Kind::AssignmentDueSoon
        | Kind::AssignmentReturned
        | Kind::AssignmentReminder => (
            &["“{title}”。", "期限：{at}。", "说明：{reason}。"],
            &["“{title}”.", "Due on {at}.", "Note: {reason}."],
        ),
        Kind::AssignmentOffered => {
            (&["“{title}”可以认领。", "期限：{at}。"], &["“{title}” can be claimed.", "Due on {at}."])
        }
        Kind::AssignmentCancelled => (
            &["“{title}”不再由您办理。", "说明：{reason}。"],
            &["“{title}” is no longer yours to do.", "Note: {reason}."],
        ),
        Kind::AssignmentChanged => (
            &["“{title}”。", "承办：{whose}。", "{outcome}。", "说明：{reason}。"],
            &["“{title}”.", "In the hands of {whose}.", "{outcome}.", "Note: {reason}."],
        ),
        Kind::HoursReviewed => (
            &[
                "“{title}”。",
                "{outcome}。",
                "时长由{before}分钟改为{minutes}分钟。",
                "说明：{reason}。",
                "对更正有异议的，请在{until}前提出。",
            ],
            &[
                "“{title}”.",
                "{outcome}.",
                "Changed from {before} to {minutes} minutes.",
                "Note: {reason}.",
                "You may object to the correction until {until}.",
            ],
        ),
        Kind::HoursDisputed => (
            &["对“{title}”的异议：{outcome}。", "说明：{reason}。"],
            &["Objection to “{title}”: {outcome}.", "Note: {reason}."],
        ),
        Kind::ObjectionDecided => (
            &["您对“{title}”的异议：{outcome}。", "说明：{reason}。"],
            &["Your objection to “{title}”: {outcome}.", "Note: {reason}."],
        ),
        Kind::ShiftCancelled => (
            &["“{title}”已取消。", "原定时间：{at}。", "原因：{reason}。"],
            &["“{title}” is called off.", "It was to begin on {at}.", "Reason: {reason}."],
        ),
        Kind::ShiftChanged => (
            &["“{title}”改为{at}开始。", "地点：{reason}。"],
            &["“{title}” now begins on {at}.", "Place: {reason}."],
        ),
        Kind::ShiftPromoted => (
            &["您已递补为“{title}”的志愿者。", "请在{at}前确认。"],
            &["You have a place on “{title}”.", "Confirm it before {at}."],
        ),
        Kind::WebhookDisabled => (
            &["回调“{title}”已停用：{outcome}。", "恢复后请启用并补发。"],
            &[
                "Webhook “{title}”: {outcome}.",
                "Enable it once it works again, and replay what it has missed.",
            ],
        ),
        Kind::WeChatBound => (
            &[
                "{at}，一个微信账号绑定到您的账号，可用它登录。",
                "如非本人操作，请立即解绑并修改密码，并联系党支部。",
            ],
            &[
                "On {at} a WeChat account was bound to your account: it can sign in.",
                "If it wasn't you, unbind it at once, change your password, and tell your branch.",
            ],
        ),
        Kind::WeChatMoved => (
            &[
                "{at}，您的微信账号改绑到其他账号，不能再用它登录您的账号。",
                "如非本人操作，请立即联系党支部。",
            ],
            &[
                "On {at} your WeChat account was bound to another account: it doesn't sign in to yours any more.",
                "If it wasn't you, tell your branch at once.",
            ],
        ),
    }
}
