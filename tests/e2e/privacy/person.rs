//! Somebody of whom there is something in every place that can hold it.

mod told;

use chrono::NaiveDate;
use entity::account_token::TokenPurpose;
use entity::actor_kind::ActorKind;
use entity::conflict_of_interest::{self, ConflictKind};
use entity::id::{
    AccountId, AccountTokenId, ConflictOfInterestId, IdentityId, PairingEventId, PairingRuleId,
    PasskeyId, SuppressionId, TimeOffId, VolunteerId, VolunteerWindowId,
};
use entity::language::Language;
use entity::pairing::{self, PairingState};
use entity::pairing_event;
use entity::pairing_rule::{self, PairingRuleKind};
use entity::personal::Personal;
use entity::suppression::{self, SuppressionReason, SuppressionTopic};
use entity::weekday::Weekday;
use entity::{
    account, account_token, identity, passkey, refresh_token, session, time_off, volunteer,
    volunteer_language, volunteer_window,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseConnection, EntityTrait, IntoActiveModel, QueryFilter,
    Set,
};
use serde_json::json;
use tests::app::TestApp;
use tests::client::Client;
use tests::database::Backend;

use crate::pairings::scene::{Scene, now};

/// A person, and everything by which they would be known again.
pub(super) struct Person {
    pub(super) client: Client,
    pub(super) email: String,
    pub(super) account_id: AccountId,
    pub(super) volunteer_id: VolunteerId,
    /// What the person told, did or was told: in an export.
    pub(super) own: Vec<(String, Vec<u8>)>,
    /// What is held besides: secrets, and what others wrote.
    pub(super) besides: Vec<(String, Vec<u8>)>,
}

impl Person {
    /// Everything by which they would be known.
    pub(super) fn traces(&self) -> impl Iterator<Item = &(String, Vec<u8>)> {
        self.own.iter().chain(&self.besides)
    }
}

/// What makes two people differ.
pub(super) struct Traits {
    pub(super) name: &'static str,
    pub(super) account_zone: &'static str,
    pub(super) volunteer_zone: &'static str,
    pub(super) latitude: f64,
    pub(super) away_on: &'static str,
}

pub(super) const VERA: Traits = Traits {
    name: "Veravolta",
    account_zone: "Pacific/Chatham",
    volunteer_zone: "Antarctica/Vostok",
    latitude: 43.712_345_1,
    away_on: "2031-07-19",
};
pub(super) const NORA: Traits = Traits {
    name: "Noranella",
    account_zone: "Pacific/Niue",
    volunteer_zone: "Antarctica/Davis",
    latitude: 45.298_765_2,
    away_on: "2032-08-23",
};

/// Signs somebody up and puts something of them everywhere. `acted_in` is another's pairing, in which they act; `about` is
/// one of their own.
pub(super) struct Plant<'a> {
    pub(super) backend: Backend,
    pub(super) app: &'a TestApp,
    pub(super) scene: &'a Scene<'a>,
    pub(super) client: Client,
    pub(super) volunteer_id: VolunteerId,
    pub(super) traits: &'a Traits,
}

impl Plant<'_> {
    pub(super) async fn everywhere(
        self,
        about: &pairing::Model,
        acted_in: &pairing::Model,
    ) -> Person {
        let db = self.db();
        let name = self.traits.name;
        let email = format!("{}@example.org", name.to_lowercase());
        let account = account::Entity::find()
            .filter(account::COLUMN.email_normalized.eq(email.as_str()))
            .one(db)
            .await
            .unwrap()
            .unwrap();
        let account_id = account.id;
        let mut own = vec![text(&email), text(name)];
        let mut besides = vec![text(account.password_hash.as_deref().unwrap())];
        let mut mark = |what: &str| {
            let mark = format!("{what}-{name}");
            own.push(text(&mark));
            mark
        };
        self.client
            .mutate(
                "mutation($input: UpdateAccountInput!) { updateAccount(input: $input) { userErrors { code message field } } }",
                json!({ "input": { "familyName": mark("Family"), "zone": self.traits.account_zone } }),
            )
            .await;
        session::Entity::update_many()
            .set(session::ActiveModel {
                user_agent: Set(Some(Personal::new(mark("Agent")))),
                ..Default::default()
            })
            .filter(session::COLUMN.account_id.eq(account_id))
            .exec(db)
            .await
            .unwrap();
        volunteer::ActiveModel {
            id: Set(self.volunteer_id),
            about: Set(Some(Personal::new(mark("About")))),
            about_language: Set(Some(Language::En)),
            city: Set(Some(Personal::new(mark("City")))),
            zone: Set(Some(self.traits.volunteer_zone.to_owned())),
            latitude: Set(Some(Personal::new(self.traits.latitude))),
            longitude: Set(Some(Personal::new(-75.5))),
            ..Default::default()
        }
        .update(db)
        .await
        .unwrap();
        let message = mark("Message");
        self.lists(mark("Conflict")).await;
        self.passkey(account_id, (mark("Passkey"), mark("Credential")))
            .await;
        self.identity(account_id, mark("KnownAs")).await;
        self.wish(account_id, mark("Wanted")).await;
        self.acts(account_id, acted_in, mark("Act")).await;
        let (mail_error, reason, proposed) = (mark("MailError"), mark("Reason"), mark("Proposed"));
        self.suppress(&email).await;

        let mut beside = |what: &str| {
            let mark = format!("{what}-{name}");
            besides.push(text(&mark));
            mark
        };
        self.mails(account_id, about, (beside("Subject"), mail_error))
            .await;
        let reported = beside("Reported");
        self.proposed(about, message, (reason, proposed, reported))
            .await;
        self.said_by_others(account_id, about, (beside("Note"), beside("Rule")))
            .await;
        self.mails_to_others(
            about,
            (beside("ToOther"), beside("Digest"), beside("Raw")),
            account_id,
        )
        .await;
        besides.extend(self.secrets(account_id).await.iter().map(|hash| text(hash)));

        own.push(text(self.traits.account_zone));
        own.push(text(self.traits.volunteer_zone));
        own.push(text(self.traits.away_on));
        let latitude = match self.backend {
            Backend::Sqlite => self.traits.latitude.to_be_bytes().to_vec(),
            Backend::Postgres => self.traits.latitude.to_string().into_bytes(),
        };
        own.push((self.traits.latitude.to_string(), latitude));
        Person {
            client: self.client,
            email,
            account_id,
            volunteer_id: self.volunteer_id,
            own,
            besides,
        }
    }

    fn db(&self) -> &DatabaseConnection {
        &self.app.app.store.connection
    }

    fn id<T: From<uuid::Uuid>>(&self) -> T {
        T::from(self.app.app.new_id())
    }

    async fn lists(&self, note: String) {
        let db = self.db();
        let volunteer_id = self.volunteer_id;
        let day: NaiveDate = self.traits.away_on.parse().unwrap();
        let days = time_off::Model {
            id: self.id::<TimeOffId>(),
            volunteer_id,
            starts_on: day,
            ends_on: day,
        };
        days.into_active_model().insert(db).await.unwrap();
        let window = volunteer_window::Model {
            id: self.id::<VolunteerWindowId>(),
            volunteer_id,
            weekday: Weekday::Tuesday,
            start_minute: 1_111,
            end_minute: 1_222,
        };
        window.into_active_model().insert(db).await.unwrap();
        let language = volunteer_language::Model {
            volunteer_id,
            language: "iu".to_owned(),
        };
        language.into_active_model().insert(db).await.unwrap();
        let tie = conflict_of_interest::Model {
            id: self.id::<ConflictOfInterestId>(),
            volunteer_id,
            organization_id: self.scene.organization.id,
            kind: ConflictKind::Other,
            note: Some(Personal::new(note)),
        };
        tie.into_active_model().insert(db).await.unwrap();
    }

    async fn passkey(&self, account_id: AccountId, (name, credential_id): (String, String)) {
        let passkey = passkey::Model {
            id: self.id::<PasskeyId>(),
            account_id,
            name: Personal::new(name),
            credential_id,
            public_key: "AAAA".to_owned(),
            signature_count: 1,
            created_at: now(self.app),
            last_used_at: None,
        };
        passkey.into_active_model().insert(self.db()).await.unwrap();
    }

    async fn identity(&self, account_id: AccountId, subject: String) {
        let identity = identity::Model {
            id: self.id::<IdentityId>(),
            account_id,
            issuer: "https://id.example".to_owned(),
            subject: Personal::new(subject),
            linked_at: now(self.app),
        };
        identity
            .into_active_model()
            .insert(self.db())
            .await
            .unwrap();
    }

    /// Somebody else's pairing, in which the person acts for an organization.
    async fn acts(&self, account_id: AccountId, acted_in: &pairing::Model, note: String) {
        self.event(acted_in, (ActorKind::Organization, account_id), note)
            .await;
    }

    async fn event(
        &self,
        pairing: &pairing::Model,
        (actor_kind, actor): (ActorKind, AccountId),
        note: String,
    ) {
        let event = pairing_event::Model {
            id: self.id::<PairingEventId>(),
            pairing_id: pairing.id,
            sequence: 50 + i32::try_from(actor.uuid().as_u128() % 1_000).unwrap(),
            from_state: Some(PairingState::Offered),
            to_state: PairingState::Offered,
            actor_kind,
            actor_account_id: Some(actor),
            reason_code: "other".to_owned(),
            note: Some(Personal::new(note)),
            at: now(self.app),
        };
        event.into_active_model().insert(self.db()).await.unwrap();
    }

    async fn suppress(&self, email: &str) {
        let suppressed = suppression::Model {
            id: self.id::<SuppressionId>(),
            email_normalized: Personal::new(email),
            topic: SuppressionTopic::All,
            reason: SuppressionReason::Complained,
            created_at: now(self.app),
        };
        suppressed
            .into_active_model()
            .insert(self.db())
            .await
            .unwrap();
    }

    /// What a coordinator noted about the person.
    async fn said_by_others(
        &self,
        account_id: AccountId,
        about: &pairing::Model,
        (note, rule): (String, String),
    ) {
        let omar = self.omar().await;
        assert_ne!(omar, account_id);
        self.event(about, (ActorKind::Coordinator, omar), note)
            .await;
        let rule = pairing_rule::Model {
            id: self.id::<PairingRuleId>(),
            role_id: about.role_id,
            volunteer_id: self.volunteer_id,
            kind: PairingRuleKind::Pin,
            note: Some(Personal::new(rule)),
            created_by: omar,
            created_at: now(self.app),
        };
        rule.into_active_model().insert(self.db()).await.unwrap();
    }

    /// The address that the person asked for in the place of theirs.
    async fn wish(&self, account_id: AccountId, wanted: String) {
        let token = account_token::Model {
            id: self.id::<AccountTokenId>(),
            account_id,
            purpose: TokenPurpose::ChangeEmail,
            token_hash: format!("WishHash-{}", self.traits.name),
            expires_at: now(self.app),
            used_at: None,
            created_at: now(self.app),
            email: Some(Personal::new(wanted)),
        };
        token.into_active_model().insert(self.db()).await.unwrap();
    }

    /// The hashes of the person's tokens.
    async fn secrets(&self, account_id: AccountId) -> Vec<String> {
        let db = self.db();
        let token = account_token::Model {
            id: self.id::<AccountTokenId>(),
            account_id,
            purpose: TokenPurpose::ResetPassword,
            token_hash: format!("TokenHash-{}", self.traits.name),
            expires_at: now(self.app),
            used_at: None,
            created_at: now(self.app),
            email: None,
        };
        token.into_active_model().insert(db).await.unwrap();
        let tokens = account_token::Entity::find()
            .filter(account_token::COLUMN.account_id.eq(account_id))
            .all(db)
            .await
            .unwrap();
        let chain = refresh_token::Entity::find()
            .find_also_related(session::Entity)
            .all(db)
            .await
            .unwrap();
        let chain = chain
            .into_iter()
            .filter(|(_, session)| session.as_ref().unwrap().account_id == account_id)
            .map(|(token, _)| token.token_hash);
        tokens
            .into_iter()
            .map(|token| token.token_hash)
            .chain(chain)
            .collect()
    }

    async fn omar(&self) -> AccountId {
        account::Entity::find()
            .filter(account::COLUMN.email_normalized.eq("omar@example.org"))
            .one(self.db())
            .await
            .unwrap()
            .unwrap()
            .id
    }
}

fn text(text: &str) -> (String, Vec<u8>) {
    (text.to_owned(), text.as_bytes().to_vec())
}
