//! The relay itself is not well, whatever the mail: it turns everybody away, says nothing, is none, refuses the password, or breaks
//! off before it knows whom a mail is for. Mails wait, none is given up, and all go when it is well again.

use std::time::Duration;

use api::clock::Clock;
use entity::job::{self, JobState};
use entity::job_pause;
use entity::mail_message::MailState;
use futures_util::future::join_all;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::mail::{IN_HAND, address, are_all_done, jobs, mails, queue, worker_by};
use super::{Figure, Report, comes_about, count};
use crate::database::{Backend, TestDatabase};
use crate::relay::{Mood, Relay};

/// A relay that says nothing has forty seconds.
const PATIENCE: Duration = Duration::from_mins(3);

/// What became of the mails that met with one mood.
struct Outcome {
    waited: bool,
    went_out: usize,
    recipients: usize,
    copies: usize,
    sent: usize,
    given_up: usize,
}

/// Queues `mails_each` mails for each bad mood of a relay, at least as many as a worker has in hand, so that the faults in a row are
/// enough.
///
/// So that the drill need not wait, what waits for the relay is moved to now in the database once the relay is well.
pub async fn run(backend: Backend, mails_each: usize) -> Vec<Figure> {
    let outages = Mood::BAD.map(|mood| meet(backend, mood, mails_each));
    let outcomes = join_all(outages).await;
    let sum = |of: fn(&Outcome) -> usize| outcomes.iter().map(of).sum::<usize>();
    let all = mails_each * Mood::BAD.len();
    let mut report = Report::new("relay outages", backend);
    let waited = sum(|outcome| usize::from(outcome.waited));
    report.exactly(
        "kinds of outage that mails waited for",
        Mood::BAD.len(),
        waited,
    );
    report.exactly(
        "mails that went out meanwhile",
        0,
        sum(|outcome| outcome.went_out),
    );
    report.exactly("mails lost", 0, all - sum(|outcome| outcome.recipients));
    let again = sum(|outcome| outcome.copies - outcome.recipients);
    report.exactly("mails sent again", 0, again);
    report.exactly("mails told as sent", all, sum(|outcome| outcome.sent));
    report.exactly("mails given up", 0, sum(|outcome| outcome.given_up));
    report.told("mails in all", count(all));
    report.figures
}

async fn meet(backend: Backend, mood: Mood, mails_wanted: usize) -> Outcome {
    let database = TestDatabase::new(backend).await;
    let relay = Relay::start(Duration::ZERO).await;
    relay.set_mood(mood);
    let addresses: Vec<_> = (0..mails_wanted)
        .map(|number| address("", number))
        .collect();
    queue(&database, &addresses).await;
    let _worker = worker_by(&database, &relay.url_with_password(), IN_HAND);
    let waited = comes_about(PATIENCE, async || {
        if mood.is_towards_all() {
            is_paused(&database).await
        } else {
            are_tried(&database, mails_wanted).await
        }
    })
    .await;
    let went_out = relay.recipients();
    relay.set_mood(Mood::Well);
    comes_about(PATIENCE, async || {
        hurry(&database).await;
        are_all_done(&database).await
    })
    .await;
    Outcome {
        waited,
        went_out,
        recipients: relay.recipients(),
        copies: relay.kept().values().map(Vec::len).sum(),
        sent: mails(&database, MailState::Sent).await,
        given_up: jobs(&database, JobState::Dead).await.len(),
    }
}

async fn is_paused(database: &TestDatabase) -> bool {
    let pauses = job_pause::Entity::find()
        .all(&database.connection)
        .await
        .unwrap();
    pauses.iter().any(|pause| pause.paused_until.is_some())
}

/// Whether so many mails were tried, and wait to be tried again.
async fn are_tried(database: &TestDatabase, mails: usize) -> bool {
    let waiting = jobs(database, JobState::Ready).await;
    let now = Clock::system().now();
    let is_tried = |job: &&job::Model| job.attempts > 0 && job.run_at > now;
    waiting.iter().filter(is_tried).count() == mails
}

/// Moves what waits to now.
async fn hurry(database: &TestDatabase) {
    let now = Clock::system().now();
    job_pause::Entity::update_many()
        .col_expr(job_pause::Column::PausedUntil, Expr::value(now))
        .filter(job_pause::COLUMN.paused_until.gt(now))
        .exec(&database.connection)
        .await
        .unwrap();
    job::Entity::update_many()
        .col_expr(job::Column::RunAt, Expr::value(now))
        .filter(job::COLUMN.state.eq(JobState::Ready))
        .filter(job::COLUMN.run_at.gt(now))
        .exec(&database.connection)
        .await
        .unwrap();
}
