//! Somebody who sends requests.

use chrono::{DateTime, Duration, Utc};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use super::{
    cast::{PASSWORD, Who},
    document::SIGN_IN,
    reply::Reply,
    world::World,
};

/// What proves who asks.
#[derive(Clone, Debug)]
pub struct Tokens {
    pub access: String,
    pub refresh: String,
    pub until: DateTime<Utc>,
}

impl Tokens {
    /// Of the `tokens` of an answer.
    #[track_caller]
    pub fn of(tokens: &Value) -> Self {
        let text =
            |name: &str| tokens[name].as_str().unwrap_or_else(|| panic!("{name} in {tokens}")).to_owned();
        Self {
            access: text("accessToken"),
            refresh: text("refreshToken"),
            until: text("accessTokenExpiresAt").parse().expect("a time"),
        }
    }
}

/// Who sends with what.
#[derive(Clone, Debug)]
enum Proof {
    Nobody,
    /// Signs in when needed, by phone and district.
    Person(String, &'static str),
    Token(String),
}

/// Somebody who sends requests.
#[derive(Clone)]
pub struct Actor<'a> {
    world: &'a World,
    proof: Proof,
    language: &'static str,
}

impl<'a> Actor<'a> {
    pub(super) fn nobody(world: &'a World) -> Self {
        Self { world, proof: Proof::Nobody, language: "zh-CN" }
    }

    pub(super) fn person(world: &'a World, phone: &str, district: &'static str) -> Self {
        Self { world, proof: Proof::Person(phone.to_owned(), district), language: "zh-CN" }
    }

    pub(super) fn token(world: &'a World, token: &str) -> Self {
        Self { world, proof: Proof::Token(token.to_owned()), language: "zh-CN" }
    }

    /// The same, speaking another language.
    pub fn speaking(self, language: &'static str) -> Self {
        Self { language, ..self }
    }

    pub(super) fn world(&self) -> &'a World {
        self.world
    }

    pub(super) fn language(&self) -> &'static str {
        self.language
    }

    /// The access token; none for nobody.
    pub async fn access(&self) -> Option<String> {
        match &self.proof {
            Proof::Nobody => None,
            Proof::Token(token) => Some(token.clone()),
            Proof::Person(phone, district) => {
                Some(Box::pin(self.world.signed_in(phone, district)).await.access)
            }
        }
    }

    /// A request with everything but its body.
    pub async fn request(&self) -> RequestBuilder {
        let token = self.access().await;
        self.world.heard().await;
        let mut request = self.world.http.post(self.world.url()).header("accept-language", self.language);
        request = request.header("accept", "application/graphql-response+json");
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        request
    }

    /// Sends a document.
    pub async fn gql(&self, document: &str, variables: Value) -> Reply {
        let body = json!({ "query": document, "variables": variables });
        Reply::read(self.request().await.json(&body).send().await.expect("an answer")).await
    }

    /// Sends a mutation's only variable.
    pub async fn run(&self, document: &str, input: Value) -> Reply {
        self.gql(document, json!({ "input": input })).await
    }
}

/// Signs somebody in.
pub async fn sign_in(world: &World, phone: &str, district: &str, password: &str) -> Reply {
    let input = json!({ "phone": phone, "password": password, "district": district });
    world.anonymous().run(SIGN_IN, input).await
}

/// Tokens that are kept for as long as they are valid.
pub async fn fresh_tokens(world: &World, phone: &str, district: &str) -> Tokens {
    let reply = sign_in(world, phone, district, PASSWORD).await;
    Tokens::of(&reply.done()["tokens"])
}

/// Whether tokens will do for a while.
pub fn last(tokens: &Tokens, now: DateTime<Utc>) -> bool {
    now + Duration::seconds(30) < tokens.until
}

impl Who {
    /// The number to sign in with.
    pub fn phone(self) -> &'static str {
        self.spec().phone
    }
}
