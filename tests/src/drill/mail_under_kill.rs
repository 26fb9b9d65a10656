//! Two workers send mails and are killed by turns: nothing is lost, little is sent twice, and what a dead worker had in hand is
//! taken over soon.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use api::clock::Clock;
use chrono::{DateTime, TimeDelta, Utc};
use entity::id::JobId;
use entity::job::JobState;
use entity::mail_message::MailState;
use uuid::Uuid;

use super::mail::{IN_HAND, address, are_all_done, jobs, mails, queue, worker};
use super::{Figure, Report, comes_about, count};
use crate::database::{Backend, TestDatabase};
use crate::relay::{Kept, Relay};

/// How long the relay takes for a mail, so that some are on their way whenever a worker dies.
const RELAY_DELAY: Duration = Duration::from_millis(20);
/// The longest from a worker's death to the end of what it had in hand: a lease, and half as much again.
const LONGEST_RESCUE_SECONDS: f64 = 90.0;
const PATIENCE: Duration = Duration::from_mins(20);

/// A claim of a job, and when a worker was found dead that may have held it.
type Deaths = HashMap<(JobId, Option<Uuid>), DateTime<Utc>>;

/// Queues `mails_wanted` mails, and kills `kills` workers while the first half of them is sent.
pub async fn run(backend: Backend, mails_wanted: usize, kills: usize) -> Vec<Figure> {
    let database = TestDatabase::new(backend).await;
    let relay = Relay::start(RELAY_DELAY).await;
    let addresses: Vec<_> = (0..mails_wanted).map(|it| address("", it)).collect();
    queue(&database, &addresses).await;
    let mut workers = [worker(&database, &relay), worker(&database, &relay)];
    let mut deaths = Deaths::new();
    let mut killed = 0;
    let begin = Instant::now();
    for kill in 1..=kills {
        let until = mails_wanted * kill / (2 * (kills + 1));
        if !comes_about(PATIENCE, async || relay.recipients() >= until).await {
            break;
        }
        let [first, second] = workers;
        first.kill();
        let died = Clock::system().now();
        killed += 1;
        for job in jobs(&database, JobState::Running).await {
            deaths.entry((job.id, job.lease_token)).or_insert(died);
        }
        workers = [second, worker(&database, &relay)];
    }
    comes_about(PATIENCE, async || are_all_done(&database).await).await;
    let took = begin.elapsed();

    let mut report = Report::new("mail under SIGKILL", backend);
    report.exactly("workers killed", kills, killed);
    let kept = relay.kept();
    let lost = addresses.iter().filter(|it| !kept.contains_key(*it));
    report.exactly("mails lost", 0, lost.count());
    let sent = mails(&database, MailState::Sent).await;
    report.exactly("mails told as sent", mails_wanted, sent);
    let twice: usize = kept.values().map(|copies| copies.len() - 1).sum();
    report.at_most("mails sent again", count(killed * IN_HAND), count(twice));
    let changed = kept.values().filter(|copies| !are_same(copies));
    report.exactly("mails that differ when sent again", 0, changed.count());
    let rescue = worst_rescue(&database, &deaths).await;
    report.at_most("worst rescue, s", LONGEST_RESCUE_SECONDS, rescue);
    report.told("all of it took, s", took.as_secs_f64());
    report.figures
}

/// Sends `mails_wanted` mails by one worker, and as many by two, to a relay that takes no time.
pub async fn speed(backend: Backend, mails_wanted: usize) -> Vec<Figure> {
    let mut report = Report::new("mail, no faults", backend);
    for (workers, what) in [
        (1, "mails per second, one worker"),
        (2, "mails per second, two workers"),
    ] {
        let database = TestDatabase::new(backend).await;
        let relay = Relay::start(Duration::ZERO).await;
        let addresses: Vec<_> = (0..mails_wanted).map(|it| address("", it)).collect();
        queue(&database, &addresses).await;
        let _workers: Vec<_> = (0..workers).map(|_| worker(&database, &relay)).collect();
        comes_about(PATIENCE, async || relay.recipients() == mails_wanted).await;
        let kept = relay.kept();
        report.exactly("mails delivered", mails_wanted, kept.len());
        let times = || kept.values().flatten().map(|kept| kept.at);
        if let (Some(first), Some(last)) = (times().min(), times().max()) {
            report.told(what, count(kept.len()) / (last - first).as_secs_f64());
        }
    }
    report.figures
}

/// Whether copies of a mail are the same, byte for byte, which the `Message-ID` is part of.
fn are_same(copies: &[Kept]) -> bool {
    copies.windows(2).all(|two| two[0].bytes == two[1].bytes)
        && copies
            .iter()
            .all(|copy| String::from_utf8_lossy(&copy.bytes).contains("\r\nMessage-ID: <"))
}

/// The longest time in seconds from a worker's death to the end of a job that it may have held last. The other worker's jobs
/// are among them, and end at once.
async fn worst_rescue(database: &TestDatabase, deaths: &Deaths) -> f64 {
    let mut last_death: HashMap<JobId, DateTime<Utc>> = HashMap::new();
    for ((job, _), died) in deaths {
        let last = last_death.entry(*job).or_insert(*died);
        *last = (*last).max(*died);
    }
    let done = jobs(database, JobState::Done).await;
    done.iter()
        .filter_map(|job| Some(job.finished_at? - *last_death.get(&job.id)?))
        .map(TimeDelta::as_seconds_f64)
        .fold(0.0, f64::max)
}
