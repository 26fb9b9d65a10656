//! Offers from their approval to a mail server: how long they take to a relay that takes no time, and how they fare with Postfix.

use std::collections::HashMap;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use api::graphql::id::encode;
use entity::account;
use entity::id::PairingId;
use entity::mail_message;
use entity::pairing;
use entity::personal::Personal;
use entity::suppression::{self, SuppressionReason};
use entity::volunteer;
use sea_orm::{ColumnTrait as _, DatabaseConnection, EntityTrait as _, QueryFilter as _, Set};
use serde_json::{Value, json};

use super::marketplace::Marketplace;
use super::server::{Client, Server, free_address};
use super::server_under_kill::APPROVE;
use super::{Figure, Report, comes_about, count};
use crate::database::{Backend, TestDatabase};
use crate::postfix::Postfix;
use crate::program::executable;
use crate::relay::Relay;

const TROUBLES: &str = "{ mailTroubles(first: 10) { nodes { account { email } } } }";
const BOUNCES: &str = "bounces@marketplace.example";
const PATIENCE: Duration = Duration::from_mins(2);

/// Approves `offers_wanted` pairings one after the other, without a window for recalling them, and measures until both sides' mails are
/// at the relay. All of them are of one domain, which for once takes as many mails at once as a worker has in hand.
pub async fn speed(backend: Backend, offers_wanted: usize) -> Vec<Figure> {
    let database = TestDatabase::new(backend).await;
    let marketplace = Marketplace::new(&database.url).await;
    let suggestions = marketplace.suggestions(offers_wanted).await;
    let token = marketplace.coordinator("coordinator").await;
    let relay = Relay::start(Duration::ZERO).await;
    let server = serve(
        &marketplace,
        &[
            ("MAIL_TRANSPORT", &relay.url()),
            ("MAIL_DOMAIN_AT_ONCE", "8"),
        ],
    )
    .await;
    let mut approved: HashMap<PairingId, Instant> = HashMap::new();
    for id in suggestions {
        approved.insert(id, Instant::now());
        approve(server.client, &token, id).await;
    }
    let mails = async || offer_mails(&database.connection, approved.keys()).await;
    let is_all_there = comes_about(PATIENCE, async || {
        let mails = mails().await;
        mails.len() >= 2 * approved.len() && mails.iter().all(|mail| mail.sent_at.is_some())
    })
    .await;
    let arrivals = arrivals(&relay);
    let mut times: Vec<f64> = mails()
        .await
        .iter()
        .filter_map(|mail| {
            let approved_at = approved.get(&mail.pairing_id?)?;
            let arrived_at = arrivals.get(&mail.message_id)?;
            Some((*arrived_at - *approved_at).as_secs_f64())
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let mut report = Report::new("offers, no faults", backend);
    report.exactly("all offers are told as sent", 1, usize::from(is_all_there));
    report.exactly(
        "mails of offers at the relay",
        2 * approved.len(),
        times.len(),
    );
    report.told("offers approved", count(approved.len()));
    for (what, share) in [
        ("approval to relay, median, s", 0.5),
        ("approval to relay, p95, s", 0.95),
    ] {
        report.told(what, quantile(&times, share));
    }
    report.figures
}

/// One offer goes to somebody who has a mailbox, one to somebody who has none, by a Postfix that takes mail by TLS only; what it reports is
/// handed to the program as a mail server hands it.
pub async fn by_postfix(backend: Backend) -> Vec<Figure> {
    let database = TestDatabase::new(backend).await;
    let db = &database.connection;
    let marketplace = Marketplace::new(&database.url).await;
    let suggestions = marketplace.suggestions(2).await;
    let token = marketplace.coordinator("coordinator").await;
    let (there, gone) = ("vera@there.example", "walt@there.example");
    for (id, address) in suggestions.iter().zip([there, gone]) {
        give_address(db, *id, address).await;
    }
    let address = free_address().to_string();
    let postfix = Postfix::start(&address, &[there, BOUNCES]);
    let server = serve(
        &marketplace,
        &[
            ("MAIL_TRANSPORT", &postfix.url()),
            ("MAIL_BOUNCE_ADDRESS", BOUNCES),
        ],
    )
    .await;
    for id in suggestions {
        approve(server.client, &token, id).await;
    }
    let mut report = Report::new("Postfix", backend);
    let is_delivered = comes_about(PATIENCE, async || !postfix.delivered(there).is_empty()).await;
    let mail = postfix.delivered(there).pop().unwrap_or_default();
    let mail = String::from_utf8_lossy(&mail).into_owned();
    report.exactly("offers in the mailbox", 1, usize::from(is_delivered));
    report.exactly(
        "offers that came by TLS",
        1,
        mail.matches("with ESMTPS").count(),
    );
    let is_of_gone = |report: &Vec<u8>| String::from_utf8_lossy(report).contains(gone);
    let is_back = comes_about(PATIENCE, async || {
        postfix.delivered(BOUNCES).iter().any(is_of_gone)
    })
    .await;
    assert!(is_delivered && is_back, "{}", postfix.log());
    let reports = postfix.delivered(BOUNCES);
    for report in &reports {
        hand_in(&database, report);
    }
    let blocked = suppression::Entity::find()
        .filter(suppression::COLUMN.reason.eq(SuppressionReason::Bounced))
        .all(db)
        .await
        .unwrap();
    let blocks_of = |address: &str| {
        let is_theirs = |block: &&suppression::Model| block.email_normalized.expose() == address;
        blocked.iter().filter(is_theirs).count()
    };
    report.exactly("addresses suppressed that do not exist", 1, blocks_of(gone));
    report.exactly("addresses suppressed that do", 0, blocks_of(there));
    let troubles = server.client.graphql(&token, TROUBLES, json!({})).await;
    let troubles = troubles.unwrap().json();
    let told = troubles["data"]["mailTroubles"]["nodes"]
        .as_array()
        .unwrap();
    let is_told = |trouble: &&Value| trouble["account"]["email"] == gone;
    report.exactly(
        "coordinators are told of it",
        1,
        told.iter().filter(is_told).count(),
    );
    report.figures
}

/// Hands a report in as a mail server does, through the program's standard input.
fn hand_in(database: &TestDatabase, report: &[u8]) {
    let mut program = Command::new(executable())
        .args(["mail", "report"])
        .env_clear()
        .env("MARKETPLACE_DATABASE_URL", &database.url)
        .env("MARKETPLACE_MAIL_BOUNCE_ADDRESS", BOUNCES)
        .env("MARKETPLACE_LOG", "error")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    program.stdin.take().unwrap().write_all(report).unwrap();
    assert!(
        program.wait().unwrap().success(),
        "the report was not taken"
    );
}

/// A server that mails approved offers at once.
async fn serve(marketplace: &Marketplace, settings: &[(&str, &str)]) -> Server {
    let mut all = marketplace.settings();
    all.push(("HOLD_MINUTES".to_owned(), "0".to_owned()));
    let further = settings
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    all.extend(further);
    let server = Server::start(&all);
    let is_up = server.is_ready_after(PATIENCE).await;
    assert!(is_up.is_some(), "the server does not get ready");
    server
}

async fn approve(client: Client, token: &str, id: PairingId) {
    let answer = client
        .graphql(token, APPROVE, json!({ "id": encode(&id) }))
        .await;
    let answer = answer.expect("an answer");
    assert!(answer.is_success(), "{}", answer.body);
}

/// Gives the volunteer of a pairing an address.
async fn give_address(db: &DatabaseConnection, id: PairingId, address: &str) {
    let (_, volunteer) = pairing::Entity::find_by_id(id)
        .find_also_related(volunteer::Entity)
        .one(db)
        .await
        .unwrap()
        .unwrap();
    let account_id = volunteer.unwrap().account_id;
    account::Entity::update_many()
        .set(account::ActiveModel {
            email: Set(Personal::new(address)),
            email_normalized: Set(Personal::new(address)),
            ..Default::default()
        })
        .filter(account::COLUMN.id.eq(account_id))
        .exec(db)
        .await
        .unwrap();
}

async fn offer_mails(
    db: &DatabaseConnection,
    pairings: impl Iterator<Item = &PairingId>,
) -> Vec<mail_message::Model> {
    mail_message::Entity::find()
        .filter(mail_message::COLUMN.pairing_id.is_in(pairings.copied()))
        .all(db)
        .await
        .unwrap()
}

/// When each mail came to the relay, by its `Message-ID` without brackets.
fn arrivals(relay: &Relay) -> HashMap<String, Instant> {
    let kept = relay.kept();
    kept.values()
        .flatten()
        .filter_map(|kept| {
            let text = String::from_utf8_lossy(&kept.bytes);
            let (_, rest) = text.split_once("Message-ID: <")?;
            let (id, _) = rest.split_once('>')?;
            Some((id.to_owned(), kept.at))
        })
        .collect()
}

/// The value that `share` of the sorted `values` do not exceed.
pub(super) fn quantile(values: &[f64], share: f64) -> f64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index into what is there"
    )]
    let index = (count(values.len()) * share).ceil() as usize;
    values.get(index.max(1) - 1).copied().unwrap_or_default()
}
