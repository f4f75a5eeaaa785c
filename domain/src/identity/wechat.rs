use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{SecretHash, SignInRefusal};
use crate::{
    id::{AccountId, WeChatBindingId},
    rule::{RuleKey, Rules},
};

/// Who holds a phone, as WeChat tells one mini-program.
#[derive(Clone, PartialEq, Eq)]
pub struct WeChatIdentity {
    /// The mini-program.
    pub app_id: String,
    /// The person, for this mini-program alone.
    pub open_id: String,
    /// The person, for all apps of the same owner; where WeChat tells it.
    pub union_id: Option<String>,
}

// What WeChat calls a person doesn't belong into a log.
impl std::fmt::Debug for WeChatIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "WeChatIdentity({}, …)", self.app_id)
    }
}

/// A person's WeChat account, bound to their account: a way in, and where messages go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WeChatBinding {
    /// Identity.
    pub id: WeChatBindingId,
    /// Whose.
    pub account_id: AccountId,
    /// Who that is to WeChat.
    #[serde(skip)]
    pub identity: WeChatIdentity,
    /// Since when.
    pub bound_at: DateTime<Utc>,
}

impl WeChatBinding {
    /// Whether it is of this very person and mini-program.
    pub fn is_of(&self, identity: &WeChatIdentity) -> bool {
        self.identity.app_id == identity.app_id && self.identity.open_id == identity.open_id
    }
}

/// Whose a WeChat account is: whose this mini-program's binding says, else whose the owner's other apps say.
pub fn owner(known: &[WeChatBinding], identity: &WeChatIdentity) -> Option<AccountId> {
    let exact = known.iter().find(|binding| binding.is_of(identity));
    exact.or(known.first()).map(|binding| binding.account_id)
}

/// What binding a WeChat account to an account comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Those that another account loses to this one.
    pub moved: Vec<WeChatBinding>,
    /// The account's earlier one of the same mini-program, which ends.
    pub replaced: Option<WeChatBinding>,
    /// Whether there is a new one to be made.
    pub is_new: bool,
}

/// Binds a WeChat account to an account that was proved. `known` are the bindings of the same person to
/// WeChat, `own` those of the account. Whatever is bound to another account stays there unless `moves`:
/// whoever presents a fresh code could sign in to that one, and so has proved it as well.
///
/// A person has one WeChat account in a mini-program: the newer takes the place of the older.
pub fn bind(
    known: &[WeChatBinding],
    own: &[WeChatBinding],
    account: AccountId,
    identity: &WeChatIdentity,
    moves: bool,
) -> Result<Binding, SignInRefusal> {
    let moved: Vec<_> = known.iter().filter(|b| b.account_id != account).cloned().collect();
    if !moved.is_empty() && !moves {
        return Err(SignInRefusal::WeChatBoundElsewhere);
    }
    let replaced = own.iter().find(|b| b.identity.app_id == identity.app_id && !b.is_of(identity)).cloned();
    let is_new = !known.iter().any(|b| b.is_of(identity));
    Ok(Binding { moved, replaced, is_new })
}

/// A code that the branch hands to one member, who binds WeChat by it: once, within its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BindingCode {
    /// For whom.
    pub account_id: AccountId,
    /// Keyed digest of the code.
    pub hash: SecretHash,
    /// Issued at.
    pub issued_at: DateTime<Utc>,
    /// Valid until.
    pub expires_at: DateTime<Utc>,
    /// Used at.
    pub used_at: Option<DateTime<Utc>>,
}

impl BindingCode {
    /// A new code, in place of the one before.
    pub fn issue(account_id: AccountId, hash: SecretHash, now: DateTime<Utc>, rules: &Rules) -> Self {
        let expires_at = now + chrono::Duration::hours(rules.get(RuleKey::BindingCodeHours));
        Self { account_id, hash, issued_at: now, expires_at, used_at: None }
    }

    /// Uses it.
    pub fn spend(self, now: DateTime<Utc>) -> Result<Self, SignInRefusal> {
        if self.used_at.is_some() || now >= self.expires_at {
            return Err(SignInRefusal::BindingRefused);
        }
        Ok(Self { used_at: Some(now), ..self })
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;
    use uuid::Uuid;

    use super::*;

    fn identity(app: &str, open: &str) -> WeChatIdentity {
        WeChatIdentity { app_id: app.into(), open_id: open.into(), union_id: Some("u".into()) }
    }

    fn binding(account: u128, app: &str, open: &str) -> WeChatBinding {
        WeChatBinding {
            id: WeChatBindingId(Uuid::from_u128(account)),
            account_id: AccountId(Uuid::from_u128(account)),
            identity: identity(app, open),
            bound_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn this_mini_programs_binding_says_whose_it_is_before_the_other_apps() {
        let known = [binding(1, "other", "x"), binding(2, "ours", "y")];
        assert_eq!(owner(&known, &identity("ours", "y")), Some(AccountId(Uuid::from_u128(2))));
        assert_eq!(owner(&known[..1], &identity("ours", "y")), Some(AccountId(Uuid::from_u128(1))));
        assert_eq!(owner(&[], &identity("ours", "y")), None);
    }

    #[test]
    fn what_is_bound_elsewhere_moves_only_where_that_is_asked_for() {
        let (mine, theirs) = (AccountId(Uuid::from_u128(1)), [binding(2, "ours", "y")]);
        let refused = bind(&theirs, &[], mine, &identity("ours", "y"), false);
        assert_eq!(refused, Err(SignInRefusal::WeChatBoundElsewhere));
        let moved = bind(&theirs, &[], mine, &identity("ours", "y"), true).unwrap();
        assert_eq!((moved.moved.len(), moved.replaced, moved.is_new), (1, None, false));
    }

    #[test]
    fn the_newer_takes_the_place_of_the_older() {
        let own = [binding(1, "ours", "old"), binding(1, "other", "kept")];
        let bound = bind(&[], &own, AccountId(Uuid::from_u128(1)), &identity("ours", "new"), false).unwrap();
        assert_eq!(bound.replaced, Some(own[0].clone()));
        assert!(bound.is_new && bound.moved.is_empty());
        let again = bind(&own[..1], &own, own[0].account_id, &identity("ours", "old"), false).unwrap();
        assert!(!again.is_new && again.replaced.is_none());
    }

    #[test]
    fn a_code_of_the_branch_works_once_within_its_time() {
        let (epoch, account) = (DateTime::UNIX_EPOCH, AccountId(Uuid::nil()));
        let code = BindingCode::issue(account, SecretHash([1; 32]), epoch, &Rules::defaults());
        let used = code.clone().spend(epoch + Duration::hours(24) - Duration::seconds(1)).unwrap();
        assert_eq!(used.spend(epoch), Err(SignInRefusal::BindingRefused));
        assert_eq!(code.spend(epoch + Duration::hours(24)), Err(SignInRefusal::BindingRefused));
    }

    #[test]
    fn what_wechat_calls_a_person_is_not_shown() {
        assert!(!format!("{:?}", identity("a", "secret")).contains("secret"));
        assert!(!serde_json::to_string(&binding(1, "a", "secret")).unwrap().contains("secret"));
    }
}
