//! Following the link to another address: what it changes, who hears of it, and when it is good no more.

use api::context::Context;
use api::domain::accounts::create_staff;
use axum::http::StatusCode;
use chrono::TimeDelta;
use entity::account::{self, AccountState, StaffRole};
use entity::id::SuppressionId;
use entity::personal::Personal;
use entity::session::{self, SessionEndReason};
use entity::suppression::{self, SuppressionReason, SuppressionTopic};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use serde_json::json;
use tests::app::{PASSWORD, TestApp};
use tests::authenticator::Authenticator;
use tests::on_both_databases;

use super::super::{CHANGE, REGISTER, REQUEST_RESET, RESET, Session, VERIFY};
use super::{NEW, NORA, OMAR, ask, audited, log_in, newest_token, subjects, waiting};
use crate::pairings::scene::{get, post};

const CHANGED: &str = "The mail address of your account was changed";
const OTHER_PASSWORD: &str = "an even better password";
const WRONG: [&str; 1] = ["WRONG_CREDENTIALS"];

async fn follow(app: &TestApp, token: &str) -> (StatusCode, String) {
    let answer = post(app, "/a/address", &format!("token={token}&lang=en")).await;
    (answer.status, answer.text)
}

pub(super) async fn is_followed(app: &TestApp, token: &str) -> bool {
    let (status, text) = follow(app, token).await;
    match status {
        StatusCode::OK => text.contains("Your mail address is changed"),
        StatusCode::GONE => false,
        other => panic!("{other}: {text}"),
    }
}

async fn account_of(app: &TestApp, email: &str) -> Option<account::Model> {
    account::Entity::find()
        .filter(account::COLUMN.email_normalized.eq(email))
        .one(&app.app.store.connection)
        .await
        .unwrap()
}

/// Asks for [`NEW`] as Nora and returns the link's token.
async fn asked(app: &TestApp) -> String {
    let nora = app.sign_up("Nora", "en").await;
    ask(&nora, NEW).await;
    newest_token(app, NEW).await
}

/// Signs up and neither confirms the address nor logs in.
async fn register(app: &TestApp, email: &str) {
    let input = json!({
        "email": email, "password": PASSWORD, "givenName": "X", "preferredLanguage": "EN",
        "consents": ["MATCHING"],
    });
    app.client()
        .mutate(REGISTER, json!({ "input": input }))
        .await;
    app.run_jobs().await;
}

async fn suppress(app: &TestApp, email: &str, topic: SuppressionTopic, reason: SuppressionReason) {
    suppression::ActiveModel {
        id: Set(SuppressionId::new(app.app.new_id())),
        email_normalized: Set(Personal::new(email)),
        topic: Set(topic),
        reason: Set(reason),
        created_at: Set(app.app.clock.now()),
    }
    .insert(&app.app.store.connection)
    .await
    .unwrap();
}

on_both_databases! {
    async fn the_new_address_opens_the_account_and_the_old_one_does_not(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        let here = Session::open(&app.client(), NORA, PASSWORD).await;
        let elsewhere = Session::open(&app.client(), NORA, PASSWORD).await;
        ask(&app.client().with_token(&here.access), " Nora@Example.com ").await;
        let token = newest_token(&app, "Nora@Example.com").await;
        let before = account_of(&app, NORA).await.unwrap();
        // A mail program that looks at the link changes nothing.
        let page = get(&app, &format!("/a/address?token={token}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains("Use this address"), "{}", page.text);
        assert!(!page.text.contains(NORA) && !page.text.contains("Nora@"), "{}", page.text);
        assert_eq!(account_of(&app, NORA).await, Some(before.clone()));
        assert!(here.is_live(&app.client()).await);
        assert!(log_in(&app, NORA).await.is_empty());

        app.advance(TimeDelta::minutes(1));
        for _ in 0..2 {
            assert!(is_followed(&app, &token).await, "sent twice it hears the same");
        }
        for session in [here, elsewhere] {
            assert!(!session.is_live(&app.client()).await);
        }
        let ended = session::Entity::find()
            .filter(session::COLUMN.end_reason.eq(SessionEndReason::EmailChanged))
            .count(&app.app.store.connection)
            .await
            .unwrap();
        assert_eq!(ended, 4);
        assert_eq!(log_in(&app, NORA).await, WRONG);
        let nora = app.log_in(NEW).await;
        let seen = nora.query("{ viewer { email isEmailVerified } }", json!({})).await;
        assert_eq!(seen["viewer"], json!({ "email": "Nora@Example.com", "isEmailVerified": true }));
        let after = account_of(&app, NEW).await.unwrap();
        let now = app.app.clock.now();
        let expected = account::Model {
            email: Personal::new("Nora@Example.com"),
            email_normalized: Personal::new(NEW),
            email_verified_at: Some(now),
            version: before.version + 1,
            updated_at: now,
            ..before
        };
        assert_eq!(after, expected);

        app.run_jobs().await;
        let told = app.mail_to(NORA).pop().unwrap();
        assert_eq!(told.subject, CHANGED);
        assert!(told.text.contains(app.app.config.privacy_contact()), "{}", told.text);
        assert!(told.text.contains("10:01"), "{}", told.text);
        assert!(!told.text.to_lowercase().contains(NEW), "{}", told.text);
        assert_eq!(subjects(&app, NORA).len(), 3, "its confirmation, the wish, the change");
        assert_eq!(subjects(&app, "Nora@Example.com").len(), 1);
        let events = ["account.email_change_requested", "account.email_changed"];
        assert_eq!(audited(&app).await, events.map(|event| (event.to_owned(), json!({}))));
    }

    async fn an_address_that_got_an_account_meanwhile_is_not_taken_from_it(backend) {
        let app = TestApp::new(backend).await;
        let token = asked(&app).await;
        register(&app, NEW).await;
        let before = account_of(&app, NORA).await.unwrap();
        let (status, text) = follow(&app, &token).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text.contains("This address has an account of its own by now"), "{text}");
        assert_eq!(account_of(&app, NORA).await, Some(before));
        assert!(log_in(&app, NORA).await.is_empty());
        assert_eq!(waiting(&app).await, [NEW], "the link is good still");

        let other = account_of(&app, NEW).await.unwrap();
        let moved = account::ActiveModel {
            email_normalized: Set(Personal::new("x@example.org")),
            ..other.into()
        };
        moved.update(&app.app.store.connection).await.unwrap();
        assert!(is_followed(&app, &token).await);
    }

    async fn a_link_holds_for_a_day_from_its_mail_and_no_longer(backend) {
        let app = TestApp::new(backend).await;
        for (name, wanted, age, is_good) in [
            ("Nora", NEW, TimeDelta::hours(24) - TimeDelta::microseconds(1), true),
            ("Omar", "omar@example.com", TimeDelta::hours(24), false),
        ] {
            let client = app.sign_up(name, "en").await;
            ask(&client, wanted).await;
            // The worker was busy.
            app.advance(TimeDelta::hours(2));
            let token = newest_token(&app, wanted).await;
            app.advance(age);
            assert_eq!(is_followed(&app, &token).await, is_good, "{name}");
        }
        assert!(account_of(&app, OMAR).await.is_some());
    }

    async fn another_password_ends_the_wish(backend) {
        let app = TestApp::new(backend).await;
        let token = asked(&app).await;
        let input = json!({ "input": { "currentPassword": PASSWORD, "newPassword": OTHER_PASSWORD } });
        app.log_in(NORA).await.mutate(CHANGE, input).await;
        assert!(!is_followed(&app, &token).await);

        let omar = app.sign_up("Omar", "en").await;
        ask(&omar, "omar@example.com").await;
        let token = newest_token(&app, "omar@example.com").await;
        app.client().mutate(REQUEST_RESET, json!({ "email": OMAR })).await;
        app.run_jobs().await;
        let reset = app.mail_to(OMAR).pop().unwrap().token();
        let input = json!({ "input": { "token": reset, "newPassword": OTHER_PASSWORD } });
        app.client().mutate(RESET, input).await;
        assert!(!is_followed(&app, &token).await);
        assert!(account_of(&app, NORA).await.is_some() && account_of(&app, OMAR).await.is_some());
    }

    async fn links_that_were_mailed_to_the_old_address_end(backend) {
        let app = TestApp::new(backend).await;
        register(&app, NORA).await;
        let verification = app.mail_to(NORA).pop().unwrap().token();
        let nora = app.log_in(NORA).await;
        ask(&nora, NEW).await;
        let token = newest_token(&app, NEW).await;
        app.client().mutate(REQUEST_RESET, json!({ "email": NORA })).await;
        app.run_jobs().await;
        let reset = app.mail_to(NORA).pop().unwrap().token();
        assert!(is_followed(&app, &token).await);
        assert_eq!(app.client().user_errors(VERIFY, json!({ "token": verification })).await, ["EXPIRED token"]);
        let input = json!({ "input": { "token": reset, "newPassword": OTHER_PASSWORD } });
        assert_eq!(app.client().user_errors(RESET, input).await, ["EXPIRED token"]);
    }

    async fn an_account_that_was_shut_does_not_move(backend) {
        let app = TestApp::new(backend).await;
        let token = asked(&app).await;
        let omar = app.sign_up("Omar", "en").await;
        ask(&omar, "omar@example.com").await;
        let admin = app.admin().await;
        for email in [NORA, OMAR] {
            let found = admin.query("query($email: String!) { account(email: $email) { id } }", json!({ "email": email })).await;
            let disable = "mutation($id: ID!) { disableAccount(input: { accountId: $id }) { userErrors { code message field } } }";
            admin.mutate(disable, json!({ "id": found["account"]["id"] })).await;
        }
        assert!(!is_followed(&app, &token).await);
        app.run_jobs().await;
        assert!(subjects(&app, "omar@example.com").is_empty());
        assert_eq!(account_of(&app, NORA).await.unwrap().state, AccountState::Disabled);
    }

    async fn an_address_that_was_never_confirmed_leaves_nothing_that_was_set_up_with_it(backend) {
        let app = TestApp::new(backend).await;
        register(&app, NORA).await;
        let nora = app.log_in(NORA).await;
        let (own, _) = Authenticator::set_up(&app, &nora).await;
        own.prove(&app, &nora).await;
        ask(&nora, NEW).await;
        let token = newest_token(&app, NEW).await;
        assert!(is_followed(&app, &token).await);
        let after = account_of(&app, NEW).await.unwrap();
        assert_eq!((after.state, after.email_verified_at), (AccountState::Active, Some(app.app.clock.now())));
        let document = "{ viewer { consents { purpose isGranted } secondFactor { state } } }";
        let seen = app.log_in(NEW).await.query(document, json!({})).await;
        assert_eq!(seen["viewer"]["secondFactor"]["state"], "NONE");
        let acts = seen["viewer"]["consents"].as_array().unwrap();
        let last = acts.iter().find(|act| act["purpose"] == "MATCHING").unwrap();
        assert_eq!(last["isGranted"], false, "{acts:?}");
    }

    async fn a_second_factor_and_consents_of_a_confirmed_address_stay(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        Authenticator::set_up(&app, &nora).await;
        ask(&nora, NEW).await;
        let token = newest_token(&app, NEW).await;
        assert!(is_followed(&app, &token).await);
        let document = "{ viewer { consents { purpose isGranted } secondFactor { state } } }";
        let seen = app.log_in(NEW).await.query(document, json!({})).await;
        assert_eq!(seen["viewer"]["secondFactor"]["state"], "ACTIVE");
        let acts = seen["viewer"]["consents"].as_array().unwrap();
        let last = acts.iter().find(|act| act["purpose"] == "MATCHING").unwrap();
        assert_eq!(last["isGranted"], true, "{acts:?}");
    }

    async fn who_registered_an_address_first_takes_no_staff_role_along_to_another(backend) {
        let app = TestApp::new(backend).await;
        register(&app, "coordinator@example.org").await;
        ask(&app.log_in("coordinator@example.org").await, NEW).await;
        let token = newest_token(&app, NEW).await;
        let role = create_staff::Input {
            email: Personal::new("coordinator@example.org"),
            given_name: Personal::new("Camille"),
            staff_role: StaffRole::Coordinator,
            preferred_language: None,
        };
        let ctx = Context::system(app.app.clone(), "test");
        Box::pin(create_staff::run(&ctx, &role)).await.unwrap();
        assert!(!is_followed(&app, &token).await);
        assert!(account_of(&app, NEW).await.is_none());
    }

    async fn what_somebody_said_of_our_mail_holds_at_the_new_address(backend) {
        let app = TestApp::new(backend).await;
        let token = asked(&app).await;
        suppress(&app, NORA, SuppressionTopic::Offers, SuppressionReason::Unsubscribed).await;
        suppress(&app, NORA, SuppressionTopic::Newsletter, SuppressionReason::Bounced).await;
        assert!(is_followed(&app, &token).await);
        let nora = app.log_in(NEW).await;
        let seen = nora.query("{ viewer { mailTopics { topic isOn blockedBy } } }", json!({})).await;
        assert_eq!(seen["viewer"]["mailTopics"][0], json!({ "topic": "OFFERS", "isOn": false, "blockedBy": null }));
        assert_eq!(seen["viewer"]["mailTopics"][1]["blockedBy"], json!(null));
        let rows = suppression::Entity::find().all(&app.app.store.connection).await.unwrap();
        let named: Vec<_> = rows.iter().filter(|row| !row.email_normalized.expose().starts_with("hmac:")).collect();
        assert_eq!(named.len(), 1, "of the address of before the sealed form stays");
        assert_eq!(named[0].email_normalized.expose(), NEW);
        assert_eq!(rows.len(), 3);
    }

    async fn whoever_is_erased_leaves_neither_an_old_nor_a_wanted_address(backend) {
        let app = TestApp::new(backend).await;
        let token = asked(&app).await;
        suppress(&app, NORA, SuppressionTopic::Offers, SuppressionReason::Complained).await;
        assert!(is_followed(&app, &token).await);
        app.advance(TimeDelta::hours(1));
        let nora = app.log_in(NEW).await;
        ask(&nora, "nora@example.net").await;
        app.run_jobs().await;
        let addresses = [NORA, NEW, "nora@example.net"];
        let is_stored = |address: &str| {
            let stored = app.stored_bytes();
            stored.windows(address.len()).any(|bytes| bytes == address.as_bytes())
        };
        for address in addresses {
            assert!(is_stored(address), "{address}");
        }
        let erase = "mutation($input: EraseMyAccountInput!) { eraseMyAccount(input: $input) { userErrors { code message field } } }";
        nora.mutate(erase, json!({ "input": { "password": PASSWORD, "email": NEW } })).await;
        app.run_jobs().await;
        for address in addresses {
            assert!(!is_stored(address), "{address}");
        }
    }

    async fn the_mails_and_the_page_are_in_french_too(backend) {
        let app = TestApp::new(backend).await;
        let luc = app.sign_up("Luc", "fr").await;
        ask(&luc, "luc@example.com").await;
        app.run_jobs().await;
        let asked = app.mail_to("luc@example.org").pop().unwrap();
        assert_eq!(asked.subject, "Quelqu'un a demandé de changer votre adresse courriel");
        let mail = app.mail_to("luc@example.com").pop().unwrap();
        assert_eq!(mail.subject, "Confirmez votre nouvelle adresse courriel");
        let page = get(&app, &format!("{}&lang=fr", mail.action("address"))).await;
        assert!(page.text.contains("Utiliser cette adresse"), "{}", page.text);
        let form = format!("token={}&lang=fr", mail.token());
        register(&app, "luc@example.com").await;
        let taken = post(&app, "/a/address", &form).await;
        assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(taken.text.contains("Cette adresse a maintenant son propre compte"), "{}", taken.text);
        assert_eq!(get(&app, "/a/address").await.status, StatusCode::BAD_REQUEST);
        assert_eq!(post(&app, "/a/address", "token=none&lang=fr").await.status, StatusCode::GONE);

        let lea = app.sign_up("Lea", "fr").await;
        ask(&lea, "lea@example.com").await;
        app.run_jobs().await;
        let token = app.mail_to("lea@example.com").pop().unwrap().token();
        let changed = post(&app, "/a/address", &format!("token={token}&lang=fr")).await;
        assert!(changed.text.contains("Votre adresse courriel est modifiée"), "{}", changed.text);
        app.run_jobs().await;
        let told = app.mail_to("lea@example.org").pop().unwrap();
        assert_eq!(told.subject, "L'adresse courriel de votre compte a été changée");
    }
}
