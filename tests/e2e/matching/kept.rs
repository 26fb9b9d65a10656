//! What a node keeps between two looks at the database never shows: after any edits its list is that of a node that starts now.

use std::sync::Arc;

use api::domain::matching::current::Held;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::on_both_databases;

use super::world::{Ask, Say, World, gid};

const VERSION: &str = "{ viewer { volunteer { version } } }";

/// Everything that a node shows.
fn shown_by(node: &TestApp) -> Vec<Arc<Held>> {
    let shown = node.app.current_suggestions.shown().unwrap();
    shown.suggestions.clone()
}

/// The same of a node that starts now.
async fn shown_by_a_new_node(node: &TestApp) -> Vec<Arc<Held>> {
    let started = node.another_node().await;
    assert!(started.follow().await);
    shown_by(&started)
}

fn document(mutation: &str) -> String {
    let kind = format!("{}{}", mutation[..1].to_uppercase(), &mutation[1..]);
    format!(
        "mutation($input: {kind}Input!) {{ {mutation}(input: $input) {{ userErrors {{ code message field }} }} }}"
    )
}

/// A change of a volunteer's own profile.
async fn change(client: &Client, mutation: &str, mut input: Value) {
    let seen = client.query(VERSION, json!({})).await;
    input["expectedVersion"] = seen["viewer"]["volunteer"]["version"].clone();
    act(client, mutation, input).await;
}

async fn act(client: &Client, mutation: &str, input: Value) {
    let refused = client
        .user_errors(&document(mutation), json!({ "input": input }))
        .await;
    assert_eq!(refused, Vec::<String>::new(), "{mutation}");
}

on_both_databases! {
    async fn after_any_edits_a_node_shows_what_one_that_starts_now_shows(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let project = world.project().await;
        let owner = world.owner("Omar", "en", &project).await;
        let mut roles = Vec::new();
        for seats in 1..4 {
            roles.push(world.role(&project, Ask { seats, ..Ask::default() }).await);
        }
        let mut people = Vec::new();
        for number in 0..9_i32 {
            let skills = vec![("python", i16::try_from(1 + number % 5).unwrap()), ("sql", 3)];
            let say = Say { skills, hours: 3 + number % 4, most: 1 + number % 2, ..Say::default() };
            people.push(world.volunteer_with_client(&format!("volunteer{number}"), "en", say).await);
        }
        app.follow().await;

        let mut lists = vec![shown_by(&app)];
        assert_eq!(lists[0], shown_by_a_new_node(&app).await);
        let evening = json!([{ "weekday": "TUESDAY", "start": "18:00", "end": "19:00" }]);
        let of_people = [
            (0, "setVolunteerState", json!({ "state": "BUSY" })),
            (1, "setVolunteerSkills", json!({ "skills": [{ "name": "html", "level": 4 }] })),
            (2, "setVolunteerWindows", json!({ "windows": evening })),
            (3, "setVolunteerLanguages", json!({ "languages": ["fr"] })),
            (4, "setVolunteerCauses", json!({ "causeIds": ["cause_housing"] })),
            (5, "updateVolunteer", json!({ "hoursPerWeek": 1 })),
            (6, "updateVolunteer", json!({ "zone": "America/St_Johns" })),
            (7, "updateVolunteer", json!({ "maxPlacements": 3, "hoursPerWeek": 20 })),
            (0, "setVolunteerState", json!({ "state": "ACTIVE" })),
            (5, "updateVolunteer", json!({ "hoursPerWeek": 6 })),
        ];
        for (number, mutation, input) in of_people {
            if mutation == "setVolunteerState" {
                act(&people[number].1, mutation, input).await;
            } else {
                change(&people[number].1, mutation, input).await;
            }
            assert!(app.follow().await, "{mutation}");
            lists.push(shown_by(&app));
            assert_eq!(*lists.last().unwrap(), shown_by_a_new_node(&app).await, "{mutation}");
        }

        // Skills, hours and languages that no role asked before; dates beyond any looked at so far; who is not to be proposed.
        let role = |change: Value, version: i32| {
            let mut input = change;
            input["roleId"] = json!(gid(&roles[1].id));
            input["expectedVersion"] = json!(version);
            input
        };
        let couple = json!({ "roleId": gid(&roles[2].id), "volunteerId": gid(&people[7].0.id) });
        let mut forbidden = couple.clone();
        forbidden["kind"] = json!("FORBID");
        let must_have = json!([{ "skillId": "skill_html", "kind": "MUST_HAVE", "level": 2 }]);
        let of_roles = [
            (&owner, "updateRole", role(json!({ "hoursPerWeek": 4 }), 1)),
            (&owner, "updateRole", role(json!({ "skills": must_have }), 2)),
            (&owner, "updateRole", role(json!({ "languages": [{ "language": "fr", "kind": "REQUIRED" }] }), 3)),
            (&owner, "updateRole", role(json!({ "startsOn": "2028-01-03", "skills": [] }), 4)),
            (&coordinator, "setPairingRule", forbidden),
            (&coordinator, "removePairingRule", couple),
            (&owner, "closeRole", role(json!({}), 5)),
        ];
        for (who, mutation, input) in of_roles {
            act(who, mutation, input).await;
            assert!(app.follow().await, "{mutation}");
            lists.push(shown_by(&app));
            assert_eq!(*lists.last().unwrap(), shown_by_a_new_node(&app).await, "{mutation}");
        }
        let changes = lists.windows(2).filter(|pair| pair[0] != pair[1]).count();
        assert!(changes > 10, "{changes} of {}", lists.len());
        app.run_jobs().await;
    }
}
