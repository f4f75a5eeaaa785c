use chrono::{DateTime, Utc};
use serde::Serialize;

use super::ActivityState;
use crate::{
    id::{AccountId, ActivityItemId},
    text, vocabulary,
};

vocabulary! {
    /// Whether an item of the agenda is fixed: the "4+X" of a Party day.
    pub enum ActivityItemKind {
        /// Fixed by the template or by a theme (规定动作).
        Fixed = "FIXED" => "规定动作", "Fixed";
        /// The branch's own (自选动作).
        Optional = "OPTIONAL" => "自选动作", "Optional";
    }
}

vocabulary! {
    /// Why a change of an agenda was refused.
    pub refusal enum AgendaRefusal {
        /// The title is empty, longer than 100 characters, or holds characters that can't be shown.
        BadTitle = "BAD_TITLE" => "议程标题须为1至100个可显示的字符。", "An item's title must be 1 to 100 printable characters.";
        /// A template has 1 to 10 different titles.
        BadTemplate = "BAD_TEMPLATE" => "规定动作须为1至10项，且不能重复。", "A template has 1 to 10 different items.";
        /// An agenda has at most 30 items.
        TooMany = "TOO_MANY" => "议程不能超过30项。", "An agenda has at most 30 items.";
        /// A fixed item can't be removed or renamed.
        FixedItem = "FIXED_ITEM" => "规定动作不能删除或改名。", "A fixed item cannot be removed or renamed.";
        /// The agenda has no such item.
        UnknownItem = "UNKNOWN_ITEM" => "议程中没有此项。", "The agenda has no such item.";
        /// The new order doesn't name every item exactly once.
        BadOrder = "BAD_ORDER" => "新的顺序须包含每一项且不重复。", "The new order must name every item exactly once.";
        /// The activity's state doesn't allow it.
        FixedNow = "FIXED_NOW" => "活动在当前状态下不能更改议程。", "The agenda cannot be changed in the activity's present state.";
        /// The record has changed since it was read.
        Stale = "STALE" => "数据已被他人更改，请刷新后重试。", "The record has changed since you read it.";
    }
}

use AgendaRefusal as Refusal;

const MOST_ITEMS: usize = 30;

/// When and by whom an item was marked as done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ItemDone {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: AccountId,
}

/// An item of an agenda.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ActivityItem {
    /// Identity.
    pub id: ActivityItemId,
    /// Place in the agenda, from 1, without gaps.
    pub position: i32,
    /// Fixed or optional.
    pub kind: ActivityItemKind,
    /// Title.
    pub title: String,
    /// Done.
    pub done: Option<ItemDone>,
}

/// The fixed items of a Party day: 1 to 10 titles, which a district may set (R17).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AgendaTemplate(Vec<String>);

impl AgendaTemplate {
    /// Checks a district's own list.
    pub fn new(titles: &[String]) -> Result<Self, Refusal> {
        let titles = titles.iter().map(|t| check_title(t)).collect::<Result<Vec<_>, _>>()?;
        let distinct: std::collections::HashSet<_> = titles.iter().collect();
        let good = (1..=10).contains(&titles.len()) && distinct.len() == titles.len();
        if good { Ok(Self(titles)) } else { Err(Refusal::BadTemplate) }
    }

    /// The titles in order.
    pub fn titles(&self) -> &[String] {
        &self.0
    }
}

impl Default for AgendaTemplate {
    fn default() -> Self {
        Self(["佩戴党徽", "诵读党章", "交纳党费", "重温誓词"].map(str::to_owned).to_vec())
    }
}

/// An activity's agenda, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Agenda(Vec<ActivityItem>);

impl Agenda {
    /// Makes an agenda: the template's items, the theme's, then free ones. `draw_id` draws ids.
    pub fn make(
        template: Option<&AgendaTemplate>,
        theme_items: &[String],
        free: &[String],
        mut draw_id: impl FnMut() -> ActivityItemId,
    ) -> Result<Self, Refusal> {
        let template = template.map(AgendaTemplate::titles).unwrap_or_default();
        let fixed = template.iter().chain(theme_items.iter().filter(|t| !template.contains(t)));
        let mut agenda = Self::default();
        for title in fixed {
            agenda.push(draw_id(), ActivityItemKind::Fixed, title)?;
        }
        for title in free {
            agenda.push(draw_id(), ActivityItemKind::Optional, title)?;
        }
        Ok(agenda)
    }

    /// Takes stored items.
    pub fn from_stored(mut items: Vec<ActivityItem>) -> Self {
        items.sort_by_key(|item| item.position);
        Self(items)
    }

    /// The items in order.
    pub fn items(&self) -> &[ActivityItem] {
        &self.0
    }

    /// Adds an optional item at the end.
    pub fn add(mut self, id: ActivityItemId, title: &str, state: ActivityState) -> Result<Self, Refusal> {
        check_editable(state)?;
        self.push(id, ActivityItemKind::Optional, title)?;
        Ok(self)
    }

    /// Removes an optional item.
    pub fn remove(mut self, id: ActivityItemId, state: ActivityState) -> Result<Self, Refusal> {
        check_editable(state)?;
        self.optional(id)?;
        self.0.retain(|item| item.id != id);
        Ok(self.renumbered())
    }

    /// Renames an optional item.
    pub fn rename(mut self, id: ActivityItemId, title: &str, state: ActivityState) -> Result<Self, Refusal> {
        check_editable(state)?;
        self.optional(id)?.title = check_title(title)?;
        Ok(self)
    }

    /// Puts the items into the given order, which names each exactly once.
    pub fn reorder(mut self, order: &[ActivityItemId], state: ActivityState) -> Result<Self, Refusal> {
        check_editable(state)?;
        if order.len() != self.0.len() {
            return Err(Refusal::BadOrder);
        }
        let mut sorted = Vec::with_capacity(order.len());
        for id in order {
            let at = self.0.iter().position(|item| item.id == *id).ok_or(Refusal::BadOrder)?;
            sorted.push(self.0.swap_remove(at));
        }
        Ok(Self(sorted).renumbered())
    }

    /// Marks an item as done, or as not done. A second mark keeps the first.
    pub fn mark(
        mut self,
        id: ActivityItemId,
        done: Option<ItemDone>,
        state: ActivityState,
    ) -> Result<Self, Refusal> {
        if !matches!(state, ActivityState::Open | ActivityState::Closed) {
            return Err(Refusal::FixedNow);
        }
        let item = self.item(id)?;
        item.done = done.map(|done| item.done.unwrap_or(done));
        Ok(self)
    }

    fn push(&mut self, id: ActivityItemId, kind: ActivityItemKind, title: &str) -> Result<(), Refusal> {
        if self.0.len() >= MOST_ITEMS {
            return Err(Refusal::TooMany);
        }
        let position = i32::try_from(self.0.len() + 1).map_err(|_| Refusal::TooMany)?;
        self.0.push(ActivityItem { id, position, kind, title: check_title(title)?, done: None });
        Ok(())
    }

    fn item(&mut self, id: ActivityItemId) -> Result<&mut ActivityItem, Refusal> {
        self.0.iter_mut().find(|item| item.id == id).ok_or(Refusal::UnknownItem)
    }

    fn optional(&mut self, id: ActivityItemId) -> Result<&mut ActivityItem, Refusal> {
        let item = self.item(id)?;
        if item.kind == ActivityItemKind::Fixed { Err(Refusal::FixedItem) } else { Ok(item) }
    }

    fn renumbered(mut self) -> Self {
        for (position, item) in (1..).zip(&mut self.0) {
            item.position = position;
        }
        self
    }
}

fn check_title(title: &str) -> Result<String, Refusal> {
    text::line(title, 100).ok_or(Refusal::BadTitle)
}

fn check_editable(state: ActivityState) -> Result<(), Refusal> {
    match state {
        ActivityState::Draft | ActivityState::Published | ActivityState::Open => Ok(()),
        ActivityState::Closed | ActivityState::Archived | ActivityState::Cancelled => Err(Refusal::FixedNow),
    }
}
