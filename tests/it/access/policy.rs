//! `docs/access.md`: the policy as a table that a non-programmer can read.

use zhibu_domain::{
    member::PostKind,
    policy::{ACCESS, Access, Action, Relation},
    token::TokenScope,
    vocabulary::{Language, Vocabulary},
};

use crate::schema::assert_file;

const INTRODUCTION: &str = "\
# Access

Who may do what. A post's rights reach its unit and everything below it; a person may hold several
posts, and all of them count. What isn't marked here is denied: who may not even see a thing is
answered `NOT_FOUND`, who may see it but not do this `FORBIDDEN`. Every operation of the API names
one of these actions; a test tries each operation with everybody.

In the schema **organizers**, who also **keep attendance**, are those whom the row ORGANIZE marks;
**overseers** those of VIEW_ATTENDANCE, and **offices** those of IMPORT_MEMBER.

Where units hold an activity jointly, each of them gives `VIEW_ACTIVITY`, `VIEW_DRAFT` and
`VIEW_ATTENDANCE` of it; the host alone gives `ORGANIZE` and `KEEP_ATTENDANCE`. Of hours that were reported
elsewhere the member's home gives `VIEW_HOURS`. An assignment's issuer and the unit with which it lies both
give `VIEW_ASSIGNMENT`; the issuer alone gives `ASSIGN`.

A team's captain runs the shifts of its projects and verifies, corrects and returns what was served at them,
as long as the team lives; what follows, objections and reversals, is for the organizers.

A **token** cuts the rights of whoever it is of: it needs the scope that stands in the last column, and reaches
no further than its unit and all below. A personal access token is its person's, so cut; a client of another
system may what is marked for integrators, so cut, and nothing else. What has no scope, no token may do.

This file is printed from `domain/src/policy/matrix.rs`; run the tests with `UPDATE_DOCS=1` after a
change there.
";

fn by_relation(access: &Access) -> String {
    let word = |relation: &Relation| match relation {
        Relation::Anyone => Some("anybody"),
        Relation::SignedIn => Some("anybody signed in"),
        Relation::Own => Some("oneself"),
        Relation::UnitMember => Some("members of the unit"),
        Relation::Invited => Some("those on the list"),
        Relation::Captain => Some("the team's captain"),
        Relation::Screen => Some("the screen that was opened for it"),
        Relation::Integrator | Relation::Held(_) => None,
    };
    access.relations.iter().filter_map(word).collect::<Vec<_>>().join(", ")
}

fn table() -> String {
    let posts: Vec<_> = PostKind::words().iter().map(|w| w.value).collect();
    let mut text = format!("{INTRODUCTION}\n| action | 操作 | besides posts |");
    for post in &posts {
        text.push_str(&format!(" {} `{}` |", post.say(Language::Zh), post.code()));
    }
    text.push_str(" 第三方系统 integrators | scope of a token |");
    text.push_str(&format!("\n|---|---|---|{}---|\n", ":-:|".repeat(posts.len() + 1)));
    for access in ACCESS {
        let action = access.action;
        text.push_str(&format!(
            "| {} | {} | {} |",
            action.code(),
            action.say(Language::Zh),
            by_relation(access)
        ));
        for post in &posts {
            let held = access.relations.contains(&Relation::Held(*post));
            text.push_str(if held { " ✓ |" } else { "  |" });
        }
        let integrators = access.relations.contains(&Relation::Integrator);
        text.push_str(if integrators { " ✓ |" } else { "  |" });
        let scope = action.token_scope().map_or_else(String::new, |scope| format!("`{}` ", scope.spoken()));
        text.push_str(&format!(" {scope}|"));
        text.push('\n');
    }
    text.push_str("\n## The actions\n\n");
    for word in Action::words() {
        let doc: Vec<_> = word.doc.lines().map(str::trim).collect();
        text.push_str(&format!("- `{}`: {}\n", word.code, doc.join(" ").trim()));
    }
    text.push_str("\n## The scopes of tokens\n\n");
    for word in TokenScope::words() {
        let doc: Vec<_> = word.doc.lines().map(str::trim).collect();
        text.push_str(&format!("- `{}` {}: {}\n", word.value.spoken(), word.zh, doc.join(" ").trim()));
    }
    text
}

#[test]
fn the_table_of_the_policy_is_printed() {
    assert_eq!(ACCESS.len(), Action::words().len(), "each action has one row");
    assert_file("docs/access.md", "UPDATE_DOCS", &table());
}
