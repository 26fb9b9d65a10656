//! Another mail address: who may ask for it, who hears of that, and what is told of the address that was asked for. The link is
//! followed in [`following`].

mod following;

use chrono::TimeDelta;
use entity::account_token::{self, TokenPurpose};
use entity::{audit_event, job, mail_message};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use tests::app::{PASSWORD, TestApp};
use tests::authenticator::Authenticator;
use tests::client::Client;
use tests::on_both_databases;

use super::{CHANGE, LOG_IN, REQUEST_RESET};

const CHANGE_EMAIL: &str = "mutation($input: ChangeEmailInput!) {
    changeEmail(input: $input) { userErrors { code message field } }
}";
const NORA: &str = "nora@example.org";
const OMAR: &str = "omar@example.org";
const NEW: &str = "nora@example.com";
const ASKED: &str = "Somebody asked to change your mail address";
const CONFIRM: &str = "Confirm your new mail address";

fn wish(email: &str, password: &str) -> Value {
    json!({ "input": { "newEmail": email, "currentPassword": password } })
}

async fn ask(client: &Client, email: &str) {
    client.mutate(CHANGE_EMAIL, wish(email, PASSWORD)).await;
}

/// The token of the newest link that was mailed to an address.
async fn newest_token(app: &TestApp, email: &str) -> String {
    app.run_jobs().await;
    let mail = app.mail_to(email).pop().unwrap();
    assert_eq!(mail.subject, CONFIRM);
    mail.token()
}

fn subjects(app: &TestApp, email: &str) -> Vec<String> {
    let mails = app.mail_to(email).into_iter();
    mails.map(|mail| mail.subject).collect()
}

/// What was asked for and not followed yet.
async fn waiting(app: &TestApp) -> Vec<String> {
    account_token::Entity::find()
        .filter(account_token::COLUMN.purpose.eq(TokenPurpose::ChangeEmail))
        .filter(account_token::COLUMN.used_at.is_null())
        .order_by_asc(account_token::Column::Id)
        .all(&app.app.store.connection)
        .await
        .unwrap()
        .into_iter()
        .map(|token| token.email.unwrap().into_exposed())
        .collect()
}

/// The events about addresses, with what they tell besides.
async fn audited(app: &TestApp) -> Vec<(String, Value)> {
    audit_event::Entity::find()
        .filter(audit_event::COLUMN.action.starts_with("account.email_"))
        .order_by_asc(audit_event::Column::Sequence)
        .all(&app.app.store.connection)
        .await
        .unwrap()
        .into_iter()
        .map(|event| {
            assert!(event.subject_id.is_some());
            (event.action, event.detail)
        })
        .collect()
}

async fn log_in(app: &TestApp, email: &str) -> Vec<String> {
    let input = json!({ "input": { "email": email, "password": PASSWORD } });
    app.client().user_errors(LOG_IN, input).await
}

on_both_databases! {
    async fn what_is_wrong_is_told_at_its_field_and_nothing_is_asked_for(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let before = app.mails().len();
        for (email, password, expected) in [
            (NEW, "a guess", "WRONG_CREDENTIALS currentPassword"),
            (NEW, &"x".repeat(129), "WRONG_CREDENTIALS currentPassword"),
            ("nora", PASSWORD, "INVALID newEmail"),
            ("", PASSWORD, "INVALID newEmail"),
            ("nöra@example.org", "a guess", "INVALID newEmail"),
            (NORA, PASSWORD, "WRONG_STATE newEmail"),
            (" Nora@EXAMPLE.org ", "a guess", "WRONG_STATE newEmail"),
        ] {
            assert_eq!(nora.user_errors(CHANGE_EMAIL, wish(email, password)).await, [expected], "{email}");
        }
        assert_eq!(app.client().error_code(CHANGE_EMAIL, wish(NEW, PASSWORD)).await, "UNAUTHENTICATED");
        app.run_jobs().await;
        assert_eq!(app.mails().len(), before);
        assert!(waiting(&app).await.is_empty());
        assert!(audited(&app).await.is_empty());
        // Nor is the hour used up.
        ask(&nora, NEW).await;
        assert_eq!(waiting(&app).await, [NEW]);
    }

    async fn a_password_alone_does_not_suffice_where_there_is_a_second_factor(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let (own, _) = Authenticator::set_up(&app, &nora).await;
        let elsewhere = app.log_in(NORA).await;
        for password in [PASSWORD, "a guess"] {
            let refused = elsewhere.error_code(CHANGE_EMAIL, wish(NEW, password)).await;
            assert_eq!(refused, "SECOND_FACTOR_REQUIRED");
        }
        assert!(waiting(&app).await.is_empty());
        own.prove(&app, &elsewhere).await;
        ask(&elsewhere, NEW).await;
        assert_eq!(waiting(&app).await, [NEW]);
    }

    async fn an_address_that_has_an_account_gets_the_same_answer_the_same_work_and_no_mail(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let omar = app.sign_up("Omar", "en").await;
        app.sign_up("Tess", "en").await;
        let connection = &app.app.store.connection;
        let rows = async || {
            let jobs = job::Entity::find().count(connection).await.unwrap();
            let mails = mail_message::Entity::find().count(connection).await.unwrap();
            (jobs, mails, waiting(&app).await.len(), audited(&app).await.len())
        };
        let (jobs, mails, tokens, events) = rows().await;
        let unknown = nora.graphql(CHANGE_EMAIL, wish(NEW, PASSWORD)).await;
        // The job of the link, and the mail to the address of now with its own.
        assert_eq!(rows().await, (jobs + 2, mails + 1, tokens + 1, events + 1));
        let known = omar.graphql(CHANGE_EMAIL, wish("TESS@example.org", PASSWORD)).await;
        assert_eq!(rows().await, (jobs + 4, mails + 2, tokens + 2, events + 2));
        assert_eq!((known.status, &known.body), (unknown.status, &unknown.body));
        assert_eq!(known.body["data"]["changeEmail"]["userErrors"], json!([]));

        let before = subjects(&app, "tess@example.org");
        app.run_jobs().await;
        assert_eq!(subjects(&app, "tess@example.org"), before, "the owner tried nothing");
        for email in [NORA, OMAR] {
            assert_eq!(subjects(&app, email).pop().unwrap(), ASKED);
        }
        assert_eq!(subjects(&app, NEW), [CONFIRM]);
        assert_eq!(app.dead_jobs().await, 0);
    }

    async fn the_address_of_now_is_told_what_to_do_and_no_job_names_an_address(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        ask(&nora, NEW).await;
        for job in job::Entity::find().all(&app.app.store.connection).await.unwrap() {
            assert!(!job.payload.to_string().contains('@'), "{}", job.kind);
        }
        app.run_jobs().await;
        let mail = app.mail_to(NORA).pop().unwrap();
        assert_eq!(mail.subject, ASKED);
        assert_eq!(mail.action("reset"), "/a/reset");
        assert!(!mail.text.contains(NEW), "{}", mail.text);
        assert_eq!(audited(&app).await, [("account.email_change_requested".to_owned(), json!({}))]);
        let link = app.mail_to(NEW).pop().unwrap();
        assert!(!link.text.contains(NORA), "{}", link.text);
    }

    async fn an_address_gets_one_link_an_hour_and_the_asker_is_not_told(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        app.sign_up("Omar", "en").await;
        ask(&nora, NEW).await;
        let first = newest_token(&app, NEW).await;
        for again in [NEW, "NORA@example.com"] {
            let tess = app.sign_up(if again == NEW { "Tess" } else { "Vera" }, "en").await;
            ask(&tess, again).await;
        }
        app.run_jobs().await;
        assert_eq!(subjects(&app, NEW).len(), 1);
        assert_eq!(waiting(&app).await, [NEW]);
        app.advance(TimeDelta::hours(1));
        ask(&app.log_in(OMAR).await, NEW).await;
        assert_ne!(newest_token(&app, NEW).await, first);
    }

    async fn an_account_asks_once_an_hour_and_its_second_wish_ends_the_first(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        ask(&nora, NEW).await;
        let other = wish("nora@example.net", PASSWORD);
        assert_eq!(nora.error_code(CHANGE_EMAIL, other.clone()).await, "RATE_LIMITED");
        let first = newest_token(&app, NEW).await;
        app.advance(TimeDelta::hours(1));
        let nora = app.log_in(NORA).await;
        nora.mutate(CHANGE_EMAIL, other).await;
        assert_eq!(waiting(&app).await, ["nora@example.net"]);
        let second = newest_token(&app, "nora@example.net").await;
        assert!(!following::is_followed(&app, &first).await);
        assert!(following::is_followed(&app, &second).await);
    }

    async fn a_wish_that_was_overtaken_before_its_mail_is_not_mailed(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        ask(&nora, NEW).await;
        let input = json!({ "input": { "currentPassword": PASSWORD, "newPassword": "an even better password" } });
        nora.mutate(CHANGE, input).await;
        app.run_jobs().await;
        assert!(subjects(&app, NEW).is_empty());
        assert_eq!(app.dead_jobs().await, 0);
    }

    async fn asking_for_anothers_address_keeps_no_link_for_a_new_password_from_its_owner(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        app.sign_up("Omar", "en").await;
        ask(&nora, OMAR).await;
        app.client().mutate(REQUEST_RESET, json!({ "email": OMAR })).await;
        app.run_jobs().await;
        assert_eq!(subjects(&app, OMAR).pop().unwrap(), "Choose a new password");
    }
}
