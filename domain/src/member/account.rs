use chrono::{DateTime, Utc};
use serde::Serialize;

use super::PhoneNumber;
use crate::{id::AccountId, vocabulary};

vocabulary! {
    /// The language in which a person is written to (contact language).
    pub enum ContactLanguage {
        /// Simplified Chinese.
        Zh = "ZH" => "中文", "Chinese";
        /// English.
        En = "EN" => "英文", "English";
    }
}

/// A person known to the district: Party member, volunteer, staff or resident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Identity.
    pub id: AccountId,
    /// Name.
    pub name: String,
    /// Mobile number, by which the person signs in; elders may have none.
    pub phone: Option<PhoneNumber>,
    /// Contact language.
    pub language: ContactLanguage,
    /// Known since.
    pub created_at: DateTime<Utc>,
}
