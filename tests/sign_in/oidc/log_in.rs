//! Going to the provider and coming back with a session.

use axum::http::header;
use chrono::TimeDelta;
use entity::pending_log_in;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;
use tests::app::TestApp;
use tests::authenticator::Authenticator;
use tests::on_both_databases;
use tests::provider::{DOCUMENT, KEYS, KeyKind, Provider, TOKEN};

use super::*;
use crate::{audited, sessions};

on_both_databases! {
    async fn whoever_has_linked_an_account_logs_in_with_it(backend) {
        for kind in [KeyKind::Ed, KeyKind::Ec, KeyKind::Rsa] {
            let provider = Provider::start(kind).await;
            let app = provider.marketplace(backend, &[]).await;
            let nora = linked(&app, &provider).await;
            let id = nora.clone().viewer().await["identities"][0]["id"].clone();

            let mut browser = Traveller::new(&app);
            let seen = browser.travel(&app, &provider, SUBJECT).await;
            assert_eq!((seen.status, seen.header("location")), (303, "http://marketplace.test/"), "{kind:?} {}", seen.text);
            assert_eq!(seen.header("cache-control"), "no-store");
            let cookies: Vec<_> = seen.headers.get_all(header::SET_COOKIE).iter().map(|it| it.to_str().unwrap()).collect();
            assert_eq!(cookies[0], "__Host-sign-in=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax");
            let (_, attributes) = cookies[1].strip_prefix("__Host-session=").unwrap().split_once("; ").unwrap();
            assert_eq!(attributes, "Max-Age=15552000; Path=/; Secure; HttpOnly; SameSite=Strict");
            assert_eq!(browser.viewer().await["email"], NORA);
            let detail = audited(&app, "account.identity_shown").await;
            assert_eq!(detail.len(), 1);
            assert!(id.as_str().unwrap().starts_with("identity_") && detail[0]["identity"].is_string());
            let left = pending_log_in::Entity::find().count(&app.app.store.connection).await.unwrap();
            assert_eq!(left, 0);
        }
    }

    async fn the_way_there_is_bound_to_the_browser(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        let mut browser = Traveller::new(&app);
        let seen = browser.go(BEGIN).await;
        let cookie = seen.header("set-cookie");
        let (secret, attributes) = cookie.strip_prefix("__Host-sign-in=").unwrap().split_once("; ").unwrap();
        assert_eq!(secret.len(), 43, "256 bits");
        assert_eq!(attributes, "Max-Age=600; Path=/; Secure; HttpOnly; SameSite=Lax");
        assert_eq!(seen.header("cache-control"), "no-store");
        assert!(!seen.header("location").contains(secret));
        let kept = pending_log_in::Entity::find().one(&app.app.store.connection).await.unwrap().unwrap();
        let row = format!("{kept:?}");
        for sent in seen.header("location").split(['=', '&']).filter(|it| it.len() == 43) {
            assert!(!row.contains(sent), "{sent} is kept as it is");
        }
        assert_eq!(seen.header("location").split(['=', '&']).filter(|it| it.len() == 43).count(), 3, "state, nonce, challenge");
        assert!(seen.header("location").ends_with("&ui_locales=en"));
        let french = browser.clone().in_french().begin().await;
        assert!(french.ends_with("&ui_locales=fr"));
    }

    async fn the_verifier_goes_with_the_code_and_the_marketplace_says_who_it_is(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        linked(&app, &provider).await;
        let mut browser = Traveller::new(&app);
        browser.travel(&app, &provider, SUBJECT).await;
        // The provider has checked them: this is the rest.
        let form = provider.last_form();
        assert_eq!(form["code_verifier"].len(), 43);
        assert_eq!(form.len(), 4, "{form:?}");

        // A code that was begun with another verifier is one that somebody else got hold of.
        let (mut one, mut other) = (Traveller::new(&app), Traveller::new(&app));
        let theirs = provider.log_in(&app, &other.begin().await, SUBJECT);
        let own = provider.log_in(&app, &one.begin().await, SUBJECT);
        let code = |path: &str| path.split(['=', '&']).nth(1).unwrap().to_owned();
        let injected = own.replace(&code(&own), &code(&theirs));
        assert_refused(&one.come_back(&injected).await, 400, NOT_GOOD);
    }

    async fn what_the_provider_says_of_itself_is_asked_once_an_hour(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        linked(&app, &provider).await;
        for _ in 0..3 {
            Traveller::new(&app).travel(&app, &provider, SUBJECT).await;
        }
        assert_eq!((provider.asked(DOCUMENT), provider.asked(KEYS), provider.asked(TOKEN)), (1, 1, 4));
        app.advance(TimeDelta::hours(1));
        let mut browser = Traveller::new(&app);
        browser.travel(&app, &provider, SUBJECT).await;
        assert_eq!(browser.viewer().await["email"], NORA);
        assert_eq!((provider.asked(DOCUMENT), provider.asked(KEYS)), (2, 2));
    }

    async fn any_server_takes_who_went_from_another(backend) {
        let provider = Provider::start(KeyKind::Ec).await;
        let app = provider.marketplace(backend, &[]).await;
        linked(&app, &provider).await;
        let mut browser = Traveller::new(&app);
        let address = browser.begin().await;
        let back = provider.log_in(&app, &address, SUBJECT);
        let other = app.another_node().await;
        browser.router = other.router();
        assert_eq!(browser.come_back(&back).await.status, 303);
        assert_eq!(browser.viewer().await["email"], NORA);
    }

    async fn one_browser_has_one_session(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        let mut nora = linked(&app, &provider).await;
        let mut before = nora.clone();
        nora.travel(&app, &provider, SUBJECT).await;
        assert_eq!(nora.viewer().await["email"], NORA);
        assert_eq!(before.graphql(IDENTITIES).await.refusal(), (401, "UNAUTHENTICATED".to_owned()));
    }

    async fn it_stands_for_the_password_and_no_more(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[("STAFF_SECOND_FACTOR", "required")]).await;
        let coordinator = app.coordinator().await;
        let (own, _) = Authenticator::set_up(&app, &coordinator).await;
        let mut browser = Traveller::new(&app);
        browser.log_in("coordinator@example.org").await;
        let refused = browser.post(LINK, &json!({ "password": PASSWORD })).await;
        assert_eq!(refused.refusal(), (403, "SECOND_FACTOR_REQUIRED".to_owned()));
        app.advance(TimeDelta::seconds(30));
        assert_eq!(browser.post("/session/factor", &json!({ "code": own.code(&app) })).await.status, 200);
        assert_eq!(browser.link(&app, &provider, SUBJECT).await.status, 303);

        let mut other = Traveller::new(&app);
        assert_eq!(other.travel(&app, &provider, SUBJECT).await.status, 303);
        assert_eq!(other.viewer().await["secondFactor"]["standing"], "TO_PROVE");
        app.advance(TimeDelta::seconds(30));
        assert_eq!(other.post("/session/factor", &json!({ "code": own.code(&app) })).await.status, 200);
        assert_eq!(other.viewer().await["secondFactor"]["standing"], "PROVEN");
    }

    async fn an_account_that_nobody_linked_is_told_to_use_the_password_first(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        app.sign_up("Nora", "en").await;
        // That it says her address proves nothing.
        provider.say(json!({ "email": NORA, "email_verified": true }));
        let before = sessions(&app).await;
        let mut browser = Traveller::new(&app);
        let seen = browser.travel(&app, &provider, SUBJECT).await;
        assert_refused(&seen, 400, UNKNOWN);
        assert!(seen.text.contains("Log in with your mail address and your password, and link it first"));
        assert!(seen.text.contains("<html lang=\"en-CA\">") && seen.header("content-security-policy").contains("default-src 'none'"));
        let seen = browser.in_french().travel(&app, &provider, SUBJECT).await;
        assert_refused(&seen, 400, "Aucun compte ici n’est lié à celui de Compte de la Ville");
        assert!(seen.text.contains("<html lang=\"fr-CA\">"));
        assert_eq!(sessions(&app).await, before);
    }

    async fn an_account_that_is_shut_looks_like_one_that_nobody_linked(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        linked(&app, &provider).await;
        let admin = app.admin().await;
        let found = admin.query("{ account(email: \"nora@example.org\") { id } }", json!({})).await;
        let set = |name: &str| format!("mutation($id: ID!) {{ {name}(input: {{ accountId: $id }}) {{ userErrors {{ code message field }} }} }}");
        let id = json!({ "id": found["account"]["id"] });
        admin.mutate(&set("disableAccount"), id.clone()).await;
        let before = sessions(&app).await;
        assert_refused(&Traveller::new(&app).travel(&app, &provider, SUBJECT).await, 400, UNKNOWN);
        assert_eq!(sessions(&app).await, before);
        admin.mutate(&set("enableAccount"), id).await;
        assert_eq!(Traveller::new(&app).travel(&app, &provider, SUBJECT).await.status, 303);
    }

    async fn where_no_provider_is_set_up_there_is_nothing(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        let mut browser = Traveller::new(&app);
        for path in [BEGIN, "/sign-in/oidc/callback?code=x&state=y"] {
            assert_eq!(browser.go(path).await.status, 404, "{path}");
        }
        browser.log_in(NORA).await;
        let seen = browser.post(LINK, &json!({ "password": PASSWORD })).await;
        assert_eq!(seen.refusal(), (404, "NOT_FOUND".to_owned()));
        let name = app.client().query("{ identityProviderName }", json!({})).await;
        assert_eq!(name, json!({ "identityProviderName": null }));
    }

    async fn pages_are_told_what_the_provider_is_called(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        for (language, name) in [("en", "City login"), ("fr", "Compte de la Ville")] {
            let found = app.client().with_language(language).query("{ identityProviderName }", json!({})).await;
            assert_eq!(found["identityProviderName"], name);
        }
    }
}
