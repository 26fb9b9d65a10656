//! The register of confidentiality incidents: what must be in it, what must not, and who reads it.

use api::context::Context;
use api::credentials::access_token::{Occasion, authenticate};
use api::domain::incidents::{add, close};
use api::error::DomainError;
use chrono::{NaiveDate, TimeDelta};
use entity::audit_event;
use entity::id::IncidentId;
use entity::incident::{self, IncidentKind};
use sea_orm::{EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::on_both_databases;

const LIST: &str = "query($isOpen: Boolean, $first: Int, $after: String) { incidents(isOpen: $isOpen, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } edges { node { kind description noticedOn people risk measures commissionerToldOn peopleToldOn closedAt } } } }";

fn system(app: &TestApp) -> Context {
    Context::system(app.app.clone(), "test")
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn noticed(description: &str, people: Option<i32>) -> add::Input {
    add::Input {
        kind: IncidentKind::UnauthorizedAccess,
        description: description.to_owned(),
        noticed_on: day("2026-11-20"),
        people,
    }
}

fn closing(id: IncidentId) -> close::Input {
    close::Input {
        id,
        people: None,
        is_risk_serious: false,
        measures: "The list was taken down and its link ended.".to_owned(),
        commissioner_told_on: None,
        people_told_on: None,
    }
}

/// An incident that nobody has closed.
pub(crate) async fn notice(app: &TestApp) {
    add::run(
        &system(app),
        &noticed("A list went to the wrong address.", Some(3)),
    )
    .await
    .unwrap();
}

/// The broken rules, as `Code field`.
fn broken<T: std::fmt::Debug>(outcome: Result<T, DomainError>) -> Vec<String> {
    match outcome.unwrap_err() {
        DomainError::Rules(violations) => violations
            .iter()
            .map(|violation| {
                format!("{:?} {}", violation.code, violation.field)
                    .trim()
                    .to_owned()
            })
            .collect(),
        other => panic!("{other:?}"),
    }
}

async fn listed(app: &TestApp, variables: Value) -> Value {
    let coordinator = app.log_in("coordinator@example.org").await;
    coordinator.query(LIST, variables).await["incidents"].clone()
}

on_both_databases! {
    async fn an_incident_is_added_assessed_and_closed_and_leaves_a_trail_without_words(backend) {
        let app = TestApp::new(backend).await;
        app.coordinator().await;
        let ctx = system(&app);
        let added = add::run(&ctx, &noticed(" A list of volunteers was public for an hour. ", None)).await.unwrap();
        let open = json!({
            "kind": "UNAUTHORIZED_ACCESS", "description": "A list of volunteers was public for an hour.",
            "noticedOn": "2026-11-20", "people": null, "risk": "UNASSESSED", "measures": null,
            "commissionerToldOn": null, "peopleToldOn": null, "closedAt": null,
        });
        assert_eq!(listed(&app, json!({})).await["edges"][0]["node"], open);

        // What the law asks for is asked for.
        assert_eq!(broken(close::run(&ctx, &closing(added.id)).await), ["Required people"]);
        let serious = close::Input { people: Some(12), is_risk_serious: true, ..closing(added.id) };
        assert_eq!(broken(close::run(&ctx, &serious).await), ["Required commissionerToldOn", "Required peopleToldOn"]);
        let told = close::Input {
            commissioner_told_on: Some(day("2026-11-21")), people_told_on: Some(day("2026-11-22")), ..serious
        };
        app.advance(TimeDelta::days(1));
        close::run(&ctx, &told).await.unwrap();
        assert_eq!(broken(close::run(&ctx, &told).await), ["WrongState"]);
        let closed = json!({
            "kind": "UNAUTHORIZED_ACCESS", "description": "A list of volunteers was public for an hour.",
            "noticedOn": "2026-11-20", "people": 12, "risk": "SERIOUS",
            "measures": "The list was taken down and its link ended.",
            "commissionerToldOn": "2026-11-21", "peopleToldOn": "2026-11-22", "closedAt": "2026-11-22T15:00:00+00:00",
        });
        assert_eq!(listed(&app, json!({ "isOpen": false })).await["edges"][0]["node"], closed);
        assert_eq!(listed(&app, json!({ "isOpen": true })).await["totalCount"], 0);

        let events = audit_event::Entity::find()
            .filter(audit_event::COLUMN.subject_kind.eq("incident"))
            .order_by_asc(audit_event::Column::Sequence)
            .all(&app.app.store.connection)
            .await
            .unwrap();
        let trail: Vec<_> = events.iter().map(|event| (event.action.as_str(), event.detail.clone())).collect();
        assert_eq!(trail, [
            ("incident.added", json!({ "kind": "unauthorized_access" })),
            ("incident.closed", json!({ "isRiskSerious": true })),
        ]);
        assert!(events.iter().all(|event| event.subject_id == Some(added.id.uuid().to_string())));
    }

    async fn a_low_risk_needs_no_notice_and_a_number_known_before_is_kept(backend) {
        let app = TestApp::new(backend).await;
        let ctx = system(&app);
        let added = add::run(&ctx, &noticed("A stolen laptop, encrypted.", Some(3))).await.unwrap();
        let closed = close::run(&ctx, &closing(added.id)).await.unwrap();
        assert_eq!((closed.people, closed.version), (Some(3), 2));
        let nobody = close::Input { people: Some(0), ..closing(add::run(&ctx, &noticed("Nobody.", None)).await.unwrap().id) };
        assert_eq!(close::run(&ctx, &nobody).await.unwrap().people, Some(0));
        let unknown = IncidentId::new(app.app.new_id());
        assert!(matches!(close::run(&ctx, &closing(unknown)).await, Err(DomainError::NotFound)));
    }

    async fn what_does_not_belong_into_the_register_is_refused(backend) {
        let app = TestApp::new(backend).await;
        let ctx = system(&app);
        let refused = [
            (noticed(" ", None), vec!["Required description"]),
            (noticed("The file of nora@example.org was lost.", None), vec!["Invalid description"]),
            (noticed(&"x".repeat(4_001), None), vec!["TooLong description"]),
            (noticed("Lost.", Some(-1)), vec!["OutOfRange people"]),
            (add::Input { noticed_on: day("2026-11-23"), ..noticed("Lost.", None) }, vec!["OutOfRange noticedOn"]),
        ];
        for (input, expected) in refused {
            assert_eq!(broken(add::run(&ctx, &input).await), expected);
        }
        assert!(incident::Entity::find().all(&app.app.store.connection).await.unwrap().is_empty());
        // The other side of the limits; an @ alone is no address, and in Auckland it is tomorrow already.
        add::run(&ctx, &noticed(&"x".repeat(4_000), Some(0))).await.unwrap();
        add::run(&ctx, &noticed("A post @ the town hall.", None)).await.unwrap();
        add::run(&ctx, &add::Input { noticed_on: day("2026-11-22"), ..noticed("Lost.", None) }).await.unwrap();
        let added = add::run(&ctx, &noticed("Lost.", Some(1))).await.unwrap();
        let late = close::Input {
            measures: "Wrote to nora@example.org.".to_owned(), people_told_on: Some(day("2026-12-01")), ..closing(added.id)
        };
        assert_eq!(broken(close::run(&ctx, &late).await), ["Invalid measures", "OutOfRange peopleToldOn"]);
    }

    async fn coordinators_page_through_the_register_and_others_do_not_know_of_it(backend) {
        let app = TestApp::new(backend).await;
        app.coordinator().await;
        let ctx = system(&app);
        for number in 1..=3 {
            add::run(&ctx, &noticed(&format!("Number {number}."), None)).await.unwrap();
            app.advance(TimeDelta::minutes(1));
        }
        let first = listed(&app, json!({ "first": 2 })).await;
        let words = |page: &Value| -> Vec<String> {
            let edges = page["edges"].as_array().unwrap().iter();
            edges.map(|edge| edge["node"]["description"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!((words(&first), first["totalCount"].as_u64()), (vec!["Number 3.".to_owned(), "Number 2.".to_owned()], Some(3)));
        let second = listed(&app, json!({ "first": 2, "after": first["pageInfo"]["endCursor"] })).await;
        assert_eq!((words(&second), &second["pageInfo"]["hasNextPage"]), (vec!["Number 1.".to_owned()], &json!(false)));

        let nora = app.sign_up("Nora", "en").await;
        assert_eq!(nora.error_code(LIST, json!({})).await, "NOT_FOUND");
        assert_eq!(app.client().error_code(LIST, json!({})).await, "UNAUTHENTICATED");
        // Even those who read it do not write it over the network.
        let staff = app.log_in("coordinator@example.org").await;
        let actor = authenticate(&app.app, staff.token(), Occasion::Request).await.unwrap();
        let ctx = Context { actor, ..system(&app) };
        assert!(matches!(add::run(&ctx, &noticed("Lost.", None)).await, Err(DomainError::Forbidden)));
        assert!(matches!(close::run(&ctx, &closing(IncidentId::new(app.app.new_id()))).await, Err(DomainError::Forbidden)));
    }
}
