//! Coming forward for a role: possible, or refused with the true reason and what would change it, in both languages.

use entity::account;
use entity::conflict_of_interest::{self, ConflictKind};
use entity::id::{ConflictOfInterestId, PairingId, PairingRuleId};
use entity::pairing::{self, PairingOrigin, PairingSide, PairingState};
use entity::pairing_rule::{self, PairingRuleKind};
use entity::personal::Personal;
use entity::project::{self, ProjectState};
use entity::role::{self, RoleState};
use sea_orm::{ActiveModelTrait, ColumnTrait as _, EntityTrait, PaginatorTrait, QueryFilter, Set};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::on_both_databases;

use super::world::{Ask, Say, World, gid};

const APPLY: &str = "mutation($input: ExpressInterestInput!) { expressInterest(input: $input) { pairing { id } userErrors { code message field } } }";

fn input(role: &role::Model) -> Value {
    json!({ "input": { "roleId": gid(&role.id), "message": " I would love to. " } })
}

fn words(payload: &Value) -> Vec<(&str, &str)> {
    let errors = payload["userErrors"].as_array().unwrap();
    errors
        .iter()
        .map(|error| {
            (
                error["code"].as_str().unwrap(),
                error["message"].as_str().unwrap(),
            )
        })
        .collect()
}

on_both_databases! {
    async fn an_application_is_scored_and_both_sides_hear_of_it(backend) {
        let app = TestApp::new(backend).await;
        let world = World::new(&app);
        let project = world.project().await;
        let role = world.role(&project, Ask::default()).await;
        world.owner("Odile", "fr", &project).await;
        let (ana, client) = world.volunteer_with_client("Ana", "en", Say::default()).await;
        app.mailbox().take();

        let payload = client.mutate(APPLY, input(&role)).await;
        let stored = pairing::Entity::find().all(world.db()).await.unwrap();
        assert_eq!(stored.len(), 1);
        assert_eq!(payload["pairing"]["id"], gid(&stored[0].id));
        assert_eq!((stored[0].state, stored[0].origin), (PairingState::Interested, PairingOrigin::Volunteer));
        assert_eq!((stored[0].role_id, stored[0].volunteer_id), (role.id, ana.id));
        assert_eq!(stored[0].message, Some(Personal::new("I would love to.")));
        assert!(stored[0].score_bp.is_some_and(|score| score > 5_000), "{:?}", stored[0].score_bp);

        app.run_jobs().await;
        let to_owner = app.mail_to("odile@example.org").pop().unwrap();
        assert!(to_owner.text.contains("Ana") && to_owner.text.contains("Data analyst"), "{}", to_owner.text);
        assert!(!to_owner.text.contains("ana@example.org"), "contact data stay hidden");
        let to_volunteer = app.mail_to("ana@example.org").pop().unwrap();
        assert!(to_volunteer.text.contains("Data analyst"), "{}", to_volunteer.text);

        let again = client.user_errors(APPLY, input(&role)).await;
        assert_eq!(again, ["ALREADY_EXISTS roleId"]);
    }

    async fn coordinators_are_led_to_the_admin_client_only_where_one_is_served(backend) {
        for folder in [None, Some("/nowhere")] {
            let settings: Vec<_> = folder.map(|folder| ("ADMIN_DIR", folder)).into_iter().collect();
            let app = TestApp::with_settings(backend, &settings).await;
            app.coordinator().await;
            let world = World::new(&app);
            let project = world.project().await;
            let role = world.role(&project, Ask::default()).await;
            let (_, client) = world.volunteer_with_client("Ana", "en", Say::default()).await;
            client.mutate(APPLY, input(&role)).await;
            app.run_jobs().await;
            let mail = app.mail_to("coordinator@example.org").pop().unwrap();
            assert!(mail.text.contains("The application waits for your review."), "{}", mail.text);
            let link = "http://marketplace.test/admin/";
            for text in [&mail.text, &mail.html] {
                assert_eq!(text.contains(link), folder.is_some(), "{text}");
                assert_eq!(text.contains("Open the worklist"), folder.is_some(), "{text}");
            }
        }
    }

    async fn a_closed_gate_is_told_with_the_smallest_change_in_english_and_in_french(backend) {
        let app = TestApp::new(backend).await;
        let world = World::new(&app);
        let project = world.project().await;
        let role = world
            .role(&project, Ask { must_have: vec![("postgresql", 4)], languages: vec!["fr"], hours: 8, ..Ask::default() })
            .await;
        let say = || Say { hours: 5, languages: vec!["en"], skills: vec![("user-research", 4)], ..Say::default() };
        let (_, english) = world.volunteer_with_client("Ana", "en", say()).await;
        let (_, french) = world.volunteer_with_client("Luc", "fr", say()).await;

        let payload = english.try_mutate(APPLY, input(&role)).await;
        let told = words(&payload);
        assert!(told.iter().all(|(code, _)| *code == "GATED"), "{told:?}");
        let all = told.iter().map(|(_, message)| *message).collect::<Vec<_>>().join("\n");
        for part in ["8 h a week asked, 5 h left", "3 more hours", "does not speak French", "add French", "lacks PostgreSQL (level 4)"] {
            assert!(all.contains(part), "{part} in\n{all}");
        }
        let payload = french.try_mutate(APPLY, input(&role)).await;
        let all = words(&payload).iter().map(|(_, message)| *message).collect::<Vec<_>>().join("\n");
        for part in ["Impossible pour le moment", "8 h par semaine demandées, 5 h disponibles", "ne parle pas : français", "3 heures de plus", "PostgreSQL (niveau 4)"] {
            assert!(all.contains(part), "{part} in\n{all}");
        }
        assert_eq!(pairing::Entity::find().count(world.db()).await.unwrap(), 0);
    }

    async fn full_closed_hidden_and_conflicting_roles_are_told_apart(backend) {
        let app = TestApp::new(backend).await;
        let world = World::new(&app);
        let (ana, client) = world.volunteer_with_client("Ana", "en", Say::default()).await;
        let change = async |role: &role::Model, state, filled| {
            role::ActiveModel { id: Set(role.id), state: Set(state), filled: Set(filled), ..Default::default() }
                .update(world.db())
                .await
                .unwrap();
        };
        let project = world.project().await;
        let full = world.role(&project, Ask::default()).await;
        change(&full, RoleState::Filled, 1).await;
        assert_eq!(client.user_errors(APPLY, input(&full)).await, ["FULL roleId"]);
        let closed = world.role(&project, Ask::default()).await;
        change(&closed, RoleState::Closed, 0).await;
        assert_eq!(client.user_errors(APPLY, input(&closed)).await, ["WRONG_STATE roleId"]);
        let draft = world.role(&project, Ask::default()).await;
        change(&draft, RoleState::Draft, 0).await;
        assert_eq!(client.error_code(APPLY, input(&draft)).await, "NOT_FOUND");

        let resting = world.project().await;
        let role = world.role(&resting, Ask::default()).await;
        project::ActiveModel { id: Set(resting.id), is_accepting: Set(false), ..Default::default() }
            .update(world.db())
            .await
            .unwrap();
        assert_eq!(client.user_errors(APPLY, input(&role)).await, ["WRONG_STATE roleId"]);
        project::ActiveModel { id: Set(resting.id), state: Set(ProjectState::Paused), ..Default::default() }
            .update(world.db())
            .await
            .unwrap();
        assert_eq!(client.error_code(APPLY, input(&role)).await, "NOT_FOUND");

        let own = world.project().await;
        let role = world.role(&own, Ask::default()).await;
        let conflict = conflict_of_interest::ActiveModel {
            id: Set(ConflictOfInterestId::new(app.app.new_id())),
            volunteer_id: Set(ana.id),
            organization_id: Set(own.organization_id),
            kind: Set(ConflictKind::Board),
            note: Set(None),
        };
        conflict.insert(world.db()).await.unwrap();
        assert_eq!(client.user_errors(APPLY, input(&role)).await, ["CONFLICT_OF_INTEREST roleId"]);
    }

    async fn who_may_not_come_forward_hears_what_is_missing(backend) {
        let app = TestApp::new(backend).await;
        let world = World::new(&app);
        let role = world.role(&world.project().await, Ask::default()).await;
        assert_eq!(app.client().error_code(APPLY, input(&role)).await, "UNAUTHENTICATED");
        let without_profile = app.sign_up("Zoe", "en").await;
        assert_eq!(without_profile.user_errors(APPLY, input(&role)).await, ["REQUIRED"]);
        let (_, client) = world.volunteer_with_client("Ana", "en", Say::default()).await;
        let long = json!({ "input": { "roleId": gid(&role.id), "message": "a".repeat(2_001) } });
        assert_eq!(client.user_errors(APPLY, long).await, ["TOO_LONG message"]);
        account::Entity::update_many()
            .set(account::ActiveModel { email_verified_at: Set(None), ..Default::default() })
            .filter(account::COLUMN.email_normalized.eq("ana@example.org"))
            .exec(world.db())
            .await
            .unwrap();
        assert_eq!(client.user_errors(APPLY, input(&role)).await, ["UNVERIFIED"]);
    }

    async fn ones_own_decline_can_be_thought_over_but_a_coordinators_word_stands(backend) {
        let app = TestApp::new(backend).await;
        let world = World::new(&app);
        let project = world.project().await;
        let role = world.role(&project, Ask::default()).await;
        let (ana, client) = world.volunteer_with_client("Ana", "en", Say::default()).await;
        let now = app.app.clock.now();
        let declined = pairing::ActiveModel {
            id: Set(PairingId::new(app.app.new_id())),
            role_id: Set(role.id),
            volunteer_id: Set(ana.id),
            organization_id: Set(role.organization_id),
            origin: Set(PairingOrigin::Matcher),
            state: Set(PairingState::Declined),
            declined_by: Set(Some(PairingSide::Volunteer)),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        };
        declined.insert(world.db()).await.unwrap();
        client.mutate(APPLY, input(&role)).await;

        let other = world.role(&project, Ask::default()).await;
        let forbid = pairing_rule::ActiveModel {
            id: Set(PairingRuleId::new(app.app.new_id())),
            role_id: Set(other.id),
            volunteer_id: Set(ana.id),
            kind: Set(PairingRuleKind::Forbid),
            note: Set(None),
            created_by: Set(ana.account_id),
            created_at: Set(now),
        };
        forbid.insert(world.db()).await.unwrap();
        assert_eq!(client.user_errors(APPLY, input(&other)).await, ["GATED roleId"]);
    }

    async fn a_suggestion_nobody_has_heard_of_makes_way_for_the_application(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let role = world.role(&world.project().await, Ask::default()).await;
        let (_, client) = world.volunteer_with_client("Ana", "en", Say::default()).await;
        let run = "mutation { runRound(input: {}) { round { id } userErrors { code message } } }";
        let round = coordinator.mutate(run, json!({})).await;
        coordinator
            .mutate(
                "mutation($id: ID!) { applyRound(input: { roundId: $id }) { pairings { id } userErrors { code message } } }",
                json!({ "id": round["round"]["id"] }),
            )
            .await;
        client.mutate(APPLY, input(&role)).await;
        let mut states: Vec<_> =
            pairing::Entity::find().all(world.db()).await.unwrap().into_iter().map(|pairing| pairing.state).collect();
        states.sort();
        assert_eq!(states, [PairingState::Interested, PairingState::Superseded]);
    }
}
