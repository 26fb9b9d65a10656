//! A vetted organization with an open role, people who volunteer, and what a test does with them.

mod page;

use api::context::Context;
use api::domain::pairings::create::{Assessment, NewPairing, create};
use api::store::transaction::begin_write;
use chrono::{DateTime, TimeDelta, Utc};
use entity::account::{self, AccountState};
use entity::actor_kind::ActorKind;
use entity::conflict_of_interest::{self, ConflictKind};
use entity::consent::ConsentPurpose;
use entity::id::{AccountId, ConflictOfInterestId, MembershipId, PairingId, RoleId, VolunteerId};
use entity::language::Language;
use entity::membership::{self, MembershipRole, MembershipState};
use entity::organization;
use entity::pairing::{self, PairingOrigin, PairingState};
use entity::personal::Personal;
use entity::role::{self, RoleState};
use entity::role_window;
use entity::volunteer;
use matcher::mail::{Failure, SendError, Stage};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::database::Backend;
use tests::row::{acceptance, agreement, organization, profile, project, role, window};

pub(crate) use self::page::{answer, get, post, send};

/// An organization of Omar's, with a role.
pub(crate) struct Scene<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) omar: Client,
    pub(crate) organization: organization::Model,
    pub(crate) role: role::Model,
}

impl<'a> Scene<'a> {
    pub(crate) async fn new(app: &'a TestApp, seats: i32) -> Self {
        let omar = app.sign_up("Omar", "en").await;
        let organization = organization(&app.app);
        let project = project(&app.app, organization.id);
        let role = role(&app.app, &project, seats);
        let db = &app.app.store.connection;
        organization
            .clone()
            .into_active_model()
            .insert(db)
            .await
            .unwrap();
        project
            .clone()
            .into_active_model()
            .insert(db)
            .await
            .unwrap();
        role.clone().into_active_model().insert(db).await.unwrap();
        window(&app.app, role.id)
            .into_active_model()
            .insert(db)
            .await
            .unwrap();
        let scene = Self {
            app,
            omar,
            organization,
            role,
        };
        scene
            .add_member("omar@example.org", MembershipRole::Owner)
            .await;
        scene
    }

    /// Makes an account a member of the organization.
    pub(crate) async fn add_member(&self, email: &str, role: MembershipRole) {
        let member = account_of(self.app, email).await;
        membership::Model {
            id: MembershipId::new(self.app.app.new_id()),
            organization_id: self.organization.id,
            account_id: member.id,
            role,
            state: MembershipState::Active,
            created_at: now(self.app),
            updated_at: now(self.app),
        }
        .into_active_model()
        .insert(&self.app.app.store.connection)
        .await
        .unwrap();
    }

    /// Gives an account a profile that declares a tie to the organization.
    pub(crate) async fn add_tie(&self, email: &str) {
        let account = account_of(self.app, email).await;
        let volunteer_id = self.add_profile(account.id).await;
        conflict_of_interest::Model {
            id: ConflictOfInterestId::new(self.app.app.new_id()),
            volunteer_id,
            organization_id: self.organization.id,
            kind: ConflictKind::Board,
            note: None,
        }
        .into_active_model()
        .insert(&self.app.app.store.connection)
        .await
        .unwrap();
    }

    /// Someone who can log in and volunteers.
    pub(crate) async fn sign_up_volunteer(
        &self,
        name: &str,
        language: &str,
    ) -> (Client, VolunteerId) {
        let client = self.app.sign_up(name, language).await;
        let account = account_of(self.app, &format!("{}@example.org", name.to_lowercase())).await;
        (client, self.add_profile(account.id).await)
    }

    /// Someone who volunteers and never logs in.
    pub(crate) async fn add_volunteer(&self, name: &str) -> (AccountId, VolunteerId) {
        let id = AccountId::new(self.app.app.new_id());
        account::Model {
            id,
            email: Personal::new(format!("{name}@example.org")),
            email_normalized: Personal::new(format!("{name}@example.org")),
            password_hash: None,
            given_name: Personal::new(name),
            family_name: Personal::new("Roy"),
            preferred_language: Some(Language::En),
            zone: "America/Toronto".to_owned(),
            state: AccountState::Active,
            staff_role: None,
            email_verified_at: Some(now(self.app)),
            version: 1,
            created_at: now(self.app),
            updated_at: now(self.app),
        }
        .into_active_model()
        .insert(&self.app.app.store.connection)
        .await
        .unwrap();
        for purpose in [ConsentPurpose::Matching, ConsentPurpose::Sharing] {
            agreement(&self.app.app, id, purpose)
                .into_active_model()
                .insert(&self.app.app.store.connection)
                .await
                .unwrap();
        }
        (id, self.add_profile(id).await)
    }

    async fn add_profile(&self, account_id: AccountId) -> VolunteerId {
        let profile = profile(&self.app.app, account_id);
        let id = profile.id;
        profile
            .into_active_model()
            .insert(&self.app.app.store.connection)
            .await
            .unwrap();
        id
    }

    /// One more role of the same project.
    pub(crate) async fn add_role(&self, seats: i32) -> role::Model {
        let role = role::Model {
            id: RoleId::new(self.app.app.new_id()),
            seats,
            filled: 0,
            state: RoleState::Open,
            ..self.role.clone()
        };
        role.clone()
            .into_active_model()
            .insert(&self.app.app.store.connection)
            .await
            .unwrap();
        role
    }

    /// Lets a role meet each Tuesday, for all of which its people shall be there.
    pub(crate) async fn meet(&self, role: &role::Model, (from, to): (i16, i16)) {
        let meeting = role_window::Model {
            start_minute: from,
            end_minute: to,
            ..window(&self.app.app, role.id)
        };
        let db = &self.app.app.store.connection;
        meeting.into_active_model().insert(db).await.unwrap();
        let all_of_it = role::ActiveModel {
            id: Set(role.id),
            minimum_overlap_minutes: Set((to - from).into()),
            ..Default::default()
        };
        role::Entity::update(all_of_it).exec(db).await.unwrap();
    }

    /// A pairing for the scene's role as it begins: suggested by the matcher, or an application.
    pub(crate) async fn begin(
        &self,
        volunteer_id: VolunteerId,
        origin: PairingOrigin,
    ) -> PairingId {
        self.begin_for(&self.role, volunteer_id, origin).await
    }

    /// The same for another role.
    pub(crate) async fn begin_for(
        &self,
        role: &role::Model,
        volunteer_id: VolunteerId,
        origin: PairingOrigin,
    ) -> PairingId {
        let ctx = Context::system(self.app.app.clone(), "test");
        let transaction = begin_write(&self.app.app.store).await.unwrap();
        let new = NewPairing {
            role,
            volunteer_id,
            origin,
            round_id: None,
            assessment: Some(Assessment {
                score_bp: 8_250,
                confidence_bp: 9_000,
                factors: Personal::new(json!({ "reasons": [
                    { "en": "3 of 4 skills fit.", "fr": "3 compétences sur 4 conviennent." },
                ] })),
                engine_version: "test".to_owned(),
            }),
            message: None,
            note: None,
        };
        let pairing = create(&ctx, &*transaction, new).await.unwrap().unwrap();
        transaction.commit().await.unwrap();
        pairing.id
    }

    /// A pairing that was offered and stands in `state`, put there without its past but for the yes it rests on.
    pub(crate) async fn offered(
        &self,
        role: &role::Model,
        volunteer_id: VolunteerId,
        state: PairingState,
    ) -> pairing::Model {
        let pairing = tests::row::offered(&self.app.app, role, volunteer_id, state);
        pairing
            .clone()
            .into_active_model()
            .insert(&self.app.app.store.connection)
            .await
            .unwrap();
        let said_by = match state {
            PairingState::OrganizationAccepted => {
                let omar = account_of(self.app, "omar@example.org").await;
                Some((ActorKind::Organization, omar.id))
            }
            PairingState::VolunteerAccepted => {
                let profile = volunteer::Entity::find_by_id(volunteer_id)
                    .one(&self.app.app.store.connection)
                    .await
                    .unwrap()
                    .unwrap();
                Some((ActorKind::Volunteer, profile.account_id))
            }
            _ => None,
        };
        if let Some(said_by) = said_by {
            acceptance(&self.app.app, &pairing, said_by)
                .into_active_model()
                .insert(&self.app.app.store.connection)
                .await
                .unwrap();
        }
        pairing
    }

    /// Approves a pairing as a new coordinator, and lets the hold window pass.
    pub(crate) async fn send_offer(&self, pairing: PairingId) -> Client {
        let coordinator = self.app.coordinator().await;
        act(
            &coordinator,
            "approvePairings",
            json!({ "pairings": [{ "id": global(pairing) }] }),
        )
        .await;
        self.app.advance(TimeDelta::minutes(10));
        self.app.run_jobs().await;
        coordinator
    }

    pub(crate) async fn pairing(&self, id: PairingId) -> pairing::Model {
        pairing::Entity::find_by_id(id)
            .one(&self.app.app.store.connection)
            .await
            .unwrap()
            .unwrap()
    }

    pub(crate) async fn role_now(&self) -> role::Model {
        role::Entity::find_by_id(self.role.id)
            .one(&self.app.app.store.connection)
            .await
            .unwrap()
            .unwrap()
    }
}

/// A mail server that takes nothing at the moment.
pub(crate) fn refused_for_now() -> SendError {
    SendError::Transient(Failure {
        stage: Stage::Recipient,
        reply: None,
        detail: "try again".to_owned(),
    })
}

/// A marketplace in which people stay logged in while the hold window passes.
pub(crate) async fn marketplace(backend: Backend) -> TestApp {
    TestApp::with_settings(backend, &[("ACCESS_TOKEN_MINUTES", "15")]).await
}

/// Runs one mutation over pairings that must succeed.
pub(crate) async fn act(client: &Client, mutation: &str, input: Value) -> Value {
    client
        .mutate(&document(mutation), json!({ "input": input }))
        .await
}

/// The `userErrors` of a mutation over pairings, as `CODE field` lines.
pub(crate) async fn errors(client: &Client, mutation: &str, input: Value) -> Vec<String> {
    client
        .user_errors(&document(mutation), json!({ "input": input }))
        .await
}

fn document(mutation: &str) -> String {
    let mut letters = mutation.chars();
    let first = letters.next().unwrap().to_ascii_uppercase();
    let input: String = std::iter::once(first).chain(letters).collect();
    let fields = match mutation {
        "approvePairings" => "pairings { id state version }",
        "startPlacement" | "completePlacement" | "endPlacement" => {
            "placement { id state endReason }"
        }
        _ => "pairing { id state reason declinedBy version }",
    };
    format!(
        "mutation($input: {input}Input!) {{ {mutation}(input: $input) {{ {fields} userErrors {{ code message field }} }} }}"
    )
}

/// The global id of a pairing.
pub(crate) fn global(id: PairingId) -> String {
    api::graphql::id::encode(&id).to_string()
}

pub(crate) fn now(app: &TestApp) -> DateTime<Utc> {
    app.app.clock.now()
}

pub(crate) async fn account_of(app: &TestApp, email: &str) -> account::Model {
    api::domain::accounts::email::find_account(&app.app.store.connection, &Personal::new(email))
        .await
        .unwrap()
        .unwrap()
}
