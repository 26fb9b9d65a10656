//! An address belongs to whoever reads its mail, not to whoever typed it first. And who asks for a mail cannot tell
//! whether the address is known.

use api::context::Context;
use api::domain::accounts::create_staff;
use axum::http::StatusCode;
use chrono::TimeDelta;
use entity::account::StaffRole;
use entity::job::{self, JobState};
use entity::mail_message;
use entity::personal::Personal;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use serde_json::json;
use tests::app::{PASSWORD, TestApp};
use tests::authenticator::Authenticator;
use tests::client::Client;
use tests::on_both_databases;

const EMAIL: &str = "owner@example.org";
const STRANGERS: &str = "the stranger's password";
const OWNERS: &str = "the owner's password";

async fn register(app: &TestApp, email: &str, password: &str) {
    app.client()
        .mutate(
            "mutation($input: RegisterAccountInput!) { registerAccount(input: $input) { isMailSent userErrors { code field } } }",
            json!({ "input": { "email": email, "password": password, "givenName": "X" } }),
        )
        .await;
    app.run_jobs().await;
}

/// A client that is logged in, or the codes of what was wrong.
async fn log_in(app: &TestApp, password: &str) -> Result<Client, String> {
    let payload = app
        .client()
        .try_mutate(
            "mutation($input: LogInInput!) { logIn(input: $input) { accessToken userErrors { code } } }",
            json!({ "input": { "email": EMAIL, "password": password } }),
        )
        .await;
    match payload["accessToken"].as_str() {
        Some(token) => Ok(app.client().with_token(token)),
        None => Err(payload["userErrors"][0]["code"]
            .as_str()
            .unwrap()
            .to_owned()),
    }
}

async fn reset(app: &TestApp, token: &str, password: &str) -> Vec<String> {
    app.client()
        .user_errors(
            "mutation($input: ResetPasswordInput!) { resetPassword(input: $input) { userErrors { code field } } }",
            json!({ "input": { "token": token, "newPassword": password } }),
        )
        .await
}

async fn request_reset(app: &TestApp, email: &str) {
    app.client()
        .mutate(
            "mutation($email: String!) { requestPasswordReset(input: { email: $email }) { userErrors { code field } } }",
            json!({ "email": email }),
        )
        .await;
}

/// How many mails somebody else gets who signs up and asks for the link again.
async fn register_and_ask_again(app: &TestApp, again: &str) -> usize {
    let email = "alone@example.org";
    register(app, email, PASSWORD).await;
    app.log_in(email).await.mutate(again, json!({})).await;
    app.run_jobs().await;
    app.mail_to(email).len()
}

async fn status(client: &Client) -> StatusCode {
    client
        .graphql("{ viewer { email } }", json!({}))
        .await
        .status
}

on_both_databases! {
    async fn who_registers_an_address_first_does_not_get_the_account_of_its_owner(backend) {
        let app = TestApp::new(backend).await;
        register(&app, EMAIL, STRANGERS).await;
        let strangers_link = app.mail_to(EMAIL)[0].token();
        let stranger = log_in(&app, STRANGERS).await.unwrap();

        register(&app, EMAIL, OWNERS).await;
        // The link of the stranger's registration would confirm the stranger's password.
        let refused = app
            .client()
            .user_errors(
                "mutation($token: String!) { verifyAddress(input: { token: $token }) { userErrors { code field } } }",
                json!({ "token": strangers_link }),
            )
            .await;
        assert_eq!(refused, ["EXPIRED token"]);

        let token = app.mail_to(EMAIL)[1].token();
        assert!(reset(&app, &token, OWNERS).await.is_empty());
        assert_eq!(status(&stranger).await, StatusCode::UNAUTHORIZED);
        assert_eq!(log_in(&app, STRANGERS).await.err().as_deref(), Some("WRONG_CREDENTIALS"));
        let owner = log_in(&app, OWNERS).await.unwrap();
        assert_eq!(status(&owner).await, StatusCode::OK);
    }

    async fn who_registered_an_address_first_gets_no_staff_role_with_it(backend) {
        let app = TestApp::new(backend).await;
        register(&app, "coordinator@example.org", STRANGERS).await;
        let session = app
            .client()
            .mutate(
                "mutation($input: LogInInput!) { logIn(input: $input) { accessToken userErrors { code } } }",
                json!({ "input": { "email": "coordinator@example.org", "password": STRANGERS } }),
            )
            .await;
        let stranger = app.client().with_token(session["accessToken"].as_str().unwrap());
        assert_eq!(status(&stranger).await, StatusCode::OK);

        let role = create_staff::Input {
            email: Personal::new("coordinator@example.org"),
            given_name: Personal::new("Camille"),
            staff_role: StaffRole::Coordinator,
            preferred_language: None,
        };
        let ctx = Context::system(app.app.clone(), "test");
        Box::pin(create_staff::run(&ctx, &role)).await.unwrap();
        // At once, and not only when the owner has chosen a password.
        assert_eq!(status(&stranger).await, StatusCode::UNAUTHORIZED);
        let again = json!({ "input": { "email": "coordinator@example.org", "password": STRANGERS } });
        let log_in = "mutation($input: LogInInput!) { logIn(input: $input) { userErrors { code } } }";
        assert_eq!(app.client().user_errors(log_in, again).await, ["WRONG_CREDENTIALS"]);
        let coordinator = app.coordinator().await;
        assert_eq!(status(&coordinator).await, StatusCode::OK);
    }

    async fn a_first_mail_that_comes_late_hands_no_address_to_whoever_came_first(backend) {
        let app = TestApp::new(backend).await;
        let sign_up = "mutation($input: RegisterAccountInput!) { registerAccount(input: $input) { isMailSent userErrors { code field } } }";
        let connection = &app.app.store.connection;
        let input = |password: &str| json!({ "input": { "email": EMAIL, "password": password, "givenName": "X" } });
        app.client().mutate(sign_up, input(STRANGERS)).await;
        // As after a try that failed.
        let later = app.app.clock.now() + TimeDelta::minutes(1);
        let delayed = job::ActiveModel { run_at: Set(later), ..Default::default() };
        job::Entity::update_many().set(delayed).exec(connection).await.unwrap();
        app.client().mutate(sign_up, input(OWNERS)).await;
        app.run_jobs().await;
        app.advance(TimeDelta::minutes(1));
        assert_eq!(app.run_jobs().await, 1);
        let subjects: Vec<_> = app.mail_to(EMAIL).into_iter().map(|mail| mail.subject).collect();
        assert_eq!(subjects.len(), 1, "{subjects:?}");
        assert!(subjects[0].contains("You already have an account"), "{subjects:?}");
    }

    async fn signing_up_leaves_a_known_address_one_job_as_a_new_one(backend) {
        let app = TestApp::new(backend).await;
        register(&app, EMAIL, OWNERS).await;
        let connection = &app.app.store.connection;
        let waiting = async || {
            let jobs = job::Entity::find().filter(job::COLUMN.state.eq(JobState::Ready));
            let mut kinds: Vec<_> = jobs.all(connection).await.unwrap().into_iter().map(|job| job.kind).collect();
            kinds.sort();
            kinds
        };
        let before = app.mails().len();
        let sign_up = "mutation($input: RegisterAccountInput!) { registerAccount(input: $input) { isMailSent userErrors { code field } } }";
        for (count, email) in (1..).zip(["new@example.org", EMAIL]) {
            let input = json!({ "input": { "email": email, "password": OWNERS, "givenName": "X" } });
            app.client().mutate(sign_up, input).await;
            assert_eq!(waiting().await, vec!["mail_registration"; count]);
        }
        app.run_jobs().await;
        assert_eq!(app.mails().len(), before + 2);
        let subject = app.mail_to(EMAIL).pop().unwrap().subject;
        assert!(subject.contains("You already have an account"), "{subject}");
        assert_eq!(app.dead_jobs().await, 0);
    }

    async fn asking_for_a_new_password_is_the_same_work_for_every_address(backend) {
        let app = TestApp::new(backend).await;
        register(&app, EMAIL, OWNERS).await;
        let connection = &app.app.store.connection;
        let rows = async || {
            let jobs = job::Entity::find().count(connection).await.unwrap();
            let mails = mail_message::Entity::find().count(connection).await.unwrap();
            (jobs, mails)
        };
        let (jobs, mails) = rows().await;
        request_reset(&app, "nobody@example.org").await;
        assert_eq!(rows().await, (jobs + 1, mails));
        request_reset(&app, EMAIL).await;
        assert_eq!(rows().await, (jobs + 2, mails));

        // Only then does the worker write to the one who is known.
        app.run_jobs().await;
        assert!(app.mail_to("nobody@example.org").is_empty());
        let token = app.mail_to(EMAIL).last().unwrap().token();
        assert!(reset(&app, &token, "a third good password").await.is_empty());
        assert_eq!(reset(&app, &token, "a fourth good password").await, ["EXPIRED token"]);
        assert_eq!(app.dead_jobs().await, 0);
    }

    async fn names_in_mails_carry_no_links(backend) {
        let app = TestApp::new(backend).await;
        let errors = app
            .client()
            .user_errors(
                "mutation($input: RegisterAccountInput!) { registerAccount(input: $input) { userErrors { code field } } }",
                json!({ "input": {
                    "email": EMAIL, "password": OWNERS, "givenName": "Win at https://evil.example", "familyName": "www.evil.example",
                } }),
            )
            .await;
        assert_eq!(errors, ["INVALID givenName", "INVALID familyName"]);
    }

    async fn who_came_first_gets_no_second_link_when_the_owner_has_come(backend) {
        let app = TestApp::new(backend).await;
        register(&app, EMAIL, STRANGERS).await;
        let stranger = log_in(&app, STRANGERS).await.unwrap();
        let again = "mutation { requestVerification { userErrors { code } } }";
        register(&app, EMAIL, OWNERS).await;
        assert_eq!(app.mail_to(EMAIL).len(), 2);
        // Whoever signs up right now takes any link that says to confirm the address for their own.
        stranger.mutate(again, json!({})).await;
        app.run_jobs().await;
        assert_eq!(app.mail_to(EMAIL).len(), 2);
        let waiting = register_and_ask_again(&app, again).await;
        assert_eq!(waiting, 2, "whoever is alone gets it");
    }

    async fn nothing_that_was_set_up_before_the_address_was_proven_is_its_owners(backend) {
        let app = TestApp::new(backend).await;
        let sign_up = "mutation($input: RegisterAccountInput!) { registerAccount(input: $input) { userErrors { code field } } }";
        for (email, is_staff) in [(EMAIL, false), ("admin@example.org", true)] {
            let input = json!({
                "email": email, "password": PASSWORD, "givenName": "X",
                "consents": ["MATCHING", "NEWSLETTER"],
            });
            app.client().mutate(sign_up, json!({ "input": input })).await;
            app.run_jobs().await;
            let stranger = app.log_in(email).await;
            Authenticator::set_up(&app, &stranger).await;
            let owner = if is_staff {
                app.admin().await
            } else {
                request_reset(&app, email).await;
                app.run_jobs().await;
                let token = app.mail_to(email).last().unwrap().token();
                assert!(reset(&app, &token, OWNERS).await.is_empty());
                log_in(&app, OWNERS).await.unwrap()
            };
            let seen = owner.query("{ viewer { consents { purpose isGranted } secondFactor { state standing } } }", json!({})).await;
            // The latest act of each purpose says what holds.
            let acts = seen["viewer"]["consents"].as_array().unwrap();
            let last = ["MATCHING", "NEWSLETTER"].map(|purpose| acts.iter().find(|act| act["purpose"] == purpose).unwrap());
            assert_eq!(seen["viewer"]["secondFactor"], json!({ "state": "NONE", "standing": "NOT_ASKED" }), "{email}");
            assert!(last.iter().all(|act| act["isGranted"] == false), "{seen}");
        }
        app.run_jobs().await;
    }

    async fn however_often_somebody_signs_up_with_it_an_address_is_mailed_once_an_hour(backend) {
        let app = TestApp::new(backend).await;
        register(&app, EMAIL, STRANGERS).await;
        for _ in 0..3 {
            register(&app, EMAIL, OWNERS).await;
        }
        assert_eq!(app.mail_to(EMAIL).len(), 2);
        let link = app.mail_to(EMAIL)[1].token();
        app.advance(TimeDelta::minutes(59));
        register(&app, EMAIL, OWNERS).await;
        assert_eq!(app.mail_to(EMAIL).len(), 2);
        assert!(reset(&app, &link, OWNERS).await.is_empty(), "the link stayed good");
        app.run_jobs().await;
        app.advance(TimeDelta::minutes(1));
        register(&app, EMAIL, OWNERS).await;
        let subjects: Vec<_> = app.mail_to(EMAIL).into_iter().map(|mail| mail.subject).collect();
        assert_eq!(subjects.len(), 4, "{subjects:?}");
        assert!(subjects[3].contains("You already have an account"), "{subjects:?}");
    }
}
