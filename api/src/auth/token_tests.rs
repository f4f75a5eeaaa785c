use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, EncodingKey, jwk::Jwk};
use serde_json::{Value, json};

use super::*;
use crate::auth::signing_keys::PERIOD_SECONDS;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(100 * PERIOD_SECONDS + seconds, 0).unwrap()
}

fn tokens_of(key: u8, issuer: &str, audience: &str) -> Tokens {
    let bytes: Vec<u8> = (key..key + 32).collect();
    Tokens::new(MasterKey::from_bytes(&bytes).unwrap(), issuer, audience)
}

fn tokens() -> Tokens {
    tokens_of(1, "https://zhibu.example", "zhibu")
}

fn bearer() -> Bearer {
    Bearer {
        account_id: AccountId(Uuid::from_u128(1)),
        district_id: DistrictId(Uuid::from_u128(2)),
        session_id: SessionId(Uuid::from_u128(3)),
        second_factor: true,
        password_change_due: false,
        grant: None,
    }
}

fn part(token: &str, n: usize) -> Value {
    let part = token.split('.').nth(n).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// The token with its header and claims changed and its old signature.
fn tampered(token: &str, change: impl FnOnce(&mut Value, &mut Value)) -> String {
    let (mut header, mut claims) = (part(token, 0), part(token, 1));
    change(&mut header, &mut claims);
    let text = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{}", text(&header), text(&claims), token.split('.').nth(2).unwrap())
}

#[test]
fn a_token_says_whom_it_is_for_until_our_clock_ends_it() {
    let tokens = tokens();
    let token = tokens.issue(bearer(), at(0)).unwrap();
    for _ in 0..2 {
        assert_eq!(tokens.verify(&token, at(899)).unwrap().bearer(), Some(bearer()));
    }
    let digest: [u8; 32] = Sha256::digest(&token).into();
    assert_eq!(tokens.checked.get(&digest).and_then(|signed| signed.bearer()), Some(bearer()));
    assert_eq!(tokens.verify(&token, at(900)), Err(TokenError::Expired));
    // The answer doesn't hang on the memory of it.
    assert_eq!(self::tokens().verify(&token, at(900)), Err(TokenError::Expired));
    assert!(tokens.verify(&token, at(-60)).is_ok());
    assert_eq!(tokens.verify(&token, at(-61)), Err(TokenError::NotYetValid));
}

#[test]
fn whoever_changes_a_token_breaks_it() {
    let tokens = tokens();
    let token = tokens.issue(bearer(), at(0)).unwrap();
    let changes: [(&str, Value); 5] = [
        ("did", json!(Uuid::from_u128(99))),
        ("sub", json!(Uuid::from_u128(99))),
        ("sfa", json!(false)),
        ("exp", json!(99_999_999_999_i64)),
        ("sid", json!(Uuid::from_u128(99))),
    ];
    for (claim, value) in changes {
        let forged = tampered(&token, |_, claims| claims[claim] = value);
        assert_eq!(tokens.verify(&forged, at(1)), Err(TokenError::BadSignature), "{claim}");
    }
    let last = if token.ends_with('A') { 'B' } else { 'A' };
    let cut = &token[..token.len() - 1];
    for broken in ["", ".", "..", "a.b.c", "🦀.🦀.🦀", cut, &format!("{cut}{last}"), &format!("{token}.x")]
    {
        assert!(tokens.verify(broken, at(1)).is_err(), "{broken}");
    }
    assert_eq!(tokens.verify(&"a".repeat(10_000_000), at(1)), Err(TokenError::Malformed));
}

#[test]
fn only_our_algorithm_type_and_keys_count() {
    let tokens = tokens();
    let token = tokens.issue(bearer(), at(0)).unwrap();
    let (header, claims) = (part(&token, 0), part(&token, 1));
    for alg in ["none", "None", "HS256", "RS256", "ES256"] {
        let forged = tampered(&token, |header, _| header["alg"] = json!(alg));
        assert!(tokens.verify(&forged, at(1)).is_err(), "{alg}");
    }
    let unsigned = tampered(&token, |header, _| header["alg"] = json!("none"));
    let unsigned = &unsigned[..=unsigned.rfind('.').unwrap()];
    assert!(tokens.verify(unsigned, at(1)).is_err());

    // The public key isn't secret: taken for an HMAC key it must not sign.
    let kid = header["kid"].as_str().unwrap();
    let jwks = tokens.jwks(at(0));
    let x = jwks["keys"].as_array().unwrap().iter().find(|k| k["kid"] == kid).unwrap()["x"].as_str().unwrap();
    for secret in [URL_SAFE_NO_PAD.decode(x).unwrap(), x.as_bytes().to_vec()] {
        let mut header = Header::new(Algorithm::HS256);
        (header.typ, header.kid) = (Some(TYPE.into()), Some(kid.into()));
        let forged = encode(&header, &claims, &EncodingKey::from_secret(&secret)).unwrap();
        assert_eq!(tokens.verify(&forged, at(1)), Err(TokenError::WrongAlgorithm));
    }

    // A key of the forger's own, announced in the header or under our key's name.
    let other = tokens_of(77, "https://zhibu.example", "zhibu");
    let foreign = other.issue(bearer(), at(0)).unwrap();
    assert_eq!(tokens.verify(&foreign, at(1)), Err(TokenError::UnknownKey));
    let ring = other.rings.at(at(0));
    let mut header = Header::new(Algorithm::EdDSA);
    (header.typ, header.kid) = (Some(TYPE.into()), Some(kid.into()));
    header.jwk = serde_json::from_value::<Jwk>(other.jwks(at(0))["keys"][0].clone()).ok();
    assert!(header.jwk.is_some());
    let foreign = encode(&header, &claims, &ring.encoding).unwrap();
    assert_eq!(tokens.verify(&foreign, at(1)), Err(TokenError::BadSignature));

    // Signed by us, but as something else.
    let ours = tokens.rings.at(at(0));
    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = Some(kid.into());
    let mistaken = encode(&header, &claims, &ours.encoding).unwrap();
    assert_eq!(tokens.verify(&mistaken, at(1)), Err(TokenError::Malformed));
}

#[test]
fn tokens_of_another_party_are_refused() {
    let token = tokens().issue(bearer(), at(0)).unwrap();
    for (issuer, audience) in [("https://zhibu.example", "other"), ("https://other.example", "zhibu")] {
        let elsewhere = tokens_of(1, issuer, audience);
        assert_eq!(elsewhere.verify(&token, at(1)), Err(TokenError::WrongParty));
    }
}

#[test]
fn keys_rotate_and_neighbouring_periods_still_count() {
    let tokens = tokens();
    let end = PERIOD_SECONDS;
    let token = tokens.issue(bearer(), at(end - 1)).unwrap();
    assert!(tokens.verify(&token, at(end + 1)).is_ok());
    // On a server that has just started, too.
    assert!(self::tokens().verify(&token, at(end + 1)).is_ok());
    let next = tokens.issue(bearer(), at(end)).unwrap();
    assert_ne!(part(&token, 0)["kid"], part(&next, 0)["kid"]);
    // A server whose clock is a little behind.
    assert!(self::tokens().verify(&next, at(end - 10)).is_ok());
    // A key two periods old isn't ours any more, whatever the token says.
    assert_eq!(tokens.verify(&token, at(2 * end)), Err(TokenError::Expired));
    assert_eq!(self::tokens().verify(&token, at(2 * end)), Err(TokenError::UnknownKey));
}

#[test]
fn others_can_check_our_tokens_by_the_published_keys() {
    let tokens = tokens();
    let token = tokens.issue(bearer(), at(0)).unwrap();
    let jwks = tokens.jwks(at(0));
    assert_eq!(jwks["keys"].as_array().unwrap().len(), 3);
    assert!(jwks.to_string().find("\"d\"").is_none());
    let key = jwks["keys"].as_array().unwrap().iter().find(|k| k["kid"] == part(&token, 0)["kid"]).unwrap();
    let key = DecodingKey::from_jwk(&serde_json::from_value(key.clone()).unwrap()).unwrap();
    assert!(decode::<Claims>(&token, &key, &tokens.validation).is_ok());
}

#[test]
fn a_clients_token_and_a_persons_are_never_mistaken_for_each_other() {
    let tokens = tokens();
    let new = NewClientToken {
        id: SessionId(Uuid::from_u128(4)),
        grant: TokenGrantId(Uuid::from_u128(5)),
        account_id: AccountId(Uuid::from_u128(1)),
        district_id: DistrictId(Uuid::from_u128(2)),
        scope: "units:read".to_owned(),
        until: at(600),
    };
    let token = tokens.issue_client(new, at(0)).unwrap();
    assert_eq!(part(&token, 0)["typ"], TYPE);
    let claims = part(&token, 1);
    assert_eq!(claims["aud"], "https://zhibu.example/api");
    assert_eq!(claims["sub"], claims["client_id"]);
    let bearer = tokens.verify(&token, at(599)).unwrap().bearer().unwrap();
    assert_eq!(
        (bearer.grant, bearer.session_id.0),
        (
            Some(Shown {
                id: TokenGrantId(Uuid::from_u128(5)),
                scopes: TokenScopes::of(&[zhibu_domain::token::TokenScope::UnitsRead])
            }),
            Uuid::from_u128(4)
        )
    );
    assert_eq!(tokens.verify(&token, at(600)), Err(TokenError::Expired));
    // Ours, with the one's claims and the other's audience.
    let ring = tokens.rings.at(at(0));
    let mut header = Header::new(Algorithm::EdDSA);
    (header.typ, header.kid) = (Some(TYPE.into()), Some(ring.kid.clone()));
    let person = part(&tokens.issue(self::bearer(), at(0)).unwrap(), 1);
    for (claims, audience) in [(claims, "zhibu"), (person, "https://zhibu.example/api")] {
        let mut mixed = claims;
        mixed["aud"] = json!(audience);
        let mixed = encode(&header, &mixed, &ring.encoding).unwrap();
        assert!(tokens.verify(&mixed, at(1)).is_err(), "{audience}");
    }
}
