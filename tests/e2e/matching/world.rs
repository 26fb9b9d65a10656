//! Organizations, roles and volunteers for the matcher to look at, written without the server.

use api::graphql::id::{GlobalId, encode};
use entity::account::{self, AccountState};
use entity::consent::{self, ConsentChannel, ConsentPurpose};
use entity::id::{
    AccountId, CauseId, ConsentId, MembershipId, OrganizationId, ProjectId, RoleId, RoleSkillId,
    RoleWindowId, SkillId, VolunteerId, VolunteerWindowId,
};
use entity::language::Language;
use entity::location_mode::LocationMode;
use entity::membership::{self, MembershipRole, MembershipState};
use entity::organization::{self, OrganizationKind, OrganizationState};
use entity::personal::Personal;
use entity::project::{self, Engagement, ProjectStage, ProjectState};
use entity::role::{self, RoleState};
use entity::role_language::{self, RoleLanguageKind};
use entity::role_skill::{self, RoleSkillKind};
use entity::volunteer::{self, VolunteerState};
use entity::weekday::Weekday;
use entity::{
    project_cause, role_window, volunteer_cause, volunteer_language, volunteer_skill,
    volunteer_window,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait as _, DatabaseConnection, EntityTrait, IntoActiveModel,
    QueryFilter, Set,
};
use tests::app::TestApp;
use tests::client::Client;

/// Writes rows.
pub(super) struct World<'a> {
    app: &'a TestApp,
}

/// What a role asks; everything else is open.
pub(super) struct Ask {
    pub(super) title: &'static str,
    pub(super) seats: i32,
    pub(super) hours: i32,
    pub(super) must_have: Vec<(&'static str, i16)>,
    pub(super) languages: Vec<&'static str>,
    /// Tuesday from this hour to that, in Toronto.
    pub(super) tuesday: Option<(i16, i16)>,
}

impl Default for Ask {
    fn default() -> Self {
        Self {
            title: "Data analyst",
            seats: 1,
            hours: 3,
            must_have: vec![("python", 3)],
            languages: vec!["en"],
            tuesday: Some((18, 20)),
        }
    }
}

/// What a volunteer says.
pub(super) struct Say {
    pub(super) hours: i32,
    pub(super) skills: Vec<(&'static str, i16)>,
    pub(super) languages: Vec<&'static str>,
    /// Tuesday from this hour to that, in Toronto.
    pub(super) tuesday: Option<(i16, i16)>,
    pub(super) most: i32,
}

impl Default for Say {
    fn default() -> Self {
        Self {
            hours: 5,
            skills: vec![("python", 4), ("sql", 3)],
            languages: vec!["en", "fr"],
            tuesday: Some((17, 21)),
            most: 1,
        }
    }
}

/// The global form of a key, as text.
pub(super) fn gid<T: GlobalId>(id: &T) -> String {
    encode(id).to_string()
}

impl<'a> World<'a> {
    pub(super) fn new(app: &'a TestApp) -> Self {
        Self { app }
    }

    pub(super) fn db(&self) -> &DatabaseConnection {
        &self.app.app.store.connection
    }

    /// A vetted organization with a published project for open data.
    pub(super) async fn project(&self) -> project::Model {
        let now = self.app.app.clock.now();
        let id = OrganizationId::new(self.app.app.new_id());
        let organization = organization::Model {
            id,
            slug: format!("thaw-{id}"),
            name: "Thaw".to_owned(),
            name_folded: "thaw".to_owned(),
            kind: OrganizationKind::Nonprofit,
            charity_number: None,
            website: None,
            city: None,
            province: None,
            original_language: Language::En,
            description_en: Some("We clear sidewalks.".to_owned()),
            description_fr: None,
            state: OrganizationState::Vetted,
            submitted_at: None,
            vetted_until: None,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        organization
            .into_active_model()
            .insert(self.db())
            .await
            .unwrap();
        let project_id = ProjectId::new(self.app.app.new_id());
        let project = project::Model {
            id: project_id,
            organization_id: id,
            slug: format!("ice-map-{project_id}"),
            original_language: Language::En,
            title_en: Some("Ice map".to_owned()),
            title_fr: Some("Carte des glaces".to_owned()),
            title_folded_en: String::new(),
            title_folded_fr: String::new(),
            summary_en: None,
            summary_fr: None,
            problem_en: None,
            problem_fr: None,
            outcome_en: None,
            outcome_fr: None,
            stage: ProjectStage::Idea,
            engagement: Engagement::Project,
            state: ProjectState::Published,
            is_accepting: true,
            starts_on: None,
            ends_on: None,
            location_mode: LocationMode::Remote,
            city: None,
            latitude: None,
            longitude: None,
            zone: "America/Toronto".to_owned(),
            code_url: None,
            website: None,
            review_comment: None,
            published_at: Some(now),
            listing_confirmed_at: None,
            search_text: "ice map".to_owned(),
            version: 1,
            created_at: now,
            updated_at: now,
        };
        project
            .clone()
            .into_active_model()
            .insert(self.db())
            .await
            .unwrap();
        let cause = project_cause::ActiveModel {
            project_id: Set(project_id),
            cause_id: Set(CauseId::new("accessibility")),
        };
        cause.insert(self.db()).await.unwrap();
        project
    }

    /// An open role of the project.
    pub(super) async fn role(&self, project: &project::Model, ask: Ask) -> role::Model {
        let now = self.app.app.clock.now();
        let id = RoleId::new(self.app.app.new_id());
        let role = role::Model {
            id,
            project_id: project.id,
            organization_id: project.organization_id,
            title_en: Some(ask.title.to_owned()),
            title_fr: None,
            description_en: None,
            description_fr: None,
            role_family_id: None,
            state: RoleState::Open,
            seats: ask.seats,
            filled: 0,
            hours_per_week: ask.hours,
            starts_on: None,
            ends_on: None,
            location_mode: LocationMode::Remote,
            city: None,
            latitude: None,
            longitude: None,
            zone: "America/Toronto".to_owned(),
            minimum_overlap_minutes: 60,
            is_learning_seat: false,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        role.clone()
            .into_active_model()
            .insert(self.db())
            .await
            .unwrap();
        for (skill, level) in ask.must_have {
            let row = role_skill::ActiveModel {
                id: Set(RoleSkillId::new(self.app.app.new_id())),
                role_id: Set(id),
                skill_id: Set(SkillId::new(skill)),
                kind: Set(RoleSkillKind::MustHave),
                level: Set(level),
                weight: Set(50),
            };
            row.insert(self.db()).await.unwrap();
        }
        for language in ask.languages {
            let row = role_language::ActiveModel {
                role_id: Set(id),
                language: Set(language.to_owned()),
                kind: Set(RoleLanguageKind::Required),
            };
            row.insert(self.db()).await.unwrap();
        }
        if let Some((from, to)) = ask.tuesday {
            let row = role_window::ActiveModel {
                id: Set(RoleWindowId::new(self.app.app.new_id())),
                role_id: Set(id),
                weekday: Set(Weekday::Tuesday),
                start_minute: Set(from * 60),
                end_minute: Set(to * 60),
            };
            row.insert(self.db()).await.unwrap();
        }
        role
    }

    /// A verified person who agreed to be proposed, with a profile.
    pub(super) async fn volunteer(&self, name: &str, say: Say) -> volunteer::Model {
        let now = self.app.app.clock.now();
        let account_id = AccountId::new(self.app.app.new_id());
        let account = account::Model {
            id: account_id,
            email: Personal::new(format!("{name}@example.org")),
            email_normalized: Personal::new(format!("{name}@example.org")),
            password_hash: None,
            given_name: Personal::new(name),
            family_name: Personal::new("Testeur"),
            preferred_language: Some(Language::En),
            zone: "America/Toronto".to_owned(),
            state: AccountState::Active,
            staff_role: None,
            email_verified_at: Some(now),
            version: 1,
            created_at: now,
            updated_at: now,
        };
        account.into_active_model().insert(self.db()).await.unwrap();
        self.consent(account_id, true).await;
        self.profile(account_id, say).await
    }

    /// Somebody who can log in, with a profile.
    pub(super) async fn volunteer_with_client(
        &self,
        name: &str,
        language: &str,
        say: Say,
    ) -> (volunteer::Model, Client) {
        let client = self.app.sign_up(name, language).await;
        let account = self.account(name).await;
        (self.profile(account.id, say).await, client)
    }

    /// Somebody who can log in and answers for the project's organization.
    pub(super) async fn owner(
        &self,
        name: &str,
        language: &str,
        project: &project::Model,
    ) -> Client {
        let client = self.app.sign_up(name, language).await;
        let now = self.app.app.clock.now();
        let owner = membership::ActiveModel {
            id: Set(MembershipId::new(self.app.app.new_id())),
            organization_id: Set(project.organization_id),
            account_id: Set(self.account(name).await.id),
            role: Set(MembershipRole::Owner),
            state: Set(MembershipState::Active),
            created_at: Set(now),
            updated_at: Set(now),
        };
        owner.insert(self.db()).await.unwrap();
        client
    }

    /// The account of somebody who signed up by this name.
    pub(super) async fn account(&self, name: &str) -> account::Model {
        account::Entity::find()
            .filter(
                account::COLUMN
                    .email_normalized
                    .eq(format!("{}@example.org", name.to_lowercase())),
            )
            .one(self.db())
            .await
            .unwrap()
            .unwrap()
    }

    /// An act of giving or taking back the consent to be proposed.
    pub(super) async fn consent(&self, account_id: AccountId, is_granted: bool) {
        let consent = consent::ActiveModel {
            id: Set(ConsentId::new(self.app.app.new_id())),
            account_id: Set(account_id),
            purpose: Set(ConsentPurpose::Matching),
            is_granted: Set(is_granted),
            wording_version: Set("2026-11".to_owned()),
            language: Set(Language::En),
            channel: Set(ConsentChannel::Api),
            given_at: Set(self.app.app.clock.now()),
        };
        consent.insert(self.db()).await.unwrap();
    }

    async fn profile(&self, account_id: AccountId, say: Say) -> volunteer::Model {
        let now = self.app.app.clock.now();
        let id = VolunteerId::new(self.app.app.new_id());
        let volunteer = volunteer::Model {
            id,
            account_id,
            role_family_id: None,
            about: None,
            about_language: None,
            state: VolunteerState::Active,
            paused_until: None,
            hours_per_week: Some(say.hours),
            accepts_remote: Some(true),
            city: None,
            latitude: None,
            longitude: None,
            radius_km: None,
            zone: Some("America/Toronto".to_owned()),
            max_placements: say.most,
            last_active_at: now,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        volunteer
            .clone()
            .into_active_model()
            .insert(self.db())
            .await
            .unwrap();
        for (skill, level) in say.skills {
            let row = volunteer_skill::ActiveModel {
                volunteer_id: Set(id),
                skill_id: Set(SkillId::new(skill)),
                level: Set(Some(level)),
                years: Set(Some(3)),
                wants_to_learn: Set(false),
            };
            row.insert(self.db()).await.unwrap();
        }
        for language in say.languages {
            let row = volunteer_language::ActiveModel {
                volunteer_id: Set(id),
                language: Set(language.to_owned()),
            };
            row.insert(self.db()).await.unwrap();
        }
        if let Some((from, to)) = say.tuesday {
            let row = volunteer_window::ActiveModel {
                id: Set(VolunteerWindowId::new(self.app.app.new_id())),
                volunteer_id: Set(id),
                weekday: Set(Weekday::Tuesday),
                start_minute: Set(from * 60),
                end_minute: Set(to * 60),
            };
            row.insert(self.db()).await.unwrap();
        }
        let cause = volunteer_cause::ActiveModel {
            volunteer_id: Set(id),
            cause_id: Set(CauseId::new("accessibility")),
        };
        cause.insert(self.db()).await.unwrap();
        volunteer
    }
}
