//! Sessions of browsers: the cookie that holds them, which requests may use it, and what ends them.

use axum::http::{Method, StatusCode, header};
use chrono::TimeDelta;
use entity::session::{self, SessionEndReason};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};
use tests::app::{PASSWORD, TestApp};
use tests::authenticator::Authenticator;
use tests::browser::{Browser, OWN};
use tests::on_both_databases;

use super::VIEWER;

const NORA: &str = "nora@example.org";
const INSTANT: TimeDelta = TimeDelta::microseconds(1);

async fn sessions(app: &TestApp) -> Vec<session::Model> {
    session::Entity::find()
        .order_by_asc(session::Column::Id)
        .all(&app.app.store.connection)
        .await
        .unwrap()
}

async fn logged_in(app: &TestApp, email: &str) -> Browser {
    let mut browser = Browser::new(app.router());
    let page = browser.log_in(email, PASSWORD).await;
    assert_eq!(page.status, StatusCode::OK, "{page:#?}");
    browser
}

async fn is_live(browser: &Browser) -> bool {
    let page = browser.graphql(VIEWER).await;
    match page.refusal() {
        (200, "") => true,
        (401, "UNAUTHENTICATED") => false,
        other => panic!("{other:?}"),
    }
}

on_both_databases! {
    async fn a_browser_logs_in_says_whose_it_is_and_logs_out(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "fr").await;
        let mut browser = Browser::new(app.router());
        let page = browser.log_in(NORA, PASSWORD).await;
        assert_eq!(page.status, StatusCode::OK);
        let cookie = page.headers[header::SET_COOKIE].to_str().unwrap();
        let (secret, attributes) = cookie.strip_prefix("__Host-session=").unwrap().split_once("; ").unwrap();
        assert_eq!(secret.len(), 43, "256 bits");
        assert_eq!(attributes, "Max-Age=15552000; Path=/; Secure; HttpOnly; SameSite=Strict");
        assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");
        assert!(!page.body.to_string().contains(secret));
        let told = json!({
            "account": {
                "id": page.body["account"]["id"], "email": NORA, "givenName": "Nora",
                "preferredLanguage": "FR", "staffRole": null,
            },
            "secondFactor": "NOT_ASKED",
        });
        assert_eq!(page.body, told);
        let row = sessions(&app).await.pop().unwrap();
        assert!(!format!("{row:?}").contains(secret), "only its hash is kept");

        assert_eq!(browser.send(Method::GET, "/session", None).await.body, told);
        let viewer = browser.graphql(VIEWER).await.body["data"]["viewer"].clone();
        assert_eq!(viewer["email"], NORA);
        let query = "/graphql?query=%7Bviewer%7Bemail%7D%7D";
        let by_url = browser.without("origin").send(Method::GET, query, None).await;
        assert_eq!(by_url.body["data"]["viewer"]["email"], NORA, "browsers do not say from where a page reads of its own site");

        let out = browser.send(Method::DELETE, "/session", None).await;
        assert_eq!(out.status, StatusCode::NO_CONTENT);
        let forgotten = "__Host-session=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Strict";
        assert_eq!(out.headers[header::SET_COOKIE], forgotten);
        assert!(!is_live(&browser).await);
        let after = browser.send(Method::GET, "/session", None).await;
        assert_eq!(after.refusal(), (401, "UNAUTHENTICATED"));
        assert_eq!(after.body["errors"][0]["message"], "This session is over. Log in again.");
        assert_eq!(sessions(&app).await.pop().unwrap().end_reason, Some(SessionEndReason::LoggedOut));
        let again = browser.send(Method::DELETE, "/session", None).await;
        assert_eq!((again.status, &again.headers[header::SET_COOKIE]), (StatusCode::NO_CONTENT, &out.headers[header::SET_COOKIE]));
    }

    async fn what_is_wrong_with_a_log_in_is_told(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        let mut browser = Browser::new(app.router());
        for email in [NORA, "nobody@example.org"] {
            let page = browser.log_in(email, "a guess").await;
            assert_eq!(page.refusal(), (400, "WRONG_CREDENTIALS"));
            assert_eq!(page.body["errors"][0]["message"], "Mail address and password do not match an account.");
            assert!(page.headers.get(header::SET_COOKIE).is_none());
        }
        let french = browser.with("accept-language", "fr").log_in(NORA, "a guess").await;
        assert_eq!(french.body["errors"][0]["message"], "L’adresse courriel et le mot de passe ne correspondent à aucun compte.");
        for (body, code) in [
            (json!([]), "BAD_REQUEST"),
            (json!({ "email": NORA }), "BAD_REQUEST"),
            (json!({ "email": NORA, "password": 7 }), "BAD_REQUEST"),
            (json!({ "email": NORA, "password": PASSWORD, "staffRole": "ADMIN" }), "BAD_REQUEST"),
        ] {
            let page = browser.send(Method::POST, "/session", Some(body)).await;
            assert_eq!(page.refusal(), (400, code));
        }
        let empty = browser.send(Method::POST, "/session", None).await;
        assert_eq!(empty.refusal(), (400, "INVALID_JSON"));
        let large = json!({ "email": "x".repeat(70_000), "password": PASSWORD });
        assert_eq!(browser.send(Method::POST, "/session", Some(large)).await.refusal(), (413, "BODY_TOO_LARGE"));
        let form = browser.with("content-type", "text/plain");
        let body = json!({ "email": NORA, "password": PASSWORD });
        assert_eq!(form.send(Method::POST, "/session", Some(body)).await.refusal().0, 415);
        assert_eq!(sessions(&app).await.len(), 1, "that of the sign-up");
        assert_eq!(browser.send(Method::GET, "/session", None).await.refusal(), (401, "UNAUTHENTICATED"));
        assert_eq!(browser.send(Method::PUT, "/session", None).await.status, StatusCode::METHOD_NOT_ALLOWED);
    }

    async fn a_page_of_another_site_can_do_nothing_with_the_cookie(backend) {
        let settings = [("ALLOWED_ORIGINS", "https://admin.marketplace.test")];
        let app = TestApp::with_settings(backend, &settings).await;
        app.sign_up("Nora", "en").await;
        let browser = logged_in(&app, NORA).await;
        let body = || Some(json!({ "query": VIEWER }));
        let log_in = || Some(json!({ "email": NORA, "password": PASSWORD }));
        let code = || Some(json!({ "code": "123456" }));
        let requests = [
            (Method::POST, "/graphql", body()),
            (Method::POST, "/session", log_in()),
            (Method::DELETE, "/session", None),
            (Method::POST, "/session/factor", code()),
            (Method::GET, "/session", None),
            (Method::GET, "/graphql?query=%7Bviewer%7Bemail%7D%7D", None),
            (Method::GET, "/rounds/round_1/certificate.json", None),
        ];
        let forged = ["https://evil.example", "null", "", "http://marketplace.test.evil.example", "https://marketplace.test", "http://marketplace.test:81"];
        for (method, path, body) in &requests {
            for origin in forged {
                let page = browser.with("origin", origin).send(method.clone(), path, body.clone()).await;
                assert_eq!(page.refusal(), (403, "FORBIDDEN_ORIGIN"), "{method} {path} from {origin}");
                assert!(page.headers.get(header::SET_COOKIE).is_none());
            }
            if *method != Method::GET {
                let page = browser.without("origin").send(method.clone(), path, body.clone()).await;
                assert_eq!(page.refusal(), (403, "FORBIDDEN_ORIGIN"), "{method} {path} from nowhere");
            }
            for without in [browser.without("x-marketplace-client"), browser.with("x-marketplace-client", "")] {
                let page = without.send(method.clone(), path, body.clone()).await;
                assert_eq!(page.refusal(), (403, "CLIENT_HEADER_REQUIRED"), "{method} {path}");
            }
        }
        assert!(is_live(&browser).await, "nobody logged it out");
        for origin in [OWN, "https://admin.marketplace.test", "HTTP://MARKETPLACE.TEST"] {
            assert!(is_live(&browser.with("origin", origin)).await, "{origin}");
        }
        assert_eq!(sessions(&app).await.len(), 2, "nobody was logged in either");
        // Pages that a person opens need nothing, and get nothing from it.
        let plain = browser.without("origin").without("x-marketplace-client");
        assert_eq!(plain.send(Method::GET, "/healthz", None).await.status, StatusCode::OK);
        assert_eq!(plain.send(Method::GET, "/a/style.css", None).await.status, StatusCode::OK);
    }

    async fn without_a_cookie_nothing_is_asked_of_programs(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let program = Browser::new(app.router()).without("origin").without("x-marketplace-client");
        assert_eq!(program.graphql(VIEWER).await.body["data"]["viewer"], Value::Null);
        let token = format!("Bearer {}", nora.token().unwrap());
        let page = program.with("authorization", &token).graphql(VIEWER).await;
        assert_eq!(page.body["data"]["viewer"]["email"], NORA);
    }

    async fn a_token_beside_a_cookie_is_refused_whichever_holds(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let browser = logged_in(&app, NORA).await;
        let dead = browser.holding(&format!("__Host-session={}", "x".repeat(43)));
        let token = format!("Bearer {}", nora.token().unwrap());
        for (browser, token) in [(&browser, token.as_str()), (&browser, "Bearer forged"), (&dead, token.as_str()), (&browser, "Basic bm9yYTp4")] {
            let both = browser.with("authorization", token);
            assert_eq!(both.graphql(VIEWER).await.refusal(), (400, "TWO_CREDENTIALS"));
            for (method, path) in [(Method::GET, "/session"), (Method::DELETE, "/session"), (Method::GET, "/rounds/round_1/certificate.json")] {
                assert_eq!(both.send(method, path, None).await.refusal(), (400, "TWO_CREDENTIALS"), "{path}");
            }
            let french = both.with("accept-language", "fr").graphql(VIEWER).await;
            let words = french.body["errors"][0]["message"].as_str().unwrap();
            assert_eq!(words, "Il y a un jeton d’accès et un témoin de session. Envoyez l’un des deux.");
        }
        let log_in = json!({ "email": NORA, "password": PASSWORD });
        let page = Browser::new(app.router()).with("authorization", &token).send(Method::POST, "/session", Some(log_in)).await;
        assert_eq!(page.refusal(), (400, "TWO_CREDENTIALS"));
        assert!(is_live(&browser).await);
    }

    async fn a_made_up_cookie_is_refused(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        let browser = logged_in(&app, NORA).await;
        let own = browser.cookie.clone().unwrap();
        let hash = sessions(&app).await.pop().unwrap().cookie_hash.unwrap();
        let forged = [
            "__Host-session=".to_owned(),
            "__Host-session=guess".to_owned(),
            format!("__Host-session={}", "A".repeat(43)),
            format!("__Host-session={hash}"),
            own[..own.len() - 1].to_owned(),
            format!("{own}; {own}"),
        ];
        for cookie in forged {
            let forger = browser.holding(&cookie);
            assert!(!is_live(&forger).await, "{cookie}");
        }
        assert!(is_live(&browser).await);
        let unknown = browser.holding(&own.replace("__Host-session", "session"));
        assert_eq!(unknown.graphql(VIEWER).await.body["data"]["viewer"], Value::Null, "a name of somebody else's");
    }

    async fn it_lasts_as_long_as_any_other_session(backend) {
        let app = TestApp::with_settings(backend, &[("SESSION_DAYS", "2"), ("SESSION_ABSOLUTE_DAYS", "5")]).await;
        app.sign_up("Nora", "en").await;
        let idle = logged_in(&app, NORA).await;
        let busy = logged_in(&app, NORA).await;
        app.advance(TimeDelta::days(2) - INSTANT);
        assert!(is_live(&busy).await);
        app.advance(INSTANT);
        assert!(!is_live(&idle).await);
        app.advance(TimeDelta::days(1));
        assert!(is_live(&busy).await);
        app.advance(TimeDelta::days(2) - INSTANT - INSTANT);
        assert!(is_live(&busy).await);
        app.advance(INSTANT);
        assert!(is_live(&busy).await, "the last moment of the fifth day");
        app.advance(INSTANT);
        assert!(!is_live(&busy).await, "five days after log-in");

        app.coordinator().await;
        let mut staff = Browser::new(app.router());
        let page = staff.log_in("coordinator@example.org", PASSWORD).await;
        assert!(page.headers[header::SET_COOKIE].to_str().unwrap().contains("; Max-Age=43200; "));
        app.advance(TimeDelta::minutes(30) - INSTANT);
        assert!(is_live(&staff).await);
        app.advance(TimeDelta::minutes(30));
        assert!(!is_live(&staff).await);
    }

    async fn what_ends_sessions_ends_those_of_browsers(backend) {
        let app = TestApp::new(backend).await;
        let admin = app.admin().await;
        let nora = app.sign_up("Nora", "en").await;
        let id = nora.query("{ viewer { id } }", json!({})).await["viewer"]["id"].clone();
        let role = |role: &str| json!({ "id": id, "role": role });
        let set_role = "mutation($id: ID!, $role: GivenStaffRole!) { setStaffRole(input: { accountId: $id, staffRole: $role }) { userErrors { code } } }";
        let browser = logged_in(&app, NORA).await;
        admin.mutate(set_role, role("COORDINATOR")).await;
        assert!(!is_live(&browser).await, "another role");
        let browser = logged_in(&app, NORA).await;
        assert_eq!(browser.send(Method::GET, "/session", None).await.body["account"]["staffRole"], "COORDINATOR");
        let disable = "mutation($id: ID!) { disableAccount(input: { accountId: $id }) { userErrors { code } } }";
        admin.mutate(disable, json!({ "id": id })).await;
        assert!(!is_live(&browser).await, "a disabled account");
        let enable = "mutation($id: ID!) { enableAccount(input: { accountId: $id }) { userErrors { code } } }";
        admin.mutate(enable, json!({ "id": id })).await;

        let (one, mut other) = (logged_in(&app, NORA).await, logged_in(&app, NORA).await);
        let page = one.graphql("mutation { revokeOtherSessions { count } }").await;
        assert_eq!(page.body["data"]["revokeOtherSessions"]["count"], 1);
        assert!(is_live(&one).await && !is_live(&other).await);
        let listed = one.graphql("{ viewer { sessions { isCurrent } } }").await;
        assert_eq!(listed.body["data"]["viewer"]["sessions"], json!([{ "isCurrent": true }]));
        assert_eq!(one.graphql("mutation { logOut { userErrors { code } } }").await.status, StatusCode::OK);
        assert!(!is_live(&one).await);

        other.log_in(NORA, PASSWORD).await;
        let before = other.clone();
        other.log_in(NORA, PASSWORD).await;
        assert!(is_live(&other).await && !is_live(&before).await, "a browser has one session at a time");
    }

    async fn the_second_factor_is_shown_in_a_browser_too(backend) {
        let app = TestApp::with_settings(backend, &[("STAFF_SECOND_FACTOR", "required")]).await;
        let coordinator = app.coordinator().await;
        let email = "coordinator@example.org";
        let mut browser = Browser::new(app.router());
        assert_eq!(browser.log_in(email, PASSWORD).await.body["secondFactor"], "TO_ENROLL");
        let (own, _) = Authenticator::set_up(&app, &coordinator).await;
        assert_eq!(browser.send(Method::GET, "/session", None).await.body["secondFactor"], "TO_PROVE");
        app.advance(TimeDelta::seconds(30));
        assert_eq!(browser.show_code("000000").await.refusal(), (400, "WRONG_CREDENTIALS"));
        let copy = browser.clone();
        let page = copy.graphql(&format!(
            "mutation {{ proveSecondFactor(input: {{ code: \"{}\" }}) {{ userErrors {{ code message }} }} }}",
            own.code(&app)
        )).await;
        let error = &page.body["data"]["proveSecondFactor"]["userErrors"][0];
        assert_eq!(error["code"], "WRONG_STATE");
        assert!(error["message"].as_str().unwrap().contains("POST /session/factor"), "{error}");
        let page = browser.show_code(&own.code(&app)).await;
        assert_eq!((page.status, &page.body["secondFactor"]), (StatusCode::OK, &json!("PROVEN")));
        assert_eq!(page.body["account"]["staffRole"], "COORDINATOR");
        assert_eq!(browser.send(Method::GET, "/session", None).await.body["secondFactor"], "PROVEN");
        // Whoever copied the cookie before has nothing of it.
        assert_eq!(copy.send(Method::GET, "/session", None).await.refusal(), (401, "UNAUTHENTICATED"));
        let stranger = Browser::new(app.router());
        let page = stranger.send(Method::POST, "/session/factor", Some(json!({ "code": "123456" }))).await;
        assert_eq!(page.refusal(), (401, "UNAUTHENTICATED"));
    }

    async fn a_factor_that_is_set_up_in_a_browser_is_shown_where_it_gets_another_cookie(backend) {
        let app = TestApp::with_settings(backend, &[("STAFF_SECOND_FACTOR", "required")]).await;
        app.coordinator().await;
        let mut browser = Browser::new(app.router());
        browser.log_in("coordinator@example.org", PASSWORD).await;
        let copy = browser.clone();
        let made = browser.graphql(&format!(
            "mutation {{ enrollSecondFactor(input: {{ password: \"{PASSWORD}\" }}) {{ secret userErrors {{ code }} }} }}"
        )).await;
        let own = Authenticator::new(made.body["data"]["enrollSecondFactor"]["secret"].as_str().unwrap());
        let confirmed = browser.graphql(&format!(
            "mutation {{ confirmSecondFactor(input: {{ code: \"{}\" }}) {{ recoveryCodes userErrors {{ code }} }} }}",
            own.code(&app)
        )).await;
        assert_eq!(confirmed.body["data"]["confirmSecondFactor"]["userErrors"], json!([]));
        for held in [&browser, &copy] {
            assert_eq!(held.send(Method::GET, "/session", None).await.body["secondFactor"], "TO_PROVE");
        }
        app.advance(TimeDelta::seconds(30));
        assert_eq!(browser.show_code(&own.code(&app)).await.body["secondFactor"], "PROVEN");
        assert_eq!(copy.send(Method::GET, "/session", None).await.refusal(), (401, "UNAUTHENTICATED"));
    }

    async fn a_new_password_ends_the_browsers_own_session_too(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        let mut browser = Browser::new(app.router());
        browser.log_in(NORA, PASSWORD).await;
        let changed = browser.graphql(&format!(
            "mutation {{ changePassword(input: {{ currentPassword: \"{PASSWORD}\", newPassword: \"another horse staple\" }}) {{ userErrors {{ code }} }} }}"
        )).await;
        assert_eq!(changed.body["data"]["changePassword"]["userErrors"], json!([]));
        assert!(!is_live(&browser).await);
        assert_eq!(browser.log_in(NORA, "another horse staple").await.status, StatusCode::OK);
        app.run_jobs().await;
    }
}
