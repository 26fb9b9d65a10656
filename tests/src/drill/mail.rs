//! Mails in the queue, as many as a drill wants, and the workers that send them.

use api::app::App;
use api::clock::Clock;
use api::jobs::send_mail::SendMail;
use api::jobs::{self, Job as _};
use api::store::transaction::begin_write;
use chrono::{DateTime, Utc};
use entity::id::{JobId, MailMessageId};
use entity::job::{self, JobState};
use entity::mail_message::{self, MailState, MailTopic};
use entity::personal::Personal;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, Set};
use uuid::Uuid;

use crate::database::TestDatabase;
use crate::program::Program;
use crate::relay::Relay;
use crate::settable_clock::SettableClock;

/// Rows of one statement.
const BATCH: usize = 200;
/// Mails to one domain wait for each other, and jobs of a dead worker count until their leases end: drills that are about
/// something else have many domains.
const DOMAINS: usize = 1_000;
/// Jobs that a worker has in hand.
pub(super) const IN_HAND: usize = 8;

/// The address of mail number `number`, after `prefix`.
pub(super) fn address(prefix: &str, number: usize) -> String {
    format!("{prefix}{number}@d{}.example", number % DOMAINS)
}

/// Queues a mail to each address, behind the back of whoever sends them.
pub(super) async fn queue(database: &TestDatabase, addresses: &[String]) {
    let now = Clock::system().now();
    let rows: Vec<_> = addresses
        .iter()
        .zip(1_u128..)
        .map(|(address, number)| (mail(number, address, now), send(number, address, now)))
        .collect();
    for batch in rows.chunks(BATCH) {
        let (mails, jobs): (Vec<_>, Vec<_>) = batch.iter().cloned().unzip();
        mail_message::Entity::insert_many(mails)
            .exec_without_returning(&database.connection)
            .await
            .unwrap();
        job::Entity::insert_many(jobs)
            .exec_without_returning(&database.connection)
            .await
            .unwrap();
    }
}

/// Queues a mail to each address, numbered from `first` on, as the program does: its worker is woken.
pub(super) async fn queue_by(app: &App, first: u128, addresses: &[String]) {
    let now = app.clock.now();
    let transaction = begin_write(&app.store).await.unwrap();
    for (address, number) in addresses.iter().zip(first..) {
        mail_message::Entity::insert(mail(number, address, now))
            .exec_without_returning(&*transaction)
            .await
            .unwrap();
        jobs::enqueue(app, &*transaction, &work(number, address), now)
            .await
            .unwrap();
    }
    transaction.commit().await.unwrap();
}

fn mail(number: u128, address: &str, now: DateTime<Utc>) -> mail_message::ActiveModel {
    let message_id = format!("{number}@drill.example");
    let subject = format!("Drill {number}");
    let raw = format!(
        "From: <marketplace@example.org>\r\nTo: <{address}>\r\nSubject: {subject}\r\nMessage-ID: <{message_id}>\r\n\r\n\
         This is mail {number}.\r\n.A line that begins with a dot.\r\n"
    );
    mail_message::ActiveModel {
        id: Set(MailMessageId::new(Uuid::from_u128(number))),
        kind: Set("drill".to_owned()),
        topic: Set(MailTopic::Account),
        account_id: Set(None),
        pairing_id: Set(None),
        to_address: Set(Personal::new(address)),
        language: Set(None),
        subject: Set(Personal::new(subject)),
        raw: Set(Personal::new(raw)),
        message_id: Set(message_id),
        state: Set(MailState::Queued),
        attempts: Set(0),
        error: Set(None),
        created_at: Set(now),
        sent_at: Set(None),
        basis: Set(None),
        consent_id: Set(None),
        bounced_at: Set(None),
        bounce_status: Set(None),
        complained_at: Set(None),
    }
}

fn work(number: u128, address: &str) -> SendMail {
    SendMail {
        mail_message_id: MailMessageId::new(Uuid::from_u128(number)),
        domain: address.split_once('@').map(|(_, domain)| domain.to_owned()),
        topic: Some(MailTopic::Account),
    }
}

fn send(number: u128, address: &str, now: DateTime<Utc>) -> job::ActiveModel {
    let work = work(number, address);
    job::ActiveModel {
        id: Set(JobId::new(Uuid::from_u128(number))),
        kind: Set(SendMail::KIND.to_owned()),
        payload: Set(serde_json::to_value(&work).unwrap()),
        state: Set(JobState::Ready),
        priority: Set(work.priority()),
        run_at: Set(now),
        attempts: Set(0),
        max_attempts: Set(SendMail::MAX_ATTEMPTS),
        lease_token: Set(None),
        leased_until: Set(None),
        last_error: Set(None),
        unique_key: Set(None),
        lane: Set(work.lane()),
        created_at: Set(now),
        finished_at: Set(None),
    }
}

/// Starts a worker.
pub(super) fn worker(database: &TestDatabase, relay: &Relay) -> Program {
    worker_by(database, &relay.url(), IN_HAND)
}

/// Starts a worker with a clock other than the machine's.
pub(super) fn worker_under(
    clock: &SettableClock,
    database: &TestDatabase,
    relay: &Relay,
) -> Program {
    let settings = [
        ("DATABASE_URL", database.url.as_str()),
        ("MAIL_TRANSPORT", &relay.url()),
    ];
    Program::start_under(Some(clock), "worker", &settings)
}

/// Starts a worker with a transport and so many jobs in hand.
pub(super) fn worker_by(database: &TestDatabase, transport: &str, in_hand: usize) -> Program {
    let in_hand = in_hand.to_string();
    let settings = [
        ("DATABASE_URL", database.url.as_str()),
        ("MAIL_TRANSPORT", transport),
        ("JOBS_AT_ONCE", &in_hand),
    ];
    Program::start("worker", &settings)
}

/// The jobs that send mails and are in a state.
pub(super) async fn jobs(database: &TestDatabase, state: JobState) -> Vec<job::Model> {
    job::Entity::find()
        .filter(job::COLUMN.kind.eq(SendMail::KIND))
        .filter(job::COLUMN.state.eq(state))
        .all(&database.connection)
        .await
        .unwrap()
}

/// How many mails are in a state.
pub(super) async fn mails(database: &TestDatabase, state: MailState) -> usize {
    let count = mail_message::Entity::find()
        .filter(mail_message::COLUMN.state.eq(state))
        .count(&database.connection)
        .await
        .unwrap();
    usize::try_from(count).unwrap()
}

/// Whether no mail waits or is being sent.
pub(super) async fn are_all_done(database: &TestDatabase) -> bool {
    job::Entity::find()
        .filter(job::COLUMN.kind.eq(SendMail::KIND))
        .filter(job::Column::State.is_in([JobState::Ready, JobState::Running]))
        .one(&database.connection)
        .await
        .unwrap()
        .is_none()
}
