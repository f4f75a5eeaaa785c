use proptest::{prelude::*, sample::select};
use uuid::Uuid;

use super::*;
use crate::{
    id::{AccountId, DistrictId, OrgUnitId, PartyMemberId, SessionId, TokenGrantId},
    member::PostKind,
    organization::OrgUnitPath,
    token::{GrantKind, TokenScope},
    vocabulary::Vocabulary,
};

fn values<V: Vocabulary>() -> Vec<V> {
    V::words().iter().map(|word| word.value).collect()
}

/// Root, two streets, and two branches in each.
fn places() -> Vec<OrgUnitPath> {
    let root = OrgUnitPath::of(None, Uuid::from_u128(1));
    let mut all = vec![root.clone()];
    for street in 2..4_u128 {
        let street_path = OrgUnitPath::of(Some(&root), Uuid::from_u128(street));
        all.push(street_path.clone());
        all.extend((0..2).map(|n| OrgUnitPath::of(Some(&street_path), Uuid::from_u128(street * 10 + n))));
    }
    all
}

prop_compose! {
    fn person()(
        home in prop::option::of(select(places())),
        posts in prop::collection::vec((select(values::<PostKind>()), select(places())), 0..3),
        second_factor_missing in any::<bool>(),
    ) -> Person {
        let unit_id = OrgUnitId(Uuid::nil());
        Person {
            district_id: DistrictId(Uuid::from_u128(9)),
            account_id: AccountId(Uuid::from_u128(7)),
            session_id: SessionId(Uuid::from_u128(8)),
            membership: home.map(|path| Membership { member_id: PartyMemberId(Uuid::from_u128(5)), unit_id, path }),
            posts: posts.into_iter().map(|(kind, path)| HeldPost { kind, unit_id, path }).collect(),
            second_factor_missing,
            password_change_due: false,
            limit: None,
        }
    }
}

prop_compose! {
    fn limit()(
        kind in select(values::<GrantKind>()),
        scopes in prop::sample::subsequence(values::<TokenScope>(), 0..=TokenScope::words().len()),
        path in select(places()),
    ) -> Limit {
        Limit { grant_id: TokenGrantId(Uuid::from_u128(6)), kind, scopes, path }
    }
}

fn limited(person: &Person, limit: &Limit) -> Actor {
    let person = match limit.kind {
        GrantKind::Personal => person.clone(),
        GrantKind::Client => Person { membership: None, posts: Vec::new(), ..person.clone() },
    };
    Actor::Person(Box::new(Person { limit: Some(limit.clone()), ..person }))
}

proptest! {
    #[test]
    fn a_token_gives_no_more_than_its_scopes_its_subtree_and_its_holder(
        person in person(),
        limit in limit(),
        unit in prop::option::of(select(places())),
        joint in prop::collection::vec(select(places()), 0..2),
        own in any::<bool>(),
        invited in any::<bool>(),
        captain in any::<bool>(),
    ) {
        let subject = Subject {
            unit: unit.as_ref(),
            joint: &joint,
            owner: Some(AccountId(Uuid::from_u128(if own { 7 } else { 70 }))),
            invited,
            captain: captain.then_some(PartyMemberId(Uuid::from_u128(5))),
            screen: None,
        };
        let themselves = Actor::Person(Box::new(person.clone()));
        let with_token = limited(&person, &limit);
        for action in values::<Action>() {
            let Ok(permit) = permit(&with_token, action, subject) else { continue };
            prop_assert_eq!(permit.account_id(), Some(person.account_id));
            prop_assert!(action.token_scope().is_some_and(|scope| limit.scopes.contains(&scope)), "{}", action);
            let beside = joint.iter().filter(|_| action.is_given_beside());
            let within = unit.iter().chain(beside).any(|unit| unit.is_within(&limit.path));
            prop_assert!(within || action.is_of_the_district(), "{}", action);
            match limit.kind {
                GrantKind::Personal => prop_assert!(super::permit(&themselves, action, subject).is_ok(), "{}", action),
                GrantKind::Client => {
                    let row = ACCESS.iter().find(|row| row.action == action);
                    prop_assert!(row.is_some_and(|row| row.relations.contains(&Relation::Integrator)));
                }
            }
        }
    }

    #[test]
    fn a_token_reads_lists_within_its_subtree_alone(person in person(), limit in limit()) {
        let themselves = Actor::Person(Box::new(person.clone()));
        for action in values::<Action>() {
            let Ok(cut) = scope(&limited(&person, &limit), action) else { continue };
            let subtrees = cut.subtrees.unwrap_or_else(places);
            prop_assert!(subtrees.iter().all(|path| path.is_within(&limit.path)), "{}", action);
            if limit.kind == GrantKind::Personal
                && let Ok(Scope { subtrees: Some(whole), .. }) = scope(&themselves, action)
            {
                let held = |path: &OrgUnitPath| whole.iter().any(|held| path.is_within(held));
                prop_assert!(subtrees.iter().all(held), "{}", action);
            }
        }
    }
}

#[test]
fn whatever_integrators_may_do_has_a_scope_and_nothing_of_ones_own_is_theirs() {
    for row in ACCESS {
        if row.relations.contains(&Relation::Integrator) {
            assert!(row.action.token_scope().is_some(), "{}", row.action);
        }
        if row.relations.iter().all(|r| matches!(r, Relation::Own | Relation::Invited | Relation::UnitMember))
        {
            assert_eq!(row.action.token_scope(), None, "{}", row.action);
        }
    }
    for scope in values::<TokenScope>() {
        assert!(values::<Action>().iter().any(|action| action.token_scope() == Some(scope)), "{scope}");
    }
}

#[test]
fn a_token_says_which_scope_it_lacks() {
    let path = OrgUnitPath::of(None, Uuid::from_u128(1));
    let person = Person {
        district_id: DistrictId(Uuid::from_u128(9)),
        account_id: AccountId(Uuid::from_u128(7)),
        session_id: SessionId(Uuid::from_u128(8)),
        membership: None,
        posts: Vec::new(),
        second_factor_missing: false,
        password_change_due: false,
        limit: None,
    };
    let scopes = vec![TokenScope::UnitsRead];
    let limit =
        Limit { grant_id: TokenGrantId(Uuid::nil()), kind: GrantKind::Client, scopes, path: path.clone() };
    let actor = limited(&person, &limit);
    let asked = |action| permit(&actor, action, Subject::unit(&path)).map(drop);
    assert_eq!(asked(Action::ViewUnit), Ok(()));
    assert_eq!(asked(Action::ViewHours), Err(Denied::ScopeTooSmall(Some(TokenScope::HoursRead))));
    assert_eq!(asked(Action::Attend), Err(Denied::ScopeTooSmall(None)));
    assert_eq!(naming(&actor), Err(Denied::ScopeTooSmall(Some(TokenScope::MembersRead))));
    assert_eq!(naming(&Actor::Person(Box::new(person))), Ok(None));
    assert_eq!(permit(&actor, Action::ViewUnit, Subject::default()).map(drop), Err(Denied::Hidden));
    assert_eq!(permit(&actor, Action::ViewRule, Subject::default()).map(drop), Ok(()));
}
