//! The clock was far ahead for a while, and is right again: what was written meanwhile does not wait until that time comes.

use api::jobs::JobError;
use api::jobs::claim::{LEASE, Silent, claim, claim_from, report};
use chrono::TimeDelta;
use entity::job_pause;
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use tests::app::TestApp;
use tests::on_both_databases;

use super::queue_a_mail;

const YEAR: TimeDelta = TimeDelta::days(400);
const MOMENT: TimeDelta = TimeDelta::microseconds(1);

on_both_databases! {
    async fn a_lease_that_a_wrong_clock_gave_is_over(backend) {
        let app = TestApp::new(backend).await;
        queue_a_mail(&app, "nora@example.org").await;
        for ahead in [YEAR, LEASE + MOMENT] {
            app.advance(ahead);
            let held = claim(&app.app).await.unwrap().unwrap();
            app.advance(-LEASE);
            assert!(claim(&app.app).await.unwrap().is_none(), "clocks differ by a lease at most");
            app.advance(LEASE - ahead);
            let next = claim(&app.app).await.unwrap().unwrap();
            assert_ne!(next.lease_token, held.lease_token);
            report(&app.app, &next, &Err(JobError::Wait(app.app.clock.now()))).await.unwrap();
        }
    }

    async fn a_mail_that_a_wrong_clock_wrote_or_put_off_goes(backend) {
        let app = TestApp::new(backend).await;
        let difference = TimeDelta::minutes(10);
        app.advance(difference);
        queue_a_mail(&app, "nora@example.org").await;
        app.advance(-difference);
        assert!(claim(&app.app).await.unwrap().is_none(), "clocks differ by ten minutes at most");
        app.advance(-MOMENT);
        let written = claim(&app.app).await.unwrap().unwrap();

        let put_off = app.app.clock.now() + TimeDelta::hours(30);
        report(&app.app, &written, &Err(JobError::Wait(put_off))).await.unwrap();
        assert!(claim(&app.app).await.unwrap().is_none(), "a mail waits for a day and a fifth at most");
        app.advance(-MOMENT);
        assert!(claim(&app.app).await.unwrap().is_some());
    }

    async fn a_pause_that_a_wrong_clock_began_is_over(backend) {
        let app = TestApp::new(backend).await;
        queue_a_mail(&app, "nora@example.org").await;
        app.advance(MOMENT);
        let longest = app.app.clock.now() + TimeDelta::minutes(15) + TimeDelta::minutes(10);
        let pause = job_pause::Model {
            kind: "send_mail".to_owned(),
            faults: 5,
            pauses: 3,
            paused_until: Some(longest),
            reason: "the relay cannot be reached".to_owned(),
            since: app.app.clock.now(),
        };
        pause.into_active_model().insert(&app.app.store.connection).await.unwrap();
        assert!(claim(&app.app).await.unwrap().is_none());
        app.advance(-MOMENT);
        assert_eq!(app.run_jobs().await, 1);
        assert_eq!(app.mail_to("nora@example.org").len(), 1);
    }

    async fn nobody_takes_what_they_have_in_hand_for_that_of_the_dead(backend) {
        let app = TestApp::new(backend).await;
        queue_a_mail(&app, "nora@example.org").await;
        let held = claim(&app.app).await.unwrap().unwrap();
        app.advance(TimeDelta::hours(1));
        let now = app.app.clock.now();
        for silent in [Silent::Nobody, Silent::Those { but: &[held.id] }] {
            assert!(claim_from(&app.app, now, silent).await.unwrap().is_none(), "{silent:?}");
        }
        let all = Silent::Those { but: &[] };
        assert_eq!(claim_from(&app.app, now, all).await.unwrap().unwrap().id, held.id);
    }
}
