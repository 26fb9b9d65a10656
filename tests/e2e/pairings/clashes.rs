//! Who has agreed to be somewhere at a time is not had elsewhere at that time.

use api::domain::pairings::answer_link;
use axum::http::StatusCode;
use entity::pairing::{PairingOrigin, PairingSide, PairingState};
use entity::role;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::client::Client;
use tests::on_both_databases;

use super::scene::{Scene, account_of, act, answer, errors, global, marketplace};

const EVENING: (i16, i16) = (18 * 60, 19 * 60);

/// What stands beside a pairing's meetings, as a coordinator is told.
async fn conflicts(reader: &Client, pairing: entity::id::PairingId) -> Value {
    let document = "query($id: ID!) { pairing(id: $id) { meetingConflicts {
        isClash meeting { startsAt endsAt } otherMeeting { startsAt } otherRole { title { text } }
    } } }";
    let found = reader
        .query(document, json!({ "id": global(pairing) }))
        .await;
    found["pairing"]["meetingConflicts"].clone()
}

/// Vera, who has hours for several roles and a placement in the scene's, which meets from six to seven.
async fn placed(scene: &Scene<'_>) -> (Client, entity::id::VolunteerId) {
    let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
    let allow = "mutation($input: UpdateVolunteerInput!) { updateVolunteer(input: $input) { userErrors { code } } }";
    let plenty = json!({ "expectedVersion": 1, "hoursPerWeek": 40, "maxPlacements": 10 });
    vera.mutate(allow, json!({ "input": plenty })).await;
    let first = scene
        .offered(&scene.role, volunteer, PairingState::OrganizationAccepted)
        .await;
    act(&vera, "acceptPairing", json!({ "id": global(first.id) })).await;
    (vera, volunteer)
}

/// The messages for which a mutation is refused.
async fn messages(client: &Client, mutation: &str, input: Value) -> String {
    let name = mutation[..1].to_uppercase() + &mutation[1..];
    let document = format!(
        "mutation($input: {name}Input!) {{ {mutation}(input: $input) {{ userErrors {{ message }} }} }}"
    );
    let refused = client
        .try_mutate(&document, json!({ "input": input }))
        .await;
    refused["userErrors"][0]["message"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

async fn role_at(scene: &Scene<'_>, times: (i16, i16)) -> role::Model {
    let role = scene.add_role(5).await;
    scene.meet(&role, times).await;
    role
}

on_both_databases! {
    async fn a_role_that_meets_when_another_does_is_neither_approved_nor_accepted(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 5).await;
        let (vera, volunteer) = crate::pairings::clashes::placed(&scene).await;
        let same = role_at(&scene, EVENING).await;
        let coordinator = app.coordinator().await;
        let pairing = scene.begin_for(&same, volunteer, PairingOrigin::Matcher).await;
        let told = conflicts(&coordinator, pairing).await;
        assert_eq!(told[0]["isClash"], true);
        assert_eq!(told[0]["meeting"]["startsAt"], told[0]["otherMeeting"]["startsAt"]);
        assert_eq!(told[0]["otherRole"]["title"]["text"], "Cartographer");
        let approval = json!({ "pairings": [{ "id": global(pairing) }] });
        assert_eq!(errors(&coordinator, "approvePairings", approval.clone()).await, ["GATED pairings.0"]);
        let words = messages(&coordinator, "approvePairings", approval).await;
        assert!(words.starts_with("The volunteer is needed at “Cartographer” when this role meets: Tuesday, "), "{words}");
        act(&coordinator, "rejectPairing", json!({ "id": global(pairing), "reason": "TIMES_DIFFER" })).await;

        // One that reaches her all the same.
        let offered = scene.offered(&same, volunteer, PairingState::Offered).await;
        let yes = json!({ "id": global(offered.id) });
        assert_eq!(errors(&vera, "acceptPairing", yes.clone()).await, ["GATED"]);
        let words = messages(&vera, "acceptPairing", yes.clone()).await;
        assert!(words.starts_with("You are needed at “Cartographer” when this role meets: Tuesday, "), "{words}");
        assert_eq!(scene.pairing(offered.id).await.state, PairingState::Offered);
        // The organization does not hear where else she is.
        act(&scene.omar, "acceptPairing", yes).await;
        let accepted = scene.offered(&role_at(&scene, EVENING).await, volunteer, PairingState::VolunteerAccepted).await;
        let words = messages(&scene.omar, "acceptPairing", json!({ "id": global(accepted.id) })).await;
        assert_eq!(words, "The volunteer's meetings for another role are at the same times.");
        assert_eq!(conflicts(&scene.omar, accepted.id).await, json!([]), "nor there");
        assert_eq!(conflicts(&vera, accepted.id).await, json!([]));
    }

    async fn what_clashes_with_a_role_that_was_taken_ends_with_the_true_reason(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 5).await;
        let (vera, volunteer) = crate::pairings::clashes::placed(&scene).await;
        let (first, same, later) = (
            role_at(&scene, (20 * 60, 21 * 60)).await,
            role_at(&scene, (20 * 60 + 59, 22 * 60)).await,
            role_at(&scene, (21 * 60, 22 * 60)).await,
        );
        let clashing = scene.offered(&same, volunteer, PairingState::Offered).await;
        let fitting = scene.offered(&later, volunteer, PairingState::Offered).await;
        let taken = scene.offered(&first, volunteer, PairingState::OrganizationAccepted).await;
        act(&vera, "acceptPairing", json!({ "id": global(taken.id) })).await;
        let given_way = scene.pairing(clashing.id).await;
        assert_eq!(given_way.state, PairingState::Superseded);
        assert_eq!(given_way.reason_code.as_deref(), Some("meetings_clash"));
        assert_eq!(scene.pairing(fitting.id).await.state, PairingState::Offered, "one ends when the other begins");
        app.run_jobs().await;
        let told = app.mail_to("vera@example.org");
        let told = told.iter().find(|mail| mail.subject.starts_with("The offer was taken back")).unwrap();
        assert!(told.text.contains("Another role of yours meets at the same times."), "{}", told.text);
        let told = app.mail_to("omar@example.org");
        let told = told.iter().find(|mail| mail.text.contains("for another role are at the same times")).unwrap();
        assert!(!told.text.contains("@example.org") || !told.text.contains("vera@"), "{}", told.text);
    }

    async fn of_two_roles_at_the_same_time_one_is_taken_when_both_are_accepted_at_once(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 5).await;
        let (_, volunteer) = crate::pairings::clashes::placed(&scene).await;
        let vera = account_of(&app, "vera@example.org").await;
        for round in 0..5 {
            let from = (8 + 2 * round) * 60;
            let mut links = Vec::new();
            for _ in 0..2 {
                // The scene's own evening is left out.
                let from = if from == 18 * 60 { 20 * 60 } else { from };
                let role = role_at(&scene, (from, from + 60)).await;
                let pairing = scene.offered(&role, volunteer, PairingState::OrganizationAccepted).await;
                links.push(answer_link::url(&app.app, &pairing, PairingSide::Volunteer, vera.id));
            }
            let answers = join_all(links.iter().map(|link| answer(&app, link, "action=accept"))).await;
            let count = |status| answers.iter().filter(|answer| answer.status == status).count();
            assert_eq!((count(StatusCode::SEE_OTHER), count(StatusCode::CONFLICT)), (1, 1), "round {round}");
        }
    }

    async fn a_near_miss_is_told_and_in_nobodys_way(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 5).await;
        let (_, volunteer) = crate::pairings::clashes::placed(&scene).await;
        let coordinator = app.coordinator().await;
        let soon = role_at(&scene, (19 * 60 + 14, 20 * 60)).await;
        let after = role_at(&scene, (19 * 60 + 15, 20 * 60)).await;
        let near = scene.begin_for(&soon, volunteer, PairingOrigin::Matcher).await;
        let apart = scene.begin_for(&after, volunteer, PairingOrigin::Matcher).await;
        let told = conflicts(&coordinator, near).await;
        assert_eq!((told.as_array().unwrap().len(), &told[0]["isClash"]), (1, &json!(false)));
        assert_eq!(conflicts(&coordinator, apart).await, json!([]));
        let approval = json!({ "pairings": [{ "id": global(near) }, { "id": global(apart) }] });
        act(&coordinator, "approvePairings", approval).await;
    }
}
