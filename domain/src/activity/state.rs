use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::vocabulary;

vocabulary! {
    /// Where an activity stands.
    pub enum ActivityState {
        /// Being prepared; only its organizers see it.
        Draft = "DRAFT" => "草稿", "Draft";
        /// Made known; opens by itself when check-in begins.
        Published = "PUBLISHED" => "已发布", "Published";
        /// Check-in is possible.
        Open = "OPEN" => "进行中", "Open";
        /// Over: whoever was missing is absent; corrections are possible.
        Closed = "CLOSED" => "已结束", "Closed";
        /// Final.
        Archived = "ARCHIVED" => "已归档", "Archived";
        /// Won't take place.
        Cancelled = "CANCELLED" => "已取消", "Cancelled";
    }
}

/// An activity's state with the facts that belong to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Lifecycle {
    /// Being prepared.
    Draft,
    /// Made known.
    Published {
        /// When.
        published_at: DateTime<Utc>,
    },
    /// Check-in is possible.
    Open {
        /// When it was made known.
        published_at: DateTime<Utc>,
        /// When it was opened, by hand or by itself.
        opened_at: DateTime<Utc>,
    },
    /// Over.
    Closed {
        /// When it was made known.
        published_at: DateTime<Utc>,
        /// When it was opened.
        opened_at: DateTime<Utc>,
        /// When it was closed, by hand or by itself.
        closed_at: DateTime<Utc>,
    },
    /// Final.
    Archived {
        /// When it was made known.
        published_at: DateTime<Utc>,
        /// When it was opened.
        opened_at: DateTime<Utc>,
        /// When it was closed.
        closed_at: DateTime<Utc>,
        /// When it became final.
        archived_at: DateTime<Utc>,
    },
    /// Won't take place.
    Cancelled {
        /// When it had been made known, if it had.
        published_at: Option<DateTime<Utc>>,
        /// When it was cancelled.
        cancelled_at: DateTime<Utc>,
        /// Why.
        reason: String,
    },
}

impl Lifecycle {
    /// The state without its facts.
    pub fn state(&self) -> ActivityState {
        match self {
            Self::Draft => ActivityState::Draft,
            Self::Published { .. } => ActivityState::Published,
            Self::Open { .. } => ActivityState::Open,
            Self::Closed { .. } => ActivityState::Closed,
            Self::Archived { .. } => ActivityState::Archived,
            Self::Cancelled { .. } => ActivityState::Cancelled,
        }
    }

    /// When it was made known.
    pub fn published_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Draft => None,
            Self::Published { published_at }
            | Self::Open { published_at, .. }
            | Self::Closed { published_at, .. }
            | Self::Archived { published_at, .. } => Some(*published_at),
            Self::Cancelled { published_at, .. } => *published_at,
        }
    }

    /// When it was opened.
    pub fn opened_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Open { opened_at, .. }
            | Self::Closed { opened_at, .. }
            | Self::Archived { opened_at, .. } => Some(*opened_at),
            Self::Draft | Self::Published { .. } | Self::Cancelled { .. } => None,
        }
    }

    /// When it was closed.
    pub fn closed_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Closed { closed_at, .. } | Self::Archived { closed_at, .. } => Some(*closed_at),
            Self::Draft | Self::Published { .. } | Self::Open { .. } | Self::Cancelled { .. } => None,
        }
    }
}
