//! Access tokens that must not hold: forged in every way, of another time, of another session. Each is answered 401.

use api::credentials::signing_key::SigningKey;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use tests::app::{PASSWORD, TestApp};
use tests::on_both_databases;

use super::{Session, VIEWER};

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

on_both_databases! {
    async fn forged_tokens_are_refused(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        app.sign_up("Omar", "en").await;
        let client = app.client();
        let nora = Session::open(&client, "nora@example.org", PASSWORD).await;
        let omar = Session::open(&client, "omar@example.org", PASSWORD).await;
        let (header, claims) = parts(&nora.access);
        let (_, omars) = parts(&omar.access);
        let key = &app.app.signing_key.encoding;
        let signed = |header: &Header, claims: &Value| encode(header, claims, key).unwrap();
        assert!(Session { access: signed(&header, &claims), refresh: String::new() }.is_live(&client).await);

        let stranger = SigningKey::generate().unwrap();
        let mut forged = vec![
            encode(&header, &claims, &stranger.encoding).unwrap(),
            signed(&Header { kid: Some(stranger.id), ..header.clone() }, &claims),
            signed(&Header { kid: None, ..header.clone() }, &claims),
            signed(&Header { typ: Some("JWT".to_owned()), ..header.clone() }, &claims),
            signed(&Header { typ: None, ..header.clone() }, &claims),
            signed(&header, &with(&claims, "iss", json!("https://elsewhere.example.org"))),
            signed(&header, &with(&claims, "aud", json!("another"))),
            signed(&header, &with(&claims, "sub", omars["sub"].clone())),
            signed(&header, &with(&claims, "sid", omars["sid"].clone())),
            signed(&header, &with(&claims, "sid", json!("01980000-0000-7000-8000-000000000000"))),
            signed(&header, &with(&claims, "jti", omars["jti"].clone())),
            signed(&header, &with(&claims, "nbf", json!(claims["nbf"].as_i64().unwrap() + 1))),
            signed(&header, &with(&claims, "exp", claims["nbf"].clone())),
            signed(&header, &with(&claims, "exp", json!("never"))),
        ];
        for claim in ["iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp"] {
            forged.push(signed(&header, &without(&claims, claim)));
        }

        // A symmetric algorithm keyed with what is public, and no algorithm at all.
        let symmetric = Header { alg: Algorithm::HS256, ..header.clone() };
        let public = EncodingKey::from_secret(app.app.signing_key.id.as_bytes());
        forged.push(encode(&symmetric, &claims, &public).unwrap());
        let base64 = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let none = json!({ "alg": "none", "typ": "at+jwt", "kid": header.kid });
        forged.push(format!("{}.{}.", base64(&none), base64(&claims)));

        // Damage: another's signature, a missing part, a changed payload, no token at all.
        let nora_parts: Vec<_> = nora.access.split('.').collect();
        let omar_parts: Vec<_> = omar.access.split('.').collect();
        forged.push([nora_parts[0], nora_parts[1], omar_parts[2]].join("."));
        forged.push([nora_parts[0], omar_parts[1], nora_parts[2]].join("."));
        forged.push([nora_parts[0], nora_parts[1]].join("."));
        forged.push([nora_parts[0], nora_parts[1], ""].join("."));
        forged.extend(["", "x", "..", "a.b.c", nora.refresh.as_str(), &"A".repeat(7_000)].map(str::to_owned));

        for token in &forged {
            let response = client.with_token(token).graphql(VIEWER, json!({})).await;
            assert_eq!(response.status, 401, "{token}");
            assert_eq!(response.body["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
            assert!(response.body.get("data").is_none(), "{}", response.body);
        }
        assert!(nora.is_live(&client).await, "the true one still holds");
    }

    async fn a_token_holds_for_ten_minutes_and_no_longer(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        let session = Session::open(&app.client(), "nora@example.org", PASSWORD).await;
        app.advance(TimeDelta::minutes(10) - TimeDelta::seconds(1));
        assert!(session.is_live(&app.client()).await);
        app.advance(TimeDelta::seconds(1));
        assert!(!session.is_live(&app.client()).await);
    }

    async fn without_a_token_one_is_nobody(backend) {
        let app = TestApp::new(backend).await;
        assert_eq!(app.client().query(VIEWER, json!({})).await, json!({ "viewer": null }));
    }
}
