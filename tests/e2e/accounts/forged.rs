//! Forty tokens that must not hold, most of them signed with the server's own key.

use api::credentials::signing_key::SigningKey;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, crypto, encode};
use serde_json::{Value, json};
use tests::app::TestApp;

use super::Session;

/// Header and claims of a token, unverified.
fn parts(token: &str) -> (Header, Value) {
    let claims = token.split('.').nth(1).unwrap();
    let claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    (jsonwebtoken::decode_header(token).unwrap(), claims)
}

fn with(claims: &Value, key: &str, value: Value) -> Value {
    let mut claims = claims.clone();
    claims[key] = value;
    claims
}

fn without(claims: &Value, key: &str) -> Value {
    let mut claims = claims.clone();
    claims.as_object_mut().unwrap().remove(key).unwrap();
    claims
}

/// A token of any header, signed rightly for EdDSA.
fn assembled(header: &Value, claims: &Value, key: &EncodingKey) -> String {
    let base64 = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", base64(header), base64(claims));
    let signature = crypto::sign(message.as_bytes(), key, Algorithm::EdDSA).unwrap();
    format!("{message}.{signature}")
}

/// A token made by the forger's means without any change: it holds, so what is refused is refused for its change.
pub(crate) fn unchanged(app: &TestApp, session: &Session) -> String {
    let (header, claims) = parts(&session.access);
    let plain = json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": header.kid });
    assembled(&plain, &claims, &app.app.keys.current().unwrap().encoding)
}

/// The forgeries, out of the live sessions of two people.
pub(crate) fn forgeries(app: &TestApp, nora: &Session, omar: &Session) -> Vec<String> {
    let (header, claims) = parts(&nora.access);
    let (_, omars) = parts(&omar.access);
    let own = app.app.keys.current().unwrap();
    let signed = |header: &Header, claims: &Value| encode(header, claims, &own.encoding).unwrap();
    let stranger = SigningKey::generate().unwrap();
    let mut forged = vec![
        encode(&header, &claims, &stranger.encoding).unwrap(),
        signed(
            &Header {
                kid: Some(stranger.public.id.clone()),
                ..header.clone()
            },
            &claims,
        ),
        signed(
            &Header {
                kid: None,
                ..header.clone()
            },
            &claims,
        ),
        signed(
            &Header {
                typ: Some("JWT".to_owned()),
                ..header.clone()
            },
            &claims,
        ),
        signed(
            &Header {
                typ: None,
                ..header.clone()
            },
            &claims,
        ),
        signed(
            &header,
            &with(&claims, "iss", json!("https://elsewhere.example.org")),
        ),
        signed(&header, &with(&claims, "aud", json!("another"))),
        signed(
            &header,
            &with(&claims, "aud", json!(["marketplace", "another"])),
        ),
        signed(&header, &with(&claims, "sub", omars["sub"].clone())),
        signed(&header, &with(&claims, "sid", omars["sid"].clone())),
        signed(
            &header,
            &with(
                &claims,
                "sid",
                json!("01980000-0000-7000-8000-000000000000"),
            ),
        ),
        signed(&header, &with(&claims, "jti", omars["jti"].clone())),
        signed(
            &header,
            &with(&claims, "nbf", json!(claims["nbf"].as_i64().unwrap() + 1)),
        ),
        signed(
            &header,
            &with(&claims, "nbf", json!(claims["nbf"].to_string())),
        ),
        signed(&header, &with(&claims, "exp", claims["nbf"].clone())),
        signed(&header, &with(&claims, "exp", json!("never"))),
    ];
    for claim in ["iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp"] {
        forged.push(signed(&header, &without(&claims, claim)));
    }

    // Headers that ask to be checked otherwise: an extension that must be understood, a key brought along, a key to fetch.
    let plain = json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": header.kid });
    let strangers =
        json!({ "kty": "OKP", "crv": "Ed25519", "x": stranger.public.x, "kid": header.kid });
    forged.push(assembled(
        &with(&plain, "crit", json!(["exp"])),
        &claims,
        &own.encoding,
    ));
    forged.push(assembled(
        &with(&plain, "jwk", strangers),
        &claims,
        &stranger.encoding,
    ));
    forged.push(assembled(
        &with(&plain, "jku", json!("https://elsewhere.example.org/keys")),
        &claims,
        &own.encoding,
    ));

    // Other algorithms, keyed with what is public, or with nothing.
    let public = EncodingKey::from_secret(&URL_SAFE_NO_PAD.decode(&own.public.x).unwrap());
    let symmetric = Header {
        alg: Algorithm::HS256,
        ..header.clone()
    };
    forged.push(encode(&symmetric, &claims, &public).unwrap());
    forged.push(assembled(
        &with(&plain, "alg", json!("RS256")),
        &claims,
        &own.encoding,
    ));
    let unsigned = assembled(&with(&plain, "alg", json!("none")), &claims, &own.encoding);
    forged.push(format!("{}.", unsigned.rsplit_once('.').unwrap().0));

    // Damage: another's signature, a missing part, a changed payload, no token at all.
    let nora_parts: Vec<_> = nora.access.split('.').collect();
    let omar_parts: Vec<_> = omar.access.split('.').collect();
    forged.push([nora_parts[0], nora_parts[1], omar_parts[2]].join("."));
    forged.push([nora_parts[0], omar_parts[1], nora_parts[2]].join("."));
    forged.push([nora_parts[0], nora_parts[1]].join("."));
    forged.push([nora_parts[0], nora_parts[1], ""].join("."));
    forged.extend(
        [
            "",
            "x",
            "..",
            "a.b.c",
            nora.refresh.as_str(),
            &"A".repeat(7_000),
        ]
        .map(str::to_owned),
    );
    forged
}
