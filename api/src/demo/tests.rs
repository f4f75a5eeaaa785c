use std::collections::HashSet;

use chrono::{DateTime, Utc};
use zhibu_domain::{
    id::{AccountId, DistrictId},
    identity::check_password,
    member::PostKind,
    organization::{CommunityClass, OrgUnitKind},
    rule::Rules,
};
use zhibu_persistence::{Settings, Store, assignment, attendance, member, organization, volunteering};

use super::{
    volunteering::{Books, Reviewers},
    *,
};
use crate::auth::random::Randomness;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn world(scale: Scale, seed: u64) -> World {
    World::new(Recipe { seed, scale }, at("2026-03-10T01:00:00Z"))
}

fn parts(world: &World) -> Vec<Part> {
    let base = world.base().unwrap();
    let streets: Vec<_> =
        (0..world.plan.subdistricts.len()).map(|n| world.subdistrict(n, &base).unwrap()).collect();
    std::iter::once(base).chain(streets).collect()
}

#[test]
fn a_street_holds_what_the_plan_says() {
    let parts = parts(&world(Scale::Street, 1));
    let units: Vec<_> = parts.iter().flat_map(|p| &p.tree.units).collect();
    let of = |kind| units.iter().filter(|u| u.kind == kind).count();
    assert_eq!((of(OrgUnitKind::GeneralBranch), of(OrgUnitKind::PartyBranch)), (64, 300));
    assert_eq!(units.iter().map(|u| &u.code).collect::<HashSet<_>>().len(), units.len());
    assert_eq!(units.iter().map(|u| &u.name).collect::<HashSet<_>>().len(), units.len());
    assert_eq!(units.iter().map(|u| &u.path).collect::<HashSet<_>>().len(), units.len());
    let classes: HashSet<Option<CommunityClass>> = units.iter().map(|u| u.community_class).collect();
    assert_eq!(classes.len(), 4);
    assert_eq!(parts[1].tree.guidance.len(), 11);
    let people: Vec<_> = parts.iter().flat_map(Part::everybody).collect();
    assert_eq!(people.iter().filter(|p| p.member.is_some()).count(), 20_000);
    assert_eq!(people.iter().map(|p| p.phone).collect::<HashSet<_>>().len(), people.len());
    let roles = |role| people.iter().filter(|p| p.role == role).count();
    assert_eq!((roles(Role::Secretary), roles(Role::Office), roles(Role::Administrator)), (300, 3, 1));
}

#[test]
fn every_member_has_a_home_and_every_branch_a_secretary() {
    for part in parts(&world(Scale::Branch, 7)) {
        let homes: std::collections::HashMap<_, _> = part.tree.units.iter().map(|u| (u.id, u)).collect();
        for (roster, branch) in part.people.rosters.iter().zip(part.tree.branches()) {
            assert_eq!(roster.unit, branch.unit);
            for (_, member) in &roster.people {
                let home = homes[&member.unit_id];
                assert!(home.kind.holds_members() && home.path.is_within(&roster.unit.path));
            }
            let secretaries = part.people.posts.iter();
            let secretaries =
                secretaries.filter(|p| p.unit_id == roster.unit.id && p.kind == PostKind::Secretary);
            assert_eq!(secretaries.count(), 1);
        }
        let led: Vec<_> = part.people.posts.iter().filter(|p| p.kind == PostKind::GroupLeader).collect();
        let groups = part.tree.units.iter().filter(|u| u.kind == OrgUnitKind::PartyGroup).count();
        assert_eq!(led.iter().map(|p| p.unit_id).collect::<HashSet<_>>().len(), groups);
        for post in &part.people.posts {
            assert!(post.kind.fits(homes[&post.unit_id].kind), "{post:?}");
        }
    }
}

#[test]
fn the_seed_decides_names_and_ids_on_any_day() {
    let names = |world: &World| -> Vec<_> {
        let parts = parts(world);
        parts
            .iter()
            .flat_map(Part::everybody)
            .map(|p| (p.id, p.name.to_owned(), p.phone.to_owned()))
            .collect()
    };
    let recipe = Recipe { seed: 1, scale: Scale::Branch };
    let later = World::new(recipe, at("2027-11-30T20:00:00Z"));
    assert_eq!(names(&world(Scale::Branch, 1)), names(&later));
    assert_ne!(names(&world(Scale::Branch, 1)), names(&world(Scale::Branch, 2)));
}

#[test]
fn hours_are_reported_to_the_branch() {
    let world = world(Scale::Branch, 1);
    let mut entries = 0;
    for part in parts(&world) {
        for roster in &part.people.rosters {
            let reviewers =
                Reviewers { secretary: roster.people[0].0.id, office: AccountId(uuid::Uuid::nil()) };
            let months = world.plan.months;
            let books =
                Books::of(&mut world.work(1), roster, reviewers, months, world.today, world.now).unwrap();
            assert!(books.entries.iter().all(|entry| entry.unit_id == roster.unit.id));
            entries += books.entries.len();
        }
    }
    assert!(entries > 10);
}

#[test]
fn the_password_is_a_good_one() {
    assert_eq!(check_password(PASSWORD, "19000000001", "王芳", false, &Rules::defaults()), Ok(()));
}

async fn empty(file: &std::path::Path) -> Store {
    let url = format!("sqlite://{}", file.display());
    let settings = Settings { url, connections: 2, acquire_timeout: std::time::Duration::from_secs(5) };
    let store = Store::connect(&settings, |now| Randomness.id(now)).await.unwrap();
    store.migrate().await.unwrap();
    store
}

fn file() -> std::path::PathBuf {
    std::env::temp_dir().join(format!("{}.db", Randomness.id(DateTime::UNIX_EPOCH)))
}

#[tokio::test]
async fn several_subdistricts_are_filled_one_after_the_other() {
    let file = file();
    let store = empty(&file).await;
    let mut world = world(Scale::Branch, 1);
    let street = world.plan.subdistricts[0].clone();
    world.plan.subdistricts.push(street);
    fill(&store, &world, "hash", &|_, _| {}).await.unwrap();
    let district = DistrictId(world.district().id);
    let root = organization::root(&store, district).await.unwrap().unwrap();
    let members = world.plan.branches().map(|branch| u64::try_from(branch.members).unwrap()).sum::<u64>();
    assert_eq!(member::count_roster(&store, district, &root.path).await.unwrap(), members);
    store.close().await.unwrap();
    std::fs::remove_file(file).unwrap();
}

#[tokio::test]
async fn a_database_is_filled_once_and_known_again() {
    let file = file();
    let store = empty(&file).await;
    assert_eq!(content(&store).await.unwrap(), Content::Nothing);
    let world = world(Scale::Branch, 1);
    fill(&store, &world, "hash", &|_, _| {}).await.unwrap();
    assert_eq!(content(&store).await.unwrap(), Content::Demo(world.recipe));
    let district = DistrictId(world.district().id);
    let root = organization::root(&store, district).await.unwrap().unwrap();
    assert_eq!(member::count_roster(&store, district, &root.path).await.unwrap(), 112);
    let figures = attendance::unit_figures(&store, district, &[root.id], world.since, world.now)
        .await
        .unwrap()[&root.id];
    let known = figures.present + figures.late + figures.on_leave + figures.absent;
    // Six branches have one member each who isn't expected.
    assert_eq!((figures.held, figures.expected, known), (24, 336 - 18, 336 - 18));
    let hours = volunteering::unit_hours(&store, district, &root.path, 2026).await.unwrap();
    assert!(hours.minutes > 0 && hours.volunteers > 10, "{hours:?}");
    let due = assignment::ALERTS_DUE.list(&store, world.now, 100).await.unwrap();
    assert_eq!(due, [], "what was to be told of old assignments has been told");
    let open = keep_open(&store, district, world.now).await.unwrap();
    assert_eq!(open.len(), 8);
    let later = world.now + chrono::Duration::minutes(80);
    assert_eq!(keep_open(&store, district, later).await.unwrap(), open);
    let evening = world.now + chrono::Duration::hours(3);
    let fresh = keep_open(&store, district, evening).await.unwrap();
    assert!(fresh.iter().all(|one| !open.contains(one)));
    store.close().await.unwrap();
    std::fs::remove_file(file).unwrap();
}
