use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::{ActivityKind, Audience, NewActivity, NewVenue, TimeWindow};
use crate::{
    id::{AccountId, ActivityId, OrgUnitId, ThemeId},
    organization::OrgUnitPath,
    text, vocabulary,
};

vocabulary! {
    /// Why a theme wasn't issued, withdrawn or adopted.
    pub refusal enum ThemeRefusal {
        /// The title is empty, longer than 100 characters, or holds characters that can't be shown.
        BadTitle = "BAD_TITLE" => "标题须为1至100个可显示的字符。", "The title must be 1 to 100 printable characters.";
        /// The description is longer than 5,000 characters or holds characters that can't be shown.
        BadDescription = "BAD_DESCRIPTION" => "说明不能超过5000字，且不能含有无法显示的字符。", "The description must be at most 5,000 printable characters.";
        /// There are more than 10 items, one is empty or too long, or two are the same.
        BadItems = "BAD_ITEMS" => "规定动作不能超过10项，每项1至100字且不能重复。", "A theme has at most 10 different items of 1 to 100 characters.";
        /// The period ends before it starts, has passed, lasts over a year, or lies over 400 days ahead.
        BadPeriod = "BAD_PERIOD" => "主题时段无效：须未结束、不超过一年。", "The period must not be over, nor last longer than a year.";
        /// The theme has been withdrawn.
        Withdrawn = "WITHDRAWN" => "该主题已撤回。", "The theme has been withdrawn.";
        /// The theme wasn't issued to this unit.
        NotForYou = "NOT_FOR_YOU" => "该主题未下发到此组织。", "The theme was not issued to this unit.";
        /// The unit has adopted the theme already.
        AlreadyAdopted = "ALREADY_ADOPTED" => "已采用该主题。", "The unit has adopted this theme already.";
        /// The activity's day lies outside the theme's period.
        OutsidePeriod = "OUTSIDE_PERIOD" => "活动日期不在主题时段内。", "The activity's day lies outside the theme's period.";
        /// The activity that would adopt it isn't valid: its time, title, place or items.
        BadActivity = "BAD_ACTIVITY" => "活动的时间、标题、地点或议程无效。", "The activity's time, title, place or items are not valid.";
        /// The record has changed since it was read.
        Stale = "STALE" => "数据已被他人更改，请刷新后重试。", "The record has changed since you read it.";
    }
}

use ThemeRefusal as Refusal;

/// A theme that a district or subdistrict issues to the units below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Theme {
    /// Identity.
    pub id: ThemeId,
    /// The issuer.
    pub issuer_unit_id: OrgUnitId,
    /// Kind of the activities that adopt it.
    pub kind: ActivityKind,
    /// Title.
    pub title: String,
    /// Description.
    pub description: Option<String>,
    /// First day, in the adopting host's time zone.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
    /// What every adopting activity must do (规定动作).
    pub items: Vec<String>,
    /// Who issued it.
    pub issued_by: AccountId,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// When it was withdrawn; activities that have adopted it stay.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Counts the changes.
    pub version: i32,
}

/// What is said of a new theme.
#[derive(Clone, Debug)]
pub struct NewTheme {
    /// Identity, drawn by the shell.
    pub id: ThemeId,
    /// The issuer.
    pub issuer_unit_id: OrgUnitId,
    /// Kind.
    pub kind: ActivityKind,
    /// Title.
    pub title: String,
    /// Description.
    pub description: Option<String>,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
    /// Items.
    pub items: Vec<String>,
    /// Who issues it.
    pub issued_by: AccountId,
}

/// A branch adopts a theme as its own activity.
#[derive(Clone, Debug)]
pub struct Adoption<'a> {
    /// The activity's identity, drawn by the shell.
    pub id: ActivityId,
    /// The host.
    pub host_unit_id: OrgUnitId,
    /// The host's place in the tree.
    pub host_path: &'a OrgUnitPath,
    /// The host's time zone.
    pub zone: Tz,
    /// The branch's own title; the theme's where absent.
    pub title: Option<String>,
    /// From when to when.
    pub window: TimeWindow,
    /// Where.
    pub venue: Option<NewVenue>,
    /// Who adopts.
    pub created_by: AccountId,
}

impl Theme {
    /// Issues a theme.
    pub fn issue(new: NewTheme, today: NaiveDate, now: DateTime<Utc>) -> Result<Self, Refusal> {
        let length = new.ends_on.signed_duration_since(new.starts_on);
        let far = new.starts_on.signed_duration_since(today) > Duration::days(400);
        if !(0..=366).contains(&length.num_days()) || new.ends_on < today || far {
            return Err(Refusal::BadPeriod);
        }
        let items: Option<Vec<_>> = new.items.iter().map(|item| text::line(item, 100)).collect();
        let items = items.ok_or(Refusal::BadItems)?;
        let distinct: std::collections::HashSet<_> = items.iter().collect();
        if items.len() > 10 || distinct.len() < items.len() {
            return Err(Refusal::BadItems);
        }
        Ok(Self {
            id: new.id,
            issuer_unit_id: new.issuer_unit_id,
            kind: new.kind,
            title: text::line(&new.title, 100).ok_or(Refusal::BadTitle)?,
            description: new
                .description
                .filter(|description| !description.trim().is_empty())
                .map(|description| text::paragraphs(&description, 5_000).ok_or(Refusal::BadDescription))
                .transpose()?,
            starts_on: new.starts_on,
            ends_on: new.ends_on,
            items,
            issued_by: new.issued_by,
            issued_at: now,
            withdrawn_at: None,
            version: 1,
        })
    }

    /// Takes it back; nobody adopts it any more.
    pub fn withdraw(self, now: DateTime<Utc>) -> Result<Self, Refusal> {
        if self.withdrawn_at.is_some() {
            return Err(Refusal::Withdrawn);
        }
        Ok(Self { withdrawn_at: Some(now), version: self.version + 1, ..self })
    }

    /// The draft of a unit that adopts it; [`items`](Self::items) go into its agenda.
    pub fn adopt(&self, issuer_path: &OrgUnitPath, adoption: Adoption<'_>) -> Result<NewActivity, Refusal> {
        if self.withdrawn_at.is_some() {
            return Err(Refusal::Withdrawn);
        }
        if !adoption.host_path.is_within(issuer_path) {
            return Err(Refusal::NotForYou);
        }
        if !(self.starts_on..=self.ends_on).contains(&adoption.window.day(adoption.zone)) {
            return Err(Refusal::OutsidePeriod);
        }
        Ok(NewActivity {
            id: adoption.id,
            host_unit_id: adoption.host_unit_id,
            joint_host_ids: Vec::new(),
            kind: self.kind,
            title: adoption.title.unwrap_or_else(|| self.title.clone()),
            description: self.description.clone(),
            theme_id: Some(self.id),
            occurrence: None,
            window: adoption.window,
            venue: adoption.venue,
            audience: Audience::Roster,
            wants_check_out: false,
            late_after_minutes: None,
            check_in_opens_minutes: None,
            check_in_closes_minutes: None,
            created_by: adoption.created_by,
        })
    }
}
