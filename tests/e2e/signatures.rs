//! Signatures of mails (DKIM), verified by a program of others, `dkimpy` from Python's registry, which finds the key in a record of ours and asks no
//! network. The script is in `tests/conformance`.
//!
//! `scripts/setup signatures` puts the program into `target`; without it the tests fail and say so.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use api::outbox::dkim::Signer;
use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::Ed25519KeyPair;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use entity::job::{self, JobState};
use entity::mail_message::{self, MailState};
use matcher::mail::{Kind, preview, preview_message};
use sea_orm::{EntityTrait, Set};
use serde_json::{Value, json};
use tempfile::NamedTempFile;
use tests::app::{TestApp, config};
use tests::on_both_databases;
use tokio::task::spawn_blocking;

use crate::jobs::queue_a_mail;

/// Where Python finds its packages.
const PYTHON: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../target/signatures/venv/bin/python"
);
const MISSING: &str =
    "Python's verifier of signatures was not found; run: scripts/setup signatures";

/// A private key in a file, as `openssl genpkey` writes it.
fn key_file(der: &[u8]) -> NamedTempFile {
    let body: Vec<char> = STANDARD.encode(der).chars().collect();
    let lines: Vec<String> = body.chunks(64).map(|line| line.iter().collect()).collect();
    let mut file = NamedTempFile::new().unwrap();
    write!(
        file,
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        lines.join("\n")
    )
    .unwrap();
    file
}

fn rsa() -> NamedTempFile {
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
    key_file(der.as_ref())
}

fn ed25519() -> NamedTempFile {
    key_file(
        Ed25519KeyPair::generate_pkcs8(&SystemRandom::new())
            .unwrap()
            .as_ref(),
    )
}

fn settings(key: &NamedTempFile) -> [(&'static str, &str); 3] {
    [
        ("MAIL_FROM_ADDRESS", "hello@mail.marketplace.example"),
        ("MAIL_DKIM_SELECTOR", "mail2026"),
        ("MAIL_DKIM_KEY_FILE", key.path().to_str().unwrap()),
    ]
}

fn signer(key: &NamedTempFile, further: &[(&str, &str)]) -> Signer {
    let settings = [&settings(key), further].concat();
    Signer::of(&config("sqlite::memory:", &settings))
        .unwrap()
        .unwrap()
}

/// Whether each message's signature holds by what DNS would tell.
async fn hold(messages: Vec<String>, signer: &Signer) -> Vec<bool> {
    let record = signer.record().unwrap();
    let records = json!({ record.name: record.value });
    let given: Vec<Value> = messages
        .into_iter()
        .map(|message| json!({ "message": message, "records": records }))
        .collect();
    spawn_blocking(move || {
        assert!(Path::new(PYTHON).is_file(), "{MISSING}");
        let mut file = NamedTempFile::new().unwrap();
        serde_json::to_writer(&mut file, &given).unwrap();
        file.flush().unwrap();
        let output = Command::new(PYTHON)
            .args(["-c", include_str!("../conformance/dkim.py")])
            .arg(file.path())
            .output()
            .expect(MISSING);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        let held: Vec<bool> = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(held.len(), given.len());
        held
    })
    .await
    .unwrap()
}

fn now() -> DateTime<Utc> {
    "2026-11-21T15:00:00Z".parse().unwrap()
}

#[tokio::test]
async fn every_mail_is_signed_so_that_another_program_verifies_it() {
    for key in [rsa(), ed25519()] {
        let signer = signer(&key, &[]);
        let mut messages = Vec::new();
        for kind in Kind::ALL {
            let source = preview_message(&preview(*kind, None).unwrap()).unwrap();
            let source = String::from_utf8(source).unwrap();
            let signed = signer.sign(&source, now()).unwrap();
            let head = signed.strip_suffix(&source).unwrap();
            assert!(head.starts_with("DKIM-Signature: v=1; ") && head.ends_with("\r\n"));
            assert!(head.lines().all(|line| line.len() <= 78), "{head}");
            messages.push(signed);
        }
        let held = hold(messages, &signer).await;
        assert!(held.iter().all(|it| *it), "{held:?}");
    }
}

#[tokio::test]
async fn what_was_changed_or_added_breaks_a_signature_and_what_relays_do_does_not() {
    let offer = preview_message(&preview(Kind::OfferToVolunteer, None).unwrap()).unwrap();
    let offer = String::from_utf8(offer).unwrap();
    let head = format!("\r\n{}", offer.split("\r\n\r\n").next().unwrap());
    for key in [rsa(), ed25519()] {
        let signer = signer(&key, &[]);
        let signed = signer.sign(&offer, now()).unwrap();
        let mut broken = Vec::new();
        let headers = [
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "MIME-Version",
            "Content-Type",
            "List-Unsubscribe",
            "List-Unsubscribe-Post",
            "Auto-Submitted",
        ];
        for name in headers {
            assert_eq!(head.matches(&format!("\r\n{name}: ")).count(), 1, "{name}");
            let changed = signed.replacen(&format!("\r\n{name}: "), &format!("\r\n{name}: x"), 1);
            assert_ne!(changed, signed, "{name}");
            broken.push(changed);
            broken.push(signed.replacen(&format!("\r\n{name}: "), "\r\nX-Was: ", 1));
        }
        for name in ["From", "To", "Subject"] {
            broken.push(format!("{name}: somebody@else.example\r\n{signed}"));
            broken.push(signed.replacen(
                "\r\n\r\n",
                &format!("\r\n{name}: somebody@else.example\r\n\r\n"),
                1,
            ));
        }
        broken.push(format!("{signed}One line more\r\n"));
        broken.push(signed.replacen("marketplace.example/", "marketplace.example:8/", 1));
        broken.push(signed.replacen("t=1795273200", "t=1795273201", 1));
        let count = broken.len();
        assert!(broken.iter().all(|it| *it != signed));
        assert_eq!(hold(broken, &signer).await, vec![false; count]);

        let kept = vec![
            signed.clone(),
            format!("Received: from a by b; Sat, 21 Nov 2026 15:00:01 +0000\r\n{signed}"),
            signed.replacen(
                "\r\nAuto-Submitted: auto-generated",
                "\r\nAuto-Submitted:\r\n\t auto-generated ",
                1,
            ),
            format!("{signed}\r\n\r\n"),
        ];
        assert!(kept[2] != signed);
        assert_eq!(hold(kept, &signer).await, [true; 4]);
        // Another key under the same name.
        let other = self::signer(&rsa(), &[]);
        assert_eq!(hold(vec![signed], &other).await, [false]);
    }
}

#[tokio::test]
async fn a_signature_is_of_the_senders_domain_or_of_one_above_it() {
    let key = ed25519();
    let source = preview_message(&preview(Kind::Recalled, None).unwrap()).unwrap();
    let source = String::from_utf8(source).unwrap();
    for (further, domain) in [
        (&[][..], "mail.marketplace.example"),
        (
            &[("MAIL_DKIM_DOMAIN", "Marketplace.example")],
            "marketplace.example",
        ),
    ] {
        let signer = signer(&key, further);
        let signed = signer.sign(&source, now()).unwrap();
        assert!(signed.contains(&format!(" d={domain};")), "{signed}");
        assert_eq!(
            signer.record().unwrap().name,
            format!("mail2026._domainkey.{domain}")
        );
        assert_eq!(hold(vec![signed], &signer).await, [true]);
    }
}

#[test]
fn what_cannot_sign_is_told_and_nothing_of_it() {
    let told = |content: &str| {
        let mut file = NamedTempFile::new().unwrap();
        write!(file, "{content}").unwrap();
        let error = Signer::of(&config("sqlite::memory:", &settings(&file)))
            .err()
            .unwrap();
        format!("{error:#}")
    };
    let small = "MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBAM";
    for (content, why) in [
        (String::new(), "is no private key in PEM"),
        (small.to_owned(), "is no private key in PEM"),
        (
            format!(
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\n{small}\n-----END ENCRYPTED PRIVATE KEY-----"
            ),
            "without a password",
        ),
        (
            "-----BEGIN PRIVATE KEY-----\nMIICAAAA\n-----END PRIVATE KEY-----\n".to_owned(),
            "neither an Ed25519 key nor an RSA key of 2048 bits",
        ),
    ] {
        let told = told(&content);
        assert!(
            told.starts_with("MARKETPLACE_MAIL_DKIM_KEY_FILE: the key /"),
            "{told}"
        );
        assert!(told.contains(why) && !told.contains("MIIC"), "{told}");
    }
    let missing = [
        ("MAIL_DKIM_SELECTOR", "a"),
        ("MAIL_DKIM_KEY_FILE", "/nowhere/key.pem"),
    ];
    let error = Signer::of(&config("sqlite::memory:", &missing))
        .err()
        .unwrap();
    assert!(
        format!("{error:#}").contains("openssl genpkey"),
        "{error:#}"
    );
}

on_both_databases! {
    async fn every_try_of_a_mail_sends_the_same_bytes_and_what_is_stored_has_no_signature(backend) {
        let key = rsa();
        let app = TestApp::with_settings(backend, &settings(&key)).await;
        queue_a_mail(&app, "nora@example.org").await;
        assert_eq!(app.run_jobs().await, 1);
        // The server that sent it died before it could say so.
        let connection = &app.app.store.connection;
        let changes = mail_message::ActiveModel { state: Set(MailState::Queued), ..Default::default() };
        mail_message::Entity::update_many().set(changes).exec(connection).await.unwrap();
        let changes = job::ActiveModel { state: Set(JobState::Ready), ..Default::default() };
        job::Entity::update_many().set(changes).exec(connection).await.unwrap();
        app.advance(TimeDelta::minutes(9));
        let other = app.another_node().await;
        assert_eq!(other.run_jobs().await, 1);
        let [one, again] = [&app, &other].map(|node| node.mailbox().deliveries().remove(0).bytes);
        assert!(one == again);
        let stored = mail_message::Entity::find().one(connection).await.unwrap().unwrap();
        let raw = stored.raw.expose().clone();
        assert!(!raw.contains("DKIM-Signature"));
        let sent = String::from_utf8(one).unwrap();
        assert!(sent.ends_with(&raw));
        assert_eq!(hold(vec![sent], app.app.signer.as_ref().unwrap()).await, [true]);
    }

    async fn without_a_key_a_mail_leaves_as_it_is_stored(backend) {
        let app = TestApp::new(backend).await;
        assert!(app.app.signer.is_none());
        queue_a_mail(&app, "nora@example.org").await;
        app.run_jobs().await;
        let stored = mail_message::Entity::find().one(&app.app.store.connection).await.unwrap().unwrap();
        assert_eq!(app.mailbox().deliveries()[0].bytes, stored.raw.expose().as_bytes());
    }
}
