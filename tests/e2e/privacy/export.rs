//! The copy of everything that is held of oneself: whole, of nobody else, harmless to open, counted and audited.

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use entity::audit_event;
use entity::personal::Personal;
use entity::volunteer;
use http_body_util::BodyExt;
use sea_orm::{ActiveModelTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use serde_json::Value;
use tests::app::TestApp;
use tests::client::Client;
use tests::on_both_databases;
use tower::ServiceExt;

use super::erasure::people;
use crate::pairings::scene::{Scene, marketplace};

struct File {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

async fn get(app: &TestApp, client: &Client, path: &str) -> File {
    let mut request = Request::get(path);
    if let Some(token) = client.token() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let response = app.router().oneshot(request.body(Body::empty()).unwrap());
    let (parts, body) = response.await.unwrap().into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    File {
        status: parts.status,
        headers: parts.headers,
        text: String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

impl File {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }
}

async fn exports(app: &TestApp) -> u64 {
    audit_event::Entity::find()
        .filter(audit_event::COLUMN.action.eq("account.exported"))
        .count(&app.app.store.connection)
        .await
        .unwrap()
}

on_both_databases! {
    async fn a_copy_has_everything_of_oneself_and_nothing_of_others(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, nora, _) = people(backend, &app, &scene).await;
        for (asker, other) in [(&vera, &nora), (&nora, &vera)] {
            let file = get(&app, &asker.client, "/me/export.json").await;
            assert_eq!(file.status, StatusCode::OK);
            assert_eq!(file.headers["content-type"], "application/json");
            assert_eq!(file.headers["cache-control"], "no-store");
            for (own, _) in &asker.own {
                assert!(file.text.contains(own), "{own} is missing");
            }
            for (withheld, _) in asker.besides.iter().chain(other.traces()) {
                assert!(!file.text.contains(withheld), "{withheld} is told");
            }
            let document = file.json();
            assert_eq!(document["accountId"], asker.account_id.to_string());
            for table in document["tables"].as_array().unwrap() {
                assert!(table["purpose"]["en"].is_string() && table["purpose"]["fr"].is_string(), "{table}");
            }
        }
        assert_eq!(exports(&app).await, 2);
    }

    async fn each_table_is_there_for_a_spreadsheet_and_no_cell_is_a_formula(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, nora, _) = people(backend, &app, &scene).await;
        let tables = get(&app, &vera.client, "/me/export.json").await.json()["tables"].clone();
        let mut all = String::new();
        for table in tables.as_array().unwrap() {
            let name = table["name"].as_str().unwrap();
            let file = get(&app, &vera.client, &format!("/me/export/{name}.csv")).await;
            assert_eq!(file.status, StatusCode::OK, "{name}");
            assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
            assert_eq!(
                file.headers["content-disposition"],
                format!("attachment; filename=\"{name}.csv\"")
            );
            assert!(file.text.lines().count() > table["rows"].as_array().unwrap().len(), "{name}");
            all.push_str(&file.text);
        }
        for (own, _) in &vera.own {
            assert!(all.contains(own), "{own} is missing");
        }
        for (withheld, _) in vera.besides.iter().chain(nora.traces()) {
            assert!(!all.contains(withheld), "{withheld} is told");
        }

        volunteer::ActiveModel {
            id: Set(vera.volunteer_id),
            about: Set(Some(Personal::new("=HYPERLINK(\"https://example.org\")"))),
            ..Default::default()
        }
        .update(&app.app.store.connection)
        .await
        .unwrap();
        let file = get(&app, &vera.client, "/me/export/volunteer.csv").await;
        assert!(file.text.contains(",\"'=HYPERLINK(\"\"https://example.org\"\")\""), "{}", file.text);
        assert!(file.text.contains(",-75.5,"), "{}", file.text);
    }

    async fn who_is_not_logged_in_gets_nothing_and_nobody_a_table_that_is_none(backend) {
        let app = TestApp::new(backend).await;
        let vera = app.sign_up("Vera", "fr").await;
        for path in ["/me/export.json", "/me/export/account.csv", "/me/export/nothing.csv"] {
            let file = get(&app, &app.client(), path).await;
            assert_eq!(file.status, StatusCode::UNAUTHORIZED, "{path}");
            assert_eq!(file.json()["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
            let forged = get(&app, &app.client().with_token("x.y.z"), path).await;
            assert_eq!(forged.status, StatusCode::UNAUTHORIZED, "{path}");
        }
        // The last two are tables, but hold nothing that is shown.
        for name in ["nothing", "account", "", "role", "job", "digest"] {
            let path = if name == "account" { "/me/export/account".to_owned() } else { format!("/me/export/{name}.csv") };
            let file = get(&app, &vera, &path).await;
            assert_eq!(file.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(exports(&app).await, 0);
    }

    async fn sixty_copies_an_hour_and_no_more(backend) {
        let settings = [
            ("ENVIRONMENT", "production"),
            ("BASE_URL", "https://marketplace.test"),
            ("MAIL_TRANSPORT", "smtps://mailer:secret@mail.test"),
            ("LINK_SECRET", "a secret of thirty-two characters or more"),
            ("SEALING_SECRET", "another secret of thirty-two characters or more"),
            ("STAFF_SECOND_FACTOR", "required"),
            ("MAIL_POSTAL_ADDRESS", "1 Main Street, Ottawa ON K1A 0A1"),
            ("ARGON2_MEMORY_KIB", "19456"),
            ("ARGON2_PASSES", "2"),
        ];
        let app = TestApp::with_settings(backend, &settings).await;
        let (vera, nora) = (app.sign_up("Vera", "en").await, app.sign_up("Nora", "en").await);
        for _ in 0..60 {
            assert_eq!(get(&app, &vera, "/me/export/account.csv").await.status, StatusCode::OK);
        }
        let refused = get(&app, &vera, "/me/export.json").await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(refused.json()["errors"][0]["extensions"]["code"], "RATE_LIMITED");
        let seconds: u64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=3_600).contains(&seconds), "{seconds}");
        assert_eq!(get(&app, &nora, "/me/export.json").await.status, StatusCode::OK);
        assert_eq!(exports(&app).await, 61);
    }
}
