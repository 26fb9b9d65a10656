//! Workers that fall silent are replaced; those that come back too late change nothing.

use api::jobs::JobError;
use api::jobs::claim::{LEASE, claim, heartbeat, report};
use chrono::TimeDelta;
use entity::job::{self, JobState};
use entity::mail_message::MailState;
use sea_orm::{ActiveModelTrait, EntityTrait, Set, Unchanged};
use serde_json::json;
use tests::app::TestApp;
use tests::on_both_databases;

use super::{only_mail, queue_a_mail};

async fn only_job(app: &TestApp) -> job::Model {
    let mut jobs = job::Entity::find()
        .all(&app.app.store.connection)
        .await
        .unwrap();
    assert_eq!(jobs.len(), 1);
    jobs.remove(0)
}

on_both_databases! {
    async fn a_claimed_job_is_nobody_elses_until_its_lease_ends(backend) {
        let app = TestApp::new(backend).await;
        queue_a_mail(&app, "nora@example.org").await;
        let first = claim(&app.app).await.unwrap().unwrap();
        assert_eq!(first.attempts, 1);
        app.advance(LEASE);
        assert!(claim(&app.app).await.unwrap().is_none());
        app.advance(TimeDelta::microseconds(1));
        let second = claim(&app.app).await.unwrap().unwrap();
        assert_eq!((second.id, second.attempts), (first.id, 2));
        assert_ne!(second.lease_token, first.lease_token);
    }

    async fn a_worker_that_comes_back_too_late_changes_nothing(backend) {
        let app = TestApp::new(backend).await;
        queue_a_mail(&app, "nora@example.org").await;
        let late = claim(&app.app).await.unwrap().unwrap();
        app.advance(LEASE + TimeDelta::seconds(1));
        let current = claim(&app.app).await.unwrap().unwrap();
        let before = only_job(&app).await;

        assert!(!heartbeat(&app.app, &late).await.unwrap());
        assert!(!report(&app.app, &late, &Ok(())).await.unwrap());
        let failed = Err(JobError::Retry(std::io::Error::other("late").into()));
        assert!(!report(&app.app, &late, &failed).await.unwrap());
        assert_eq!(only_job(&app).await, before);

        assert!(report(&app.app, &current, &Ok(())).await.unwrap());
        assert_eq!(only_job(&app).await.state, JobState::Done);
        assert!(!report(&app.app, &current, &failed).await.unwrap());
        assert_eq!(only_job(&app).await.state, JobState::Done);
    }

    async fn a_heartbeat_keeps_the_lease(backend) {
        let app = TestApp::new(backend).await;
        queue_a_mail(&app, "nora@example.org").await;
        let held = claim(&app.app).await.unwrap().unwrap();
        for _ in 0..3 {
            app.advance(TimeDelta::seconds(45));
            assert!(heartbeat(&app.app, &held).await.unwrap());
            assert!(claim(&app.app).await.unwrap().is_none());
        }
    }

    async fn the_jobs_of_a_newer_program_are_left_for_it(backend) {
        let app = TestApp::new(backend).await;
        queue_a_mail(&app, "nora@example.org").await;
        let written = only_job(&app).await;
        let rewrite = |kind: &str, payload| job::ActiveModel {
            id: Unchanged(written.id),
            kind: Set(kind.to_owned()),
            payload: Set(payload),
            ..Default::default()
        };
        let db = &app.app.store.connection;
        rewrite("fold_paper", written.payload.clone()).update(db).await.unwrap();
        assert_eq!(app.run_jobs().await, 0, "a kind that is not known here");
        rewrite(&written.kind, json!({ "letter": 7 })).update(db).await.unwrap();
        assert_eq!(app.run_jobs().await, 1);
        let left = only_job(&app).await;
        assert_eq!((left.state, left.attempts), (JobState::Ready, 1), "words that cannot be read here");
        app.advance(TimeDelta::minutes(2));
        rewrite(&written.kind, written.payload.clone()).update(db).await.unwrap();
        app.run_jobs().await;
        assert_eq!(app.mail_to("nora@example.org").len(), 1);
    }

    async fn a_job_whose_workers_all_die_is_given_up(backend) {
        let app = TestApp::new(backend).await;
        queue_a_mail(&app, "nora@example.org").await;
        let tries = only_job(&app).await.max_attempts;
        for attempt in 1..=tries {
            let claimed = claim(&app.app).await.unwrap().unwrap();
            assert_eq!(claimed.attempts, attempt);
            app.advance(LEASE + TimeDelta::seconds(1));
        }
        assert_eq!(app.run_jobs().await, 1);
        assert_eq!(only_job(&app).await.state, JobState::Dead);
        assert_eq!(only_mail(&app).await.0, MailState::Failed);
        assert!(app.mails().is_empty());
        app.advance(TimeDelta::days(2));
        assert_eq!(app.run_jobs().await, 0);
    }
}
