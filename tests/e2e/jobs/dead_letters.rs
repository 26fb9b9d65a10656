//! What was given up is seen, taken up again or taken off the list by those who run the marketplace.

use api::context::Context;
use api::domain::privacy;
use chrono::TimeDelta;
use entity::account;
use entity::audit_event;
use entity::id::JobId;
use entity::job::{self, JobState};
use entity::mail_message::{self, MailState};
use entity::personal::Personal;
use matcher::mail::{Failure, Reply, SendError, Stage};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::on_both_databases;

use super::queue_a_mail;

const LIST: &str = "query($state: JobState, $kind: String) { jobs(state: $state, kind: $kind) { totalCount nodes { id kind state priority runAt attempts maxAttempts lastError createdAt finishedAt } } }";
const RETRY: &str = "mutation($input: RetryJobInput!) { retryJob(input: $input) { job { id state attempts runAt finishedAt lastError } userErrors { code message field } } }";
const DISCARD: &str = "mutation($input: DiscardJobInput!) { discardJob(input: $input) { discardedJobId userErrors { code message field } } }";

/// A mail to an address that its server does not know: given up, with its job.
pub(crate) async fn give_up_a_mail(app: &TestApp, email: &str) {
    queue_a_mail(app, email).await;
    app.mailbox().fail_next(SendError::Permanent(Failure {
        stage: Stage::Recipient,
        reply: Some(Reply {
            code: 550,
            enhanced: Some("5.1.1".to_owned()),
        }),
        detail: "no such mailbox".to_owned(),
    }));
    app.run_jobs().await;
}

async fn dead(coordinator: &Client) -> Vec<Value> {
    let found = coordinator.query(LIST, json!({ "state": "DEAD" })).await;
    found["jobs"]["nodes"].as_array().unwrap().clone()
}

async fn jobs(app: &TestApp) -> Vec<job::Model> {
    job::Entity::find()
        .filter(job::COLUMN.kind.eq("send_mail"))
        .all(&app.app.store.connection)
        .await
        .unwrap()
}

async fn trail(app: &TestApp) -> Vec<(String, Value)> {
    let events = audit_event::Entity::find()
        .filter(audit_event::COLUMN.subject_kind.eq("job"))
        .all(&app.app.store.connection)
        .await
        .unwrap();
    let told = events.into_iter();
    told.map(|event| (event.action, event.detail)).collect()
}

on_both_databases! {
    async fn a_mail_that_was_given_up_is_seen_and_goes_when_it_is_taken_up_again(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        app.run_jobs().await;
        let before = app.mails().len();
        give_up_a_mail(&app, "nora@example.org").await;
        let given_up_at = app.app.clock.now();
        app.advance(TimeDelta::minutes(5));

        let found = dead(&coordinator).await;
        assert_eq!(found.len(), 1);
        let job = &found[0];
        assert_eq!(
            (job["kind"].as_str(), job["attempts"].as_i64(), job["maxAttempts"].as_i64(), job["priority"].as_i64()),
            (Some("send_mail"), Some(1), Some(9), Some(2)),
        );
        assert_eq!(job["lastError"], "given up: refused: naming the recipient: 550 5.1.1");
        assert_eq!(job["finishedAt"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap(), given_up_at);

        let retried = coordinator.mutate(RETRY, json!({ "input": { "jobId": job["id"] } })).await;
        assert_eq!(retried["userErrors"], json!([]));
        let ready = &retried["job"];
        assert_eq!((&ready["state"], &ready["attempts"], &ready["finishedAt"]), (&json!("READY"), &json!(0), &Value::Null));
        assert_eq!(ready["lastError"], job["lastError"], "told until the next try");
        app.run_jobs().await;
        assert_eq!(app.mails().len(), before + 1);
        assert_eq!(app.mail_to("nora@example.org").len(), 1);
        assert_eq!(dead(&coordinator).await.len(), 0);
        assert_eq!(trail(&app).await, [("job.retried".to_owned(), json!({ "kind": "send_mail" }))]);
    }

    async fn all_tries_are_before_what_is_taken_up_again(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        app.run_jobs().await;
        give_up_a_mail(&app, "nora@example.org").await;
        let id = dead(&coordinator).await[0]["id"].clone();
        coordinator.mutate(RETRY, json!({ "input": { "jobId": id } })).await;
        for _ in 0..8 {
            app.mailbox().fail_next(SendError::Transient(Failure {
                stage: Stage::Recipient,
                reply: None,
                detail: "mailbox busy".to_owned(),
            }));
            assert_eq!(app.run_jobs().await, 1);
            app.advance(TimeDelta::hours(30));
        }
        assert_eq!(app.dead_jobs().await, 0, "the ninth is the last");
        app.run_jobs().await;
        assert_eq!(app.mail_to("nora@example.org").len(), 1);
    }

    async fn what_is_taken_off_the_list_is_gone_and_its_mail_still_failed(backend) {
        let app = TestApp::new(backend).await;
        give_up_a_mail(&app, "nora@example.org").await;
        let coordinator = app.coordinator().await;
        let id = dead(&coordinator).await[0]["id"].clone();
        let gone = coordinator.mutate(DISCARD, json!({ "input": { "jobId": id } })).await;
        assert_eq!(gone, json!({ "discardedJobId": id, "userErrors": [] }));
        assert_eq!(dead(&coordinator).await.len(), 0);
        assert_eq!(only_mail_of(&app, "nora@example.org").await, MailState::Failed);
        assert_eq!(trail(&app).await, [("job.discarded".to_owned(), json!({ "kind": "send_mail", "attempts": 1 }))]);
        assert_eq!(coordinator.error_code(DISCARD, json!({ "input": { "jobId": id } })).await, "NOT_FOUND");
    }

    async fn what_was_not_given_up_is_left_alone(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        app.run_jobs().await;
        queue_a_mail(&app, "nora@example.org").await;
        for state in ["READY", "DONE"] {
            let found = coordinator.query(LIST, json!({ "state": state, "kind": "send_mail" })).await;
            let id = found["jobs"]["nodes"][0]["id"].clone();
            for document in [RETRY, DISCARD] {
                let refused = coordinator.try_mutate(document, json!({ "input": { "jobId": id } })).await;
                let error = &refused["userErrors"][0];
                assert_eq!((&error["code"], &error["field"]), (&json!("WRONG_STATE"), &json!(["jobId"])), "{state}");
                assert!(error["message"].as_str().unwrap().contains("was not given up"));
            }
            app.run_jobs().await;
        }
        assert_eq!(trail(&app).await, []);
    }

    async fn a_mail_of_which_nothing_is_kept_is_not_taken_up_again(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        app.run_jobs().await;
        give_up_a_mail(&app, "nora@example.org").await;
        let account = account::Entity::find()
            .filter(account::COLUMN.email_normalized.eq(Personal::<String>::new("nora@example.org")))
            .one(&app.app.store.connection)
            .await
            .unwrap()
            .unwrap();
        let ctx = Context::system(app.app.clone(), "test");
        privacy::erase::run(&ctx, account.id).await.unwrap();
        let id = dead(&coordinator).await[0]["id"].clone();
        let refused = coordinator.try_mutate(RETRY, json!({ "input": { "jobId": id } })).await;
        assert_eq!(
            refused["userErrors"],
            json!([{ "code": "WRONG_STATE", "field": ["jobId"], "message": "Nothing of this mail is kept any more, so that it cannot be sent." }])
        );
        assert_eq!(dead(&coordinator).await.len(), 1);
    }

    async fn a_mail_of_which_giving_up_was_not_stored_goes_when_it_is_taken_up_again(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        app.run_jobs().await;
        give_up_a_mail(&app, "nora@example.org").await;
        let connection = &app.app.store.connection;
        mail_message::Entity::update_many()
            .set(mail_message::ActiveModel { state: Set(MailState::Queued), ..Default::default() })
            .filter(mail_message::COLUMN.state.eq(MailState::Failed))
            .exec(connection)
            .await
            .unwrap();
        let id = dead(&coordinator).await[0]["id"].clone();
        coordinator.mutate(RETRY, json!({ "input": { "jobId": id } })).await;
        app.run_jobs().await;
        assert_eq!(only_mail_of(&app, "nora@example.org").await, MailState::Sent);
    }

    async fn a_job_of_which_one_like_it_waits_is_not_taken_up_again(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        app.run_jobs().await;
        give_up_a_mail(&app, "nora@example.org").await;
        let connection = &app.app.store.connection;
        let given_up = jobs(&app).await.into_iter().find(|job| job.state == JobState::Dead).unwrap();
        let mut keyed = given_up.clone().into_active_model();
        keyed.unique_key = Set(Some("one".to_owned()));
        keyed.update(connection).await.unwrap();
        let like_it = job::Model {
            id: JobId::new(app.app.new_id()),
            state: JobState::Ready,
            unique_key: Some("one".to_owned()),
            finished_at: None,
            ..given_up
        };
        like_it.into_active_model().insert(connection).await.unwrap();
        let id = dead(&coordinator).await[0]["id"].clone();
        let refused = coordinator.try_mutate(RETRY, json!({ "input": { "jobId": id } })).await;
        assert_eq!(refused["userErrors"][0]["message"], "A job for the same thing waits already.");
        assert_eq!(app.dead_jobs().await, 1);
    }

    async fn a_relay_that_is_left_alone_is_told(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        app.run_jobs().await;
        let pauses = "{ jobPauses { kind faults pausedUntil reason since } }";
        assert_eq!(coordinator.query(pauses, json!({})).await["jobPauses"], json!([]));
        queue_a_mail(&app, "nora@example.org").await;
        app.mailbox().fail_next(SendError::Relay(Failure {
            stage: Stage::Authentication,
            reply: Some(Reply { code: 535, enhanced: None }),
            detail: "authentication failed".to_owned(),
        }));
        app.run_jobs().await;
        let told = coordinator.query(pauses, json!({})).await["jobPauses"].clone();
        assert_eq!(told.as_array().unwrap().len(), 1);
        assert_eq!((&told[0]["kind"], &told[0]["faults"]), (&json!("send_mail"), &json!(1)));
        assert_eq!(told[0]["reason"], "the relay refuses us: authenticating: 535 authentication failed");
        app.advance(TimeDelta::minutes(1));
        app.run_jobs().await;
        assert_eq!(coordinator.query(pauses, json!({})).await["jobPauses"], json!([]));
    }
}

async fn only_mail_of(app: &TestApp, email: &str) -> MailState {
    let found = entity::mail_message::Entity::find()
        .filter(
            entity::mail_message::COLUMN
                .to_address
                .eq(Personal::<String>::new(email)),
        )
        .one(&app.app.store.connection)
        .await
        .unwrap();
    found.unwrap().state
}
