//! The verification of passkeys against the test vectors of the standard (Web Authentication, Level 3, §16), and with one thing
//! wrong at a time.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
    RsaKeyPair,
};
use ciborium::Value;
use serde_json::json;

use super::*;

/// `packed-self.ES256`: the user was verified.
const CREATED: &str = "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a2265476e4374334c55745936366b336a506a796e6962506b31716e666644616966715a774c33417032392d55222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c22657874726144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e6465642077697468206164646974696f6e616c206669656c647320696e20746865206675747572652c207375636820617320746869733a205539685458764b453255526b4d6e625f307859485667227d";
const ATTESTATION: &str = "a363666d74667061636b65646761747453746d74a263616c672663736967584630440220067a20754ab925005dbf378097c92120031581c73228d1fb4f5b881bcd7da98302207fc7b147558c7c0eba3af18bd9d121fa3d3a26d17fe3f220272178f473b6006d68617574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b55d00000000df850e09db6afbdfab51697791506cfc0020455ef34e2043a87db3d4afeb39bbcb6cc32df9347c789a865ecdca129cbef58ca5010203262001215820eb151c8176b225cc651559fecf07af450fd85802046656b34c18f6cf193843c5225820927b8aa427a2be1b8834d233a2d34f61f13bfd44119c325d5896e183fee484f2";
const CREDENTIAL: &str = "455ef34e2043a87db3d4afeb39bbcb6cc32df9347c789a865ecdca129cbef58c";
const CREATE_CHALLENGE: &str = "7869c2b772d4b58eba9378cf8f29e26cf935aa77df0da89fa99c0bdc0a76f7e5";
/// A log-in with it, in which the user was not verified.
const GOT: &str = "7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a225248696843784e534e493352594d45314f7731476d3132786e726b634a5f6666707637546e2d4a71386773222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c22657874726144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e6465642077697468206164646974696f6e616c206669656c647320696e20746865206675747572652c207375636820617320746869733a206754623533727a36456853576f6d58477a696d433151227d";
const GOT_DATA: &str = "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b50900000000";
const GOT_SIGNATURE: &str = "304402203310b9431903c401f1be2bdc8d23a4007682dbbddcf846994947b7f465daf84002204e94dd00047b316061b3b99772b7efd95994a83ef584b3b6b825ea3550251b66";

/// `none.ES256`: the user was not verified.
const UNVERIFIED: &str = "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a22414d4d507434557878475453746e63647134313759447742466938767049612d7077386f4f755657345441222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c22657874726144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e6465642077697468206164646974696f6e616c206669656c647320696e20746865206675747572652c207375636820617320746869733a20426b5165446a646354427258426941774a544c453551227d";
const UNVERIFIED_ATTESTATION: &str = "a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b559000000008446ccb9ab1db374750b2367ff6f3a1f0020f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4a5010203262001215820afefa16f97ca9b2d23eb86ccb64098d20db90856062eb249c33a9b672f26df61225820930a56b87a2fca66334b03458abf879717c12cc68ed73290af2e2664796b9220";
const UNVERIFIED_CREDENTIAL: &str =
    "f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4";
const UNVERIFIED_GOT: &str = "7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a224f63446e55685158756c5455506f334a5558543049393770767a7a59425039745a63685879617630314167222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73657d";
const UNVERIFIED_GOT_DATA: &str =
    "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b51900000000";
const UNVERIFIED_GOT_SIGNATURE: &str = "3046022100f50a4e2e4409249c4a853ba361282f09841df4dd4547a13a87780218deffcd380221008480ac0f0b93538174f575bf11a1dd5d78c6e486013f937295ea13653e331e87";

fn bytes(hexadecimal: &str) -> Vec<u8> {
    (0..hexadecimal.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hexadecimal[at..at + 2], 16).unwrap())
        .collect()
}

fn base64(hexadecimal: &str) -> String {
    URL_SAFE_NO_PAD.encode(bytes(hexadecimal))
}

fn party() -> RelyingParty {
    RelyingParty {
        id: "example.org".to_owned(),
        origins: vec!["https://example.org".to_owned()],
    }
}

fn registration(client_data: &str, attestation: &str, id: &str) -> Registration {
    let answer = json!({
        "id": base64(id), "type": "public-key", "authenticatorAttachment": "platform",
        "response": { "clientDataJSON": base64(client_data), "attestationObject": base64(attestation), "transports": [] },
    });
    Registration::read(&answer.to_string()).unwrap()
}

fn assertion(client_data: &str, data: &str, signature: &str) -> Assertion {
    let answer = json!({
        "id": base64(CREDENTIAL), "type": "public-key",
        "response": {
            "clientDataJSON": base64(client_data), "authenticatorData": base64(data), "signature": base64(signature),
        },
    });
    Assertion::read(&answer.to_string()).unwrap()
}

fn key_of(attestation: &str) -> PublicKey {
    let data = AuthenticatorData::of_attestation(&bytes(attestation)).unwrap();
    data.credential.unwrap().1
}

#[test]
fn a_passkey_of_the_standard_is_taken() {
    let made = registration(CREATED, ATTESTATION, CREDENTIAL);
    assert_eq!(made.challenge(), base64(CREATE_CHALLENGE));
    let passkey = made.verify(&party()).unwrap();
    assert_eq!(passkey.credential_id, base64(CREDENTIAL));
    assert_eq!(passkey.signature_count, 0);
    assert_eq!(passkey.public_key, key_of(ATTESTATION));
}

#[test]
fn signatures_of_the_standard_fit_their_keys_and_no_other() {
    let cases = [
        (ATTESTATION, assertion(GOT, GOT_DATA, GOT_SIGNATURE)),
        (
            UNVERIFIED_ATTESTATION,
            assertion(
                UNVERIFIED_GOT,
                UNVERIFIED_GOT_DATA,
                UNVERIFIED_GOT_SIGNATURE,
            ),
        ),
    ];
    for (own, shown) in &cases {
        for (other, _) in &cases {
            let outcome = key_of(other).verify(&shown.signed(), &shown.signature);
            let expected = if own == other {
                Ok(())
            } else {
                Err(WebauthnError::Signature)
            };
            assert_eq!(outcome, expected);
        }
    }
}

#[test]
fn who_was_not_verified_is_told_apart() {
    let made = registration(UNVERIFIED, UNVERIFIED_ATTESTATION, UNVERIFIED_CREDENTIAL);
    assert_eq!(made.verify(&party()), Err(WebauthnError::NotVerified));
    let shown = assertion(GOT, GOT_DATA, GOT_SIGNATURE);
    let key = key_of(ATTESTATION);
    assert_eq!(
        shown.verify(&party(), &key),
        Err(WebauthnError::NotVerified)
    );
    let absent = assertion(GOT, &GOT_DATA.replacen("b509", "b508", 1), GOT_SIGNATURE);
    assert_eq!(
        absent.verify(&party(), &key),
        Err(WebauthnError::NotPresent)
    );
}

#[test]
fn another_site_page_or_question_is_refused() {
    let made = registration(CREATED, ATTESTATION, CREDENTIAL);
    let elsewhere = |id: &str, origin: &str| RelyingParty {
        id: id.to_owned(),
        origins: vec![origin.to_owned()],
    };
    for (party, error) in [
        (
            elsewhere("example.com", "https://example.org"),
            WebauthnError::RelyingParty,
        ),
        (
            elsewhere("example.org", "https://example.org.evil.example"),
            WebauthnError::Origin,
        ),
        (
            elsewhere("example.org", "http://example.org"),
            WebauthnError::Origin,
        ),
    ] {
        assert_eq!(made.verify(&party), Err(error));
    }
    let other = registration(GOT, ATTESTATION, CREDENTIAL);
    assert_eq!(other.verify(&party()), Err(WebauthnError::OtherCeremony));
    let other = assertion(CREATED, GOT_DATA, GOT_SIGNATURE);
    assert_eq!(
        other.verify(&party(), &key_of(ATTESTATION)),
        Err(WebauthnError::OtherCeremony)
    );
    let misnamed = registration(CREATED, ATTESTATION, UNVERIFIED_CREDENTIAL);
    assert_eq!(misnamed.verify(&party()), Err(WebauthnError::Unreadable));
    let text = String::from_utf8(bytes(CREATED)).unwrap();
    let framed = text.replace("\"crossOrigin\":false", "\"crossOrigin\":true");
    let framed: String = framed.bytes().map(|byte| format!("{byte:02x}")).collect();
    let framed = registration(&framed, ATTESTATION, CREDENTIAL);
    assert_eq!(framed.verify(&party()), Err(WebauthnError::Origin));
}

#[test]
fn what_is_cut_off_or_too_long_is_refused_and_never_panics() {
    let whole = bytes(ATTESTATION);
    for length in 0..whole.len() {
        assert!(AuthenticatorData::of_attestation(&whole[..length]).is_err());
    }
    let longer = [whole.as_slice(), &[0]].concat();
    assert!(AuthenticatorData::of_attestation(&longer).is_err());
    let data = bytes(GOT_DATA);
    for length in 0..data.len() {
        assert!(AuthenticatorData::read(&data[..length]).is_err());
    }
    assert!(AuthenticatorData::read(&[data.as_slice(), &[0]].concat()).is_err());
    // Copied, although it cannot be.
    let mut copied = data;
    copied[32] = 0x15;
    assert!(AuthenticatorData::read(&copied).is_err());
    let deep = [vec![0x81; 100_000], vec![0]].concat();
    assert!(AuthenticatorData::of_attestation(&deep).is_err());
    let answer =
        json!({ "id": "", "type": "public-key", "x": "y".repeat(MAX_ANSWER), "response": {} });
    assert!(Registration::read(&answer.to_string()).is_err());
}

fn cose(members: Vec<(i64, Value)>) -> Vec<u8> {
    let map = members
        .into_iter()
        .map(|(label, value)| (Value::from(label), value));
    let mut bytes = Vec::new();
    ciborium::into_writer(&Value::Map(map.collect()), &mut bytes).unwrap();
    bytes
}

#[test]
fn keys_of_each_kind_verify_what_they_signed() {
    let random = SystemRandom::new();
    let message = b"a message";
    let small = Ed25519KeyPair::generate().unwrap();
    let curve = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
    let large = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let point = curve.public_key().as_ref().to_vec();
    let modulus = large
        .public_key()
        .modulus()
        .big_endian_without_leading_zero();
    let exponent = large
        .public_key()
        .exponent()
        .big_endian_without_leading_zero();
    let mut by_large = vec![0; large.public_modulus_len()];
    large
        .sign(&RSA_PKCS1_SHA256, &random, message, &mut by_large)
        .unwrap();
    let of_bytes = |bytes: &[u8]| Value::Bytes(bytes.to_vec());
    let number = |number: i64| Value::from(number);
    let keys = [
        (
            cose(vec![
                (1, number(1)),
                (3, number(-8)),
                (-1, number(6)),
                (-2, of_bytes(small.public_key().as_ref())),
            ]),
            small.sign(message).as_ref().to_vec(),
        ),
        (
            cose(vec![
                (1, number(2)),
                (3, number(-7)),
                (-1, number(1)),
                (-2, of_bytes(&point[1..33])),
                (-3, of_bytes(&point[33..])),
            ]),
            curve.sign(&random, message).unwrap().as_ref().to_vec(),
        ),
        (
            cose(vec![
                (1, number(3)),
                (3, number(-257)),
                (-1, of_bytes(modulus)),
                (-2, of_bytes(exponent)),
            ]),
            by_large,
        ),
    ];
    for (key, signature) in &keys {
        let key = PublicKey::from_cose(key).unwrap();
        assert_eq!(key.verify(message, signature), Ok(()));
        assert_eq!(
            key.verify(b"another", signature),
            Err(WebauthnError::Signature)
        );
        let mut wrong = signature.clone();
        wrong[10] ^= 1;
        assert_eq!(key.verify(message, &wrong), Err(WebauthnError::Signature));
        assert_eq!(key.verify(message, &[]), Err(WebauthnError::Signature));
    }
    for (members, error) in [
        // P-384, a curve that does not go with the algorithm, no algorithm.
        (vec![(1, 2), (3, -35), (-1, 2)], WebauthnError::Algorithm),
        (vec![(1, 2), (3, -7), (-1, 2)], WebauthnError::Algorithm),
        (vec![(1, 1), (-1, 6)], WebauthnError::Algorithm),
        (vec![(1, 1), (3, -8), (-1, 6)], WebauthnError::Unreadable),
        (
            vec![(1, 1), (3, -8), (3, -7), (-1, 6)],
            WebauthnError::Algorithm,
        ),
    ] {
        let members = members
            .into_iter()
            .map(|(label, value)| (label, number(value)));
        assert_eq!(PublicKey::from_cose(&cose(members.collect())), Err(error));
    }
    // Not on the curve.
    let point = cose(vec![
        (1, number(2)),
        (3, number(-7)),
        (-1, number(1)),
        (-2, of_bytes(&[1; 32])),
        (-3, of_bytes(&[1; 32])),
    ]);
    assert_eq!(PublicKey::from_cose(&point), Err(WebauthnError::Unreadable));
}

#[test]
fn a_count_goes_up_or_there_is_none() {
    for (kept, shown, is_good) in [
        (0, 0, true),
        (0, 1, true),
        (7, 8, true),
        (7, u32::MAX, true),
        (7, 7, false),
        (7, 6, false),
        (7, 0, false),
    ] {
        assert_eq!(may_follow(kept, shown), is_good, "{kept}, {shown}");
    }
}
