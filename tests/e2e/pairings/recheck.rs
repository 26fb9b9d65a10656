//! What changed after a pairing was proposed is seen when it is approved, and again when it is sent.

use chrono::TimeDelta;
use entity::membership::MembershipRole;
use entity::pairing::{PairingOrigin, PairingState};
use entity::project::{self, ProjectState};
use entity::role::{self, RoleState};
use entity::volunteer::{self, VolunteerState};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveEnum, ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::json;
use tests::client::Client;
use tests::on_both_databases;

use super::scene::{Scene, act, errors, global, marketplace};

/// What can come between a suggestion and its offer, and the code and reason by which it is told.
const CAUSES: [(&str, &str, &str); 4] = [
    ("consent", "GATED", "consent_withdrawn"),
    ("conflict", "CONFLICT_OF_INTEREST", "conflict_of_interest"),
    ("membership", "CONFLICT_OF_INTEREST", "conflict_of_interest"),
    ("rule", "GATED", "other"),
];

async fn happen(
    scene: &Scene<'_>,
    cause: &str,
    (vera, coordinator): (&Client, &Client),
    volunteer: entity::id::VolunteerId,
) {
    let (client, mutation, input) = match cause {
        "consent" => (
            vera,
            "setConsent",
            json!({ "purpose": "MATCHING", "isGranted": false, "wordingVersion": "any" }),
        ),
        "conflict" => (
            vera,
            "setVolunteerConflicts",
            json!({ "expectedVersion": 1, "conflicts": [{
                "organizationId": api::graphql::id::encode(&scene.organization.id).to_string(),
                "kind": "BOARD",
            }] }),
        ),
        "rule" => (
            coordinator,
            "setPairingRule",
            json!({
                "roleId": api::graphql::id::encode(&scene.role.id).to_string(),
                "volunteerId": api::graphql::id::encode(&volunteer).to_string(),
                "kind": "FORBID",
            }),
        ),
        _ => {
            scene
                .add_member("vera@example.org", MembershipRole::Member)
                .await;
            return;
        }
    };
    let mut letters = mutation.chars();
    let first = letters.next().unwrap().to_ascii_uppercase();
    let rest = letters.as_str();
    let document = format!(
        "mutation($input: {first}{rest}Input!) {{ {mutation}(input: $input) {{ userErrors {{ code message field }} }} }}"
    );
    client.mutate(&document, json!({ "input": input })).await;
}

on_both_databases! {
    async fn consent_ties_and_prohibitions_since_the_suggestion_are_seen_at_approval(backend) {
        for (cause, code, _) in CAUSES {
            let app = marketplace(backend).await;
            let scene = Scene::new(&app, 1).await;
            let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
            let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
            let coordinator = app.coordinator().await;
            happen(&scene, cause, (&vera, &coordinator), volunteer).await;
            let input = json!({ "pairings": [{ "id": global(pairing) }] });
            assert_eq!(errors(&coordinator, "approvePairings", input).await, [format!("{code} pairings.0")], "{cause}");
            assert_eq!(scene.pairing(pairing).await.state, PairingState::Suggested);
        }
    }

    async fn consent_ties_and_prohibitions_within_the_hold_window_end_the_pairing_unheard(backend) {
        for (cause, _, reason) in CAUSES {
            let app = marketplace(backend).await;
            let scene = Scene::new(&app, 1).await;
            let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
            let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
            let coordinator = app.coordinator().await;
            act(&coordinator, "approvePairings", json!({ "pairings": [{ "id": global(pairing) }] })).await;
            happen(&scene, cause, (&vera, &coordinator), volunteer).await;
            app.advance(TimeDelta::minutes(10));
            app.run_jobs().await;
            let ended = scene.pairing(pairing).await;
            assert_eq!((ended.state, ended.reason_code.as_deref()), (PairingState::Recalled, Some(reason)), "{cause}");
            assert!(app.mails().is_empty(), "{cause}: nobody had heard of it");
            assert_eq!(app.dead_jobs().await, 0);
        }
    }

    async fn who_came_forward_need_not_agree_to_be_proposed(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Volunteer).await;
        let coordinator = app.coordinator().await;
        happen(&scene, "consent", (&vera, &coordinator), volunteer).await;
        act(&coordinator, "approvePairings", json!({ "pairings": [{ "id": global(pairing) }] })).await;
        app.advance(TimeDelta::minutes(10));
        app.run_jobs().await;
        assert_eq!(scene.pairing(pairing).await.state, PairingState::Offered);
    }

    async fn who_takes_a_break_is_offered_nothing_until_the_day_it_ends(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (_, volunteer) = scene.add_volunteer("vera").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        let coordinator = app.coordinator().await;
        let today = app.app.clock.now().date_naive();
        let input = json!({ "pairings": [{ "id": global(pairing) }] });
        for (until, told) in [
            (None, vec!["GATED pairings.0"]),
            (Some(today + TimeDelta::days(1)), vec!["GATED pairings.0"]),
            (Some(today), vec![]),
        ] {
            volunteer::Entity::update_many()
                .set(volunteer::ActiveModel {
                    state: Set(VolunteerState::Paused),
                    paused_until: Set(until),
                    ..Default::default()
                })
                .filter(volunteer::COLUMN.id.eq(volunteer))
                .exec(&app.app.store.connection)
                .await
                .unwrap();
            assert_eq!(errors(&coordinator, "approvePairings", input.clone()).await, told, "{until:?}");
        }
        assert_eq!(scene.pairing(pairing).await.state, PairingState::Held);
    }

    async fn a_role_that_closed_and_a_project_that_paused_are_seen_at_approval(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (_, volunteer) = scene.add_volunteer("vera").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        let coordinator = app.coordinator().await;
        let connection = &app.app.store.connection;
        let input = json!({ "pairings": [{ "id": global(pairing) }] });
        for (role, project, told) in [
            (RoleState::Closed, ProjectState::Published, vec!["WRONG_STATE pairings.0"]),
            (RoleState::Open, ProjectState::Paused, vec!["WRONG_STATE pairings.0"]),
            (RoleState::Open, ProjectState::Published, vec![]),
        ] {
            // By hand: whoever closes or pauses ends what waits.
            let (role, project) = (ActiveEnum::to_value(&role), ActiveEnum::to_value(&project));
            role::Entity::update_many().col_expr(role::Column::State, Expr::val(role)).exec(connection).await.unwrap();
            project::Entity::update_many().col_expr(project::Column::State, Expr::val(project)).exec(connection).await.unwrap();
            assert_eq!(errors(&coordinator, "approvePairings", input.clone()).await, told);
        }
    }

    async fn a_pairing_that_cannot_be_sent_holds_up_no_other(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (_, ana) = scene.add_volunteer("ana").await;
        let (_, ben) = scene.add_volunteer("ben").await;
        let broken = scene.begin(ana, PairingOrigin::Matcher).await;
        let other = Scene { role: scene.add_role(1).await, app: &app, omar: app.client(), organization: scene.organization.clone() };
        let sound = other.begin(ben, PairingOrigin::Matcher).await;
        let coordinator = app.coordinator().await;
        act(&coordinator, "approvePairings", json!({ "pairings": [{ "id": global(broken) }, { "id": global(sound) }] })).await;
        // A role that the engine refuses to read, as after a change by hand.
        role::Entity::update_many()
            .col_expr(role::Column::Zone, Expr::val("Nowhere/At_All"))
            .filter(role::COLUMN.id.eq(scene.role.id))
            .exec(&app.app.store.connection)
            .await
            .unwrap();
        app.advance(TimeDelta::minutes(10));
        app.run_jobs().await;
        assert_eq!(scene.pairing(broken).await.state, PairingState::Held);
        assert_eq!(scene.pairing(sound).await.state, PairingState::Offered);
    }
}
