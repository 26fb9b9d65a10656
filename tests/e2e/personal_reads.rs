//! Who looks at another's personal data is written down before the answer leaves, and the person is told.

use chrono::{NaiveDate, TimeDelta};
use entity::account::{self, AccountState};
use entity::audit_event;
use entity::id::{AccountId, VolunteerId};
use entity::personal::Personal;
use entity::personal_read;
use entity::volunteer::{self, VolunteerState};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder,
};
use serde_json::{Value, json};
use tests::app::{PASSWORD, TestApp};
use tests::client::Client;
use tests::on_both_databases;
use tests::socket::{Socket, listen};

use crate::authorization::World;

const PROFILE: &str =
    "query($id: ID!) { volunteer(id: $id) { about contact { email } account { email } } }";
const CONTACT: &str =
    "query($id: ID!) { pairing(id: $id) { contact { email } organizationContact { email } } }";
const VIEWS: &str = "{ viewer { profileViews(first: 100) { totalCount nodes {
    day viewerRole organizationName organization { name } fields times } } } }";

/// A client of the world's under its heading.
fn actor(world: &World, name: &str) -> Client {
    let (_, client) = world
        .actors
        .iter()
        .find(|(heading, _)| *heading == name)
        .unwrap();
    client.clone()
}

/// Who looked at somebody's data, as they are told it, a line each, sorted.
async fn views(client: &Client) -> Vec<String> {
    let answer = client.graphql(VIEWS, json!({})).await;
    assert!(
        !answer.text.contains("Camille") && !answer.text.contains("Omar"),
        "{}",
        answer.text
    );
    let views = &answer.body["data"]["viewer"]["profileViews"];
    let nodes = views["nodes"]
        .as_array()
        .unwrap_or_else(|| panic!("{:#}", answer.body));
    assert_eq!(views["totalCount"], nodes.len());
    let mut lines: Vec<String> = nodes.iter().map(line).collect();
    lines.sort();
    lines
}

fn line(view: &Value) -> String {
    assert_eq!(view["organization"]["name"], view["organizationName"]);
    let text = |field: &str| view[field].as_str().unwrap_or("-").to_owned();
    let [day, role, name, fields] = ["day", "viewerRole", "organizationName", "fields"].map(text);
    format!("{day} {role} {name} {fields} {}", view["times"])
}

/// The details of the trail's events about reading.
async fn events(app: &TestApp) -> Vec<Value> {
    let events = audit_event::Entity::find()
        .filter(audit_event::COLUMN.action.eq("personal.read"))
        .order_by_asc(audit_event::Column::Sequence)
        .all(&app.app.store.connection)
        .await
        .unwrap();
    events.into_iter().map(|event| event.detail).collect()
}

async fn rows(app: &TestApp) -> u64 {
    personal_read::Entity::find()
        .count(&app.app.store.connection)
        .await
        .unwrap()
}

/// Volunteers who never log in.
async fn add_volunteers(app: &TestApp, count: usize) {
    let (now, db) = (app.app.clock.now(), &app.app.store.connection);
    for number in 0..count {
        let account_id = AccountId::new(app.app.new_id());
        let email = format!("volunteer{number}@example.org");
        account::Model {
            id: account_id,
            email: Personal::new(email.clone()),
            email_normalized: Personal::new(email),
            password_hash: None,
            given_name: Personal::new("Zoe"),
            family_name: Personal::new(format!("Number{number}")),
            preferred_language: None,
            zone: "America/Toronto".to_owned(),
            state: AccountState::Active,
            staff_role: None,
            email_verified_at: Some(now),
            version: 1,
            created_at: now,
            updated_at: now,
        }
        .into_active_model()
        .insert(db)
        .await
        .unwrap();
        volunteer::Model {
            id: VolunteerId::new(app.app.new_id()),
            account_id,
            role_family_id: None,
            about: Some(Personal::new("I help.")),
            about_language: Some(entity::language::Language::En),
            state: VolunteerState::Active,
            paused_until: None,
            hours_per_week: None,
            accepts_remote: None,
            city: None,
            latitude: None,
            longitude: None,
            radius_km: None,
            zone: None,
            max_placements: 1,
            last_active_at: now,
            version: 1,
            created_at: now,
            updated_at: now,
        }
        .into_active_model()
        .insert(db)
        .await
        .unwrap();
    }
}

on_both_databases! {
    async fn a_person_is_told_in_which_role_somebody_looked_at_what_and_on_which_day(backend) {
        let world = World::new(backend).await;
        let (vera, coordinator) = (actor(&world, "volunteer"), actor(&world, "coordinator"));
        assert_eq!(views(&vera).await, [""; 0]);
        let profile = json!({ "id": world.a.id("volunteer") });
        let pairing = json!({ "id": world.a.id("pairing") });

        // One's own data and those of another are not told.
        vera.query(PROFILE, profile.clone()).await;
        vera.query("{ viewer { email givenName volunteer { about } } }", json!({})).await;
        coordinator.query(PROFILE, json!({ "id": world.b.id("volunteer") })).await;
        assert_eq!(views(&vera).await, [""; 0]);

        coordinator.query(PROFILE, profile.clone()).await;
        coordinator.query("query($id: ID!) { volunteer(id: $id) { about } }", profile.clone()).await;
        actor(&world, "admin").query("query($id: ID!) { volunteer(id: $id) { givenName } }", profile.clone()).await;
        actor(&world, "member of A").query(CONTACT, pairing.clone()).await;
        actor(&world, "member of A").query("query($id: ID!) { volunteer(id: $id) { contact { email } } }", profile.clone()).await;
        actor(&world, "member of B").graphql(CONTACT, pairing.clone()).await;
        world.app.advance(TimeDelta::days(1));
        let coordinator = world.app.log_in("coordinator@example.org").await;
        let declined = json!({ "id": world.a.id("declined") });
        coordinator.query("query($id: ID!) { pairing(id: $id) { events { note } } }", declined).await;
        coordinator.query("{ volunteers(filter: { search: \"Vera\" }) { nodes { id } } }", json!({})).await;
        coordinator.query("{ volunteers { nodes { id givenName } } }", json!({})).await;
        let vera = world.app.log_in("vera@example.org").await;
        assert_eq!(views(&vera).await, [
            "2026-11-21 COORDINATOR - CONTACT 1",
            "2026-11-21 COORDINATOR - IDENTITY 1",
            "2026-11-21 COORDINATOR - PROFILE 2",
            "2026-11-21 ORGANIZATION Ramps CONTACT 2",
            "2026-11-22 COORDINATOR - NOTES 1",
            "2026-11-22 COORDINATOR - SEARCH 1",
        ]);
    }

    async fn who_answers_for_an_organization_is_told_of_volunteers_and_staff(backend) {
        let world = World::new(backend).await;
        let pairing = json!({ "id": world.a.id("pairing") });
        actor(&world, "volunteer").query(CONTACT, pairing.clone()).await;
        actor(&world, "coordinator").query(CONTACT, pairing).await;
        let members = "query($id: ID!) { organization(id: $id) { memberships { givenName } } }";
        let organization = json!({ "id": world.a.id("organization") });
        actor(&world, "admin").query(members, organization.clone()).await;
        // Members of one organization know each other.
        let (_, manager) = &world.of_a[0];
        manager.query(members, organization).await;
        let omar = actor(&world, "member of A");
        let views = omar.query(VIEWS, json!({})).await;
        let mut lines: Vec<String> = views["viewer"]["profileViews"]["nodes"].as_array().unwrap().iter().map(line).collect();
        lines.sort();
        assert_eq!(lines, [
            "2026-11-21 ADMIN - IDENTITY 1",
            "2026-11-21 COORDINATOR - CONTACT 1",
            "2026-11-21 VOLUNTEER - CONTACT 1",
        ]);
    }

    async fn what_staff_read_is_in_the_trail_once_a_request_without_names(backend) {
        let world = World::new(backend).await;
        let coordinator = actor(&world, "coordinator");
        let page = "{ volunteers { nodes { about contact { email } } } }";
        let first = coordinator.query(page, json!({})).await;
        assert_eq!(first["volunteers"]["nodes"].as_array().unwrap().len(), 2);
        coordinator.query(page, json!({})).await;
        coordinator.query(PROFILE, json!({ "id": world.a.id("volunteer") })).await;
        // What concerns nobody, or is told to the other side of a pairing, is not staff's reading.
        coordinator.query("{ projects { nodes { id } } viewer { email } }", json!({})).await;
        actor(&world, "member of A").query(CONTACT, json!({ "id": world.a.id("pairing") })).await;
        let events = events(&world.app).await;
        let told: Vec<_> = events.iter().map(|event| (&event["accounts"], &event["fields"])).collect();
        let (two, one) = (json!({ "contact": 2, "profile": 2 }), json!({ "contact": 1, "identity": 1, "profile": 1 }));
        assert_eq!(told, [(&json!(2), &two), (&json!(2), &two), (&json!(1), &one)]);
        // The same people have the same digest, others another.
        assert_eq!(events[0]["digest"], events[1]["digest"]);
        assert_ne!(events[0]["digest"], events[2]["digest"]);
        assert!(!format!("{events:?}").contains("example.org"));
        assert_eq!(api::domain::audit::verify::run(&world.app.app, None).await.unwrap().faults, []);
    }

    async fn whoever_logs_in_looks_at_their_own(backend) {
        let world = World::new(backend).await;
        let log_in = "mutation($input: LogInInput!) { logIn(input: $input) {
            account { email givenName } userErrors { code message field } } }";
        let input = json!({ "input": { "email": "vera@example.org", "password": PASSWORD } });
        for client in [world.app.client(), actor(&world, "member of B")] {
            let answer = client.graphql(log_in, input.clone()).await;
            assert_eq!(answer.body["data"]["logIn"]["account"]["email"], "vera@example.org");
        }
        assert_eq!(rows(&world.app).await, 0);
    }

    async fn what_cannot_be_written_down_is_not_told(backend) {
        let world = World::new(backend).await;
        let profile = json!({ "id": world.a.id("volunteer") });
        let db = &world.app.app.store.connection;
        db.execute_unprepared("ALTER TABLE personal_read RENAME TO gone").await.unwrap();
        let trail = audit_event::Entity::find().count(db).await.unwrap();
        for (language, words) in [("EN", "Other people's data"), ("FR", "Les données d’autres personnes")] {
            let coordinator = actor(&world, "coordinator");
            coordinator.prefer(language).await;
            let answer = coordinator.graphql(PROFILE, profile.clone()).await;
            assert_eq!(answer.status, 503);
            assert_eq!(answer.body["errors"][0]["extensions"]["code"], "NOT_RECORDED");
            assert!(answer.body["errors"][0]["message"].as_str().unwrap().starts_with(words));
            assert!(answer.body["data"].is_null());
            assert!(!answer.text.contains("vera@") && !answer.text.contains("maps"), "{}", answer.text);
        }
        assert_eq!(audit_event::Entity::find().count(db).await.unwrap(), trail);
        // Whoever looks at nobody is answered.
        let vera = actor(&world, "volunteer").query(PROFILE, profile.clone()).await;
        assert_eq!(vera["volunteer"]["contact"]["email"], "vera@example.org");
        actor(&world, "coordinator").query("{ volunteers { nodes { givenName } } }", json!({})).await;
        db.execute_unprepared("ALTER TABLE gone RENAME TO personal_read").await.unwrap();
        actor(&world, "coordinator").query(PROFILE, profile).await;
        assert_eq!(audit_event::Entity::find().count(db).await.unwrap(), trail + 1);
    }

    async fn a_page_of_a_hundred_costs_as_many_statements_as_one_of_two(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        add_volunteers(&app, 100).await;
        // The first use of a token is noted, once.
        coordinator.query("{ viewer { id } }", json!({})).await;
        let page = "query($first: Int!, $search: String) { volunteers(first: $first, filter: { search: $search }) { nodes {
            givenName about contact { email } account { email } } } }";
        let mut counts = Vec::new();
        for (first, search) in [(2, None), (100, None), (2, Some("Zoe")), (100, Some("Zoe"))] {
            let (statements, before) = (app.statements(), rows(&app).await);
            let variables = json!({ "first": first, "search": search });
            let found = coordinator.query(page, variables).await;
            assert_eq!(found["volunteers"]["nodes"].as_array().unwrap().len(), first);
            // One statement counted the rows before.
            counts.push(app.statements_after(statements).len() - 1);
            assert!(rows(&app).await > before);
        }
        assert_eq!((counts[0], counts[2]), (counts[1], counts[3]), "{counts:?}");
        assert!(counts[0] <= 14, "{counts:?}");
        // Identity, contact and profile of everybody, who were all found too.
        assert_eq!(rows(&app).await, 400);
        assert_eq!(events(&app).await.len(), 4);
    }

    async fn answers_to_mutations_and_subscriptions_are_recorded_as_well(backend) {
        let world = World::new(backend).await;
        let coordinator = actor(&world, "coordinator");
        let input = json!({ "input": { "id": world.a.id("placement") } });
        coordinator.mutate(
            "mutation($input: StartPlacementInput!) { startPlacement(input: $input) {
                placement { pairing { contact { email } } } userErrors { code message field } } }",
            input,
        ).await;
        let vera = actor(&world, "volunteer");
        assert_eq!(views(&vera).await, ["2026-11-21 COORDINATOR - CONTACT 1"]);
        let mut socket = Socket::open(&listen(&world.app).await, &coordinator).await;
        socket.subscribe(
            "subscription($id: ID!) { pairingChanged(id: $id) { contact { email } } }",
            json!({ "id": world.a.id("pairing") }),
        ).await;
        let told = socket.hear().await;
        assert_eq!(told["payload"]["data"]["pairingChanged"]["contact"]["email"], "vera@example.org");
        assert_eq!(views(&vera).await, ["2026-11-21 COORDINATOR - CONTACT 2"]);
    }

    async fn nobody_but_the_person_sees_who_looked_and_pages_hold_together(backend) {
        let world = World::new(backend).await;
        for client in ["coordinator", "admin"].map(|name| actor(&world, name)) {
            client.query(PROFILE, json!({ "id": world.a.id("volunteer") })).await;
            let others = "query($id: ID!) { node(id: $id) { ... on Account { profileViews { totalCount } } } }";
            assert_eq!(client.error_code(others, json!({ "id": world.a.id("account") })).await, "FORBIDDEN");
        }
        let vera = actor(&world, "volunteer");
        let page = "query($after: String) { viewer { profileViews(first: 4, after: $after) {
            totalCount pageInfo { hasNextPage endCursor } nodes { fields viewerRole } } } }";
        let mut found = Vec::new();
        let mut after = Value::Null;
        loop {
            let views = vera.query(page, json!({ "after": after })).await["viewer"]["profileViews"].clone();
            assert_eq!(views["totalCount"], 6);
            found.extend(views["nodes"].as_array().unwrap().iter().map(Value::to_string));
            if views["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after = views["pageInfo"]["endCursor"].clone();
        }
        found.sort();
        found.dedup();
        assert_eq!(found.len(), 6);
        let first = personal_read::Entity::find().one(&world.app.app.store.connection).await.unwrap().unwrap();
        assert_eq!(first.day, NaiveDate::from_ymd_opt(2026, 11, 21).unwrap());
    }
}
