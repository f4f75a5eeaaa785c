//! What a newcomer reads first.

use std::{net::SocketAddr, path::Path};

use super::{Failure, PASSWORD, Role, World, say};
use crate::demo::{Part, Someone};

/// What is told.
#[derive(Clone)]
pub struct Guide<'a> {
    /// Where the server listens.
    pub listen: SocketAddr,
    /// How many can sign in.
    pub people: usize,
    /// Who.
    pub accounts: &'a Path,
    /// The Party day that is open now.
    pub activity: Option<String>,
}

/// The member to begin with: the first ones of a branch hold posts.
const PLAIN: usize = 3;

impl Guide<'_> {
    /// Prints it.
    pub fn print(&self, world: &World) -> Result<(), Failure> {
        let base = world.base()?;
        let street = world.subdistrict(0, &base)?;
        let url = format!("http://{}/graphql", self.listen);
        let district = world.district();
        say("");
        say(&format!("Zhibu demo: {} ({}), {} people", district.name, district.code, self.people));
        say(&format!("  GraphiQL   {url}  (in a browser)"));
        say(&format!("  accounts   {}", self.accounts.display()));
        say(&format!("  password   {PASSWORD}  (everybody's)"));
        let member = street.everybody().filter(|p| p.member.is_some()).nth(PLAIN);
        for (role, someone) in [
            ("member", member.clone()),
            ("secretary", first(&street, Role::Secretary)),
            ("office", first(&street, Role::Office)),
        ] {
            if let Some(someone) = someone {
                say(&format!("  {role:<10} {}  {} · {}", someone.phone, someone.name, someone.unit.2));
            }
        }
        say("");
        say("Sign in:");
        if let Some(member) = member {
            say(&format!("  {}", curl(&url, &sign_in(member.phone))));
        }
        if let (Some(activity), Some(secretary)) = (&self.activity, first(&street, Role::Secretary)) {
            self.say_check_in(&url, activity, secretary.phone);
        }
        say("");
        Ok(())
    }

    fn say_check_in(&self, url: &str, activity: &str, secretary: &str) {
        say("");
        say(&format!("A Party day is open now: {activity}"));
        say("The secretary shows the code (a QR code and six digits that change every 15 s):");
        let token = format!(
            "TOKEN=$({} | sed 's/.*accessToken\":\"\\([^\"]*\\).*/\\1/')",
            curl(url, &sign_in(secretary))
        );
        say(&format!("  {token}"));
        let code = format!("{{ checkInCode(activityId: \\\"{activity}\\\") {{ digits qr validUntil }} }}");
        say(&format!("  {} -H \"authorization: Bearer $TOKEN\"", curl(url, &code)));
        say("The member sends, with their own token:");
        say(&format!(
            "  mutation {{ checkIn(input: {{activityId: \"{activity}\", digits: \"…\"}}) {{ __typename }} }}"
        ));
    }
}

fn first(part: &Part, role: Role) -> Option<Someone<'_>> {
    part.everybody().find(|someone| someone.role == role)
}

fn sign_in(phone: &str) -> String {
    format!(
        "mutation {{ signIn(input: {{phone: \\\"{phone}\\\", password: \\\"{PASSWORD}\\\"}}) {{ __typename \
         ... on SignInDone {{ account {{ name }} tokens {{ accessToken }} }} ... on SignInRefused {{ message }} }} }}"
    )
}

/// A line for a POSIX shell; the query holds no quote but `\"`.
fn curl(url: &str, query: &str) -> String {
    format!("curl -s {url} -H 'content-type: application/json' -d '{{\"query\":\"{query}\"}}'")
}
