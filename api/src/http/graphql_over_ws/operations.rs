//! The operations that run on one socket: a task each, so that a slow one delays no other and one
//! that panics ends alone. Results wait in a short queue until the socket takes them.

use std::collections::HashMap;

use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinSet};

use crate::graphql::endpoint::Answer;

/// Operations at once on one socket.
pub(super) const RUNNING: usize = 20;
/// Results that wait for the socket.
const QUEUE: usize = 32;

/// Something that happened to an operation that still runs.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) id: String,
    pub(super) kind: EventKind,
}

/// What happened.
#[derive(Debug)]
pub(super) enum EventKind {
    Answered(Answer),
    Completed,
    /// It ended by a fault of ours.
    Failed,
}

/// Why an operation was not started.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum StartError {
    /// One of the same id runs.
    Duplicate,
    /// As many as allowed run.
    TooMany,
}

struct Message {
    id: String,
    run: u64,
    kind: EventKind,
}

struct Running {
    /// Tells this operation from an earlier one of the same id.
    run: u64,
    task: AbortHandle,
}

/// The operations of one socket. Dropping it ends them all.
pub(super) struct Operations {
    running: HashMap<String, Running>,
    tasks: JoinSet<()>,
    sender: mpsc::Sender<Message>,
    receiver: mpsc::Receiver<Message>,
    runs: u64,
}

impl Operations {
    pub(super) fn new() -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        Self {
            running: HashMap::new(),
            tasks: JoinSet::new(),
            sender,
            receiver,
            runs: 0,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.running.is_empty()
    }

    /// Whether another operation may start under `id`.
    pub(super) fn admit(&self, id: &str) -> Result<(), StartError> {
        if self.running.contains_key(id) {
            return Err(StartError::Duplicate);
        }
        if self.running.len() >= RUNNING {
            Err(StartError::TooMany)
        } else {
            Ok(())
        }
    }

    /// Runs `answers` to their end under `id`, which [`Self::admit`] has admitted.
    pub(super) fn start(&mut self, id: String, mut answers: BoxStream<'static, Answer>) {
        self.runs += 1;
        let (run, sender, name) = (self.runs, self.sender.clone(), id.clone());
        let task = self.tasks.spawn(async move {
            while let Some(answer) = answers.next().await {
                let message = Message {
                    id: name.clone(),
                    run,
                    kind: EventKind::Answered(answer),
                };
                if sender.send(message).await.is_err() {
                    return;
                }
            }
            let message = Message {
                id: name,
                run,
                kind: EventKind::Completed,
            };
            // The socket is gone when nobody receives; then there is nobody to tell.
            drop(sender.send(message).await);
        });
        self.running.insert(id, Running { run, task });
    }

    /// Ends the operation `id`, if it runs; nothing of it is told from now on.
    pub(super) fn stop(&mut self, id: &str) {
        if let Some(running) = self.running.remove(id) {
            running.task.abort();
        }
    }

    /// The next event of an operation that still runs. Waits for ever while none does. Losing the
    /// future loses no event.
    pub(super) async fn next(&mut self) -> Event {
        loop {
            tokio::select! {
                Some(Message { id, run, kind }) = self.receiver.recv() => {
                    if self.running.get(&id).is_none_or(|running| running.run != run) {
                        continue;
                    }
                    if matches!(kind, EventKind::Completed | EventKind::Answered(Answer::Refused { .. })) {
                        self.stop(&id);
                    }
                    return Event { id, kind };
                }
                Some(ended) = self.tasks.join_next_with_id() => {
                    let Err(error) = ended else { continue };
                    let found = self.running.iter().find(|(_, running)| running.task.id() == error.id());
                    let Some(id) = found.map(|(id, _)| id.clone()) else { continue };
                    tracing::error!(%error, "an operation on a socket ended by a fault");
                    self.running.remove(&id);
                    return Event { id, kind: EventKind::Failed };
                }
                // Nothing runs: a later `start` is seen by the next call.
                else => std::future::pending().await,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    fn executed(body: &str) -> Answer {
        Answer::Executed(body.to_owned())
    }

    async fn next(operations: &mut Operations) -> (String, String) {
        let Event { id, kind } = operations.next().await;
        (id, format!("{kind:?}"))
    }

    #[tokio::test]
    async fn answers_come_in_order_and_then_the_end() {
        let mut operations = Operations::new();
        operations.start(
            "a".into(),
            stream::iter([executed("1"), executed("2")]).boxed(),
        );
        let mut told = Vec::new();
        for _ in 0..3 {
            told.push(next(&mut operations).await.1);
        }
        assert_eq!(
            told,
            [
                r#"Answered(Executed("1"))"#,
                r#"Answered(Executed("2"))"#,
                "Completed"
            ]
        );
        assert!(operations.is_empty());
    }

    #[tokio::test]
    async fn nothing_is_told_of_an_operation_that_was_stopped_even_under_the_same_id() {
        let mut operations = Operations::new();
        operations.start(
            "a".into(),
            stream::iter(vec![executed("old"); QUEUE]).boxed(),
        );
        // Let the queue fill before the stop.
        while operations.receiver.len() < QUEUE {
            tokio::task::yield_now().await;
        }
        operations.stop("a");
        operations.start("a".into(), stream::iter([executed("new")]).boxed());
        assert_eq!(
            next(&mut operations).await.1,
            r#"Answered(Executed("new"))"#
        );
    }

    #[tokio::test]
    async fn ids_are_unique_while_they_run_and_their_number_is_bounded() {
        let mut operations = Operations::new();
        for id in 0..RUNNING {
            assert_eq!(operations.admit(&id.to_string()), Ok(()));
            operations.start(id.to_string(), stream::pending().boxed());
        }
        assert_eq!(operations.admit("0"), Err(StartError::Duplicate));
        assert_eq!(operations.admit("new"), Err(StartError::TooMany));
        operations.stop("0");
        assert_eq!(operations.admit("0"), Ok(()));
    }

    #[tokio::test]
    async fn a_panic_ends_only_its_own_operation() {
        let mut operations = Operations::new();
        operations.start("good".into(), stream::pending().boxed());
        operations.start(
            "bad".into(),
            stream::once(async { panic!("on purpose") }).boxed(),
        );
        assert_eq!(
            next(&mut operations).await,
            ("bad".to_owned(), "Failed".to_owned())
        );
        assert_eq!(operations.admit("good"), Err(StartError::Duplicate));
    }

    #[tokio::test]
    async fn a_refusal_is_the_last_word() {
        use crate::graphql::endpoint::Cause;
        let refused = Answer::Refused {
            cause: Cause::Request,
            errors: "[]".into(),
        };
        let mut operations = Operations::new();
        operations.start("a".into(), stream::iter([refused]).boxed());
        assert!(next(&mut operations).await.1.contains("Refused"));
        assert!(operations.is_empty());
    }
}
