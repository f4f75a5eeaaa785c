//! Tries every operation with tokens: each has its scope, or no token may do it.

use super::{
    cases::{self, For},
    observed::attempt,
    scene::Scene,
};
use crate::{
    both,
    harness::{Unit, Who, World},
    token::{access, client, personal},
};

const ALL: &[&str] = &[
    "UNITS_READ",
    "MEMBERS_READ",
    "CONTACTS_READ",
    "ACTIVITIES_READ",
    "ACTIVITIES_WRITE",
    "ATTENDANCE_READ",
    "ATTENDANCE_WRITE",
    "HOURS_READ",
    "HOURS_EXPORT",
    "ASSIGNMENTS_READ",
    "ASSIGNMENTS_WRITE",
    "FIGURES_READ",
    "WEBHOOKS_MANAGE",
];

async fn observe(world: &World) -> String {
    let scene = Scene::set(world).await;
    // A minute's clock stands still in a test: as many requests as a grant may have at most.
    let elsewhere = personal(world, Who::Office, ALL, Unit::B2).await;
    let figures = personal(world, Who::Secretary, &["FIGURES_READ"], Unit::B1).await;
    let everything = personal(world, Who::Secretary, ALL, Unit::B1).await;
    let system = access(world, &client(world, ALL, Unit::S1).await).await;
    let tried = [
        ("everything, elsewhere", &elsewhere.secret),
        ("figures", &figures.secret),
        ("everything of a secretary", &everything.secret),
        ("another system", &system),
    ];
    let mut table = String::new();
    for case in cases::all().filter(|case| case.reach != For::Anybody) {
        table.push_str(&format!("{}\n", case.operation));
        for (name, token) in tried {
            let (word, text) = attempt(world, &world.bearer(token), case, &scene).await;
            let nothing = ["INSUFFICIENT_SCOPE", "NOT_FOUND", "NULL"].contains(&word.as_str());
            match name {
                "everything, elsewhere" if case.reach == For::Somebody => {
                    assert!(nothing || case.operation == "checkIn", "{}: {word}", case.operation);
                    assert!(!text.contains("芙蓉社区第一党支部"), "{}: {text}", case.operation);
                }
                "figures" => {
                    let given =
                        ["unitFigures", "unitHours", "assignmentFigures", "monthReport", "desk", "themes"];
                    let expected = given.contains(&case.operation) || case.operation == "sendQueued";
                    assert!(nothing || expected || case.operation == "checkIn", "{}: {word}", case.operation);
                }
                _ => {}
            }
            table.push_str(&format!("    {word}: {name}\n"));
        }
    }
    table
}

both! {
    async fn every_operation_is_tried_with_tokens(world: &World) {
        let table = observe(world).await;
        // Both engines must give the same table.
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!("access_tokens", table);
        });
    }
}
