//! What an organization sees of a volunteer, step by step as their pairing goes.

use chrono::{DateTime, Utc};
use entity::consent::{self, ConsentChannel, ConsentPurpose};
use entity::id::{ConsentId, MembershipId};
use entity::language::Language;
use entity::membership::{self, MembershipRole, MembershipState};
use entity::organization::{self, OrganizationState};
use entity::pairing::{self, PairingState};
use entity::{account, id::AccountId};
use sea_orm::{
    ActiveModelTrait, ColumnTrait as _, DatabaseConnection, EntityTrait, QueryFilter, Set,
};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::on_both_databases;
use uuid::Uuid;

use crate::constraints::world::World;

const ONE: &str = "query($id: ID!) { volunteer(id: $id) { disclosure givenName languages about hoursPerWeek version completeness account { email } contact { email familyName } } }";

/// A logged-in member of the world's organization.
async fn member(app: &TestApp, world: &World, name: &str, role: MembershipRole) -> Client {
    let client = app.sign_up(name, "en").await;
    let db = &app.app.store.connection;
    let account = account::Entity::find()
        .filter(account::COLUMN.given_name.eq(name))
        .one(db)
        .await
        .unwrap()
        .unwrap();
    let now = app.app.clock.now();
    membership::ActiveModel {
        id: Set(MembershipId::new(Uuid::from_u128(
            100 + account.id.uuid().as_u128() % 1_000,
        ))),
        organization_id: Set(world.organization.id),
        account_id: Set(account.id),
        role: Set(role),
        state: Set(MembershipState::Active),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(db)
    .await
    .unwrap();
    client
}

async fn move_to(db: &DatabaseConnection, pairing: &pairing::Model, state: PairingState) {
    pairing::ActiveModel {
        id: Set(pairing.id),
        state: Set(state),
        ..Default::default()
    }
    .update(db)
    .await
    .unwrap();
}

async fn set_organization(
    db: &DatabaseConnection,
    world: &World,
    state: OrganizationState,
    vetted_until: Option<DateTime<Utc>>,
) {
    organization::ActiveModel {
        id: Set(world.organization.id),
        state: Set(state),
        vetted_until: Set(vetted_until),
        ..Default::default()
    }
    .update(db)
    .await
    .unwrap();
}

async fn agree_to_sharing(app: &TestApp, account_id: AccountId) {
    consent::ActiveModel {
        id: Set(ConsentId::new(Uuid::from_u128(77))),
        account_id: Set(account_id),
        purpose: Set(ConsentPurpose::Sharing),
        is_granted: Set(true),
        wording_version: Set("2026-11".to_owned()),
        language: Set(Language::Fr),
        channel: Set(ConsentChannel::Api),
        given_at: Set(app.app.clock.now()),
    }
    .insert(&app.app.store.connection)
    .await
    .unwrap();
}

on_both_databases! {
    async fn an_organization_sees_more_of_a_volunteer_as_their_pairing_goes_on(backend) {
        let app = TestApp::new(backend).await;
        let db = &app.app.store.connection;
        let world = World::insert(db).await;
        let owner = member(&app, &world, "Olga", MembershipRole::Owner).await;
        let plain = member(&app, &world, "Paul", MembershipRole::Member).await;
        let id = json!({ "id": api::graphql::id::encode(&world.volunteer.id).as_str() });
        let contact = async |client: &Client| {
            client.query(ONE, id.clone()).await["volunteer"]["contact"].clone()
        };

        assert_eq!(owner.query(ONE, id.clone()).await["volunteer"], Value::Null);
        let pairing = world.insert_pairing(db, 50, PairingState::Interested).await.unwrap();
        let summary = json!({
            "disclosure": "SUMMARY", "givenName": "Ana", "languages": [], "about": null, "hoursPerWeek": null,
            "version": null, "completeness": null, "account": null, "contact": null,
        });
        assert_eq!(owner.query(ONE, id.clone()).await["volunteer"], summary);
        assert_eq!(plain.query(ONE, id.clone()).await["volunteer"], summary);

        agree_to_sharing(&app, world.account.id).await;
        assert_eq!(contact(&owner).await, Value::Null);
        move_to(db, &pairing, PairingState::Confirmed).await;
        assert_eq!(contact(&owner).await, json!({ "email": "Ana@example.org", "familyName": "Roy" }));
        assert_eq!(contact(&plain).await, Value::Null);

        move_to(db, &pairing, PairingState::Declined).await;
        assert_eq!(owner.query(ONE, id.clone()).await["volunteer"], Value::Null);
    }

    async fn an_organization_that_is_not_vetted_any_more_sees_nobody(backend) {
        let app = TestApp::new(backend).await;
        let db = &app.app.store.connection;
        let world = World::insert(db).await;
        let owner = member(&app, &world, "Olga", MembershipRole::Owner).await;
        agree_to_sharing(&app, world.account.id).await;
        let pairing = world.insert_pairing(db, 50, PairingState::Confirmed).await.unwrap();
        let ids = json!({
            "pairing": api::graphql::id::encode(&pairing.id).as_str(),
            "volunteer": api::graphql::id::encode(&world.volunteer.id).as_str(),
        });
        let document = "query($pairing: ID!, $volunteer: ID!) {
            volunteer(id: $volunteer) { contact { email } }
            pairing(id: $pairing) { state volunteerFirstName volunteer { id } contact { email } }
        }";
        let told = owner.query(document, ids.clone()).await;
        assert_eq!(told["volunteer"]["contact"]["email"], "Ana@example.org");
        assert_eq!(told["pairing"]["contact"]["email"], "Ana@example.org");
        assert_eq!(told["pairing"]["volunteerFirstName"], "Ana");

        let nothing = json!({
            "volunteer": null,
            "pairing": { "state": "CONFIRMED", "volunteerFirstName": null, "volunteer": null, "contact": null },
        });
        let vetted_until = world.organization.vetted_until;
        let run_out = Some(app.app.clock.now());
        for (state, until) in [
            (OrganizationState::Flagged, vetted_until),
            (OrganizationState::Withdrawn, vetted_until),
            (OrganizationState::Expired, vetted_until),
            // Run out, and no job has said so.
            (OrganizationState::Vetted, run_out),
        ] {
            set_organization(db, &world, state, until).await;
            assert_eq!(owner.query(document, ids.clone()).await, nothing, "{state}");
        }
        // Staff go on seeing what they answer for.
        let staff = app.coordinator().await;
        assert_eq!(staff.query(document, ids.clone()).await, told);
        set_organization(db, &world, OrganizationState::Vetted, vetted_until).await;
        assert_eq!(owner.query(document, ids).await, told);
    }

    async fn without_consent_to_share_contact_stays_hidden_also_when_confirmed(backend) {
        let app = TestApp::new(backend).await;
        let db = &app.app.store.connection;
        let world = World::insert(db).await;
        let owner = member(&app, &world, "Olga", MembershipRole::Owner).await;
        world.insert_pairing(db, 50, PairingState::Confirmed).await.unwrap();
        let id = json!({ "id": api::graphql::id::encode(&world.volunteer.id).as_str() });
        let volunteer = owner.query(ONE, id).await["volunteer"].clone();
        assert_eq!(volunteer["givenName"], "Ana");
        assert_eq!(volunteer["contact"], Value::Null);
        let staff = app.coordinator().await;
        let id = json!({ "id": api::graphql::id::encode(&world.volunteer.id).as_str() });
        assert_eq!(staff.query(ONE, id).await["volunteer"]["contact"]["email"], "Ana@example.org");
    }
}
