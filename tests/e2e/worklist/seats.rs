//! A seat for which somebody was lost waits for a coordinator, with those who said yes too late first and the best of the others next.

use chrono::TimeDelta;
use entity::pairing::{PairingOrigin, PairingState};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::on_both_databases;

use super::{count, kinds, list};
use crate::pairings::scene::{Scene, account_of, act, errors, global, marketplace};

const SEAT: &str = "{ worklist(kinds: [SEAT], first: 1) { items { subject { ... on Role { id reserve { id } } } } } }";
const NEXT: &str =
    "query($id: ID!) { role(id: $id) { suggestions(first: 1) { volunteer { id } } } }";
const PROPOSE: &str = "mutation($input: ProposePairingInput!) { proposePairing(input: $input) {
    pairing { id state origin score reasons } userErrors { code message field }
} }";

/// The role whose seat waits, as a coordinator sees it.
async fn seat(app: &TestApp) -> Value {
    let cora = crate::worklist::cora(app).await;
    cora.query(SEAT, json!({})).await["worklist"]["items"][0]["subject"].clone()
}

async fn propose(cora: &Client, role: &Value, volunteer: &Value) -> Value {
    let input = json!({ "roleId": role, "volunteerId": volunteer, "note": "Next in line." });
    cora.try_mutate(PROPOSE, json!({ "input": input })).await
}

fn volunteer_id(id: entity::id::VolunteerId) -> Value {
    json!(api::graphql::id::encode(&id).to_string())
}

on_both_databases! {
    async fn a_decline_brings_the_next_best_who_can_be_proposed_at_once(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        app.coordinator().await;
        let (ana, first) = scene.sign_up_volunteer("Ana", "en").await;
        let (_, second) = scene.add_volunteer("ben").await;
        let offered = scene.offered(&scene.role, first, PairingState::Offered).await;
        assert_eq!(count(&app, "SEAT").await, (0, 0), "somebody is asked");
        act(&ana, "declinePairing", json!({ "id": global(offered.id), "reason": "NO_TIME" })).await;
        assert_eq!(kinds(&app, json!({ "kinds": ["SEAT"] })).await, ["seat"]);
        let role = seat(&app).await;
        assert_eq!(role["reserve"], json!([]), "who declined is not in it");
        let cora = crate::worklist::cora(&app).await;
        let next = cora.query(NEXT, json!({ "id": role["id"] })).await["role"]["suggestions"].clone();
        assert_eq!(next[0]["volunteer"]["id"], volunteer_id(second));

        let declined = propose(&cora, &role["id"], &volunteer_id(first)).await;
        assert_eq!(declined["userErrors"][0]["code"], "GATED", "{declined}");
        let proposed = propose(&cora, &role["id"], &volunteer_id(second)).await;
        assert_eq!((&proposed["pairing"]["state"], &proposed["pairing"]["origin"]), (&json!("SUGGESTED"), &json!("COORDINATOR")));
        assert!(proposed["pairing"]["score"].as_f64().unwrap() > 0.0);
        assert!(!proposed["pairing"]["reasons"].as_array().unwrap().is_empty());
        assert_eq!(kinds(&app, json!({ "kinds": ["SEAT", "SUGGESTION"] })).await, ["suggestion"]);
        let twice = propose(&cora, &role["id"], &volunteer_id(second)).await;
        assert_eq!(twice["userErrors"][0]["field"], json!(["volunteerId"]));
    }

    async fn who_said_yes_to_a_full_role_is_first_in_its_reserve_and_shown_when_a_seat_opens(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        app.coordinator().await;
        let (ana, first) = scene.sign_up_volunteer("Ana", "en").await;
        let (ben, second) = scene.sign_up_volunteer("Ben", "en").await;
        let (_, third) = scene.sign_up_volunteer("Cleo", "en").await;
        let (dora, fourth) = scene.sign_up_volunteer("Dora", "en").await;
        let taken = scene.offered(&scene.role, first, PairingState::OrganizationAccepted).await;
        let late = scene.offered(&scene.role, second, PairingState::OrganizationAccepted).await;
        scene.offered(&scene.role, third, PairingState::Offered).await;
        let waiting = scene.offered(&scene.role, fourth, PairingState::VolunteerAccepted).await;
        app.advance(TimeDelta::minutes(1));
        act(&ana, "acceptPairing", json!({ "id": global(taken.id) })).await;
        app.advance(TimeDelta::minutes(1));
        for _ in 0..2 {
            assert_eq!(errors(&ben, "acceptPairing", json!({ "id": global(late.id) })).await, ["FULL"]);
        }
        assert_eq!(errors(&dora, "acceptPairing", json!({ "id": global(waiting.id) })).await, ["FULL"]);
        assert_eq!(count(&app, "SEAT").await, (0, 0), "the role is full");
        let placement = "query($id: ID!) { pairing(id: $id) { placement { id } } }";
        let placement = ana.query(placement, json!({ "id": global(taken.id) })).await["pairing"]["placement"]["id"].clone();
        let end = json!({ "id": placement, "reason": "VOLUNTEER_LEFT" });
        act(&crate::worklist::cora(&app).await, "endPlacement", end).await;

        let role = seat(&app).await;
        let reserve = json!([{ "id": global(waiting.id) }, { "id": global(late.id) }]);
        assert_eq!(role["reserve"], reserve, "in the order of their yes; who had not answered is not in it");
        let cora = crate::worklist::cora(&app).await;
        let proposed = propose(&cora, &role["id"], &volunteer_id(fourth)).await;
        assert_eq!(proposed["pairing"]["state"], "SUGGESTED", "{proposed}");
        let document = "query($id: ID!) { role(id: $id) { reserve { id } } }";
        let id = json!({ "id": role["id"] });
        let reserve = cora.query(document, id.clone()).await["role"]["reserve"].clone();
        assert_eq!(reserve, json!([{ "id": global(late.id) }]), "who is paired again is in it no more");
        let leave = "mutation($input: SetVolunteerStateInput!) { setVolunteerState(input: $input) { userErrors { code message } } }";
        ben.mutate(leave, json!({ "input": { "state": "LEFT" } })).await;
        assert_eq!(cora.query(document, id.clone()).await["role"]["reserve"], json!([]), "nor is who has left");
        for reader in [&ben, &scene.omar] {
            let refused = reader.graphql(document, id.clone()).await;
            assert_eq!(refused.body["errors"][0]["extensions"]["code"], "NOT_FOUND", "{}", refused.body);
        }
    }

    async fn of_those_who_answer_at_once_the_one_who_loses_is_in_the_reserve(backend) {
        use api::domain::pairings::answer_link;
        use entity::pairing::PairingSide;
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        app.coordinator().await;
        let mut links = Vec::new();
        let mut pairings = Vec::new();
        for name in ["ana", "ben"] {
            let (account, volunteer) = scene.add_volunteer(name).await;
            let offered = scene.offered(&scene.role, volunteer, PairingState::OrganizationAccepted).await;
            links.push(answer_link::url(&app.app, &offered, PairingSide::Volunteer, account));
            pairings.push(offered.id);
        }
        let answers = links.iter().map(|link| crate::pairings::scene::answer(&app, link, "action=accept"));
        futures_util::future::join_all(answers).await;
        let mut lost = Vec::new();
        for id in pairings {
            if scene.pairing(id).await.state == PairingState::Superseded {
                lost.push(json!({ "id": global(id) }));
            }
        }
        let document = "query($id: ID!) { role(id: $id) { reserve { id } } }";
        let role = json!({ "id": api::graphql::id::encode(&scene.role.id).to_string() });
        let cora = crate::worklist::cora(&app).await;
        assert_eq!(cora.query(document, role).await["role"]["reserve"], json!(lost));
        assert_eq!(lost.len(), 1);
    }

    async fn a_seat_leaves_the_list_when_somebody_is_asked_or_it_is_seen_to(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 2).await;
        app.coordinator().await;
        let (ana, first) = scene.sign_up_volunteer("Ana", "en").await;
        let (_, second) = scene.add_volunteer("ben").await;
        let (_, third) = scene.add_volunteer("cleo").await;
        let offered = scene.offered(&scene.role, first, PairingState::Offered).await;
        scene.begin(second, PairingOrigin::Matcher).await;
        assert_eq!(count(&app, "SEAT").await, (0, 0));
        act(&ana, "declinePairing", json!({ "id": global(offered.id), "reason": "NO_TIME" })).await;
        assert_eq!(count(&app, "SEAT").await, (1, 0), "two seats, and one is asked");
        app.advance(TimeDelta::days(2) - TimeDelta::seconds(1));
        assert_eq!(count(&app, "SEAT").await, (1, 0));
        app.advance(TimeDelta::seconds(1));
        assert_eq!(count(&app, "SEAT").await, (1, 1));
        let settle = json!({ "input": { "items": [crate::worklist::named(&app, "SEAT").await] } });
        crate::worklist::cora(&app).await.mutate(crate::worklist::SETTLE, settle).await;
        assert_eq!(count(&app, "SEAT").await, (0, 0));
        // What is lost later waits anew, until as many are asked as there are seats.
        let offered = scene.offered(&scene.role, first, PairingState::Offered).await;
        app.advance(TimeDelta::minutes(1));
        let ana = app.log_in("ana@example.org").await;
        act(&ana, "declinePairing", json!({ "id": global(offered.id), "reason": "NO_TIME" })).await;
        assert_eq!(count(&app, "SEAT").await, (1, 0));
        scene.begin(third, PairingOrigin::Matcher).await;
        assert_eq!(count(&app, "SEAT").await, (0, 0));
        let account = account_of(&app, "coordinator@example.org").await;
        let assigned = list(&app, json!({ "kinds": ["SEAT"], "assignee": api::graphql::id::encode(&account.id).to_string() })).await;
        assert_eq!(assigned["items"], json!([]));
    }
}
