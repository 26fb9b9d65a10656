//! A device that holds passkeys, as somebody in a test has it: it makes keys and signs challenges as the standard says, and
//! lies where it is told to.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value as Cbor;
use serde_json::{Value, json};

use crate::app::PASSWORD;
use crate::browser::OWN;
use crate::client::Client;

const BEGIN: &str = "mutation($password: String!) {
    beginPasskeyEnrolment(input: { password: $password }) { options userErrors { code message field } }
}";
const ENROLL: &str = "mutation($name: String!, $credential: String!) {
    enrollPasskey(input: { name: $name, credential: $credential }) {
        passkey { id name createdAt lastUsedAt } userErrors { code message field }
    }
}";

/// Somebody was there.
pub const PRESENT: u8 = 1;
/// It was the device's owner.
pub const VERIFIED: u8 = 4;

/// A device and the page that it is used on.
#[derive(Clone, Debug)]
pub struct Device {
    /// Where the page says it is.
    pub origin: String,
    /// The site that the page asks for.
    pub party: String,
    /// What the device says of whoever was there.
    pub flags: u8,
}

/// A key that a device made.
pub struct Passkey {
    key: EcdsaKeyPair,
    /// What the device calls it.
    pub id: Vec<u8>,
    /// Whose it is, as the site said.
    pub user_handle: Option<Vec<u8>>,
    /// How often it signed.
    pub count: u32,
}

impl Default for Device {
    /// One that is used as it should be, on a page of the marketplace of tests.
    fn default() -> Self {
        Self {
            origin: OWN.to_owned(),
            party: "marketplace.test".to_owned(),
            flags: PRESENT | VERIFIED,
        }
    }
}

impl Device {
    /// Makes a passkey as the options of a page ask for, and what the page sends to the site.
    pub fn create(&self, options: &Value) -> (Passkey, Value) {
        let user = decode(&options["user"]["id"]);
        let mut id = vec![0; 16];
        SystemRandom::new().fill(&mut id).unwrap();
        let passkey = Passkey {
            key: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap(),
            id,
            user_handle: Some(user),
            count: 0,
        };
        let sent = self.show_new(&passkey, options);
        (passkey, sent)
    }

    /// Shows a passkey as if it had just been made.
    pub fn show_new(&self, passkey: &Passkey, options: &Value) -> Value {
        let length = u16::try_from(passkey.id.len()).unwrap().to_be_bytes();
        let attested = [&[0; 16], length.as_slice(), &passkey.id, &passkey.cose()].concat();
        let data = [self.data(64, passkey.count), attested].concat();
        let object = Cbor::Map(vec![
            (Cbor::from("fmt"), Cbor::from("none")),
            (Cbor::from("attStmt"), Cbor::Map(Vec::new())),
            (Cbor::from("authData"), Cbor::Bytes(data)),
        ]);
        let client_data = self.client_data("webauthn.create", &options["challenge"]);
        json!({
            "id": encode(&passkey.id), "rawId": encode(&passkey.id), "type": "public-key",
            "authenticatorAttachment": "platform", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": encode(&client_data), "attestationObject": encode(&cbor(&object)),
                "transports": ["internal"],
            },
        })
    }

    /// Signs the challenge of a page's options, and makes what the page sends to the site.
    pub fn get(&self, passkey: &mut Passkey, options: &Value) -> Value {
        passkey.count += 1;
        self.sign(passkey, options)
    }

    /// The same without counting.
    pub fn sign(&self, passkey: &Passkey, options: &Value) -> Value {
        let data = self.data(0, passkey.count);
        let client_data = self.client_data("webauthn.get", &options["challenge"]);
        let hash = digest(&SHA256, &client_data);
        let signed = [data.as_slice(), hash.as_ref()].concat();
        let signature = passkey.key.sign(&SystemRandom::new(), &signed).unwrap();
        json!({
            "id": encode(&passkey.id), "rawId": encode(&passkey.id), "type": "public-key",
            "authenticatorAttachment": "platform", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": encode(&client_data), "authenticatorData": encode(&data),
                "signature": encode(signature.as_ref()),
                "userHandle": passkey.user_handle.as_deref().map(encode),
            },
        })
    }

    /// Makes a passkey and adds it to the account of a logged-in person whose password is [`PASSWORD`].
    pub async fn enroll(&self, client: &Client, name: &str) -> Passkey {
        let begun = client.mutate(BEGIN, json!({ "password": PASSWORD })).await;
        let (passkey, sent) = self.create(&options(&begun));
        let input = json!({ "name": name, "credential": sent.to_string() });
        client.mutate(ENROLL, input).await;
        passkey
    }

    fn client_data(&self, ceremony: &str, challenge: &Value) -> Vec<u8> {
        let said = json!({ "type": ceremony, "challenge": challenge, "origin": self.origin, "crossOrigin": false });
        said.to_string().into_bytes()
    }

    fn data(&self, more_flags: u8, count: u32) -> Vec<u8> {
        let party = digest(&SHA256, self.party.as_bytes());
        let flags = [self.flags | more_flags];
        [party.as_ref(), &flags, &count.to_be_bytes()].concat()
    }
}

impl Passkey {
    /// The public half as a COSE key.
    fn cose(&self) -> Vec<u8> {
        let point = self.key.public_key().as_ref();
        let number = |number: i64| Cbor::from(number);
        cbor(&Cbor::Map(vec![
            (number(1), number(2)),
            (number(3), number(-7)),
            (number(-1), number(1)),
            (number(-2), Cbor::Bytes(point[1..33].to_vec())),
            (number(-3), Cbor::Bytes(point[33..].to_vec())),
        ]))
    }
}

/// The options in the payload of a mutation that begins something.
pub fn options(payload: &Value) -> Value {
    serde_json::from_str(payload["options"].as_str().unwrap()).unwrap()
}

/// URL-safe base64, as browsers write bytes in JSON.
pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decode(text: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text.as_str().unwrap()).unwrap()
}

fn cbor(value: &Cbor) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}
