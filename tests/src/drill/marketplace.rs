//! What servers of a drill work on: a vetted organization with roles, volunteers by the hundred, and coordinators.

use std::sync::Arc;

use api::app::App;
use api::context::Context;
use api::domain::accounts::{create_staff, log_in, reset_password};
use api::domain::pairings::answer_link;
use api::domain::pairings::create::{NewPairing, create};
use api::server::prepare;
use api::store::transaction::begin_write;
use entity::account::{self, StaffRole};
use entity::actor_kind::ActorKind;
use entity::consent::{self, ConsentPurpose};
use entity::id::{AccountId, PairingId, VolunteerId};
use entity::language::Language;
use entity::pairing::{PairingOrigin, PairingSide, PairingState};
use entity::personal::Personal;
use entity::project;
use entity::role;
use entity::volunteer;
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _};
use secrecy::SecretString;

use crate::app::{PASSWORD, config};
use crate::row::{
    acceptance, account, agreement, member, offered, organization, profile, project, role, window,
};

/// Rows of one statement.
const BATCH: usize = 200;
/// Suggestions for one role: as many as may be approved and wait.
const FOR_A_ROLE: usize = 3;

/// The settings that all processes over one marketplace share, by keys without the prefix `MARKETPLACE_`. Whoever comes from
/// this machine is believed to be a proxy, so that requests of one drill can come from many addresses.
const SETTINGS: [(&str, &str); 8] = [
    ("BASE_URL", "http://marketplace.test"),
    ("ARGON2_MEMORY_KIB", "8"),
    ("ARGON2_PASSES", "1"),
    ("ACCESS_TOKEN_MINUTES", "15"),
    ("HOLD_MINUTES", "1440"),
    ("TRUSTED_PROXIES", "127.0.0.1"),
    ("MAIL_TRANSPORT", "file:mail"),
    ("LOG", "off"),
];

/// A marketplace, as an operator with the database at hand sees it.
pub(super) struct Marketplace {
    pub(super) app: Arc<App>,
    database_url: String,
    owner: AccountId,
    project: project::Model,
}

/// A volunteer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Volunteer {
    pub(super) id: VolunteerId,
    pub(super) account_id: AccountId,
}

impl Marketplace {
    /// Fills a database, which is migrated if need be.
    pub(super) async fn new(database_url: &str) -> Self {
        let app = App::open(config(database_url, &SETTINGS)).await.unwrap();
        prepare(&app).await.unwrap();
        let organization = organization(&app);
        let project = project(&app, organization.id);
        let connection = &app.store.connection;
        let rows = organization.clone().into_active_model();
        rows.insert(connection).await.unwrap();
        let rows = project.clone().into_active_model();
        rows.insert(connection).await.unwrap();
        let owner = account(&app);
        let owner_id = owner.id;
        owner.into_active_model().insert(connection).await.unwrap();
        let member = member(&app, organization.id, owner_id).into_active_model();
        member.insert(connection).await.unwrap();
        let sharing = agreement(&app, owner_id, ConsentPurpose::Sharing).into_active_model();
        sharing.insert(connection).await.unwrap();
        Self {
            app,
            database_url: database_url.to_owned(),
            owner: owner_id,
            project,
        }
    }

    /// The settings of a server over it.
    pub(super) fn settings(&self) -> Vec<(String, String)> {
        Self::settings_with(&self.database_url)
    }

    /// The same for a server that reaches the database by another way.
    pub(super) fn settings_with(database_url: &str) -> Vec<(String, String)> {
        let shared = SETTINGS.into_iter().chain([("DATABASE_URL", database_url)]);
        shared
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect()
    }

    /// The access token of a new coordinator.
    pub(super) async fn coordinator(&self, name: &str) -> String {
        let ctx = Context::system(self.app.clone(), "drill");
        let email = Personal::new(format!("{name}@example.org"));
        let input = create_staff::Input {
            email: email.clone(),
            given_name: Personal::new("Camille"),
            staff_role: StaffRole::Coordinator,
            preferred_language: Some(Language::En),
        };
        let made = Box::pin(create_staff::run(&ctx, &input)).await.unwrap();
        let input = reset_password::Input {
            token: made.link.split_once("token=").unwrap().1.to_owned(),
            new_password: SecretString::from(PASSWORD),
        };
        Box::pin(reset_password::run(&ctx, &input)).await.unwrap();
        let input = log_in::Input {
            email,
            password: SecretString::from(PASSWORD),
        };
        let (_, tokens) = Box::pin(log_in::run(&ctx, &input)).await.unwrap();
        tokens.access.token
    }

    /// A new role with its weekly meeting.
    pub(super) async fn role(&self, seats: i32) -> role::Model {
        let role = role(&self.app, &self.project, seats);
        let connection = &self.app.store.connection;
        let row = role.clone().into_active_model();
        row.insert(connection).await.unwrap();
        let window = window(&self.app, role.id).into_active_model();
        window.insert(connection).await.unwrap();
        role
    }

    /// New volunteers, who agreed to be proposed.
    pub(super) async fn volunteers(&self, number: usize) -> Vec<Volunteer> {
        let connection = &self.app.store.connection;
        let mut volunteers = Vec::new();
        for begin in (0..number).step_by(BATCH) {
            let accounts: Vec<_> = (begin..number.min(begin + BATCH))
                .map(|_| account(&self.app))
                .collect();
            let profiles: Vec<_> = accounts
                .iter()
                .map(|account| profile(&self.app, account.id))
                .collect();
            volunteers.extend(profiles.iter().map(|profile| Volunteer {
                id: profile.id,
                account_id: profile.account_id,
            }));
            let purposes = [ConsentPurpose::Matching, ConsentPurpose::Sharing];
            let agreements: Vec<_> = accounts
                .iter()
                .flat_map(|account| purposes.map(|purpose| (account.id, purpose)))
                .map(|(id, purpose)| agreement(&self.app, id, purpose).into_active_model())
                .collect();
            let accounts = accounts.into_iter().map(account::Model::into_active_model);
            let accounts = account::Entity::insert_many(accounts);
            accounts.exec_without_returning(connection).await.unwrap();
            let agreements = consent::Entity::insert_many(agreements);
            agreements.exec_without_returning(connection).await.unwrap();
            let profiles = profiles
                .into_iter()
                .map(volunteer::Model::into_active_model);
            let profiles = volunteer::Entity::insert_many(profiles);
            profiles.exec_without_returning(connection).await.unwrap();
        }
        volunteers
    }

    /// Pairings that the matcher suggests, each of a volunteer of its own, a few of them with one role.
    pub(super) async fn suggestions(&self, number: usize) -> Vec<PairingId> {
        let mut roles = Vec::new();
        for _ in 0..number.div_ceil(FOR_A_ROLE) {
            roles.push(self.role(10).await);
        }
        let volunteers = self.volunteers(number).await;
        let wanted: Vec<_> = (0..).zip(&volunteers).collect();
        let ctx = Context::system(self.app.clone(), "drill");
        let mut suggestions = Vec::new();
        for batch in wanted.chunks(BATCH) {
            let transaction = begin_write(&self.app.store).await.unwrap();
            for (place, volunteer) in batch {
                let new = NewPairing {
                    role: &roles[place / FOR_A_ROLE],
                    volunteer_id: volunteer.id,
                    origin: PairingOrigin::Matcher,
                    round_id: None,
                    assessment: None,
                    message: None,
                    note: None,
                };
                let pairing = create(&ctx, &*transaction, new).await.unwrap().unwrap();
                suggestions.push(pairing.id);
            }
            transaction.commit().await.unwrap();
        }
        suggestions
    }

    /// The token of the link by which a volunteer accepts a role for which the organization has accepted them.
    pub(super) async fn link_to_accept(&self, role: &role::Model, volunteer: Volunteer) -> String {
        let connection = &self.app.store.connection;
        let state = PairingState::OrganizationAccepted;
        let pairing = offered(&self.app, role, volunteer.id, state);
        let row = pairing.clone().into_active_model();
        row.insert(connection).await.unwrap();
        let said_by = (ActorKind::Organization, self.owner);
        let row = acceptance(&self.app, &pairing, said_by).into_active_model();
        row.insert(connection).await.unwrap();
        let side = PairingSide::Volunteer;
        let url = answer_link::url(&self.app, &pairing, side, volunteer.account_id);
        let token = url.split_once("token=").unwrap().1;
        token.split(['#', '&']).next().unwrap().to_owned()
    }
}
