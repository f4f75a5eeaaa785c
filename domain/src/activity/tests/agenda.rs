use super::*;
use crate::id::ActivityItemId;

fn id(n: u128) -> ActivityItemId {
    ActivityItemId(Uuid::from_u128(n))
}

fn agenda() -> Agenda {
    let mut next = 0;
    Agenda::make(
        Some(&AgendaTemplate::default()),
        &["观看红色影片".to_owned(), "交纳党费".to_owned()],
        &["慰问老党员".to_owned()],
        || {
            next += 1;
            id(next)
        },
    )
    .unwrap()
}

fn titles(agenda: &Agenda) -> Vec<&str> {
    agenda.items().iter().map(|item| item.title.as_str()).collect()
}

#[test]
fn four_plus_x_is_the_template_then_the_theme_then_free_items() {
    let agenda = agenda();
    assert_eq!(
        titles(&agenda),
        ["佩戴党徽", "诵读党章", "交纳党费", "重温誓词", "观看红色影片", "慰问老党员"]
    );
    let fixed = agenda.items().iter().filter(|item| item.kind == ActivityItemKind::Fixed).count();
    assert_eq!(fixed, 5);
}

#[test]
fn fixed_items_stay() {
    let draft = ActivityState::Draft;
    assert_eq!(agenda().remove(id(1), draft).unwrap_err(), AgendaRefusal::FixedItem);
    assert_eq!(agenda().rename(id(1), "别的", draft).unwrap_err(), AgendaRefusal::FixedItem);
    assert_eq!(agenda().rename(id(6), "别的", draft).unwrap().items()[5].title, "别的");
    let shorter = agenda().remove(id(6), draft).unwrap();
    assert_eq!(shorter.items().len(), 5);
    assert_eq!(agenda().remove(id(9), draft).unwrap_err(), AgendaRefusal::UnknownItem);
    assert_eq!(agenda().add(id(9), "X", ActivityState::Closed).unwrap_err(), AgendaRefusal::FixedNow);
}

#[test]
fn a_new_order_names_every_item_once() {
    let open = ActivityState::Open;
    let turned = agenda().reorder(&[6, 5, 4, 3, 2, 1].map(id), open).unwrap();
    assert_eq!(turned.items().iter().map(|item| item.position).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    assert_eq!(turned.items()[0].title, "慰问老党员");
    assert_eq!(Agenda::from_stored(turned.items().to_vec()), turned);
    for bad in [&[1, 1, 2, 3, 4, 5][..], &[1, 2, 3, 4, 5], &[1, 2, 3, 4, 5, 9]] {
        let order: Vec<_> = bad.iter().copied().map(id).collect();
        assert_eq!(agenda().reorder(&order, open).unwrap_err(), AgendaRefusal::BadOrder);
    }
}

#[test]
fn a_mark_keeps_its_first_time_and_can_be_taken_back() {
    let open = ActivityState::Open;
    let done = |minutes| Some(ItemDone { at: at(minutes), by: SECRETARY });
    let agenda = agenda().mark(id(1), done(5), open).unwrap().mark(id(1), done(9), open).unwrap();
    assert_eq!(agenda.items()[0].done, done(5));
    assert_eq!(agenda.clone().mark(id(1), None, open).unwrap().items()[0].done, None);
    assert_eq!(agenda.mark(id(1), None, ActivityState::Draft).unwrap_err(), AgendaRefusal::FixedNow);
}

#[test]
fn a_template_has_one_to_ten_different_titles() {
    let titles = |n: usize| (0..n).map(|i| format!("第{i}项")).collect::<Vec<_>>();
    assert!(AgendaTemplate::new(&titles(10)).is_ok());
    assert_eq!(AgendaTemplate::new(&titles(11)), Err(AgendaRefusal::BadTemplate));
    assert_eq!(AgendaTemplate::new(&[]), Err(AgendaRefusal::BadTemplate));
    assert_eq!(AgendaTemplate::new(&["一".into(), "一 ".into()]), Err(AgendaRefusal::BadTemplate));
    assert_eq!(Agenda::make(None, &[], &titles(31), || id(1)), Err(AgendaRefusal::TooMany));
}
