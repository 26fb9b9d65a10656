//! Which mail one gets, what it rests on, and in which words and by which way somebody agreed.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use chrono::TimeDelta;
use entity::consent::{self, ConsentChannel, ConsentPurpose};
use entity::id::SuppressionId;
use entity::mail_message::{self, MailBasis};
use entity::personal::Personal;
use entity::suppression::{self, SuppressionReason, SuppressionTopic};
use entity::{account, id::AccountId};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::on_both_databases;
use tower::ServiceExt as _;

const TOPICS: &str = "{ viewer { mailTopics { topic isOn blockedBy } } }";
const SET: &str = "mutation($input: SetMailTopicInput!) { setMailTopic(input: $input) { account { mailTopics { topic isOn } } userErrors { code message field } } }";

async fn topics(client: &Client) -> Value {
    client.query(TOPICS, json!({})).await["viewer"]["mailTopics"].clone()
}

async fn set(client: &Client, topic: &str, is_on: bool, version: Option<&str>) -> Vec<String> {
    let input = json!({ "topic": topic, "isOn": is_on, "wordingVersion": version });
    client.user_errors(SET, json!({ "input": input })).await
}

fn choice(topic: &str, is_on: bool) -> Value {
    json!({ "topic": topic, "isOn": is_on, "blockedBy": null })
}

async fn account_of(app: &TestApp, email: &str) -> account::Model {
    let found = account::Entity::find().filter(account::COLUMN.email.eq(email));
    found.one(&app.app.store.connection).await.unwrap().unwrap()
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

/// The acts of an account for a purpose, the first one first: given or taken back, and how.
async fn acts(
    app: &TestApp,
    account: AccountId,
    purpose: ConsentPurpose,
) -> Vec<(bool, ConsentChannel)> {
    let mut rows = consent::Entity::find()
        .filter(consent::COLUMN.account_id.eq(account))
        .filter(consent::COLUMN.purpose.eq(purpose))
        .all(&app.app.store.connection)
        .await
        .unwrap();
    rows.sort_by_key(|act| act.given_at);
    rows.into_iter()
        .map(|act| (act.is_granted, act.channel))
        .collect()
}

async fn suppressions(app: &TestApp) -> u64 {
    suppression::Entity::find()
        .count(&app.app.store.connection)
        .await
        .unwrap()
}

/// Sends a mutation as a page in a browser does, which names where it is from.
async fn from_page(app: &TestApp, client: &Client, origin: &str, document: &str, variables: Value) {
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ORIGIN, origin)
        .header(
            header::AUTHORIZATION,
            format!("Bearer {}", client.token().unwrap()),
        )
        .body(Body::from(
            json!({ "query": document, "variables": variables }).to_string(),
        ));
    let response = app.router().oneshot(request.unwrap()).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
}

on_both_databases! {
    async fn each_topic_is_chosen_apart_and_a_choice_can_be_taken_back(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        assert_eq!(topics(&nora).await, json!([choice("OFFERS", true), choice("NEWSLETTER", false)]));
        for _ in 0..2 {
            assert_eq!(set(&nora, "OFFERS", false, None).await, Vec::<String>::new());
            assert_eq!(topics(&nora).await[0], choice("OFFERS", false));
        }
        assert_eq!(suppressions(&app).await, 1);
        for _ in 0..2 {
            assert_eq!(set(&nora, "OFFERS", true, None).await, Vec::<String>::new());
            assert_eq!(topics(&nora).await[0], choice("OFFERS", true));
        }
        assert_eq!(suppressions(&app).await, 0);

        // Summaries are for coordinators.
        assert_eq!(set(&nora, "DIGEST", false, None).await, ["UNKNOWN topic"]);
        let coordinator = app.coordinator().await;
        assert_eq!(topics(&coordinator).await[1], choice("DIGEST", true));
        assert_eq!(set(&coordinator, "DIGEST", false, None).await, Vec::<String>::new());
        assert_eq!(topics(&coordinator).await[1], choice("DIGEST", false));

        assert_eq!(app.client().error_code(SET, json!({ "input": { "topic": "OFFERS", "isOn": false } })).await, "UNAUTHENTICATED");
    }

    async fn who_had_stopped_everything_and_wants_one_topic_again_gets_that_one(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        suppress(&app, "nora@example.org", SuppressionTopic::All, SuppressionReason::Unsubscribed).await;
        assert_eq!(topics(&nora).await[0], choice("OFFERS", false));
        assert_eq!(set(&nora, "OFFERS", true, None).await, Vec::<String>::new());
        assert_eq!(topics(&nora).await[0], choice("OFFERS", true));
        let rows = suppression::Entity::find().all(&app.app.store.connection).await.unwrap();
        let mut left: Vec<_> = rows.into_iter().map(|row| row.topic.as_str()).collect();
        left.sort_unstable();
        assert_eq!(left, ["digest", "newsletter"]);
    }

    async fn nobody_turns_on_mail_to_an_address_that_bounced_or_complained(backend) {
        let app = TestApp::new(backend).await;
        for (name, topic, reason, word) in [
            ("Nora", SuppressionTopic::All, SuppressionReason::Bounced, "BOUNCED"),
            ("Omar", SuppressionTopic::Offers, SuppressionReason::Complained, "COMPLAINED"),
        ] {
            let client = app.sign_up(name, "en").await;
            let email = format!("{}@example.org", name.to_lowercase());
            suppress(&app, &email, topic, reason).await;
            let blocked = json!({ "topic": "OFFERS", "isOn": false, "blockedBy": word });
            assert_eq!(topics(&client).await[0], blocked);
            let before = suppressions(&app).await;
            assert_eq!(set(&client, "OFFERS", true, None).await, ["WRONG_STATE isOn"]);
            assert_eq!((topics(&client).await[0].clone(), suppressions(&app).await), (blocked, before));
        }
    }

    async fn news_rest_on_a_consent_which_their_link_takes_back(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let account = account_of(&app, "nora@example.org").await;
        let version = nora.query("{ consentWordings { version } }", json!({})).await["consentWordings"][0]["version"].clone();
        let version = version.as_str().unwrap();
        assert_eq!(set(&nora, "NEWSLETTER", true, None).await, ["STALE wordingVersion"]);
        assert_eq!(set(&nora, "NEWSLETTER", true, Some("1999-01")).await, ["STALE wordingVersion"]);
        assert_eq!(set(&nora, "NEWSLETTER", true, Some(version)).await, Vec::<String>::new());
        assert_eq!(topics(&nora).await[1], choice("NEWSLETTER", true));

        let link = api::outbox::action_url(
            &app.app,
            "unsubscribe",
            api::outbox::UNSUBSCRIBE_PURPOSE,
            (account.id, "newsletter"),
            app.app.clock.now() + TimeDelta::days(1),
        );
        let path = link.strip_prefix("http://marketplace.test").unwrap();
        for method in [Method::GET, Method::POST, Method::POST] {
            let request = Request::builder()
                .method(method.clone())
                .uri(path)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from("List-Unsubscribe=One-Click"));
            let response = app.router().oneshot(request.unwrap()).await.unwrap();
            assert_eq!(response.status(), StatusCode::OK, "{method}");
            assert_eq!(topics(&nora).await[1], choice("NEWSLETTER", method == Method::GET));
        }
        let expected = [
            (false, ConsentChannel::Api),
            (true, ConsentChannel::Api),
            (false, ConsentChannel::Mail),
        ];
        assert_eq!(acts(&app, account.id, ConsentPurpose::Newsletter).await, expected);
        // The consent to matching is another one.
        assert_eq!(acts(&app, account.id, ConsentPurpose::Matching).await, [(true, ConsentChannel::Api)]);
        assert_eq!(set(&nora, "NEWSLETTER", true, Some(version)).await, Vec::<String>::new());
        assert_eq!(topics(&nora).await[1], choice("NEWSLETTER", true));
    }

    async fn a_link_with_a_topic_that_there_is_not_is_no_link_of_ours(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        let account = account_of(&app, "nora@example.org").await;
        for (topic, status) in [("gossip", StatusCode::BAD_REQUEST), ("account", StatusCode::GONE)] {
            let until = app.app.clock.now() + TimeDelta::days(1);
            let link = api::outbox::action_url(&app.app, "unsubscribe", api::outbox::UNSUBSCRIBE_PURPOSE, (account.id, topic), until);
            let path = link.strip_prefix("http://marketplace.test").unwrap();
            let request = Request::post(path)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::empty());
            assert_eq!(app.router().oneshot(request.unwrap()).await.unwrap().status(), status, "{topic}");
        }
        assert_eq!(suppressions(&app).await, 0);
    }

    async fn a_consent_tells_by_which_way_it_was_given(backend) {
        let app = TestApp::with_settings(backend, &[("ALLOWED_ORIGINS", "https://app.example")]).await;
        let nora = app.sign_up("Nora", "en").await;
        let account = account_of(&app, "nora@example.org").await;
        let document = "mutation($input: SetConsentInput!) { setConsent(input: $input) { userErrors { code message field } } }";
        let input = |is_granted: bool| json!({ "input": { "purpose": "SHARING", "isGranted": is_granted, "wordingVersion": "2026-11" } });
        from_page(&app, &nora, "http://marketplace.test", document, input(false)).await;
        from_page(&app, &nora, "https://app.example", document, input(true)).await;
        from_page(&app, &nora, "https://elsewhere.example", document, input(false)).await;
        nora.mutate(document, input(true)).await;
        let expected = [
            (true, ConsentChannel::Api),
            (false, ConsentChannel::Web),
            (true, ConsentChannel::Web),
            (false, ConsentChannel::Api),
            (true, ConsentChannel::Api),
        ];
        assert_eq!(acts(&app, account.id, ConsentPurpose::Sharing).await, expected);
    }

    async fn the_words_of_every_consent_can_be_read_in_both_languages(backend) {
        let app = TestApp::new(backend).await;
        let document = "query($version: String) { consentWordings(version: $version) { purpose version isCurrent words { en fr } } }";
        let wordings = app.client().query(document, json!({})).await["consentWordings"].clone();
        let purposes: Vec<&str> = wordings.as_array().unwrap().iter().map(|one| one["purpose"].as_str().unwrap()).collect();
        assert_eq!(purposes, ["MATCHING", "NEWSLETTER", "SHARING"]);
        for wording in wordings.as_array().unwrap() {
            assert_eq!(wording["isCurrent"], true);
            let named = json!({ "version": wording["version"] });
            assert_eq!(app.client().query(document, named).await["consentWordings"], wordings);
        }
        assert_eq!(app.client().query(document, json!({ "version": "1999-01" })).await["consentWordings"], json!([]));
        for language in ["en", "fr"] {
            let request = Request::get(format!("/privacy?lang={language}")).body(Body::empty());
            let response = app.router().oneshot(request.unwrap()).await.unwrap();
            let body = http_body_util::BodyExt::collect(response.into_body()).await.unwrap().to_bytes();
            let page = String::from_utf8(body.to_vec()).unwrap();
            for wording in wordings.as_array().unwrap() {
                assert!(page.contains(wording["words"][language].as_str().unwrap()), "{wording:#} in {language}");
            }
        }
    }

    async fn every_mail_tells_what_it_rests_on(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        let mails = mail_message::Entity::find().all(&app.app.store.connection).await.unwrap();
        assert!(!mails.is_empty());
        for mail in mails {
            assert_eq!((mail.basis, mail.consent_id), (Some(MailBasis::Account), None), "{}", mail.kind);
        }
    }
}
