//! What is kept long enough goes, each at its time and not before; owners of unused accounts are told twice.

use api::context::Context;
use api::domain::retention::run::{self, Done};
use api::jobs::run_retention::RunRetention;
use api::jobs::{Job, schedule};
use chrono::{DateTime, Months, TimeDelta, Utc};
use entity::account::{self, AccountState};
use entity::account_token::{self, TokenPurpose};
use entity::actor_kind::ActorKind;
use entity::id::AccountTokenId;
use entity::job::{self, JobState};
use entity::mail_message::{self, MailState};
use entity::organization::{self, OrganizationState};
use entity::pending_log_in::LogInPurpose;
use entity::personal::Personal;
use entity::{audit_event, passkey_challenge, pending_log_in, session};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Set,
};
use serde_json::json;
use tests::app::TestApp;
use tests::listing::{create_organization, step};
use tests::on_both_databases;

const LOG_IN: &str = "mutation($email: String!) { logIn(input: { email: $email, password: \"correct horse battery staple\" }) { accessToken refreshToken userErrors { code message field } } }";
const REFRESH: &str = "mutation($token: String!) { refreshSession(input: { refreshToken: $token }) { refreshToken userErrors { code message field } } }";

async fn sweep(app: &TestApp) -> Done {
    Box::pin(run::run(&Context::system(app.app.clone(), "test")))
        .await
        .unwrap()
}

/// Lets time pass until a moment.
fn until(app: &TestApp, moment: DateTime<Utc>) {
    app.advance(moment - app.app.clock.now());
}

async fn account_of(app: &TestApp, email: &str) -> account::Model {
    let found = account::Entity::find().filter(account::COLUMN.email.eq(email));
    found.one(&app.app.store.connection).await.unwrap().unwrap()
}

async fn runs_noted(app: &TestApp) -> u64 {
    audit_event::Entity::find()
        .filter(audit_event::COLUMN.action.eq("retention.ran"))
        .count(&app.app.store.connection)
        .await
        .unwrap()
}

async fn scheduled(app: &TestApp, state: JobState) -> Vec<job::Model> {
    job::Entity::find()
        .filter(job::COLUMN.kind.eq(RunRetention::KIND))
        .filter(job::COLUMN.state.eq(state))
        .order_by_asc(job::Column::RunAt)
        .all(&app.app.store.connection)
        .await
        .unwrap()
}

/// For when the next run is stored.
async fn waiting_for(app: &TestApp) -> DateTime<Utc> {
    scheduled(app, JobState::Ready).await[0].run_at
}

on_both_databases! {
    async fn each_thing_goes_after_its_time_and_not_a_moment_before(backend) {
        let settings = [
            ("KEEP_TOKEN_DAYS", "5"), ("KEEP_SESSION_DAYS", "12"), ("KEEP_JOB_DAYS", "15"), ("KEEP_MAIL_DAYS", "20"),
            ("SESSION_DAYS", "40"),
        ];
        let app = TestApp::with_settings(backend, &settings).await;
        let db = &app.app.store.connection;
        // Of the same moment: a used token, a done job, a sent mail, a session that ended, one that goes on with a used
        // refresh token.
        let nora = app.sign_up("Nora", "en").await;
        nora.mutate("mutation { logOut { userErrors { code message field } } }", json!({})).await;
        let session = app.client().mutate(LOG_IN, json!({ "email": "nora@example.org" })).await;
        app.client().mutate(REFRESH, json!({ "token": session["refreshToken"] })).await;
        let jobs = job::Entity::find().count(db).await.unwrap();
        let start = app.app.clock.now();
        let moment = TimeDelta::microseconds(1);
        let expected = [
            (5, Done { account_tokens: 1, ..Done::default() }),
            (12, Done { sessions: 1, refresh_tokens: 1, ..Done::default() }),
            (15, Done { jobs, ..Done::default() }),
            (20, Done { mail_bodies: 1, ..Done::default() }),
        ];
        for (days, done) in expected {
            until(&app, start + TimeDelta::days(days));
            assert_eq!(sweep(&app).await, Done::default(), "after {days} days");
            app.advance(moment);
            assert_eq!(sweep(&app).await, done, "after {days} days and a moment");
            assert_eq!(sweep(&app).await, Done::default(), "again");
        }
        assert_eq!(runs_noted(&app).await, 4);
        let last = audit_event::Entity::find().order_by_desc(audit_event::Column::Sequence).one(db).await.unwrap().unwrap();
        assert_eq!(last.detail["mailBodies"], 1);
        assert_eq!((last.subject_kind.as_str(), last.subject_id), ("retention", None));
        // The live session lived on; it goes when it can be used no more.
        assert_eq!(session::Entity::find().count(db).await.unwrap(), 1);
        until(&app, start + TimeDelta::days(40 + 12));
        assert_eq!(sweep(&app).await, Done::default());
        app.advance(moment);
        assert_eq!(sweep(&app).await, Done { sessions: 1, ..Done::default() });
        assert_eq!(session::Entity::find().count(db).await.unwrap(), 0);
    }

    async fn what_was_begun_and_left_goes_as_soon_as_it_counts_no_more(backend) {
        let app = TestApp::new(backend).await;
        let db = &app.app.store.connection;
        let expires_at = app.app.clock.now() + TimeDelta::minutes(10);
        pending_log_in::ActiveModel {
            state_hash: Set("state".to_owned()),
            browser_hash: Set("browser".to_owned()),
            nonce_hash: Set("nonce".to_owned()),
            sealed_verifier: Set("sealed".to_owned()),
            purpose: Set(LogInPurpose::LogIn),
            account_id: Set(None),
            session_id: Set(None),
            expires_at: Set(expires_at),
        }
        .insert(db)
        .await
        .unwrap();
        passkey_challenge::ActiveModel {
            challenge_hash: Set("challenge".to_owned()),
            account_id: Set(None),
            expires_at: Set(expires_at),
        }
        .insert(db)
        .await
        .unwrap();
        until(&app, expires_at - TimeDelta::microseconds(1));
        assert_eq!(sweep(&app).await, Done::default());
        until(&app, expires_at);
        assert_eq!(sweep(&app).await, Done { begun_log_ins: 2, ..Done::default() });
    }

    async fn of_a_mail_only_the_body_goes_and_not_before_it_has_left(backend) {
        let app = TestApp::with_settings(backend, &[("KEEP_MAIL_DAYS", "20")]).await;
        crate::jobs::queue_a_mail(&app, "nora@example.org").await;
        let db = &app.app.store.connection;
        let before = mail_message::Entity::find().one(db).await.unwrap().unwrap();
        app.advance(TimeDelta::days(21));
        assert_eq!(sweep(&app).await.mail_bodies, 0);
        app.run_jobs().await;
        assert_eq!(app.mail_to("nora@example.org").len(), 1);
        // It was written long ago and left just now.
        assert_eq!(sweep(&app).await.mail_bodies, 0);
        app.advance(TimeDelta::days(20) + TimeDelta::microseconds(1));
        assert_eq!(sweep(&app).await.mail_bodies, 1);
        let after = mail_message::Entity::find().one(db).await.unwrap().unwrap();
        let kept = mail_message::Model {
            raw: Personal::default(), state: MailState::Sent, attempts: 1, sent_at: after.sent_at, ..before
        };
        assert!(after.sent_at.is_some());
        assert_eq!(after, kept);
    }

    async fn many_rows_go_in_batches(backend) {
        let app = TestApp::new(backend).await;
        crate::jobs::queue_a_mail(&app, "nora@example.org").await;
        let account = account_of(&app, "nora@example.org").await;
        let db = &app.app.store.connection;
        let now = app.app.clock.now();
        let rows = (0..1_100).map(|number| account_token::ActiveModel {
            id: Set(AccountTokenId::new(app.app.new_id())),
            account_id: Set(account.id),
            purpose: Set(TokenPurpose::ResetPassword),
            token_hash: Set(format!("{number:064}")),
            expires_at: Set(now),
            used_at: Set(Some(now)),
            created_at: Set(now),
            email: Set(None),
        });
        account_token::Entity::insert_many(rows).exec_without_returning(db).await.unwrap();
        app.advance(TimeDelta::days(7) + TimeDelta::microseconds(1));
        let before = app.statements();
        assert_eq!(sweep(&app).await.account_tokens, 1_100);
        let deletes = app.statements_after(before).into_iter().filter(|sql| sql.starts_with("DELETE FROM \"account_token\""));
        assert_eq!(deletes.count(), 3);
        // The one that was mailed is not a week past its end yet.
        assert_eq!(account_token::Entity::find().count(db).await.unwrap(), 1);
    }

    async fn two_servers_run_it_once_a_day_between_them(backend) {
        let app = TestApp::new(backend).await;
        let other = app.another_node().await;
        crate::jobs::queue_a_mail(&app, "nora@example.org").await;
        app.run_jobs().await;
        let (one, two) = tokio::join!(schedule::start(&app.app), schedule::start(&other.app));
        one.unwrap();
        two.unwrap();
        schedule::start(&app.app).await.unwrap();
        let waiting = scheduled(&app, JobState::Ready).await;
        assert_eq!(waiting.len(), 1);
        // It is 15:00; the run is at 08:00.
        let at = "2026-11-22T08:00:00Z".parse::<DateTime<Utc>>().unwrap();
        assert_eq!(waiting[0].run_at, at);
        for day in 1..=3 {
            let day_after = waiting_for(&app).await + TimeDelta::days(1);
            until(&app, day_after - TimeDelta::days(1));
            tokio::join!(app.run_jobs(), other.run_jobs());
            assert_eq!(scheduled(&app, JobState::Done).await.len(), day, "day {day}");
            let waiting = scheduled(&app, JobState::Ready).await;
            assert_eq!(waiting.len(), 1);
            assert_eq!(waiting[0].run_at, day_after);
        }
        // Nothing ran for ten days: one run makes up for all of them.
        until(&app, at + TimeDelta::days(13));
        tokio::join!(app.run_jobs(), other.run_jobs());
        assert_eq!(scheduled(&app, JobState::Done).await.len(), 4);
        assert_eq!(scheduled(&app, JobState::Ready).await[0].run_at, at + TimeDelta::days(14));
        assert_eq!(runs_noted(&app).await, 1, "only one run had something to do");
        assert_eq!(app.dead_jobs().await, 0);
    }

    async fn owners_of_unused_accounts_are_told_twice_and_then_everything_is_erased(backend) {
        let app = TestApp::new(backend).await;
        app.coordinator().await;
        for (name, language) in [("Nora", "en"), ("Luc", "fr")] {
            app.sign_up(name, language).await;
        }
        app.mailbox().take();
        let moment = TimeDelta::microseconds(1);
        let end = app.app.clock.now().checked_add_months(Months::new(36)).unwrap();
        let counts = |done: Done| (done.first_notices, done.last_notices, done.closed_accounts);
        for (time, expected) in [
            (end - TimeDelta::days(30), (2, 0, 0)),
            (end - TimeDelta::days(7), (0, 2, 0)),
            (end, (0, 0, 2)),
        ] {
            until(&app, time - moment);
            assert_eq!(counts(sweep(&app).await), (0, 0, 0), "before {time}");
            app.advance(moment);
            assert_eq!(counts(sweep(&app).await), expected, "at {time}");
            assert_eq!(counts(sweep(&app).await), (0, 0, 0), "again at {time}");
            if time < end {
                app.run_jobs().await;
            }
        }
        // Nobody logs in any more, before the jobs of the erasure had their turn.
        assert_eq!(account_of(&app, "nora@example.org").await.state, AccountState::Disabled);
        let refused = app.client().user_errors(LOG_IN, json!({ "email": "nora@example.org" })).await;
        assert_eq!(refused, ["WRONG_CREDENTIALS"]);
        app.run_jobs().await;
        let told = |email: &str| -> Vec<(String, bool)> {
            app.mail_to(email).iter().map(|mail| (mail.subject.clone(), mail.text.contains("2029"))).collect()
        };
        assert_eq!(told("nora@example.org"), [
            ("Still there? Your account will be closed".to_owned(), true),
            ("Last reminder: your account will be closed".to_owned(), true),
            ("Your data were erased".to_owned(), true),
        ]);
        assert_eq!(told("luc@example.org"), [
            ("Toujours là? Votre compte sera fermé".to_owned(), true),
            ("Dernier rappel\u{a0}: votre compte sera fermé".to_owned(), true),
            ("Vos données ont été effacées".to_owned(), true),
        ]);
        let erased = account::Entity::find().filter(account::COLUMN.state.eq(AccountState::Erased));
        assert_eq!(erased.count(&app.app.store.connection).await.unwrap(), 2);
        // Those who run the marketplace are left alone.
        assert!(app.mail_to("coordinator@example.org").is_empty());
        assert_eq!(account_of(&app, "coordinator@example.org").await.state, AccountState::Active);
        let requested = audit_event::Entity::find()
            .filter(audit_event::COLUMN.action.eq("account.erasure_requested"))
            .filter(audit_event::COLUMN.actor_kind.eq(ActorKind::System))
            .count(&app.app.store.connection)
            .await
            .unwrap();
        assert_eq!(requested, 2);
    }

    async fn an_organization_is_not_left_without_an_owner(backend) {
        let settings = [("INACTIVE_MONTHS", "6"), ("INACTIVE_FIRST_NOTICE_DAYS", "20"), ("INACTIVE_LAST_NOTICE_DAYS", "5")];
        let app = TestApp::with_settings(backend, &settings).await;
        let owner = app.sign_up("Omar", "en").await;
        let organization = create_organization(&owner, "Thaw").await;
        step(&owner, "submitOrganization", &organization, json!({})).await;
        let told = app.app.clock.now().checked_add_months(Months::new(6)).unwrap() - TimeDelta::days(20);
        for days in [0, 15] {
            until(&app, told + TimeDelta::days(days));
            sweep(&app).await;
            app.run_jobs().await;
        }
        until(&app, told + TimeDelta::days(20));
        for _ in 0..2 {
            let done = sweep(&app).await;
            assert_eq!((done.closed_accounts, done.kept_accounts), (0, 1));
        }
        assert_eq!(account_of(&app, "omar@example.org").await.state, AccountState::Active);
        let organization = organization::ActiveModel { state: Set(OrganizationState::Withdrawn), ..Default::default() };
        organization::Entity::update_many().set(organization).exec(&app.app.store.connection).await.unwrap();
        let done = sweep(&app).await;
        assert_eq!((done.closed_accounts, done.kept_accounts), (1, 0));
        app.run_jobs().await;
    }

    async fn who_comes_back_keeps_the_account_and_is_told_anew_years_later(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        let years = Months::new(36);
        let end = app.app.clock.now().checked_add_months(years).unwrap();
        until(&app, end - TimeDelta::days(30));
        assert_eq!(sweep(&app).await.first_notices, 1);
        app.advance(TimeDelta::days(1));
        app.log_in("nora@example.org").await;
        let back = app.app.clock.now();
        for days in [22, 30, 400] {
            until(&app, back + TimeDelta::days(days));
            let done = sweep(&app).await;
            assert_eq!((done.first_notices, done.last_notices, done.closed_accounts), (0, 0, 0), "after {days} days");
        }
        // The session is gone by now; that it was used is not forgotten.
        assert_eq!(session::Entity::find().count(&app.app.store.connection).await.unwrap(), 0);
        until(&app, back.checked_add_months(years).unwrap() - TimeDelta::days(30) - TimeDelta::microseconds(1));
        assert_eq!(sweep(&app).await.first_notices, 0);
        app.advance(TimeDelta::microseconds(1));
        assert_eq!(sweep(&app).await.first_notices, 1);
        assert_eq!(account_of(&app, "nora@example.org").await.state, AccountState::Active);
        app.run_jobs().await;
    }

    async fn a_run_that_comes_years_late_still_gives_both_notices_their_time(backend) {
        let settings = [("INACTIVE_MONTHS", "6"), ("INACTIVE_FIRST_NOTICE_DAYS", "20"), ("INACTIVE_LAST_NOTICE_DAYS", "5")];
        let app = TestApp::with_settings(backend, &settings).await;
        app.sign_up("Nora", "en").await;
        app.advance(TimeDelta::days(2_000));
        let first = app.app.clock.now();
        assert_eq!(sweep(&app).await.first_notices, 1);
        for (days, last, closed) in [(14, 0, 0), (15, 1, 0), (19, 0, 0), (20, 0, 1)] {
            until(&app, first + TimeDelta::days(days));
            let done = sweep(&app).await;
            assert_eq!((done.first_notices, done.last_notices, done.closed_accounts), (0, last, closed), "after {days} days");
            app.run_jobs().await;
        }
        let told = app.mail_to("nora@example.org");
        let notices: Vec<_> = told.iter().filter(|mail| mail.text.contains("closed on Wednesday, June 2, 2032")).collect();
        assert_eq!(notices.len(), 2, "both tell the day that is kept to: {told:?}");
    }
}
