//! The second factor: set up with the password and a first code, shown once in a session, each code good once, and taken
//! away by whoever has both the password and a code, or by an administrator.

use api::credentials::link_actor;
use chrono::TimeDelta;
use entity::{audit_event, recovery_code, second_factor, session};
use sea_orm::{EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use tests::app::{PASSWORD, TestApp};
use tests::authenticator::{Authenticator, CONFIRM, ENROLL, PROVE};
use tests::client::Client;
use tests::on_both_databases;

use super::throttle::production;
use super::{CHANGE, REQUEST_RESET, RESET, Session};

const NORA: &str = "nora@example.org";
const FACTOR: &str = "{ viewer { secondFactor { state confirmedAt recoveryCodesLeft standing } } }";
const RENEW: &str = "mutation($code: String!) {
    renewRecoveryCodes(input: { code: $code }) { recoveryCodes userErrors { code message field } }
}";
const REMOVE: &str = "mutation($password: String!, $code: String!) {
    removeSecondFactor(input: { password: $password, code: $code }) { userErrors { code message field } }
}";
const RESET_FACTOR: &str = "mutation($id: ID!) {
    resetSecondFactor(input: { accountId: $id }) { account { email } userErrors { code message field } }
}";
const WRONG_CODE: [&str; 1] = ["WRONG_CREDENTIALS code"];

async fn factor(client: &Client) -> Value {
    client.query(FACTOR, json!({})).await["viewer"]["secondFactor"].clone()
}

/// State, recovery codes left, and how the session stands.
async fn standing(client: &Client) -> (String, i64, String) {
    let factor = factor(client).await;
    let text = |field: &str| factor[field].as_str().unwrap().to_owned();
    let left = factor["recoveryCodesLeft"].as_i64().unwrap();
    (text("state"), left, text("standing"))
}

fn stands(state: &str, left: i64, standing: &str) -> (String, i64, String) {
    (state.to_owned(), left, standing.to_owned())
}

fn shown(code: &str) -> Value {
    json!({ "code": code })
}

async fn global_id(client: &Client) -> Value {
    client.query("{ viewer { id } }", json!({})).await["viewer"]["id"].clone()
}

/// The details of the events of an action.
async fn audited(app: &TestApp, action: &str) -> Vec<Value> {
    audit_event::Entity::find()
        .filter(audit_event::COLUMN.action.eq(action))
        .order_by_asc(audit_event::Column::Sequence)
        .all(&app.app.store.connection)
        .await
        .unwrap()
        .into_iter()
        .map(|event| {
            assert!(event.subject_id.is_some());
            event.detail
        })
        .collect()
}

async fn last_mail(app: &TestApp, email: &str) -> String {
    app.run_jobs().await;
    app.mail_to(email).pop().unwrap().text
}

on_both_databases! {
    async fn an_app_is_set_up_with_the_password_and_confirmed_by_its_first_code(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        assert_eq!(factor(&nora).await, json!({ "state": "NONE", "confirmedAt": null, "recoveryCodesLeft": 0, "standing": "NOT_ASKED" }));
        assert_eq!(nora.user_errors(CONFIRM, shown("123456")).await, ["WRONG_STATE"]);
        assert_eq!(nora.user_errors(ENROLL, json!({ "password": "a guess" })).await, ["WRONG_CREDENTIALS password"]);

        let forgotten = Authenticator::enroll(&nora).await;
        let made = nora.mutate(ENROLL, json!({ "password": PASSWORD })).await;
        let secret = made["secret"].as_str().unwrap();
        let address = format!("otpauth://totp/Civic%20Tech%20Marketplace:nora%40example.org?secret={secret}&issuer=Civic%20Tech%20Marketplace");
        assert_eq!(made["address"], address);
        let own = Authenticator::new(secret);
        assert_eq!(standing(&nora).await, stands("PENDING", 0, "NOT_ASKED"));
        for document in [PROVE, RENEW] {
            assert_eq!(nora.user_errors(document, shown(&own.code(&app))).await, ["WRONG_STATE"], "it protects nothing yet");
        }
        for wrong in [forgotten.code(&app), String::new(), "ABCD-EFGH-2345-6777".to_owned()] {
            assert_eq!(nora.user_errors(CONFIRM, shown(&wrong)).await, WRONG_CODE);
        }
        let typed = own.code(&app);
        let (first, second) = typed.split_at(3);
        let done = nora.mutate(CONFIRM, shown(&format!("{first} {second}"))).await;
        let codes: Vec<String> = serde_json::from_value(done["recoveryCodes"].clone()).unwrap();
        assert_eq!(codes.len(), 10);
        assert_eq!(standing(&nora).await, stands("ACTIVE", 10, "PROVEN"));
        assert_eq!(nora.user_errors(ENROLL, json!({ "password": PASSWORD })).await, ["WRONG_STATE"]);
        assert_eq!(nora.user_errors(CONFIRM, shown(&own.code(&app))).await, ["WRONG_STATE"]);
        assert!(last_mail(&app, NORA).await.contains("An authenticator app was set up as the second factor of your account"));
        assert_eq!(audited(&app, "account.second_factor_added").await, [json!({})]);

        let connection = &app.app.store.connection;
        let row = second_factor::Entity::find().one(connection).await.unwrap().unwrap();
        let kept = format!("{row:?} {:?}", recovery_code::Entity::find().all(connection).await.unwrap());
        for secret in codes.iter().map(String::as_str).chain([secret]) {
            assert!(!kept.contains(secret) && !kept.contains(&secret.replace('-', "")), "nothing is kept as it was shown");
        }
    }

    async fn a_code_is_good_once_and_for_a_step_before_and_after_its_own(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let (own, _) = Authenticator::set_up(&app, &nora).await;
        assert_eq!(nora.user_errors(PROVE, shown(&own.code(&app))).await, WRONG_CODE, "it confirmed the app");
        // The clock begins at a full minute.
        app.advance(TimeDelta::seconds(300));
        let now = app.app.clock.now().timestamp();
        for (seconds, is_good) in [(-31, false), (60, false), (-30, true), (0, true), (59, true)] {
            let code = shown(&own.code_at(now + seconds));
            let expected: &[&str] = if is_good { &[] } else { &WRONG_CODE };
            assert_eq!(nora.user_errors(PROVE, code.clone()).await, expected, "{seconds}");
            assert_eq!(nora.user_errors(PROVE, code).await, WRONG_CODE, "{seconds}, a second time");
        }
        let earlier = shown(&own.code_at(now));
        assert_eq!(nora.user_errors(PROVE, earlier).await, WRONG_CODE, "a later one was taken");
        let proven = audited(&app, "account.second_factor_proven").await;
        assert_eq!(proven, vec![json!({ "by": "app", "recovery_codes_left": 10 }); 3]);
    }

    async fn of_two_who_show_the_same_code_at_once_one_is_let_in(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let (own, codes) = Authenticator::set_up(&app, &nora).await;
        app.advance(TimeDelta::seconds(30));
        for code in [own.code(&app), codes[0].clone()] {
            let [one, other] = [app.log_in(NORA).await, app.log_in(NORA).await];
            let (first, second) = tokio::join!(
                one.try_mutate(PROVE, shown(&code)),
                other.try_mutate(PROVE, shown(&code)),
            );
            assert_ne!(first["isProven"], second["isProven"], "{code}");
        }
    }

    async fn a_recovery_code_is_good_once_until_they_are_renewed(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let (own, codes) = Authenticator::set_up(&app, &nora).await;
        let phone_lost = app.log_in(NORA).await;
        assert_eq!(standing(&phone_lost).await, stands("ACTIVE", 10, "NOT_ASKED"));
        phone_lost.mutate(PROVE, shown(&codes[0].to_lowercase().replace('-', " "))).await;
        assert_eq!(standing(&phone_lost).await, stands("ACTIVE", 9, "PROVEN"));
        assert_eq!(nora.user_errors(PROVE, shown(&codes[0])).await, WRONG_CODE);
        let strangers = app.sign_up("Omar", "en").await;
        let (_, others) = Authenticator::set_up(&app, &strangers).await;
        assert_eq!(nora.user_errors(PROVE, shown(&others[0])).await, WRONG_CODE);

        app.advance(TimeDelta::seconds(30));
        assert_eq!(nora.user_errors(RENEW, shown(&codes[0])).await, WRONG_CODE);
        let renewed = nora.mutate(RENEW, shown(&codes[1])).await;
        let renewed: Vec<String> = serde_json::from_value(renewed["recoveryCodes"].clone()).unwrap();
        assert_eq!(standing(&nora).await, stands("ACTIVE", 10, "PROVEN"));
        assert_eq!(nora.user_errors(PROVE, shown(&codes[2])).await, WRONG_CODE, "the old ones are of no use");
        nora.mutate(PROVE, shown(&renewed[0])).await;
        nora.mutate(RENEW, shown(&own.code(&app))).await;
        assert!(last_mail(&app, NORA).await.contains("Your account has new recovery codes"));
        assert_eq!(audited(&app, "account.recovery_codes_renewed").await, [json!({ "by": "recovery_code" }), json!({ "by": "app" })]);
    }

    async fn it_is_taken_away_with_the_password_and_a_code_and_then_no_session_has_shown_it(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let (own, _) = Authenticator::set_up(&app, &nora).await;
        let phone = app.log_in(NORA).await;
        own.prove(&app, &phone).await;
        app.advance(TimeDelta::seconds(30));
        let remove = |password: &str, code: &str| json!({ "password": password, "code": code });
        assert_eq!(nora.user_errors(REMOVE, remove("a guess", &own.code(&app))).await, ["WRONG_CREDENTIALS password"]);
        assert_eq!(nora.user_errors(REMOVE, remove(PASSWORD, "000000")).await, WRONG_CODE);
        assert_eq!(standing(&phone).await, stands("ACTIVE", 10, "PROVEN"));
        nora.mutate(REMOVE, remove(PASSWORD, &own.code(&app))).await;
        for client in [&nora, &phone] {
            assert_eq!(standing(client).await, stands("NONE", 0, "NOT_ASKED"));
        }
        assert_eq!(nora.user_errors(REMOVE, remove(PASSWORD, "000000")).await, ["WRONG_STATE"]);
        assert!(last_mail(&app, NORA).await.contains("was taken away with your password and a code"));
        assert_eq!(audited(&app, "account.second_factor_removed").await, [json!({ "by": "app" })]);
        let (_, codes) = Authenticator::set_up(&app, &nora).await;
        assert_eq!(codes.len(), 10);
        assert_eq!(standing(&phone).await, stands("ACTIVE", 10, "NOT_ASKED"));
    }

    async fn an_administrator_takes_it_away_for_an_owner_who_lost_it(backend) {
        let app = TestApp::new(backend).await;
        let admin = app.admin().await;
        let nora = app.sign_up("Nora", "fr").await;
        let account = json!({ "id": global_id(&nora).await });
        admin.mutate(RESET_FACTOR, account.clone()).await;
        assert!(audited(&app, "account.second_factor_reset").await.is_empty(), "there was none");
        let (own, _) = Authenticator::set_up(&app, &nora).await;
        let open = Session::open(&app.client(), NORA, PASSWORD).await;

        let coordinator = app.coordinator().await;
        let of_admin = json!({ "id": global_id(&admin).await });
        assert_eq!(app.client().error_code(RESET_FACTOR, account.clone()).await, "UNAUTHENTICATED");
        assert_eq!(coordinator.error_code(RESET_FACTOR, account.clone()).await, "FORBIDDEN");
        assert_eq!(nora.error_code(RESET_FACTOR, account.clone()).await, "FORBIDDEN");
        assert_eq!(nora.error_code(RESET_FACTOR, of_admin.clone()).await, "NOT_FOUND");
        assert_eq!(admin.error_code(RESET_FACTOR, of_admin).await, "FORBIDDEN");
        own.prove(&app, &nora).await;

        for _ in 0..2 {
            admin.mutate(RESET_FACTOR, account.clone()).await;
        }
        assert!(!open.is_live(&app.client()).await, "whoever has the phone may have a session");
        let mail = last_mail(&app, NORA).await;
        assert!(mail.contains("Une personne qui administre la plateforme a retiré le second facteur de votre compte"), "{mail}");
        assert_eq!(audited(&app, "account.second_factor_reset").await, [json!({})], "once");
        assert_eq!(standing(&app.log_in(NORA).await).await, stands("NONE", 0, "NOT_ASKED"));
    }

    async fn a_new_password_by_mail_does_not_get_around_it(backend) {
        let app = TestApp::with_settings(backend, &[("STAFF_SECOND_FACTOR", "required")]).await;
        let coordinator = app.coordinator().await;
        Authenticator::set_up(&app, &coordinator).await;
        app.run_jobs().await;
        let email = "coordinator@example.org";
        app.client().mutate(REQUEST_RESET, json!({ "email": email })).await;
        app.run_jobs().await;
        let token = app.mail_to(email).pop().unwrap().token();
        let new = "an even better password";
        app.client().mutate(RESET, json!({ "input": { "token": token, "newPassword": new } })).await;
        let anew = app.log_in_with(email, new).await;
        assert_eq!(standing(&anew).await, stands("ACTIVE", 10, "TO_PROVE"));
    }

    async fn a_mailed_link_carries_no_staff_role(backend) {
        let app = TestApp::new(backend).await;
        app.coordinator().await;
        app.admin().await;
        let sessions = session::Entity::find().all(&app.app.store.connection).await.unwrap();
        assert_eq!(sessions.len(), 2);
        for session in sessions {
            let (actor, account) = link_actor::load(&app.app, session.account_id).await.unwrap().unwrap();
            assert!(account.staff_role.is_some());
            assert!(!actor.is_staff() && !actor.is_admin());
        }
    }

    async fn who_has_one_is_asked_for_it_also_where_nobody_must(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        assert_eq!(standing(&coordinator).await, stands("NONE", 0, "NOT_ASKED"));
        Authenticator::enroll(&coordinator).await;
        assert_eq!(standing(&coordinator).await, stands("PENDING", 0, "NOT_ASKED"));
        let (own, _) = Authenticator::set_up(&app, &coordinator).await;
        let anew = app.log_in("coordinator@example.org").await;
        assert_eq!(standing(&anew).await, stands("ACTIVE", 10, "TO_PROVE"));
        own.prove(&app, &anew).await;
        assert_eq!(standing(&anew).await, stands("ACTIVE", 10, "PROVEN"));
    }

    async fn nobody_else_sees_or_shows_it(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let admin = app.admin().await;
        let document = "query($id: ID!) { node(id: $id) { ... on Account { email secondFactor { state } } } }";
        let node = admin.query(document, json!({ "id": global_id(&nora).await })).await["node"].clone();
        assert_eq!(node, json!({ "email": NORA, "secondFactor": null }));
        let anonymous = app.client();
        assert_eq!(anonymous.error_code(ENROLL, json!({ "password": PASSWORD })).await, "UNAUTHENTICATED");
        assert_eq!(anonymous.error_code(REMOVE, json!({ "password": PASSWORD, "code": "1" })).await, "UNAUTHENTICATED");
        for document in [CONFIRM, PROVE, RENEW] {
            assert_eq!(anonymous.error_code(document, shown("123456")).await, "UNAUTHENTICATED");
        }
    }

    async fn a_session_has_five_tries_and_an_account_ten_and_nobody_is_locked_out_by_a_stranger(backend) {
        let app = production(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let omar = app.sign_up("Omar", "en").await;
        let tries = async |client: &Client| {
            for count in 0..20 {
                let answer = client.graphql(PROVE, shown("000000")).await.body;
                let extensions = &answer["errors"][0]["extensions"];
                if extensions["code"] == "RATE_LIMITED" {
                    assert!((1..=61).contains(&extensions["retryAfterSeconds"].as_u64().unwrap()));
                    return count;
                }
                assert_eq!(answer["data"]["proveSecondFactor"]["userErrors"][0]["code"], "WRONG_STATE");
            }
            panic!("never refused");
        };
        assert_eq!(tries(&nora).await, 5);
        for document in [CONFIRM, RENEW] {
            assert_eq!(nora.error_code(document, shown("000000")).await, "RATE_LIMITED", "they share it");
        }
        assert_eq!(nora.error_code(ENROLL, json!({ "password": PASSWORD })).await, "RATE_LIMITED");
        for _ in 0..10 {
            assert_eq!(app.client().error_code(PROVE, shown("000000")).await, "UNAUTHENTICATED");
        }
        assert_eq!(tries(&app.log_in(NORA).await).await, 5, "another session of hers");
        assert_eq!(tries(&app.log_in(NORA).await).await, 0, "the account's are used up");
        assert_eq!(tries(&omar).await, 5);
        // Whoever guesses in her name is shut out by a new password, which asks for no code.
        let new = json!({ "input": { "currentPassword": PASSWORD, "newPassword": "an even better password" } });
        nora.mutate(CHANGE, new).await;
    }

    async fn who_guesses_for_days_gets_few_tries_and_the_owner_hears_of_it(backend) {
        let app = production(backend).await;
        let nora = app.sign_up("Nora", "fr").await;
        let (own, codes) = Authenticator::set_up(&app, &nora).await;
        app.run_jobs().await;
        let mails = app.mail_to(NORA).len();
        // The code that confirmed it was the first of fifty.
        let mut tries = 1;
        while tries < 50 {
            let session = app.log_in(NORA).await;
            for _ in 0..5.min(50 - tries) {
                assert_eq!(session.user_errors(PROVE, shown("000000")).await, WRONG_CODE, "try {tries}");
                tries += 1;
            }
            app.advance(TimeDelta::minutes(2) + TimeDelta::seconds(30));
        }
        let session = app.log_in(NORA).await;
        for _ in 0..2 {
            assert_eq!(session.error_code(PROVE, shown(&own.code(&app))).await, "RATE_LIMITED");
        }
        app.run_jobs().await;
        let told: Vec<_> = app.mail_to(NORA).into_iter().skip(mails).collect();
        assert_eq!(told.len(), 1, "once, however often");
        assert_eq!(told[0].subject, "Quelqu'un essaie des codes de votre second facteur");
        assert!(told[0].text.contains("a essayé trop de codes"), "{}", told[0].text);
        assert_eq!(audited(&app, "account.second_factor_guessed").await, [json!({})]);
        // The owner is not locked out.
        session.mutate(PROVE, shown(&codes[0])).await;
        app.advance(TimeDelta::minutes(30));
        let later = app.log_in(NORA).await;
        later.mutate(PROVE, shown(&own.code(&app))).await;
    }
}
