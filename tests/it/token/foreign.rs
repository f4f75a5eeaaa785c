//! Access tokens that were signed for somebody else, or by somebody else, open no door.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::Duration;
use serde_json::{Value, json};
use uuid::Uuid;
use zhibu::auth::{
    secret::MasterKey,
    token::{Bearer, NewClientToken, Tokens},
};
use zhibu_domain::id::{AccountId, DistrictId, SessionId, TokenGrantId};

use super::{access, client};
use crate::{
    both,
    harness::{Unit, World, document::*, world::MASTER_KEY},
};

const ANOTHER_KEY: &[u8] = b"the master key of another installation";
const OURS: &str = "http://127.0.0.1";
const PEOPLE: &str = "zhibu";

fn claims(token: &str) -> Value {
    let said = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    serde_json::from_slice(&said).unwrap()
}

fn id(claim: &Value) -> Uuid {
    claim.as_str().unwrap().parse().unwrap()
}

/// Signs as a server with this key, this address and this audience of people's tokens does.
fn signer(key: &[u8], issuer: &str, audience: &str) -> Tokens {
    Tokens::new(MasterKey::from_bytes(key).unwrap(), issuer, audience)
}

fn of_person(signer: &Tokens, world: &World, said: &Value) -> String {
    let bearer = Bearer {
        account_id: AccountId(id(&said["sub"])),
        district_id: DistrictId(id(&said["did"])),
        session_id: SessionId(id(&said["sid"])),
        second_factor: true,
        password_change_due: false,
        grant: None,
    };
    signer.issue(bearer, world.now()).unwrap()
}

fn of_client(signer: &Tokens, world: &World, said: &Value) -> String {
    let token = NewClientToken {
        id: SessionId(id(&said["jti"])),
        grant: TokenGrantId(id(&said["client_id"])),
        account_id: AccountId(id(&said["acc"])),
        district_id: DistrictId(id(&said["did"])),
        scope: said["scope"].as_str().unwrap().to_owned(),
        until: world.now() + Duration::minutes(10),
    };
    signer.issue_client(token, world.now()).unwrap()
}

/// The statuses of GraphQL and of REST to who bears a token.
async fn doors(world: &World, token: &str) -> (u16, u16) {
    let bearer = world.bearer(token);
    let (graphql, rest) = (bearer.gql(UNITS, json!({})).await, bearer.get("/units").await);
    (graphql.status.as_u16(), rest.status.as_u16())
}

both! {
    async fn a_token_of_another_issuer_audience_or_key_is_nobodys(world: &World) {
        let person = claims(&world.secretary().access().await.unwrap());
        let client = claims(&access(world, &client(world, &["UNITS_READ"], Unit::B1).await).await);
        // Signed as the server itself signs: what is refused below is refused for its one difference.
        let ours = signer(MASTER_KEY, OURS, PEOPLE);
        for ours in [of_person(&ours, world, &person), of_client(&ours, world, &client)] {
            assert_eq!(doors(world, &ours).await, (200, 200), "{}", claims(&ours));
        }
        for (key, issuer, audience) in [
            (MASTER_KEY, OURS, "elsewhere"),
            (MASTER_KEY, OURS, ""),
            // A client's audience is no person's.
            (MASTER_KEY, OURS, "http://127.0.0.1/api"),
            (MASTER_KEY, "https://elsewhere.example", PEOPLE),
            (ANOTHER_KEY, OURS, PEOPLE),
            (ANOTHER_KEY, OURS, "elsewhere"),
            (ANOTHER_KEY, "https://elsewhere.example", PEOPLE),
        ] {
            let foreign = of_person(&signer(key, issuer, audience), world, &person);
            assert_eq!(doors(world, &foreign).await, (401, 401), "{}", claims(&foreign));
        }
        for (key, issuer) in [
            (MASTER_KEY, "https://elsewhere.example"),
            (ANOTHER_KEY, OURS),
            (ANOTHER_KEY, "https://elsewhere.example"),
        ] {
            let foreign = of_client(&signer(key, issuer, PEOPLE), world, &client);
            assert_eq!(doors(world, &foreign).await, (401, 401), "{}", claims(&foreign));
        }
    }
}
