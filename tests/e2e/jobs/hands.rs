//! A worker has several jobs in hand, only a few of them for one mail server, and gives back what it cannot finish.

use std::time::Duration;

use api::jobs::claim::claim;
use api::jobs::worker;
use entity::job::{self, JobState};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tests::app::TestApp;
use tests::on_both_databases;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::queue_a_mail;

/// A worker that runs beside the test.
struct Worker {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Worker {
    fn start(app: &TestApp) -> Self {
        Self::start_with(app, Duration::from_mins(1))
    }

    fn start_with(app: &TestApp, grace: Duration) -> Self {
        let stop = CancellationToken::new();
        let task = tokio::spawn(worker::run(app.app.clone(), stop.clone(), grace));
        Self { stop, task }
    }

    async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap();
    }
}

async fn jobs_in(app: &TestApp, state: JobState) -> Vec<job::Model> {
    job::Entity::find()
        .filter(job::COLUMN.state.eq(state))
        .filter(job::COLUMN.kind.eq("send_mail"))
        .all(&app.app.store.connection)
        .await
        .unwrap()
}

/// `at_once` is how many mails may be on their way to one domain; a worker has four hands.
async fn app(backend: tests::database::Backend, at_once: &str) -> TestApp {
    let settings = [("JOBS_AT_ONCE", "4"), ("MAIL_DOMAIN_AT_ONCE", at_once)];
    TestApp::with_settings(backend, &settings).await
}

on_both_databases! {
    async fn a_mail_server_that_hangs_keeps_no_other_mail_waiting(backend) {
        let app = app(backend, "2").await;
        for n in 0..4 {
            queue_a_mail(&app, &format!("nora{n}@slow.example")).await;
        }
        for n in 0..4 {
            queue_a_mail(&app, &format!("yan{n}@example.org")).await;
        }
        app.mailbox().hold("slow.example");
        let worker = Worker::start(&app);
        app.mailbox().until_delivered(4).await;
        app.mailbox().until_waiting(2).await;
        assert!(app.mails().iter().all(|mail| mail.to.ends_with("@example.org")));
        // Another worker, on another machine, leaves them alone too.
        let other = app.another_node().await;
        assert!(claim(&other.app).await.unwrap().is_none());
        assert_eq!(app.mailbox().waiting(), 2);
        assert_eq!(jobs_in(&app, JobState::Ready).await.len(), 2);

        app.mailbox().let_go();
        app.mailbox().until_delivered(8).await;
        worker.stop().await;
        assert_eq!(jobs_in(&app, JobState::Done).await.len(), 8);
    }

    async fn as_many_mails_to_a_domain_are_on_their_way_as_is_set(backend) {
        let app = app(backend, "3").await;
        for n in 0..4 {
            queue_a_mail(&app, &format!("nora{n}@slow.example")).await;
        }
        app.mailbox().hold("slow.example");
        for _ in 0..3 {
            claim(&app.app).await.unwrap().unwrap();
        }
        assert!(claim(&app.app).await.unwrap().is_none());
        // Those of a worker that fell silent are taken from it, and are as many as before.
        app.advance(api::jobs::claim::LEASE + chrono::TimeDelta::seconds(1));
        for _ in 0..3 {
            assert_eq!(claim(&app.app).await.unwrap().unwrap().attempts, 2);
        }
        assert!(claim(&app.app).await.unwrap().is_none());
    }

    async fn a_worker_has_as_many_jobs_in_hand_as_is_set(backend) {
        let app = app(backend, "64").await;
        for n in 0..5 {
            queue_a_mail(&app, &format!("nora{n}@slow.example")).await;
        }
        app.mailbox().hold("slow.example");
        let worker = Worker::start(&app);
        app.mailbox().until_waiting(4).await;
        assert_eq!(jobs_in(&app, JobState::Running).await.len(), 4);
        assert_eq!(jobs_in(&app, JobState::Ready).await.len(), 1);
        app.mailbox().let_go();
        app.mailbox().until_delivered(5).await;
        worker.stop().await;
    }

    async fn a_worker_that_stops_finishes_what_it_has_in_hand(backend) {
        let app = app(backend, "2").await;
        for n in 0..3 {
            queue_a_mail(&app, &format!("nora{n}@slow.example")).await;
        }
        app.mailbox().hold("slow.example");
        let worker = Worker::start(&app);
        app.mailbox().until_waiting(2).await;
        worker.stop.cancel();
        app.mailbox().let_go();
        worker.stop().await;
        let sent = app.mails().len();
        // It may have been about to take up the third.
        assert!(sent == 2 || sent == 3);
        assert_eq!(jobs_in(&app, JobState::Done).await.len(), sent);
        assert_eq!(jobs_in(&app, JobState::Running).await.len(), 0);
    }

    async fn a_worker_that_stops_gives_back_what_it_cannot_finish(backend) {
        let app = app(backend, "2").await;
        queue_a_mail(&app, "nora@slow.example").await;
        app.mailbox().hold("slow.example");
        let worker = Worker::start_with(&app, Duration::ZERO);
        app.mailbox().until_waiting(1).await;
        worker.stop().await;
        assert_eq!(app.mailbox().waiting(), 0);
        let left = jobs_in(&app, JobState::Ready).await;
        assert_eq!((left.len(), left[0].attempts), (1, 0), "being broken off is no try");
        assert_eq!((left[0].lease_token, left[0].leased_until), (None, None));
        // The next one need not wait for a lease to end.
        app.mailbox().let_go();
        app.run_jobs().await;
        assert_eq!(app.mail_to("nora@slow.example").len(), 1);
    }
}
