//! What mail servers report of mails that left: who may say it, what comes of it, and what does not.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use chrono::TimeDelta;
use entity::account;
use entity::audit_event;
use entity::id::SuppressionId;
use entity::job::{self, JobState};
use entity::mail_message::{self, MailState, MailTopic};
use entity::personal::Personal;
use entity::suppression::{self, SuppressionReason, SuppressionTopic};
use http_body_util::BodyExt as _;
use matcher::mail::{Failure, Reply, SendError, Stage};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::database::Backend;
use tests::on_both_databases;
use tower::ServiceExt as _;

use crate::jobs::queue_a_mail;

const SECRET: &str = "what the mail server shows, long enough";
const BOUNCES: &str = "bounces@marketplace.example";

async fn app(backend: Backend) -> TestApp {
    let settings = [
        ("MAIL_BOUNCE_ADDRESS", BOUNCES),
        ("MAIL_REPORT_SECRET", SECRET),
    ];
    TestApp::with_settings(backend, &settings).await
}

/// A mail about offers that left, and its return path.
async fn send_a_mail(app: &TestApp, email: &str) -> (mail_message::Model, String) {
    queue_a_mail(app, email).await;
    let queued = mail_message::Entity::find()
        .filter(
            mail_message::COLUMN
                .to_address
                .eq(Personal::<String>::new(email)),
        )
        .filter(mail_message::COLUMN.state.eq(MailState::Queued))
        .one(&app.app.store.connection)
        .await
        .unwrap()
        .unwrap();
    mail_message::ActiveModel {
        topic: Set(MailTopic::Offers),
        ..queued.into()
    }
    .update(&app.app.store.connection)
    .await
    .unwrap();
    app.run_jobs().await;
    let delivery = app.mailbox().deliveries().pop().unwrap();
    let return_path = delivery.envelope.return_path.as_str().to_owned();
    (mail_of(app, email).await, return_path)
}

async fn mail_of(app: &TestApp, email: &str) -> mail_message::Model {
    let mut mails = mail_message::Entity::find()
        .filter(
            mail_message::COLUMN
                .to_address
                .eq(Personal::<String>::new(email)),
        )
        .filter(mail_message::COLUMN.topic.eq(MailTopic::Offers))
        .all(&app.app.store.connection)
        .await
        .unwrap();
    assert_eq!(mails.len(), 1);
    mails.remove(0)
}

fn bounce(to: &str, status: &str, returned: &str) -> String {
    bounce_of("NORA@example.org", to, status, returned)
}

/// The same about another recipient.
fn bounce_of(recipient: &str, to: &str, status: &str, returned: &str) -> String {
    format!(
        "From: MAILER-DAEMON@relay.example\r\nTo: {to}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\nFinal-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: {status}\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{returned}Subject: x\r\n--b--\r\n"
    )
}

fn complaint(message_id: &str) -> String {
    format!(
        "From: feedback@mailbox.example\r\nTo: abuse@marketplace.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{message_id}>\r\nSubject: x\r\n\r\nx\r\n--b--\r\n"
    )
}

/// What is answered to `report`, posted as a mail server does.
async fn post(app: &TestApp, report: &str) -> (StatusCode, Value) {
    let headers = [
        ("authorization", format!("Bearer {SECRET}")),
        ("content-type", "message/rfc822".to_owned()),
    ];
    send(app, &headers, report).await
}

async fn send(app: &TestApp, headers: &[(&str, String)], body: &str) -> (StatusCode, Value) {
    let mut request = Request::builder()
        .method(Method::POST)
        .uri("/hooks/mail-reports");
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let request = request.body(Body::from(body.to_owned())).unwrap();
    let answer = app.router().oneshot(request).await.unwrap();
    let status = answer.status();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

async fn suppressions(app: &TestApp) -> Vec<(String, SuppressionTopic, SuppressionReason)> {
    let rows = suppression::Entity::find()
        .all(&app.app.store.connection)
        .await
        .unwrap();
    rows.into_iter()
        .map(|row| (row.email_normalized.into_exposed(), row.topic, row.reason))
        .collect()
}

async fn trail(app: &TestApp) -> Vec<(String, Value)> {
    let events = audit_event::Entity::find()
        .filter(audit_event::COLUMN.subject_kind.eq("mail"))
        .all(&app.app.store.connection)
        .await
        .unwrap();
    let told = events.into_iter();
    told.map(|event| (event.action, event.detail)).collect()
}

on_both_databases! {
    async fn an_address_that_does_not_exist_is_written_to_no_more(backend) {
        let app = app(backend).await;
        let (mail, return_path) = send_a_mail(&app, "Nora@example.org").await;
        let start = format!("bounces+{}", mail.id.uuid().simple());
        assert!(return_path.starts_with(&start) && return_path.ends_with("@marketplace.example"), "{return_path}");
        assert_eq!(return_path.len(), start.len() + "0123456789@marketplace.example".len());
        app.advance(TimeDelta::minutes(2));
        let report = bounce(&return_path, "5.1.1", "");
        let taken = post(&app, &report).await;
        assert_eq!(taken, (StatusCode::OK, json!({ "taken": "BOUNCED", "status": "5.1.1", "isSuppressed": true })));
        let mail = mail_of(&app, "Nora@example.org").await;
        assert_eq!((mail.bounced_at, mail.bounce_status.as_deref()), (Some(app.app.clock.now()), Some("5.1.1")));
        let suppressed = [("nora@example.org".to_owned(), SuppressionTopic::All, SuppressionReason::Bounced)];
        assert_eq!(suppressions(&app).await, suppressed);

        // The same again, as mail servers do, changes nothing.
        app.advance(TimeDelta::minutes(2));
        assert_eq!(post(&app, &report).await, taken);
        assert_eq!(mail_of(&app, "Nora@example.org").await, mail);
        assert_eq!(suppressions(&app).await, suppressed);
        assert_eq!(trail(&app).await, [("mail.bounced".to_owned(), json!({ "status": "5.1.1", "isSuppressed": true }))]);
    }

    async fn an_address_that_takes_no_mail_just_now_is_written_to_again(backend) {
        let app = app(backend).await;
        let (_, return_path) = send_a_mail(&app, "nora@example.org").await;
        let taken = post(&app, &bounce(&return_path, "5.2.2", "")).await;
        assert_eq!(taken.1, json!({ "taken": "BOUNCED", "status": "5.2.2", "isSuppressed": false }));
        assert_eq!(mail_of(&app, "nora@example.org").await.bounce_status.as_deref(), Some("5.2.2"));
        assert_eq!(suppressions(&app).await, []);
    }

    async fn a_complaint_counts_at_once_and_is_not_taken_back_with_a_click(backend) {
        let app = app(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        app.run_jobs().await;
        let (mail, return_path) = send_a_mail(&app, "yan@example.org").await;
        let mut about_nora = mail_message::ActiveModel::from(mail.clone());
        about_nora.to_address = Set(Personal::new("nora@example.org"));
        about_nora.update(&app.app.store.connection).await.unwrap();
        // She had stopped everything herself, which she could take back.
        suppression::ActiveModel {
            id: Set(SuppressionId::new(app.app.new_id())),
            email_normalized: Set(Personal::new("nora@example.org")),
            topic: Set(SuppressionTopic::All),
            reason: Set(SuppressionReason::Unsubscribed),
            created_at: Set(app.app.clock.now()),
        }
        .insert(&app.app.store.connection)
        .await
        .unwrap();
        let taken = post(&app, &complaint(&mail.message_id)).await;
        assert_eq!(taken, (StatusCode::OK, json!({ "taken": "COMPLAINED", "isSuppressed": true })));
        let complained = [("nora@example.org".to_owned(), SuppressionTopic::All, SuppressionReason::Complained)];
        assert_eq!(suppressions(&app).await, complained);
        let set = "mutation { setMailTopic(input: { topic: OFFERS, isOn: true }) { userErrors { code field } } }";
        assert_eq!(nora.user_errors(set, json!({})).await, ["WRONG_STATE isOn"]);
        // A later bounce does not make it less.
        post(&app, &bounce(&return_path, "5.1.1", "")).await;
        assert_eq!(suppressions(&app).await, complained);
        let actions: Vec<String> = trail(&app).await.into_iter().map(|(action, _)| action).collect();
        assert_eq!(actions, ["mail.complained", "mail.bounced"]);
    }

    async fn an_alias_of_which_somebody_left_is_written_to_as_before(backend) {
        let app = app(backend).await;
        let (_, return_path) = send_a_mail(&app, "nora@example.org").await;
        let report = bounce_of("somebody@team.example", &return_path, "5.1.1", "");
        let kept = json!({ "taken": "BOUNCED", "status": "5.1.1", "isSuppressed": false });
        assert_eq!(post(&app, &report).await.1, kept);
        assert_eq!(suppressions(&app).await, []);
        // Where the server tells whom the mail was for, that counts.
        let (_, return_path) = send_a_mail(&app, "omar@example.org").await;
        let report = bounce_of("somebody@team.example", &return_path, "5.1.1", "");
        let report = report.replace("Final-Recipient", "Original-Recipient: rfc822; Omar@example.org\r\nFinal-Recipient");
        assert_eq!(post(&app, &report).await.1["isSuppressed"], true);
        assert_eq!(suppressions(&app).await.len(), 1);
    }

    async fn a_later_report_may_say_more_than_the_first(backend) {
        let app = app(backend).await;
        let (_, return_path) = send_a_mail(&app, "nora@example.org").await;
        for (status, is_suppressed) in [("5.2.2", false), ("5.1.1", true), ("5.2.2", true)] {
            let taken = post(&app, &bounce(&return_path, status, "")).await;
            assert_eq!(taken.1["isSuppressed"], is_suppressed, "{status}");
        }
    }

    async fn the_same_report_many_times_at_once_counts_once(backend) {
        let app = app(backend).await;
        let (_, return_path) = send_a_mail(&app, "nora@example.org").await;
        let report = bounce(&return_path, "5.1.1", "");
        let answers = futures_util::future::join_all((0..8).map(|_| post(&app, &report))).await;
        for (status, body) in answers {
            assert_eq!((status, &body["isSuppressed"]), (StatusCode::OK, &json!(true)), "{body}");
        }
        assert_eq!((suppressions(&app).await.len(), trail(&app).await.len()), (1, 1));
    }

    async fn reports_of_many_mails_to_one_address_at_once_suppress_it_once(backend) {
        let app = app(backend).await;
        let mut reports = Vec::new();
        for n in 0..6 {
            let (mail, return_path) = send_a_mail(&app, &format!("nora{n}@example.org")).await;
            let all_hers = mail_message::ActiveModel { to_address: Set(Personal::new("nora@example.org")), ..mail.into() };
            all_hers.update(&app.app.store.connection).await.unwrap();
            reports.push(bounce(&return_path, "5.1.1", ""));
        }
        let answers = futures_util::future::join_all(reports.iter().map(|report| post(&app, report))).await;
        for (status, body) in answers {
            assert_eq!((status, &body["isSuppressed"]), (StatusCode::OK, &json!(true)), "{body}");
        }
        assert_eq!(suppressions(&app).await.len(), 1);
    }

    async fn a_recipient_whom_the_relay_itself_refuses_is_written_to_no_more(backend) {
        let app = app(backend).await;
        for (enhanced, is_suppressed) in [("5.7.1", false), ("5.1.1", true)] {
            app.mailbox().fail_next(SendError::Permanent(Failure {
                stage: Stage::Recipient,
                reply: Some(Reply { code: 550, enhanced: Some(enhanced.to_owned()) }),
                detail: "User nora unknown".to_owned(),
            }));
            queue_a_mail(&app, &format!("nora.{enhanced}@example.org")).await;
            app.run_jobs().await;
            assert_eq!(suppressions(&app).await.len(), usize::from(is_suppressed), "{enhanced}");
        }
        let dead = job::Entity::find().filter(job::COLUMN.state.eq(JobState::Dead)).all(&app.app.store.connection).await.unwrap();
        let told: Vec<_> = dead.into_iter().filter_map(|job| job.last_error).collect();
        assert_eq!(told.len(), 2);
        assert!(told[0].contains("550 5.7.1") && !told.iter().any(|told| told.contains("nora")), "{told:?}");
    }

    async fn a_mail_of_somebody_erased_suppresses_nothing(backend) {
        let app = app(backend).await;
        let (mail, return_path) = send_a_mail(&app, "nora@example.org").await;
        let emptied = mail_message::ActiveModel { to_address: Set(Personal::new("")), ..mail.into() };
        emptied.update(&app.app.store.connection).await.unwrap();
        let taken = post(&app, &bounce(&return_path, "5.1.1", "")).await;
        assert_eq!(taken.1["isSuppressed"], false);
        assert_eq!(post(&app, &complaint("x").replace("abuse@marketplace.example", &return_path)).await.0, StatusCode::OK);
        assert_eq!(suppressions(&app).await, []);
    }

    async fn coordinators_see_what_came_back_and_have_the_address_written_to_again(backend) {
        let app = app(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let cora = app.coordinator().await;
        app.run_jobs().await;
        let (mail, _) = send_a_mail(&app, "yan@example.org").await;
        let account = account::Entity::find().filter(account::COLUMN.email.eq("nora@example.org"));
        let account = account.one(&app.app.store.connection).await.unwrap().unwrap();
        let mut hers = mail_message::ActiveModel::from(mail.clone());
        hers.to_address = Set(account.email.clone());
        hers.account_id = Set(Some(account.id));
        hers.update(&app.app.store.connection).await.unwrap();
        let list = "{ mailTroubles(first: 10) { totalCount nodes { kind account { email } isGivenUp bounceStatus complainedAt isAddressBlocked } } }";
        assert_eq!(cora.query(list, json!({})).await["mailTroubles"]["totalCount"], 0);
        post(&app, &complaint(&mail.message_id)).await;
        let seen = cora.query(list, json!({})).await["mailTroubles"].clone();
        assert_eq!(seen["totalCount"], 1);
        let trouble = &seen["nodes"][0];
        assert_eq!((&trouble["account"]["email"], &trouble["isAddressBlocked"]), (&json!("nora@example.org"), &json!(true)));
        assert!(trouble["complainedAt"].as_str().unwrap().starts_with("2026-11-21T15:00:00"));

        let lift = "mutation($id: ID!) { liftMailBlock(input: { accountId: $id }) { account { id } userErrors { code message field } } }";
        let id = json!({ "id": api::graphql::id::encode(&account.id).to_string() });
        assert_eq!(nora.error_code(lift, id.clone()).await, "NOT_FOUND");
        cora.mutate(lift, id.clone()).await;
        assert_eq!(suppressions(&app).await, []);
        assert_eq!(cora.query(list, json!({})).await["mailTroubles"]["nodes"][0]["isAddressBlocked"], false);
        // What she chooses herself is hers to take back.
        let stop = "mutation { setMailTopic(input: { topic: OFFERS, isOn: false }) { userErrors { code field } } }";
        nora.mutate(stop, json!({})).await;
        assert_eq!(cora.user_errors(lift, id).await, ["WRONG_STATE accountId"]);
        assert_eq!(suppressions(&app).await.len(), 1);
        app.run_jobs().await;
    }

    async fn that_a_mail_came_back_is_believed_of_its_return_path_alone(backend) {
        let app = app(backend).await;
        let (mail, return_path) = send_a_mail(&app, "nora@example.org").await;
        let returned = format!("Message-ID: <{}>\r\n", mail.message_id);
        // Whoever has seen an answer to the mail knows its id.
        let id = mail.id.uuid().simple();
        for guessed in [
            "marketplace@example.org".to_owned(),
            BOUNCES.to_owned(),
            format!("bounces+{id}@marketplace.example"),
            format!("bounces+{id}0000000000@marketplace.example"),
        ] {
            let taken = post(&app, &bounce(&guessed, "5.1.1", &returned)).await;
            assert_eq!(taken, (StatusCode::OK, json!({ "taken": "UNKNOWN" })), "{guessed}");
        }
        assert_eq!(mail_of(&app, "nora@example.org").await, mail);
        assert_eq!((suppressions(&app).await, trail(&app).await), (vec![], vec![]));
        let taken = post(&app, &bounce(&return_path, "5.1.1", &returned)).await;
        assert_eq!(taken.1["taken"], "BOUNCED");
    }

    async fn what_is_about_no_mail_that_left_changes_nothing(backend) {
        let app = app(backend).await;
        let (mail, return_path) = send_a_mail(&app, "nora@example.org").await;
        let unknown = "bounces+0192f3c4000070008000abcdef012345@marketplace.example";
        let elsewhere = return_path.replace("marketplace.example", "elsewhere.example");
        for (report, taken) in [
            (bounce(unknown, "5.1.1", ""), "UNKNOWN"),
            (bounce(&elsewhere, "5.1.1", ""), "UNKNOWN"),
            (bounce("marketplace@example.org", "5.1.1", ""), "UNKNOWN"),
            (complaint("nobody@example.org"), "UNKNOWN"),
            (bounce(&return_path, "4.4.1", "").replace("failed", "delayed"), "NOTHING"),
            (bounce(&return_path, "2.0.0", "").replace("failed", "delivered"), "NOTHING"),
        ] {
            assert_eq!(post(&app, &report).await, (StatusCode::OK, json!({ "taken": taken })));
        }
        assert_eq!(mail_of(&app, "nora@example.org").await, mail);
        // A mail that has not left cannot have come back.
        mail_message::ActiveModel { state: Set(MailState::Queued), ..mail.clone().into() }
            .update(&app.app.store.connection)
            .await
            .unwrap();
        assert_eq!(post(&app, &bounce(&return_path, "5.1.1", "")).await.1["taken"], "UNKNOWN");
        assert_eq!((suppressions(&app).await, trail(&app).await), (vec![], vec![]));
    }

    async fn only_who_shows_the_secret_reports_and_only_what_is_a_report(backend) {
        let app = app(backend).await;
        let (_, return_path) = send_a_mail(&app, "nora@example.org").await;
        let report = bounce(&return_path, "5.1.1", "");
        let right = || ("authorization", format!("Bearer {SECRET}"));
        let message = || ("content-type", "message/rfc822".to_owned());
        for (headers, body, status, code) in [
            (vec![message()], report.clone(), 401, "UNAUTHENTICATED"),
            (vec![message(), ("authorization", "Bearer something else".to_owned())], report.clone(), 401, "UNAUTHENTICATED"),
            (vec![message(), ("authorization", SECRET.to_owned())], report.clone(), 401, "UNAUTHENTICATED"),
            (vec![right()], report.clone(), 415, "UNSUPPORTED_MEDIA_TYPE"),
            (vec![right(), ("content-type", "application/json".to_owned())], report.clone(), 415, "UNSUPPORTED_MEDIA_TYPE"),
            (vec![right(), message()], "x".repeat(256 * 1024 + 1), 413, "BODY_TOO_LARGE"),
            (vec![right(), message()], "Subject: Hello\r\n\r\nHello".to_owned(), 400, "INVALID_ARGUMENT"),
        ] {
            let (answered, body) = send(&app, &headers, &body).await;
            let told = body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default();
            assert_eq!((answered.as_u16(), told), (status, code), "{body}");
        }
        assert_eq!(suppressions(&app).await, []);
        let (status, _) = send(&app, &[right(), message()], &report).await;
        assert_eq!(status, StatusCode::OK);
    }

    async fn there_is_no_such_route_without_a_secret_and_no_return_path_without_an_address(backend) {
        let app = TestApp::new(backend).await;
        let (_, return_path) = send_a_mail(&app, "nora@example.org").await;
        assert_eq!(return_path, app.app.config.mail.from_address);
        assert_eq!(post(&app, &bounce(&return_path, "5.1.1", "")).await.0, StatusCode::NOT_FOUND);
    }
}
