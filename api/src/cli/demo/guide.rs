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
    /// The mini-program that may sign in, and as whom.
    pub wechat: Option<(&'a str, &'a str)>,
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
        let member = plain_member(&street);
        for (role, someone) in [
            ("member", member.clone()),
            ("secretary", first(&street, Role::Secretary)),
            ("office", first(&street, Role::Office)),
        ] {
            if let Some(someone) = someone {
                say(&format!("  {role:<10} {}  {} · {}", someone.phone, someone.name, someone.unit.2));
            }
        }
        if let Some((appid, person)) = self.wechat {
            say(&format!("  WeChat     AppID {appid}: a stand-in takes any code of wx.login as {person}'s;"));
            say("             one that begins with another phone number is that person's");
        }
        say("");
        say("Sign in:");
        if let Some(member) = &member {
            say(&format!("  {}", curl(&url, &sign_in(member.phone))));
        }
        let secretary = first(&street, Role::Secretary);
        if let (Some(activity), Some(secretary), Some(member)) = (&self.activity, secretary, member) {
            say_check_in(&url, activity, secretary.phone, member.phone);
        }
        say("");
        Ok(())
    }
}

/// A check-in from both sides: the secretary's screen and the member's phone.
fn say_check_in(url: &str, activity: &str, secretary: &str, member: &str) {
    let token = |phone: &str| format!("  TOKEN=$({} | {})", curl(url, &sign_in(phone)), pick("accessToken"));
    let bearer = "-H \"authorization: Bearer $TOKEN\"";
    say("");
    say(&format!("A Party day is open now: {activity}"));
    say("The secretary asks for the code of the room's screen (a QR code and six digits, new every 15 s):");
    say(&token(secretary));
    let code = format!("{{ checkInCode(activityId: \\\"{activity}\\\") {{ digits qr validUntil }} }}");
    say(&format!("  DIGITS=$({} {bearer} | {}); echo $DIGITS", curl(url, &code), pick("digits")));
    say("The member types the digits within half a minute:");
    say(&token(member));
    // Between two quoted texts the shell puts the digits.
    let check_in = format!(
        "mutation {{ checkIn(input: {{activityId: \\\"{activity}\\\", digits: \\\"'$DIGITS'\\\"}}) {{ __typename \
         ... on CheckInDone {{ repeated attendance {{ state occurredAt }} }} \
         ... on CheckInRefused {{ code message }} }} }}"
    );
    say(&format!("  {} {bearer}", curl(url, &check_in)));
}

/// A member without a post.
pub fn plain_member(part: &Part) -> Option<Someone<'_>> {
    part.everybody().filter(|person| person.member.is_some()).nth(PLAIN)
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

/// Takes a text out of an answer.
fn pick(field: &str) -> String {
    format!("sed 's/.*\"{field}\":\"\\([^\"]*\\).*/\\1/'")
}

/// A line for a POSIX shell; the query holds no quote but `\"`.
fn curl(url: &str, query: &str) -> String {
    format!("curl -s {url} -H 'content-type: application/json' -d '{{\"query\":\"{query}\"}}'")
}
