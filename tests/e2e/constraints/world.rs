//! One row of each table that a pairing hangs on, written without the server.

use chrono::{DateTime, NaiveDate, Utc};
use entity::account::{self, AccountState};
use entity::id::{AccountId, JobId, OrganizationId, PairingId, ProjectId, RoleId, VolunteerId};
use entity::job::{self, JobState};
use entity::language::Language;
use entity::location_mode::LocationMode;
use entity::organization::{self, OrganizationKind, OrganizationState};
use entity::pairing::{self, PairingOrigin, PairingState};
use entity::personal::Personal;
use entity::project::{self, Engagement, ProjectStage, ProjectState};
use entity::role::{self, RoleState};
use entity::volunteer::{self, VolunteerState};
use sea_orm::{ActiveModelTrait, DatabaseConnection, DbErr, IntoActiveModel};
use serde_json::json;
use uuid::Uuid;

/// An account with a volunteer profile, and an organization with a project and a role.
pub(crate) struct World {
    pub(crate) account: account::Model,
    pub(crate) organization: organization::Model,
    pub(crate) project: project::Model,
    pub(crate) role: role::Model,
    pub(crate) volunteer: volunteer::Model,
}

impl World {
    pub(crate) async fn insert(db: &DatabaseConnection) -> Self {
        let account = account();
        let organization = organization();
        let project = project(organization.id);
        let role = role(&project);
        let volunteer = volunteer(account.id);
        account
            .clone()
            .into_active_model()
            .insert(db)
            .await
            .unwrap();
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
        volunteer
            .clone()
            .into_active_model()
            .insert(db)
            .await
            .unwrap();
        Self {
            account,
            organization,
            project,
            role,
            volunteer,
        }
    }

    pub(crate) async fn insert_pairing(
        &self,
        db: &DatabaseConnection,
        number: u128,
        state: PairingState,
    ) -> Result<pairing::Model, DbErr> {
        let pairing = pairing::Model {
            id: PairingId::new(Uuid::from_u128(number)),
            role_id: self.role.id,
            volunteer_id: self.volunteer.id,
            organization_id: self.organization.id,
            round_id: None,
            origin: PairingOrigin::Volunteer,
            state,
            score_bp: Some(8_250),
            confidence_bp: None,
            factors: Some(Personal::new(json!({ "skills": 9_000 }))),
            engine_version: None,
            message: None,
            reason_code: None,
            declined_by: None,
            approved_by: None,
            held_until: None,
            offered_at: None,
            answer_due_at: None,
            reminded_at: None,
            version: 1,
            created_at: at(0),
            updated_at: at(0),
        };
        pairing.into_active_model().insert(db).await
    }
}

/// A job that must not be queued twice at a time.
pub(crate) async fn insert_job(
    db: &DatabaseConnection,
    number: u128,
    state: JobState,
) -> Result<job::Model, DbErr> {
    let job = job::Model {
        id: JobId::new(Uuid::from_u128(number)),
        kind: "send_mail".to_owned(),
        payload: json!({ "mail": null, "attempt": 1.5 }),
        state,
        priority: 0,
        run_at: at(60),
        attempts: 0,
        max_attempts: 5,
        lease_token: Some(Uuid::from_u128(7)),
        leased_until: Some(at(90)),
        last_error: None,
        unique_key: Some("digest".to_owned()),
        lane: None,
        created_at: at(0),
        finished_at: None,
    };
    job.into_active_model().insert(db).await
}

fn account() -> account::Model {
    account::Model {
        id: AccountId::new(Uuid::from_u128(1)),
        email: Personal::new("Ana@example.org"),
        email_normalized: Personal::new("ana@example.org"),
        password_hash: None,
        given_name: Personal::new("Ana"),
        family_name: Personal::new("Roy"),
        preferred_language: Some(Language::Fr),
        zone: "America/Toronto".to_owned(),
        state: AccountState::Active,
        staff_role: None,
        email_verified_at: Some(at(1)),
        version: 1,
        created_at: at(0),
        updated_at: at(1),
    }
}

fn organization() -> organization::Model {
    organization::Model {
        id: OrganizationId::new(Uuid::from_u128(2)),
        slug: "thaw".to_owned(),
        name: "Thaw".to_owned(),
        name_folded: "thaw".to_owned(),
        kind: OrganizationKind::CommunityGroup,
        charity_number: None,
        website: None,
        city: Some("Gatineau".to_owned()),
        province: Some("QC".to_owned()),
        original_language: Language::En,
        description_en: Some("We clear sidewalks.".to_owned()),
        description_fr: None,
        state: OrganizationState::Vetted,
        submitted_at: None,
        vetted_until: Some(at(60_000_000)),
        version: 1,
        created_at: at(0),
        updated_at: at(0),
    }
}

fn project(organization_id: OrganizationId) -> project::Model {
    project::Model {
        id: ProjectId::new(Uuid::from_u128(3)),
        organization_id,
        slug: "ice-map".to_owned(),
        original_language: Language::En,
        title_en: Some("Ice map".to_owned()),
        title_fr: None,
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
        starts_on: NaiveDate::from_ymd_opt(2026, 1, 5),
        ends_on: NaiveDate::from_ymd_opt(2026, 1, 5),
        location_mode: LocationMode::Hybrid,
        city: Some("Gatineau".to_owned()),
        latitude: Some(45.0),
        longitude: Some(-75.701_234_5),
        zone: "America/Toronto".to_owned(),
        code_url: None,
        website: None,
        review_comment: None,
        published_at: Some(at(5)),
        listing_confirmed_at: None,
        search_text: "ice map".to_owned(),
        title_folded_en: String::new(),
        title_folded_fr: String::new(),
        version: 1,
        created_at: at(0),
        updated_at: at(5),
    }
}

fn role(project: &project::Model) -> role::Model {
    role::Model {
        id: RoleId::new(Uuid::from_u128(4)),
        project_id: project.id,
        organization_id: project.organization_id,
        title_en: Some("Cartographer".to_owned()),
        title_fr: None,
        description_en: None,
        description_fr: None,
        role_family_id: None,
        state: RoleState::Open,
        seats: 2,
        filled: 0,
        hours_per_week: 3,
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
        created_at: at(0),
        updated_at: at(0),
    }
}

fn volunteer(account_id: AccountId) -> volunteer::Model {
    volunteer::Model {
        id: VolunteerId::new(Uuid::from_u128(5)),
        account_id,
        role_family_id: None,
        about: Some(Personal::new("J'aime les cartes.")),
        about_language: Some(Language::Fr),
        state: VolunteerState::Active,
        paused_until: None,
        hours_per_week: Some(4),
        accepts_remote: Some(true),
        city: None,
        latitude: None,
        longitude: None,
        radius_km: Some(30),
        zone: Some("America/Toronto".to_owned()),
        max_placements: 1,
        last_active_at: at(9),
        version: 1,
        created_at: at(0),
        updated_at: at(9),
    }
}

/// Seconds after the first moment of 2026, to the microsecond.
fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600 + second, 123_456_000).unwrap()
}
