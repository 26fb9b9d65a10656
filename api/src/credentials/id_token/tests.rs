//! Tokens that are good, and each thing that can be wrong with one.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
    RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::*;

const ISSUER: &str = "https://id.example";
const CLIENT: &str = "marketplace";
const NONCE: &str = "a nonce";

enum Key {
    Ed(Ed25519KeyPair),
    Ec(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

impl Key {
    fn ed() -> Self {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Self::Ed(Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap())
    }

    fn ec() -> Self {
        Self::Ec(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
    }

    fn rsa() -> Self {
        Self::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap())
    }

    fn jwk(&self, id: &str) -> Value {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
            Self::Ed(key) => {
                json!({ "kty": "OKP", "crv": "Ed25519", "kid": id, "x": encode(key.public_key().as_ref()) })
            }
            Self::Ec(key) => {
                let (x, y) = key.public_key().as_ref()[1..].split_at(32);
                json!({ "kty": "EC", "crv": "P-256", "kid": id, "x": encode(x), "y": encode(y) })
            }
            Self::Rsa(key) => {
                let (n, e) = (key.public_key().modulus(), key.public_key().exponent());
                let (n, e) = (
                    n.big_endian_without_leading_zero(),
                    e.big_endian_without_leading_zero(),
                );
                json!({ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": id, "n": encode(n), "e": encode(e) })
            }
        }
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", encode(header), encode(claims));
        let random = SystemRandom::new();
        let signature = match self {
            Self::Ed(key) => key.sign(signed.as_bytes()).as_ref().to_vec(),
            Self::Ec(key) => key
                .sign(&random, signed.as_bytes())
                .unwrap()
                .as_ref()
                .to_vec(),
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(
                    &RSA_PKCS1_SHA256,
                    &random,
                    signed.as_bytes(),
                    &mut signature,
                )
                .unwrap();
                signature
            }
        };
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

fn now() -> DateTime<Utc> {
    "2026-11-21T15:00:00Z".parse().unwrap()
}

fn claims() -> Value {
    let now = now().timestamp();
    json!({ "iss": ISSUER, "sub": "248289761001", "aud": CLIENT, "exp": now + 300, "iat": now, "nonce": NONCE })
}

fn with(changes: &Value) -> Value {
    let mut claims = claims();
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

fn keys(keys: &[Value]) -> Vec<Jwk> {
    read_keys(json!({ "keys": keys }).to_string().as_bytes()).unwrap()
}

fn check(token: &str, keys: &[Jwk]) -> Result<String, IdTokenError> {
    let nonce_hash = secret_token::hash(NONCE);
    let expected = Expected {
        issuer: ISSUER,
        client_id: CLIENT,
        nonce_hash: &nonce_hash,
        now: now(),
    };
    verify(token, keys, &expected)
}

#[test]
fn a_token_is_taken_by_each_kind_of_key_and_under_no_other_algorithm() {
    for (key, algorithm) in [
        (Key::ed(), "EdDSA"),
        (Key::ec(), "ES256"),
        (Key::rsa(), "RS256"),
    ] {
        let known = keys(&[key.jwk("one")]);
        for name in [
            "EdDSA", "ES256", "ES384", "RS256", "RS384", "PS256", "HS256", "none",
        ] {
            let token = key.sign(&json!({ "alg": name, "kid": "one" }), &claims());
            let expected = match name {
                _ if name == algorithm => Ok("248289761001".to_owned()),
                "none" => Err(IdTokenError::Unreadable),
                _ => Err(IdTokenError::Algorithm),
            };
            assert_eq!(check(&token, &known), expected, "{name} by {algorithm}");
        }
    }
}

#[test]
fn what_is_public_signs_nothing() {
    let key = Key::rsa();
    let known = keys(&[key.jwk("one")]);
    let public = key.jwk("one")["n"].as_str().unwrap().to_owned();
    for secret in [public.as_bytes(), b""] {
        let header = jsonwebtoken::Header {
            kid: Some("one".to_owned()),
            ..jsonwebtoken::Header::new(Algorithm::HS256)
        };
        let secret = jsonwebtoken::EncodingKey::from_secret(secret);
        let token = jsonwebtoken::encode(&header, &claims(), &secret).unwrap();
        assert_eq!(check(&token, &known), Err(IdTokenError::Algorithm));
    }
    let good = key.sign(&json!({ "alg": "RS256", "kid": "one" }), &claims());
    let (signed, _) = good.rsplit_once('.').unwrap();
    for signature in ["", "AAAA"] {
        let token = format!("{signed}.{signature}");
        assert_eq!(check(&token, &known), Err(IdTokenError::Signature));
    }
    // Its key is its own, whatever it says of one.
    let own = Key::rsa();
    let header = json!({ "alg": "RS256", "kid": "one", "jwk": own.jwk("one") });
    assert_eq!(
        check(&own.sign(&header, &claims()), &known),
        Err(IdTokenError::Signature)
    );
}

#[test]
fn a_key_is_found_by_its_name_or_is_the_only_one() {
    let (one, two) = (Key::ed(), Key::ec());
    let both = keys(&[one.jwk("one"), two.jwk("two")]);
    let named = one.sign(&json!({ "alg": "EdDSA", "kid": "one" }), &claims());
    let unnamed = one.sign(&json!({ "alg": "EdDSA" }), &claims());
    assert!(check(&named, &both).is_ok());
    assert_eq!(check(&unnamed, &both), Err(IdTokenError::UnknownKey));
    assert!(check(&unnamed, &keys(&[one.jwk("one")])).is_ok());
    for unknown in [keys(&[two.jwk("two")]), Vec::new()] {
        assert_eq!(check(&named, &unknown), Err(IdTokenError::UnknownKey));
    }
    // Two of one name: the one that fits.
    assert!(check(&named, &keys(&[Key::ed().jwk("one"), one.jwk("one")])).is_ok());
}

#[test]
fn keys_for_other_uses_and_of_other_kinds_are_passed_over() {
    let key = Key::ec();
    let mut others = vec![
        json!({ "kty": "oct", "k": "AAAA", "kid": "one" }),
        json!({ "kty": "new" }),
        json!(1),
    ];
    for (name, value) in [
        ("use", "enc"),
        ("alg", "ES384"),
        ("alg", "HS256"),
        ("crv", "P-384"),
    ] {
        let mut other = key.jwk("one");
        other[name] = json!(value);
        others.push(other);
    }
    assert_eq!(keys(&others).len(), 0);
    others.push(key.jwk("one"));
    assert_eq!(keys(&others).len(), 1);
    assert!(read_keys(b"{}").is_none() && read_keys(b"[]").is_none());
}

#[test]
fn what_it_says_is_what_is_expected() {
    let key = Key::ed();
    let known = keys(&[key.jwk("one")]);
    let header = json!({ "alg": "EdDSA", "kid": "one" });
    let now = now().timestamp();
    for (changes, expected) in [
        (json!({}), None),
        (
            json!({ "iss": "https://id.example/" }),
            Some(IdTokenError::Issuer),
        ),
        (
            json!({ "iss": "https://evil.example" }),
            Some(IdTokenError::Issuer),
        ),
        (json!({ "aud": "another" }), Some(IdTokenError::Audience)),
        (json!({ "aud": [] }), Some(IdTokenError::Audience)),
        (json!({ "aud": [CLIENT] }), None),
        (json!({ "aud": [CLIENT], "azp": CLIENT }), None),
        (
            json!({ "aud": [CLIENT, "another"] }),
            Some(IdTokenError::AuthorizedParty),
        ),
        (
            json!({ "aud": [CLIENT, "another"], "azp": "another" }),
            Some(IdTokenError::AuthorizedParty),
        ),
        (json!({ "aud": [CLIENT, "another"], "azp": CLIENT }), None),
        (
            json!({ "azp": "another" }),
            Some(IdTokenError::AuthorizedParty),
        ),
        (json!({ "exp": now - 59 }), None),
        (json!({ "exp": now - 60 }), Some(IdTokenError::Time)),
        (json!({ "nbf": now + 60 }), None),
        (json!({ "nbf": now + 61 }), Some(IdTokenError::Time)),
        (json!({ "iat": now + 60 }), None),
        (json!({ "iat": now + 61 }), Some(IdTokenError::IssuedAt)),
        (json!({ "iat": now - 600 }), None),
        (json!({ "iat": now - 601 }), Some(IdTokenError::IssuedAt)),
        (json!({ "nonce": "another" }), Some(IdTokenError::Nonce)),
        (json!({ "nonce": null }), Some(IdTokenError::Nonce)),
        (json!({ "sub": "" }), Some(IdTokenError::Subject)),
        (json!({ "sub": "x".repeat(255) }), None),
        (
            json!({ "sub": "x".repeat(256) }),
            Some(IdTokenError::Subject),
        ),
        (json!({ "sub": "a\u{0}b" }), Some(IdTokenError::Subject)),
        (json!({ "sub": null }), Some(IdTokenError::Unreadable)),
        (json!({ "iat": null }), Some(IdTokenError::Unreadable)),
        (json!({ "exp": "soon" }), Some(IdTokenError::Unreadable)),
    ] {
        let token = key.sign(&header, &with(&changes));
        assert_eq!(check(&token, &known).err(), expected, "{changes}");
    }
    let extended = json!({ "alg": "EdDSA", "kid": "one", "crit": ["b64"], "b64": false });
    assert_eq!(
        check(&key.sign(&extended, &claims()), &known),
        Err(IdTokenError::Unreadable)
    );
    for token in ["", "a.b.c", "....", &"x".repeat(100_000)] {
        assert_eq!(check(token, &known), Err(IdTokenError::Unreadable));
    }
}
