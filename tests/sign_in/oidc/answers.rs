//! Coming back with what was not sent along, too late, twice, or in another browser.

use chrono::TimeDelta;
use tests::on_both_databases;
use tests::provider::{KeyKind, Provider, TOKEN};

use super::*;
use crate::sessions;

on_both_databases! {
    async fn whoever_did_not_go_does_not_come_back(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        linked(&app, &provider).await;
        let before = (sessions(&app).await, provider.asked(TOKEN));
        let mut browser = Traveller::new(&app);
        let back = provider.log_in(&app, &browser.begin().await, SUBJECT);
        let state = back.split("state=").nth(1).unwrap().split('&').next().unwrap().to_owned();
        let without_cookie = Traveller::new(&app);
        let mut another = Traveller::new(&app);
        another.begin().await;
        for (mut who, path) in [
            (without_cookie, back.clone()),
            (another, back.clone()),
            (browser.clone(), back.replace(&state, "made-up")),
            (browser.clone(), back.replace(&state, "")),
            (browser.clone(), back.replace("state=", "other=")),
            (browser.clone(), format!("{back}&state={state}")),
        ] {
            assert_refused(&who.come_back(&path).await, 400, EXPIRED);
        }
        assert_eq!((sessions(&app).await, provider.asked(TOKEN)), before, "nothing was opened, and nothing asked");
        assert_eq!(browser.come_back(&back).await.status, 303, "whoever went comes back");
    }

    async fn an_answer_is_good_once_and_for_ten_minutes(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        linked(&app, &provider).await;
        let mut browser = Traveller::new(&app);
        let back = provider.log_in(&app, &browser.begin().await, SUBJECT);
        let held = browser.clone();
        assert_eq!(browser.come_back(&back).await.status, 303);
        let opened = sessions(&app).await;
        assert_refused(&held.clone().come_back(&back).await, 400, EXPIRED);
        for (seconds, is_in_time) in [(599, true), (600, false)] {
            let mut browser = Traveller::new(&app);
            let address = browser.begin().await;
            app.advance(TimeDelta::seconds(seconds));
            let back = provider.log_in(&app, &address, SUBJECT);
            let seen = browser.come_back(&back).await;
            assert_eq!(seen.status == 303, is_in_time, "{seconds}");
        }
        assert_eq!(sessions(&app).await, opened + 1);
    }

    async fn what_was_tried_was_tried(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        linked(&app, &provider).await;
        let mut browser = Traveller::new(&app);
        let back = provider.log_in(&app, &browser.begin().await, SUBJECT);
        let code = provider.codes().pop().unwrap();
        let wrong = back.replace(&code, "guessed");
        assert_refused(&browser.come_back(&wrong).await, 400, NOT_GOOD);
        assert_refused(&browser.come_back(&back).await, 400, EXPIRED);
    }

    async fn an_answer_says_from_which_provider_it_is(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        linked(&app, &provider).await;
        let before = provider.asked(TOKEN);
        for other in ["iss=https%3A%2F%2Fevil.example", "iss=", "other=x"] {
            let mut browser = Traveller::new(&app);
            let back = provider.log_in(&app, &browser.begin().await, SUBJECT);
            let (kept, _) = back.split_once("iss=").unwrap();
            assert_refused(&browser.come_back(&format!("{kept}{other}")).await, 400, NOT_GOOD);
        }
        assert_eq!(provider.asked(TOKEN), before, "a code of another provider goes nowhere");
    }

    async fn a_provider_that_never_says_who_it_is_need_not(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        provider.describe("authorization_response_iss_parameter_supported", json!(false));
        let app = provider.marketplace(backend, &[]).await;
        linked(&app, &provider).await;
        let mut browser = Traveller::new(&app);
        let back = provider.log_in(&app, &browser.begin().await, SUBJECT);
        let (kept, _) = back.split_once("&iss=").unwrap();
        assert_eq!(browser.come_back(kept).await.status, 303);
        let mut browser = Traveller::new(&app);
        let back = provider.log_in(&app, &browser.begin().await, SUBJECT);
        let (kept, _) = back.split_once("&iss=").unwrap();
        let other = format!("{kept}&iss=https%3A%2F%2Fevil.example");
        assert_refused(&browser.come_back(&other).await, 400, NOT_GOOD);
    }

    async fn whom_the_provider_does_not_let_in_is_told_so_in_words_of_ours(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        let mut browser = Traveller::new(&app).in_french();
        let address = browser.begin().await;
        let state = address.split("state=").nth(1).unwrap().split('&').next().unwrap();
        let path = format!("/sign-in/oidc/callback?error=access_denied&error_description=%3Cb%3Eevil%3C%2Fb%3E&state={state}");
        let seen = browser.come_back(&path).await;
        assert_refused(&seen, 400, "Compte de la Ville ne vous a pas laissé entrer");
        assert!(!seen.text.contains("evil"));
        assert_refused(&browser.come_back(&path).await, 400, "n’a pas été commencée dans ce navigateur");
    }
}
