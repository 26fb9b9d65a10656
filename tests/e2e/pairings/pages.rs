//! The other pages behind mail links: unsubscribing, confirming an address, choosing a password.

use axum::http::{StatusCode, header};
use chrono::TimeDelta;
use entity::mail_message::{self, MailState};
use entity::pairing::{PairingOrigin, PairingState};
use entity::volunteer;
use matcher::mail::{Failure, SendError, Stage};
use sea_orm::{ActiveModelTrait, EntityTrait, QueryOrder, Set, Unchanged};
use serde_json::json;
use tests::app::PASSWORD;
use tests::on_both_databases;

use super::scene::{Scene, answer, get, marketplace, post, send};

on_both_databases! {
    async fn unsubscribing_by_the_mail_programs_button_holds_at_once_also_for_mail_that_waits(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (_, volunteer) = scene.add_volunteer("vera").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        scene.send_offer(pairing).await;
        let offer = app.mail_to("vera@example.org").pop().unwrap();
        assert_eq!(offer.header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
        let link = offer.header("List-Unsubscribe");
        let link = link.trim_matches(['<', '>']).strip_prefix("http://marketplace.test").unwrap().to_owned();

        let page = get(&app, &link).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains("Stop these mails"));
        // The reminder is written, cannot be delivered yet, and waits.
        app.advance(TimeDelta::hours(84));
        for _ in 0..2 {
            app.mailbox().fail_next(SendError::Transient(Failure {
                stage: Stage::Recipient,
                reply: None,
                detail: "try again".to_owned(),
            }));
        }
        app.run_jobs().await;
        let before = app.mail_to("vera@example.org").len();
        for _ in 0..2 {
            let done = post(&app, &link, "List-Unsubscribe=One-Click").await;
            assert_eq!(done.status, StatusCode::OK, "{}", done.text);
        }
        app.advance(TimeDelta::hours(1));
        app.run_jobs().await;
        assert_eq!(app.mail_to("vera@example.org").len(), before);
        let states: Vec<MailState> = mail_message::Entity::find()
            .order_by_asc(mail_message::Column::Id)
            .all(&app.app.store.connection)
            .await
            .unwrap()
            .into_iter()
            .filter(|mail| mail.to_address.expose() == "vera@example.org")
            .map(|mail| mail.state)
            .collect();
        assert_eq!(states, [MailState::Sent, MailState::Suppressed]);
        assert_eq!(get(&app, "/a/unsubscribe?token=x.y").await.status, StatusCode::BAD_REQUEST);
    }

    async fn a_volunteer_takes_a_break_from_the_offers_page(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (_, volunteer) = scene.add_volunteer("vera").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        scene.send_offer(pairing).await;
        let link = app.mail_to("vera@example.org").pop().unwrap().action("offer");
        let odd = answer(&app, &link, "action=pause&months=2").await;
        assert_eq!(odd.status, StatusCode::CONFLICT);
        let paused = answer(&app, &link, "action=pause&months=3").await;
        assert_eq!(paused.status, StatusCode::SEE_OTHER, "{}", paused.text);
        let page = get(&app, &link).await;
        assert!(page.text.contains("You are on a break until Sunday, February 21, 2027."), "{}", page.text);
        let row = volunteer::Entity::find_by_id(volunteer)
            .one(&app.app.store.connection)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(row.state, volunteer::VolunteerState::Paused);
        let omars = app.mail_to("omar@example.org").pop().unwrap().action("offer");
        assert_eq!(answer(&app, &omars, "action=pause&months=3").await.status, StatusCode::CONFLICT);
    }

    async fn an_old_offers_page_brings_nobody_back_who_has_left(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (_, volunteer) = scene.add_volunteer("vera").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        scene.send_offer(pairing).await;
        let link = app.mail_to("vera@example.org").pop().unwrap().action("offer");
        let db = &app.app.store.connection;
        let left = volunteer::ActiveModel {
            id: Unchanged(volunteer),
            state: Set(volunteer::VolunteerState::Left),
            ..Default::default()
        };
        left.update(db).await.unwrap();
        assert!(!get(&app, &link).await.text.contains("value=\"pause\""));
        let refused = answer(&app, &link, "action=pause&months=3").await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.text.contains("You have left"), "{}", refused.text);
        let row = volunteer::Entity::find_by_id(volunteer).one(db).await.unwrap().unwrap();
        assert_eq!(row.state, volunteer::VolunteerState::Left);
    }

    async fn an_address_is_confirmed_by_the_pages_button_only(backend) {
        let app = marketplace(backend).await;
        let client = app.client();
        client
            .mutate(
                "mutation($input: RegisterAccountInput!) { registerAccount(input: $input) { userErrors { code message field } } }",
                json!({ "input": { "email": "luc@example.org", "password": PASSWORD, "givenName": "Luc", "preferredLanguage": "FR" } }),
            )
            .await;
        app.run_jobs().await;
        let mail = app.mail_to("luc@example.org").pop().unwrap();
        let page = get(&app, &mail.action("verify")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.headers[header::REFERRER_POLICY], "no-referrer");
        assert!(page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().starts_with("default-src 'none'"));
        let form = format!("token={}&lang=fr", mail.token());
        let confirmed = post(&app, "/a/verify", &form).await;
        assert_eq!(confirmed.status, StatusCode::OK);
        assert!(confirmed.text.contains("Votre adresse est confirmée"), "{}", confirmed.text);
        let again = post(&app, "/a/verify", &form).await;
        assert_eq!(again.status, StatusCode::OK, "a repeated confirmation says the same");
        assert!(again.text.contains("Votre adresse est confirmée"), "{}", again.text);
        assert_eq!(post(&app, "/a/verify", "token=none&lang=fr").await.status, StatusCode::GONE);
        let luc = app.log_in("luc@example.org").await;
        let viewer = luc.query("{ viewer { isEmailVerified } }", json!({})).await;
        assert_eq!(viewer["viewer"]["isEmailVerified"], true);
    }

    async fn a_forgotten_password_is_chosen_anew_on_the_page(backend) {
        let app = marketplace(backend).await;
        app.sign_up("Nora", "en").await;
        assert!(get(&app, "/a/reset").await.text.contains("type=\"email\""));
        for email in ["nora%40example.org", "nobody%40example.org"] {
            let sent = post(&app, "/a/reset", &format!("email={email}")).await;
            assert_eq!(sent.status, StatusCode::OK);
            assert!(sent.text.contains("Look into your mail"), "{}", sent.text);
        }
        app.run_jobs().await;
        let mail = app.mail_to("nora@example.org").pop().unwrap();
        assert!(get(&app, &mail.action("reset")).await.text.contains("type=\"password\""));
        let token = mail.token();
        let short = post(&app, "/a/reset", &format!("token={token}&password=short")).await;
        assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
        let form = format!("token={token}&password=a+wholly+new+sentence");
        assert_eq!(post(&app, "/a/reset", &form).await.status, StatusCode::OK);
        assert_eq!(post(&app, "/a/reset", &form).await.status, StatusCode::GONE);
    }

    async fn the_stylesheet_is_served_and_nothing_else_is_loaded(backend) {
        let app = marketplace(backend).await;
        let style = get(&app, "/a/style.css").await;
        assert_eq!(style.headers[header::CONTENT_TYPE], "text/css; charset=utf-8");
        let page = send(&app, axum::http::Method::GET, "/a/reset?lang=fr", "").await;
        assert!(page.text.contains("<html lang=\"fr-CA\">") && page.text.contains("hreflang=\"en\""));
        for forbidden in ["<script", "<style", "style=", "http://", "https://"] {
            assert!(!page.text.contains(forbidden), "{forbidden} in {}", page.text);
        }
    }

    async fn an_answer_that_cannot_be_read_or_is_too_long_is_told_so_in_the_readers_language(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (_, volunteer) = scene.add_volunteer("vera").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        scene.send_offer(pairing).await;
        let link = app.mail_to("vera@example.org").pop().unwrap().action("offer");

        let unreadable = answer(&app, &link, "reason=no_time").await;
        assert_eq!(unreadable.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(unreadable.text.contains("This answer could not be read"), "{}", unreadable.text);
        let french = post(&app, "/a/offer?lang=fr", "reason=no_time").await;
        assert!(french.text.contains("n’a pas pu être lue"), "{}", french.text);
        let too_long = answer(&app, &link, &format!("action=decline&reason=no_time&note={}", "a".repeat(64 * 1024))).await;
        assert_eq!(too_long.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(too_long.text.contains("This answer is too long"), "{}", too_long.text);
        assert_eq!(scene.pairing(pairing).await.state, PairingState::Offered);

        // The longest note, in the letters that take the most room when encoded.
        let note = "%F0%A0%80%8B".repeat(2_000);
        let declined = answer(&app, &link, &format!("action=decline&reason=no_time&note={note}")).await;
        assert_eq!(declined.status, StatusCode::SEE_OTHER, "{}", declined.text);
        assert_eq!(scene.pairing(pairing).await.state, PairingState::Declined);
    }
}
