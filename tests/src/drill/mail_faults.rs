//! A relay misbehaves towards three mails of ten: those that may go later go after a wait, those that may not are given up at once.

use std::collections::HashMap;
use std::time::Duration;

use api::clock::Clock;
use entity::id::JobId;
use entity::job::{self, JobState};
use entity::mail_message::MailState;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::mail::{address, are_all_done, jobs, mails, queue, worker_by};
use super::{Figure, Report, comes_about, count};
use crate::database::{Backend, TestDatabase};
use crate::relay::{Fault, Relay};

/// A minute, and a fifth of it: the wait after the first try.
const LONGEST_WAIT_SECONDS: f64 = 72.0;
/// Jobs that the worker has in hand: each may wait for half a minute.
const IN_HAND: usize = 64;
/// A relay that never answers has half a minute, and one that answers slowly a third of that.
const PATIENCE: Duration = Duration::from_mins(10);

/// Queues `mails_wanted` mails, three of ten to addresses that something happens to.
///
/// So that the drill need not wait, what waits for its second try is moved to now in the database, once the wait it was given
/// is noted.
pub async fn run(backend: Backend, mails_wanted: usize) -> Vec<Figure> {
    let database = TestDatabase::new(backend).await;
    let relay = Relay::start(Duration::ZERO).await;
    let all: Vec<_> = (0..mails_wanted)
        .map(|number| {
            let fault = (number % 10 < 3)
                .then(|| Fault::ALL[(number / 10 * 3 + number % 10) % Fault::ALL.len()]);
            let prefix = fault.map(Fault::prefix).unwrap_or_default();
            (address(&prefix, number), fault)
        })
        .collect();
    let addresses: Vec<_> = all.iter().map(|(address, _)| address.clone()).collect();
    queue(&database, &addresses).await;
    let _worker = worker_by(&database, &relay.url(), IN_HAND);
    let mut waits = HashMap::new();
    comes_about(PATIENCE, async || {
        hurry(&database, &mut waits).await;
        are_all_done(&database).await
    })
    .await;

    let mut report = Report::new("SMTP faults", backend);
    let is_refused = |fault: &Option<Fault>| fault.is_some_and(Fault::is_permanent);
    let refused = all.iter().filter(|(_, fault)| is_refused(fault)).count();
    let kept = relay.kept();
    let lost = all
        .iter()
        .filter(|(address, fault)| !is_refused(fault) && !kept.contains_key(address));
    report.exactly("mails lost", 0, lost.count());
    let is_tried_wrongly = |(address, fault): &&(String, Option<Fault>)| {
        let asked = match fault {
            None | Some(Fault::AnswersSlowly) => 1,
            Some(fault) if fault.is_permanent() => 1,
            Some(_) => 2,
        };
        relay.tries(address) != asked
    };
    let wrongly = all.iter().filter(is_tried_wrongly);
    report.exactly("mails tried too often or too seldom", 0, wrongly.count());
    let failed = mails(&database, MailState::Failed).await;
    report.exactly("refused mails told as failed", refused, failed);
    let dead = jobs(&database, JobState::Dead).await.len();
    report.exactly("refused mails among the dead letters", refused, dead);
    let delivered = mails(&database, MailState::Sent).await;
    report.exactly(
        "other mails told as sent",
        mails_wanted - refused,
        delivered,
    );
    let twice = all.iter().filter(|(address, fault)| {
        let copies = kept.get(address).map_or(0, Vec::len);
        copies > 1 && *fault != Some(Fault::ClosesAfterKeeping)
    });
    report.exactly("mails sent again without reason", 0, twice.count());
    let of_later = |(_, fault): &&(String, Option<Fault>)| {
        fault.is_some_and(|it| !it.is_permanent() && it != Fault::AnswersSlowly)
    };
    let later = all.iter().filter(of_later).count();
    report.exactly("mails that waited for a second try", later, waits.len());
    let longest = waits.values().copied().fold(0.0, f64::max);
    report.at_most("longest such wait, s", LONGEST_WAIT_SECONDS, longest);
    report.told(
        "shortest such wait, s",
        waits.values().copied().fold(longest, f64::min),
    );
    report.told("mails in all", count(mails_wanted));
    report.figures
}

/// Notes how long each job that was tried and is to be tried again would wait from now, and moves it to now.
async fn hurry(database: &TestDatabase, waits: &mut HashMap<JobId, f64>) {
    let waiting = jobs(database, JobState::Ready).await;
    let now = Clock::system().now();
    for job in waiting {
        if job.attempts == 0 || job.run_at <= now {
            continue;
        }
        waits.insert(job.id, (job.run_at - now).as_seconds_f64());
        job::Entity::update_many()
            .col_expr(job::Column::RunAt, Expr::value(now))
            .filter(job::COLUMN.id.eq(job.id))
            .filter(job::COLUMN.state.eq(JobState::Ready))
            .exec(&database.connection)
            .await
            .unwrap();
    }
}
