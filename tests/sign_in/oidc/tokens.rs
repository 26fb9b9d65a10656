//! Tokens of the provider that are not good. What each claim has to be is told by unit tests to the second; here it is that
//! nobody gets in.

use chrono::TimeDelta;
use tests::on_both_databases;
use tests::provider::{CLIENT_ID, KEYS, KeyKind, Provider, Signing};

use super::*;
use crate::sessions;

on_both_databases! {
    async fn a_token_that_says_something_else_opens_nothing(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        linked(&app, &provider).await;
        let before = sessions(&app).await;
        let now = app.app.clock.now().timestamp();
        for changes in [
            json!({ "nonce": "another" }),
            json!({ "nonce": null }),
            json!({ "iss": "https://evil.example" }),
            json!({ "aud": "another" }),
            json!({ "aud": [CLIENT_ID, "another"] }),
            json!({ "aud": [CLIENT_ID, "another"], "azp": "another" }),
            json!({ "azp": "another" }),
            json!({ "exp": now - 60 }),
            json!({ "iat": now - 601 }),
            json!({ "iat": now + 61 }),
            json!({ "sub": "" }),
            json!({ "sub": "x".repeat(256) }),
            json!({ "sub": null }),
        ] {
            provider.say(changes.clone());
            let seen = Traveller::new(&app).travel(&app, &provider, SUBJECT).await;
            assert_eq!(seen.status, 400, "{changes}");
            assert_refused(&seen, 400, NOT_GOOD);
        }
        assert_eq!(sessions(&app).await, before);
        provider.say(json!({ "aud": [CLIENT_ID, "another"], "azp": CLIENT_ID }));
        assert_eq!(Traveller::new(&app).travel(&app, &provider, SUBJECT).await.status, 303);
    }

    async fn a_token_that_the_provider_did_not_sign_opens_nothing(backend) {
        for kind in [KeyKind::Rsa, KeyKind::Ec, KeyKind::Ed] {
            let provider = Provider::start(kind).await;
            let app = provider.marketplace(backend, &[]).await;
            linked(&app, &provider).await;
            let before = sessions(&app).await;
            for signing in [Signing::Unsigned, Signing::ByPublicKey, Signing::ByStranger] {
                provider.sign(signing);
                let seen = Traveller::new(&app).travel(&app, &provider, SUBJECT).await;
                assert_eq!(seen.status, 400, "{kind:?} {signing:?}");
                assert_refused(&seen, 400, NOT_GOOD);
            }
            assert_eq!(sessions(&app).await, before);
        }
    }

    async fn a_new_key_is_asked_for_once_and_not_with_every_token(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        linked(&app, &provider).await;
        assert_eq!(provider.asked(KEYS), 1);
        provider.rotate();
        assert_refused(&Traveller::new(&app).travel(&app, &provider, SUBJECT).await, 400, NOT_GOOD);
        assert_eq!(provider.asked(KEYS), 1, "they were read within the minute");
        app.advance(TimeDelta::minutes(1));
        assert_eq!(Traveller::new(&app).travel(&app, &provider, SUBJECT).await.status, 303);
        assert_eq!(provider.asked(KEYS), 2);
        assert_eq!(Traveller::new(&app).travel(&app, &provider, SUBJECT).await.status, 303);
        assert_eq!(provider.asked(KEYS), 2);
    }
}
