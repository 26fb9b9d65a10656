//! So many mails leave for one domain in a minute as are set, over all workers; the others wait, and nobody else's mail does.

use std::collections::BTreeMap;

use api::jobs::claim::{LEASE, claim, heartbeat, next_open_lane, report};
use api::jobs::lane::SILENCE;
use chrono::{DateTime, TimeDelta, Utc};
use entity::job::{self, JobState};
use futures_util::future::join_all;
use sea_orm::EntityTrait;
use tests::app::TestApp;
use tests::database::Backend;
use tests::on_both_databases;

use super::queue_a_mail;

async fn app(backend: Backend, per_minute: &str) -> TestApp {
    let settings = [
        ("MAIL_DOMAIN_PER_MINUTE", per_minute),
        ("MAIL_DOMAIN_AT_ONCE", "2"),
    ];
    TestApp::with_settings(backend, &settings).await
}

async fn queue(app: &TestApp, domain: &str, count: usize) {
    for n in 0..count {
        queue_a_mail(app, &format!("nora{n}@{domain}")).await;
    }
}

/// The jobs that wait: when they are due, and how often they were tried.
async fn waiting(app: &TestApp) -> Vec<(DateTime<Utc>, i32)> {
    let jobs = job::Entity::find()
        .all(&app.app.store.connection)
        .await
        .unwrap();
    let ready = jobs.into_iter().filter(|job| job.state == JobState::Ready);
    ready.map(|job| (job.run_at, job.attempts)).collect()
}

on_both_databases! {
    async fn as_many_leave_for_a_domain_in_any_minute_as_are_set_and_the_others_wait_untouched(backend) {
        let app = app(backend, "7").await;
        let other = app.another_node().await;
        queue(&app, "busy.example", 17).await;
        queue(&app, "example.org", 1).await;
        queue(&app, "example.com", 1).await;
        let before = waiting(&app).await;
        let mut sent: BTreeMap<i64, usize> = BTreeMap::new();
        let begin = app.app.clock.now();
        for second in 0..150 {
            let node = if second % 2 == 0 { &app } else { &other };
            let count = node.run_jobs().await;
            if second == 0 {
                assert_eq!(count, 3, "one for each domain");
                let left = waiting(&app).await;
                assert_eq!(left.len(), 16);
                assert!(left.iter().all(|job| before.contains(job) && job.1 == 0));
            } else if count > 0 {
                assert_eq!(count, 1);
            }
            sent.insert(second, count.min(1));
            app.advance(TimeDelta::seconds(1));
        }
        assert_eq!(sent.values().sum::<usize>(), 17);
        for start in 0..=90 {
            let minute: usize = sent.range(start..start + 60).map(|(_, count)| count).sum();
            assert!(minute <= 7, "{minute} from second {start} on");
        }
        assert_eq!(sent.range(0..60).map(|(_, count)| count).sum::<usize>(), 7);
        assert_eq!(app.mails().len() + other.mails().len(), 19);
        assert!(app.app.clock.now() - begin < TimeDelta::minutes(3));
    }

    async fn a_domain_is_open_again_after_its_even_share_of_the_minute_and_not_before(backend) {
        let app = app(backend, "4").await;
        queue(&app, "busy.example", 3).await;
        assert_eq!(next_open_lane(&app.app).await.unwrap(), None);
        assert_eq!(app.run_jobs().await, 1);
        let open = app.app.clock.now() + TimeDelta::seconds(15);
        assert_eq!(next_open_lane(&app.app).await.unwrap(), Some(open));
        app.advance(TimeDelta::seconds(15) - TimeDelta::microseconds(1));
        assert_eq!(app.run_jobs().await, 0);
        app.advance(TimeDelta::microseconds(1));
        assert_eq!(next_open_lane(&app.app).await.unwrap(), None);
        assert_eq!(app.run_jobs().await, 1);
        assert_eq!(app.run_jobs().await, 0);
    }

    async fn with_none_set_all_leave_at_once(backend) {
        let app = app(backend, "0").await;
        queue(&app, "busy.example", 5).await;
        assert_eq!(app.run_jobs().await, 5);
        assert_eq!(next_open_lane(&app.app).await.unwrap(), None);
    }

    async fn of_workers_that_claim_at_the_same_moment_one_gets_a_mail_for_the_domain(backend) {
        let app = app(backend, "60").await;
        let other = app.another_node().await;
        queue(&app, "busy.example", 6).await;
        queue(&app, "example.org", 1).await;
        let claims = (0..8).map(|n| claim(if n % 2 == 0 { &app.app } else { &other.app }));
        let claimed: Vec<job::Model> = join_all(claims).await.into_iter().filter_map(Result::unwrap).collect();
        let lanes: std::collections::BTreeSet<_> = claimed.iter().map(|job| job.lane.clone()).collect();
        assert_eq!((claimed.len(), lanes.len()), (2, 2), "one for each domain");
        assert_eq!(waiting(&app).await.len(), 5);
    }

    async fn what_is_taken_over_from_a_worker_that_fell_silent_counts_too(backend) {
        let app = app(backend, "1").await;
        queue(&app, "busy.example", 1).await;
        claim(&app.app).await.unwrap().unwrap();
        app.advance(TimeDelta::seconds(60));
        queue_a_mail(&app, "yan@busy.example").await;
        assert!(claim(&app.app).await.unwrap().is_some());
        app.advance(LEASE - TimeDelta::seconds(1));
        assert!(claim(&app.app).await.unwrap().is_none(), "the lease of the first has ended, and its lane rests");
        app.advance(TimeDelta::seconds(1));
        assert_eq!(claim(&app.app).await.unwrap().unwrap().attempts, 2);
    }

    async fn a_worker_that_died_keeps_a_domain_waiting_until_it_has_missed_two_renewals(backend) {
        let app = app(backend, "0").await;
        queue(&app, "slow.example", 4).await;
        let first = claim(&app.app).await.unwrap().unwrap();
        let second = claim(&app.app).await.unwrap().unwrap();
        app.advance(SILENCE);
        assert!(claim(&app.app).await.unwrap().is_none());
        // One of the two lives.
        assert!(heartbeat(&app.app, &first).await.unwrap());
        app.advance(TimeDelta::microseconds(1));
        let third = claim(&app.app).await.unwrap().unwrap();
        assert_ne!(third.id, second.id, "what was in hand is nobody else's before the lease ends");
        assert!(claim(&app.app).await.unwrap().is_none());
        assert!(report(&app.app, &second, &Ok(())).await.unwrap(), "a worker that was only slow");
    }
}
