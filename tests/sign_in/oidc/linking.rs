//! Linking a provider's account with the password, and unlinking it.

use std::cell::Cell;

use api::credentials::session;
use api::store::transaction::begin_write;
use chrono::TimeDelta;
use entity::session::SessionEndReason;
use entity::{account, identity, pending_log_in};
use futures_util::join;
use sea_orm::{EntityTrait, PaginatorTrait, QuerySelect, Set};
use serde_json::{Value, json};
use tests::app::{PASSWORD, TestApp};
use tests::authenticator::Authenticator;
use tests::on_both_databases;
use tests::provider::{KeyKind, Provider};

use super::*;
use crate::{audited, last_mail};

async fn identities(app: &TestApp) -> u64 {
    let connection = &app.app.store.connection;
    identity::Entity::find().count(connection).await.unwrap()
}

on_both_databases! {
    async fn an_account_is_linked_with_the_password_listed_and_unlinked(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        let mut browser = linked(&app, &provider).await;
        let found = browser.viewer().await["identities"].clone();
        assert_eq!(found[0]["issuer"], provider.issuer());
        assert_eq!(found.as_array().unwrap().len(), 1);
        let mail = last_mail(&app, NORA).await;
        assert!(mail.contains("An account of an identity provider was linked to your account, with your password"), "{mail}");
        assert!(mail.contains("no account elsewhere is linked to yours afterwards"));
        let subject = app.mail_to(NORA).pop().unwrap().subject;
        assert_eq!(subject, "The ways to log in to your account were changed");
        assert_eq!(audited(&app, "account.identity_linked").await, [json!({})]);

        let nora = app.log_in(NORA).await;
        let unlink = |password: &str| json!({ "id": found[0]["id"], "password": password });
        assert_eq!(nora.user_errors(UNLINK, unlink("a guess")).await, ["WRONG_CREDENTIALS password"]);
        nora.mutate(UNLINK, unlink(PASSWORD)).await;
        assert!(last_mail(&app, NORA).await.contains("was unlinked from your account, with your password"));
        assert_eq!(audited(&app, "account.identity_unlinked").await, [json!({})]);
        assert_eq!(nora.error_code(UNLINK, unlink(PASSWORD)).await, "NOT_FOUND");
        assert_eq!(browser.viewer().await["identities"], json!([]));
        assert_refused(&Traveller::new(&app).travel(&app, &provider, SUBJECT).await, 400, UNKNOWN);
    }

    async fn the_mails_are_in_french_too(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        let nora = app.sign_up("Nora", "fr").await;
        let mut browser = Traveller::new(&app);
        browser.log_in(NORA).await;
        browser.link(&app, &provider, SUBJECT).await;
        assert!(last_mail(&app, NORA).await.contains("Un compte d'un fournisseur d'identité a été lié à votre compte"));
        assert_eq!(app.mail_to(NORA).pop().unwrap().subject, "Les façons d'ouvrir une session dans votre compte ont été modifiées");
        let id = browser.viewer().await["identities"][0]["id"].clone();
        nora.mutate(UNLINK, json!({ "id": id, "password": PASSWORD })).await;
        assert!(last_mail(&app, NORA).await.contains("a été dissocié de votre compte"));
    }

    async fn an_open_session_alone_links_nothing(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        app.sign_up("Nora", "en").await;
        let mut browser = Traveller::new(&app);
        let own = json!({ "password": PASSWORD });
        assert_eq!(browser.post(LINK, &own).await.refusal(), (401, "UNAUTHENTICATED".to_owned()));
        browser.log_in(NORA).await;
        for (body, refusal) in [
            (json!({ "password": "a guess" }), (400, "WRONG_CREDENTIALS")),
            (json!({}), (400, "BAD_REQUEST")),
            (json!({ "password": PASSWORD, "more": 1 }), (400, "BAD_REQUEST")),
        ] {
            assert_eq!(browser.post(LINK, &body).await.refusal(), (refusal.0, refusal.1.to_owned()), "{body}");
        }
        let foreign = Request::post(LINK).header("origin", "https://evil.example").header("x-marketplace-client", "x");
        let seen = browser.send(foreign, Body::from(own.to_string()), false).await;
        assert_eq!(seen.refusal(), (403, "FORBIDDEN_ORIGIN".to_owned()));
        let connection = &app.app.store.connection;
        assert_eq!(pending_log_in::Entity::find().count(connection).await.unwrap(), 0);
        // Whoever only begins to log in, in whatever session, links nothing either.
        assert_refused(&browser.travel(&app, &provider, SUBJECT).await, 400, UNKNOWN);
        assert_eq!(identities(&app).await, 0);
    }

    async fn an_address_is_confirmed_first(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        app.sign_up("Nora", "en").await;
        let mut browser = Traveller::new(&app);
        browser.log_in(NORA).await;
        let unconfirmed = account::ActiveModel { email_verified_at: Set(None), ..Default::default() };
        account::Entity::update_many().set(unconfirmed).exec(&app.app.store.connection).await.unwrap();
        let seen = browser.post(LINK, &json!({ "password": PASSWORD })).await;
        assert_eq!(seen.refusal(), (400, "UNVERIFIED".to_owned()));
    }

    async fn a_session_that_ends_at_the_same_moment_links_nothing_any_more(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        app.sign_up("Nora", "en").await;
        let mut browser = Traveller::new(&app);
        browser.log_in(NORA).await;
        let address = browser.begin_link().await;
        let back = provider.log_in(&app, &address, SUBJECT);
        // A new password is on its way into the database, as are the ends of all sessions.
        let ending = begin_write(&app.app.store).await.unwrap();
        let nora = account::Entity::find().lock_exclusive().one(&*ending).await.unwrap().unwrap();
        session::end_all(&*ending, nora.id, SessionEndReason::PasswordChanged, app.app.clock.now()).await.unwrap();
        let has_answer = Cell::new(false);
        let coming_back = async {
            let seen = browser.come_back(&back).await;
            has_answer.set(true);
            seen
        };
        let end = async {
            while !has_answer.get() && !app.someone_waits().await {
                tokio::task::yield_now().await;
            }
            ending.commit().await.unwrap();
        };
        let (seen, ()) = join!(coming_back, end);
        assert_refused(&seen, 400, EXPIRED);
        assert_eq!(identities(&app).await, 0);
    }

    async fn what_is_linked_to_one_account_is_linked_to_no_other(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        linked(&app, &provider).await;
        app.sign_up("Omar", "fr").await;
        let mut omar = Traveller::new(&app);
        omar.log_in("omar@example.org").await;
        let seen = omar.link(&app, &provider, SUBJECT).await;
        assert_refused(&seen, 400, "is linked to another account here");
        assert_eq!(omar.viewer().await["identities"], json!([]));
        let mut browser = Traveller::new(&app);
        browser.travel(&app, &provider, SUBJECT).await;
        assert_eq!(browser.viewer().await["email"], NORA);

        let mut nora = Traveller::new(&app);
        nora.log_in(NORA).await;
        let noras = nora.viewer().await["identities"][0]["id"].clone();
        let client = app.log_in("omar@example.org").await;
        assert_eq!(client.error_code(UNLINK, json!({ "id": noras, "password": PASSWORD })).await, "NOT_FOUND");
        assert_eq!(identities(&app).await, 1);
    }

    async fn an_account_has_one_of_a_provider(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        app.sign_up("Nora", "en").await;
        let (mut one, mut other) = (Traveller::new(&app), Traveller::new(&app));
        one.log_in(NORA).await;
        other.log_in(NORA).await;
        let late = provider.log_in(&app, &other.begin_link().await, "another");
        assert_eq!(one.link(&app, &provider, SUBJECT).await.status, 303);
        assert_refused(&other.come_back(&late).await, 400, "An account of this provider is linked to yours already");
        let seen = one.post(LINK, &json!({ "password": PASSWORD })).await;
        assert_eq!(seen.refusal(), (400, "WRONG_STATE".to_owned()));
        assert_eq!(identities(&app).await, 1);
    }

    async fn a_session_that_is_over_links_nothing(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        let nora = app.sign_up("Nora", "en").await;
        let mut browser = Traveller::new(&app);
        browser.log_in(NORA).await;
        let back = provider.log_in(&app, &browser.begin_link().await, SUBJECT);
        nora.mutate("mutation { revokeOtherSessions { userErrors { code } } }", json!({})).await;
        assert_refused(&browser.come_back(&back).await, 400, EXPIRED);
        assert_eq!(identities(&app).await, 0);
    }

    async fn whoever_has_set_up_a_factor_meanwhile_shows_it_first(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        let nora = app.sign_up("Nora", "en").await;
        let mut browser = Traveller::new(&app);
        browser.log_in(NORA).await;
        let back = provider.log_in(&app, &browser.begin_link().await, SUBJECT);
        let (own, _) = Authenticator::set_up(&app, &nora).await;
        let seen = browser.come_back(&back).await;
        assert_eq!(seen.status, 403);
        assert!(seen.text.contains("second factor"), "{}", seen.text);
        assert_eq!(identities(&app).await, 0);

        own.prove(&app, &nora).await;
        app.advance(TimeDelta::seconds(30));
        browser.post("/session/factor", &json!({ "code": own.code(&app) })).await;
        assert_eq!(browser.link(&app, &provider, SUBJECT).await.status, 303);
        let id = browser.viewer().await["identities"][0]["id"].clone();
        let elsewhere = app.log_in(NORA).await;
        let unlink = json!({ "id": id, "password": PASSWORD });
        assert_eq!(elsewhere.error_code(UNLINK, unlink).await, "SECOND_FACTOR_REQUIRED");
        assert_eq!(identities(&app).await, 1);
    }

    async fn a_new_password_by_mail_unlinks(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        linked(&app, &provider).await;
        let request = "mutation { requestPasswordReset(input: { email: \"nora@example.org\" }) { userErrors { code field } } }";
        app.client().mutate(request, json!({})).await;
        app.run_jobs().await;
        let token = app.mail_to(NORA).pop().unwrap().token();
        let reset = "mutation($input: ResetPasswordInput!) { resetPassword(input: $input) { userErrors { code field } } }";
        let input = json!({ "input": { "token": token, "newPassword": "a password of the owner alone" } });
        app.client().mutate(reset, input).await;
        assert_eq!(identities(&app).await, 0);
        assert_refused(&Traveller::new(&app).travel(&app, &provider, SUBJECT).await, 400, UNKNOWN);
    }

    async fn whoever_becomes_staff_keeps_it_since_it_is_no_factor(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[("STAFF_SECOND_FACTOR", "required")]).await;
        linked(&app, &provider).await;
        let admin = app.admin().await;
        Authenticator::set_up(&app, &admin).await;
        let found = admin.query("{ account(email: \"nora@example.org\") { id } }", json!({})).await;
        let set = "mutation($id: ID!) { setStaffRole(input: { accountId: $id, staffRole: COORDINATOR }) { userErrors { code message field } } }";
        admin.mutate(set, json!({ "id": found["account"]["id"] })).await;
        let mut browser = Traveller::new(&app);
        browser.travel(&app, &provider, SUBJECT).await;
        assert_eq!(browser.viewer().await["secondFactor"]["standing"], "TO_ENROLL");
    }

    async fn erasure_takes_it_along(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        let mut browser = linked(&app, &provider).await;
        browser.begin().await;
        let nora = app.log_in(NORA).await;
        let erase = "mutation($input: EraseMyAccountInput!) { eraseMyAccount(input: $input) { isAccepted userErrors { code field } } }";
        nora.mutate(erase, json!({ "input": { "password": PASSWORD, "email": NORA } })).await;
        app.run_jobs().await;
        assert_eq!(identities(&app).await, 0);
        let connection = &app.app.store.connection;
        assert_eq!(pending_log_in::Entity::find().count(connection).await.unwrap(), 0);
        let stored = app.stored_bytes();
        assert!(!stored.windows(SUBJECT.len()).any(|it| it == SUBJECT.as_bytes()));
    }

    async fn nobody_sees_what_others_have_linked(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        linked(&app, &provider).await;
        let nora = app.log_in(NORA).await;
        let id = nora.query("{ viewer { id } }", json!({})).await["viewer"]["id"].clone();
        let document = "query($id: ID!) { node(id: $id) { ... on Account { identities { issuer } } } }";
        for staff in [app.coordinator().await, app.admin().await] {
            let found = staff.query(document, json!({ "id": id })).await;
            assert_eq!(found["node"]["identities"], Value::Null);
        }
        assert_eq!(nora.query(document, json!({ "id": id })).await["node"]["identities"][0]["issuer"], provider.issuer());
    }
}
