//! A provider that is down, slow, at length, or not the one that it should be. The password works all the while.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::json;
use tests::app::TestApp;
use tests::on_both_databases;
use tests::provider::{DOCUMENT, Fault, KEYS, KeyKind, Provider, TOKEN};

use super::*;
use crate::sessions;

/// A marketplace that has asked nothing yet and does not wait for long.
async fn impatient(app: &TestApp) -> TestApp {
    app.another_node_with(|config| {
        config.oidc.as_mut().unwrap().answer_time = Duration::from_millis(300);
    })
    .await
}

fn faults() -> Vec<Fault> {
    vec![
        Fault::Status(500),
        Fault::Status(404),
        Fault::Silence,
        Fault::Flood,
        Fault::Elsewhere("/elsewhere".to_owned()),
        Fault::Body("not JSON".to_owned()),
        Fault::Body("{}".to_owned()),
    ]
}

on_both_databases! {
    async fn a_provider_that_does_not_say_where_it_is_sends_nobody_anywhere(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        app.sign_up("Nora", "en").await;
        let node = impatient(&app).await;
        let mut browser = Traveller::new(&node);
        browser.log_in(NORA).await;
        for fault in faults() {
            provider.fail(DOCUMENT, Some(fault.clone()));
            let seen = browser.go(BEGIN).await;
            assert_eq!(seen.status, 503, "{fault:?}");
            assert_refused(&seen, 503, UNAVAILABLE);
            let seen = browser.post(LINK, &json!({ "password": PASSWORD })).await;
            assert_eq!(seen.refusal(), (503, "UNAVAILABLE".to_owned()), "{fault:?}");
            node.advance(TimeDelta::minutes(5));
        }
        assert_eq!(provider.asked("/elsewhere"), 0, "no redirect is followed");
        provider.fail(DOCUMENT, None);
        browser.begin().await;
    }

    async fn a_provider_that_calls_itself_otherwise_is_another(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        let mut browser = Traveller::new(&app);
        let issuer = provider.issuer();
        for (name, wrong, right) in [
            ("issuer", "https://evil.example".to_owned(), issuer.clone()),
            ("issuer", format!("{issuer}/"), issuer.clone()),
            ("authorization_endpoint", "http://evil.example/authorize".to_owned(), format!("{issuer}/authorize?tenant=1")),
            ("token_endpoint", "http://evil.example/token".to_owned(), format!("{issuer}{TOKEN}")),
            ("token_endpoint", "ftp://127.0.0.1/token".to_owned(), format!("{issuer}{TOKEN}")),
            ("jwks_uri", "http://user@127.0.0.1/keys".to_owned(), format!("{issuer}{KEYS}")),
            ("jwks_uri", "keys".to_owned(), format!("{issuer}{KEYS}")),
        ] {
            provider.describe(name, json!(wrong));
            let seen = browser.go(BEGIN).await;
            assert_eq!(seen.status, 503, "{name}: {wrong}");
            assert_refused(&seen, 503, UNAVAILABLE);
            provider.describe(name, json!(right));
        }
        browser.begin().await;
    }

    async fn a_provider_that_does_not_answer_for_somebody_opens_nothing(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        linked(&app, &provider).await;
        let before = sessions(&app).await;
        for path in [TOKEN, KEYS] {
            for fault in faults() {
                let node = impatient(&app).await;
                provider.fail(path, Some(fault.clone()));
                let seen = Traveller::new(&node).travel(&node, &provider, SUBJECT).await;
                assert_eq!(seen.status, 503, "{path} {fault:?}");
                assert_refused(&seen, 503, UNAVAILABLE);
                provider.fail(path, None);
            }
        }
        assert_eq!(provider.asked("/elsewhere"), 0, "no redirect is followed");
        assert_eq!(sessions(&app).await, before);
    }

    async fn what_is_no_more_there_is_told_from_what_is_refused(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        linked(&app, &provider).await;
        let mut browser = Traveller::new(&app);
        let back = provider.log_in(&app, &browser.begin().await, SUBJECT);
        drop(provider);
        let seen = browser.in_french().come_back(&back).await;
        assert_refused(&seen, 503, "Le fournisseur d’identité ne répond pas comme il le devrait");
        Traveller::new(&app).log_in(NORA).await;
    }
}
