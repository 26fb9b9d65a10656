//! Matching: what the engine is asked, what it answers, and what people make of the answer.
//!
//! The engine (`matcher::engine`) knows no database; `snapshot` reads for it, the use cases here run it off the
//! executor's threads and store what it says. No score is computed here.

pub mod apply_round;
pub mod current;
pub mod discard_round;
pub mod evaluate;
pub mod explanation;
pub mod express_interest;
pub mod find_round;
pub mod labels;
pub mod load_proof;
pub mod outlook;
pub mod proof;
pub mod propose;
pub mod recheck;
pub mod remove_rule;
pub mod report;
pub mod run_round;
pub mod set_rule;
pub mod snapshot;
pub mod standing;
pub mod suggest;
pub mod unmatched;

mod application_mail;
mod digest_mail;
mod role_summary;

use std::sync::LazyLock;

use matcher::model::{BasisPoints, Weights};
use tokio::sync::Semaphore;

use crate::error::DomainError;

static WEIGHTS: LazyLock<Result<Weights, String>> =
    LazyLock::new(|| Weights::embedded().map_err(|error| error.to_string()));

/// The policy that rounds and suggestions are made with.
///
/// # Errors
/// When the policy that is built in cannot be read, which a test of the engine rules out.
pub fn weights() -> Result<&'static Weights, DomainError> {
    WEIGHTS.as_ref().map_err(DomainError::internal)
}

/// The policy for someone who comes forward: the thresholds below which nobody is proposed do not apply, since here a
/// person speaks for themselves and a person answers. Every gate on facts stays.
///
/// # Errors
/// As [`weights`].
pub fn application_weights() -> Result<Weights, DomainError> {
    let mut weights = weights()?.clone();
    weights.gates.minimum_confidence = BasisPoints::LEAST;
    weights.gates.minimum_score = BasisPoints::LEAST;
    Ok(weights)
}

/// Runs of the engine at the same time; each uses all cores.
const MOST_RUNS: usize = 2;
static RUNS: Semaphore = Semaphore::const_new(MOST_RUNS);

/// Runs the engine where it holds up no request. Who gives up waiting leaves the line; what runs is finished.
pub(in crate::domain) async fn compute<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, DomainError> {
    compute_within(&RUNS, work).await
}

async fn compute_within<T: Send + 'static>(
    runs: &'static Semaphore,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, DomainError> {
    let run = runs.acquire().await;
    let run = run.map_err(|closed| DomainError::Internal(closed.into()))?;
    aside(move || {
        let _run = run;
        work()
    })
    .await
}

/// Does what would hold up requests for a moment, without waiting for the engine: also while a transaction is open.
pub(in crate::domain) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, DomainError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| DomainError::Internal(error.into()))
}

#[cfg(test)]
mod tests {
    use std::pin::{Pin, pin};
    use std::sync::mpsc;
    use std::task::{Context, Waker};

    use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

    use super::*;

    /// Work that says that it has begun, and goes on until it is let go.
    fn held(
        begun: &UnboundedSender<u8>,
        number: u8,
    ) -> (mpsc::Sender<()>, impl FnOnce() -> u8 + Send + use<>) {
        let (let_go, gate) = mpsc::channel();
        let begun = begun.clone();
        let work = move || {
            begun.send(number).unwrap();
            gate.recv().unwrap();
            number
        };
        (let_go, work)
    }

    /// Takes the future as far as it comes by itself.
    fn waits(future: Pin<&mut impl Future>) -> bool {
        future
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_pending()
    }

    fn line() -> (UnboundedSender<u8>, UnboundedReceiver<u8>) {
        unbounded_channel()
    }

    #[tokio::test]
    async fn as_many_runs_as_may_go_on_at_once_and_the_next_waits_for_one_of_them() {
        static RUNS: Semaphore = Semaphore::const_new(MOST_RUNS);
        let (begun, mut heard) = line();
        let mut running = Vec::new();
        for number in 1..=2 {
            let (let_go, work) = held(&begun, number);
            running.push((let_go, tokio::spawn(compute_within(&RUNS, work))));
            assert_eq!(
                heard.recv().await,
                Some(number),
                "it begins beside those that run"
            );
        }
        assert_eq!(RUNS.available_permits(), 0);
        let (let_third_go, work) = held(&begun, 3);
        let mut third = pin!(compute_within(&RUNS, work));
        assert!(waits(third.as_mut()));
        assert!(
            heard.try_recv().is_err(),
            "there is no permit to begin with"
        );

        let (let_first_go, first) = running.remove(0);
        let_first_go.send(()).unwrap();
        assert_eq!(first.await.unwrap().unwrap(), 1);
        let_third_go.send(()).unwrap();
        assert_eq!(third.await.unwrap(), 3);
        assert_eq!(heard.recv().await, Some(3));
    }

    #[tokio::test]
    async fn who_gives_up_leaves_the_line_and_what_has_begun_keeps_its_place_until_it_ends() {
        static RUNS: Semaphore = Semaphore::const_new(1);
        let (begun, mut heard) = line();
        let (let_first_go, work) = held(&begun, 1);
        let first = tokio::spawn(compute_within(&RUNS, work));
        assert_eq!(heard.recv().await, Some(1));
        first.abort();
        assert!(first.await.unwrap_err().is_cancelled());
        assert_eq!(RUNS.available_permits(), 0, "its work still runs");
        {
            let (_let_go, work) = held(&begun, 2);
            let mut second = pin!(compute_within(&RUNS, work));
            assert!(waits(second.as_mut()));
        }
        let (let_third_go, work) = held(&begun, 3);
        let third = tokio::spawn(compute_within(&RUNS, work));
        let_first_go.send(()).unwrap();
        assert_eq!(heard.recv().await, Some(3), "the second is not waited for");
        let_third_go.send(()).unwrap();
        assert_eq!(third.await.unwrap().unwrap(), 3);
    }
}
