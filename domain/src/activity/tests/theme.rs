use super::*;
use crate::{id::ThemeId, organization::OrgUnitPath};

fn new_theme() -> NewTheme {
    NewTheme {
        id: ThemeId(Uuid::from_u128(0x7e)),
        issuer_unit_id: OrgUnitId(Uuid::from_u128(1)),
        kind: ActivityKind::ThemePartyDay,
        title: "学习贯彻会议精神".into(),
        description: Some(" ".into()),
        starts_on: "2026-06-01".parse().unwrap(),
        ends_on: "2026-06-30".parse().unwrap(),
        items: vec!["集中学习".into()],
        issued_by: SECRETARY,
    }
}

fn issue(new: NewTheme) -> Result<Theme, ThemeRefusal> {
    Theme::issue(new, "2026-05-20".parse().unwrap(), at(-20_000))
}

fn adoption(host_path: &OrgUnitPath, minutes: i64) -> Adoption<'_> {
    Adoption {
        id: ActivityId(Uuid::from_u128(0xac)),
        host_unit_id: BRANCH,
        host_path,
        zone: "Asia/Shanghai".parse().unwrap(),
        title: None,
        window: TimeWindow { starts_at: at(minutes), ends_at: at(minutes + 60) },
        venue: None,
        created_by: SECRETARY,
    }
}

#[test]
fn a_branch_below_the_issuer_adopts_a_theme_as_its_own_draft() {
    let street = OrgUnitPath::of(None, Uuid::from_u128(1));
    let branch = OrgUnitPath::of(Some(&street), Uuid::from_u128(2));
    let stranger = OrgUnitPath::of(None, Uuid::from_u128(3));
    let theme = issue(new_theme()).unwrap();
    assert_eq!(theme.description, None);
    let draft = plan(theme.adopt(&street, adoption(&branch, 0)).unwrap(), at(-600)).unwrap();
    assert_eq!((draft.theme_id, draft.title.as_str()), (Some(theme.id), "学习贯彻会议精神"));
    let refused = |path, minutes| theme.adopt(&street, adoption(path, minutes)).unwrap_err();
    assert_eq!(refused(&stranger, 0), ThemeRefusal::NotForYou);
    assert_eq!(refused(&branch, 40 * 24 * 60), ThemeRefusal::OutsidePeriod);
    let withdrawn = theme.withdraw(at(-500)).unwrap();
    assert_eq!(withdrawn.adopt(&street, adoption(&branch, 0)).unwrap_err(), ThemeRefusal::Withdrawn);
    assert_eq!(withdrawn.withdraw(at(-400)).unwrap_err(), ThemeRefusal::Withdrawn);
}

#[test]
fn a_theme_has_a_title_a_period_and_at_most_ten_items() {
    let refused = |change: &dyn Fn(&mut NewTheme)| {
        let mut new = new_theme();
        change(&mut new);
        issue(new).unwrap_err()
    };
    assert_eq!(refused(&|new| new.title.clear()), ThemeRefusal::BadTitle);
    assert_eq!(refused(&|new| new.items = vec!["一".into(), "一".into()]), ThemeRefusal::BadItems);
    let eleven = || (0..11).map(|n| n.to_string()).collect();
    assert_eq!(refused(&|new| new.items = eleven()), ThemeRefusal::BadItems);
    assert_eq!(refused(&|new| new.ends_on = new.starts_on.pred_opt().unwrap()), ThemeRefusal::BadPeriod);
    let past = "2026-05-01".parse().unwrap();
    assert_eq!(refused(&|new| (new.starts_on, new.ends_on) = (past, past)), ThemeRefusal::BadPeriod);
}
