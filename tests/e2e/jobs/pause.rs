//! When the mail relay itself does not work, mails wait without being tried one after the other; the first that goes through
//! lets the others go.

use api::jobs::claim::{claim, report};
use chrono::{DateTime, TimeDelta, Utc};
use entity::job::{self, JobState};
use entity::job_pause;
use entity::mail_message::MailState;
use matcher::mail::{Failure, Reply, SendError, Stage};
use sea_orm::EntityTrait;
use tests::app::TestApp;
use tests::on_both_databases;

use super::{only_mail, queue_a_mail};

/// The relay does not take our password: no mail would go.
fn refused() -> SendError {
    SendError::Relay(Failure {
        stage: Stage::Authentication,
        reply: Some(Reply {
            code: 535,
            enhanced: None,
        }),
        detail: "authentication failed".to_owned(),
    })
}

/// The relay cannot be reached, which may be bad luck.
fn unreachable() -> SendError {
    SendError::Transient(Failure {
        stage: Stage::Connect,
        reply: None,
        detail: "connection refused".to_owned(),
    })
}

async fn pause(app: &TestApp) -> Option<job_pause::Model> {
    let mut pauses = job_pause::Entity::find()
        .all(&app.app.store.connection)
        .await
        .unwrap();
    assert!(pauses.len() <= 1);
    pauses.pop()
}

async fn paused_until(app: &TestApp) -> Option<DateTime<Utc>> {
    pause(app).await.and_then(|pause| pause.paused_until)
}

on_both_databases! {
    async fn a_relay_that_refuses_us_is_left_alone_for_a_minute(backend) {
        let app = TestApp::new(backend).await;
        for n in 0..3 {
            queue_a_mail(&app, &format!("nora{n}@example.org")).await;
        }
        let begin = app.app.clock.now();
        app.mailbox().fail_next(refused());
        assert_eq!(app.run_jobs().await, 1, "the other two wait");
        let noted = pause(&app).await.unwrap();
        assert_eq!(noted.paused_until, Some(begin + TimeDelta::minutes(1)));
        assert_eq!((noted.faults, noted.pauses, noted.since), (1, 1, begin));
        assert_eq!(noted.reason, "the relay refuses us: authenticating: 535 authentication failed");

        app.advance(TimeDelta::minutes(1) - TimeDelta::microseconds(1));
        assert_eq!(app.run_jobs().await, 0);
        app.advance(TimeDelta::microseconds(1));
        assert_eq!(app.run_jobs().await, 3);
        assert_eq!(app.mails().len(), 3);
        assert_eq!(pause(&app).await, None);
    }

    async fn after_a_pause_one_tries_and_the_others_wait_for_it(backend) {
        let app = TestApp::new(backend).await;
        for n in 0..3 {
            queue_a_mail(&app, &format!("nora{n}@example.org")).await;
        }
        app.mailbox().fail_next(refused());
        app.run_jobs().await;
        app.advance(TimeDelta::minutes(1));
        let first = claim(&app.app).await.unwrap().unwrap();
        assert!(claim(&app.app).await.unwrap().is_none());
        report(&app.app, &first, &Ok(())).await.unwrap();
        // It is not known yet that the relay works.
        claim(&app.app).await.unwrap().unwrap();
        assert!(claim(&app.app).await.unwrap().is_none());
    }

    async fn pauses_grow_to_a_quarter_of_an_hour_and_no_mail_is_given_up_for_it(backend) {
        let app = TestApp::new(backend).await;
        queue_a_mail(&app, "nora@example.org").await;
        for minutes in [1, 5, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15] {
            app.mailbox().fail_next(refused());
            assert_eq!(app.run_jobs().await, 1);
            let until = app.app.clock.now() + TimeDelta::minutes(minutes);
            assert_eq!(paused_until(&app).await, Some(until));
            app.advance(TimeDelta::minutes(minutes));
        }
        let waiting = job::Entity::find().all(&app.app.store.connection).await.unwrap();
        assert_eq!((waiting[0].state, waiting[0].attempts), (JobState::Ready, 0));
        assert_eq!(app.run_jobs().await, 1);
        assert_eq!(only_mail(&app).await, (MailState::Sent, 13, None));
    }

    async fn a_relay_that_cannot_be_reached_five_times_in_a_row_is_left_alone(backend) {
        let app = TestApp::new(backend).await;
        for n in 0..6 {
            queue_a_mail(&app, &format!("nora{n}@example.org")).await;
        }
        for _ in 0..4 {
            app.mailbox().fail_next(unreachable());
        }
        assert_eq!(app.run_jobs().await, 6, "four in a row keep nobody waiting");
        assert_eq!(app.mails().len(), 2);
        assert_eq!(pause(&app).await, None, "one that goes through counts from the start again");

        app.advance(TimeDelta::minutes(2));
        for n in 6..9 {
            queue_a_mail(&app, &format!("nora{n}@example.org")).await;
        }
        for _ in 0..5 {
            app.mailbox().fail_next(unreachable());
        }
        assert_eq!(app.run_jobs().await, 5, "the fifth does");
        assert_eq!(paused_until(&app).await, Some(app.app.clock.now() + TimeDelta::minutes(1)));
        app.advance(TimeDelta::hours(1));
        app.run_jobs().await;
        assert_eq!(app.mails().len(), 9);
    }

    async fn those_under_way_when_the_pause_begins_do_not_make_it_longer(backend) {
        let app = TestApp::new(backend).await;
        let begin = app.app.clock.now();
        for n in 0..2 {
            let noted = api::jobs::pause::note(
                &app.app, "send_mail", api::jobs::pause::Fault::Lasting, &format!("reason {n}"),
            ).await.unwrap();
            assert_eq!(noted, Some(begin + TimeDelta::minutes(1)));
            app.advance(TimeDelta::seconds(30));
        }
        let noted = pause(&app).await.unwrap();
        assert_eq!((noted.pauses, noted.reason.as_str()), (1, "reason 0"));
    }

    async fn faults_that_are_met_at_the_same_moment_are_all_counted(backend) {
        let app = TestApp::new(backend).await;
        let note = || api::jobs::pause::note(&app.app, "send_mail", api::jobs::pause::Fault::Passing, "refused");
        let noted = futures_util::future::join_all((0..4).map(|_| note())).await;
        for until in noted {
            assert_eq!(until.unwrap(), None);
        }
        assert_eq!(pause(&app).await.unwrap().faults, 4);
    }

    async fn a_relay_that_cannot_look_up_passwords_just_now_uses_up_no_tries(backend) {
        let app = TestApp::new(backend).await;
        for n in 0..5 {
            queue_a_mail(&app, &format!("nora{n}@example.org")).await;
        }
        for stage in [Stage::Tls, Stage::Authentication, Stage::Authentication, Stage::Connect, Stage::Tls] {
            app.mailbox().fail_next(SendError::Transient(Failure {
                stage,
                reply: Some(Reply { code: 454, enhanced: Some("4.7.0".to_owned()) }),
                detail: "temporary authentication failure".to_owned(),
            }));
        }
        assert_eq!(app.run_jobs().await, 5);
        assert_eq!(paused_until(&app).await, Some(app.app.clock.now() + TimeDelta::minutes(1)));
    }

    async fn a_relay_that_refuses_a_mail_for_itself_is_well_again(backend) {
        let app = TestApp::new(backend).await;
        for n in 0..3 {
            queue_a_mail(&app, &format!("nora{n}@example.org")).await;
        }
        app.mailbox().fail_next(refused());
        assert_eq!(app.run_jobs().await, 1);
        app.advance(TimeDelta::minutes(1));
        app.mailbox().fail_next(SendError::Transient(Failure {
            stage: Stage::Recipient,
            reply: Some(Reply { code: 450, enhanced: None }),
            detail: "greylisted".to_owned(),
        }));
        assert_eq!(app.run_jobs().await, 3, "the one that tries lets the others go");
        assert_eq!(pause(&app).await, None);
    }

    async fn a_fault_of_one_mail_is_no_fault_of_the_relay(backend) {
        let app = TestApp::new(backend).await;
        for n in 0..2 {
            queue_a_mail(&app, &format!("nora{n}@example.org")).await;
        }
        app.mailbox().fail_next(SendError::Permanent(Failure {
            stage: Stage::Recipient,
            reply: Some(Reply { code: 550, enhanced: None }),
            detail: "no such mailbox".to_owned(),
        }));
        assert_eq!(app.run_jobs().await, 2);
        assert_eq!(pause(&app).await, None);
    }
}
