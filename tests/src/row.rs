//! Rows as the server would have written them, for marketplaces that begin with some.

use api::app::App;
use chrono::TimeDelta;
use entity::account::{self, AccountState};
use entity::actor_kind::ActorKind;
use entity::consent::{self, ConsentChannel, ConsentPurpose};
use entity::id::{
    AccountId, ConsentId, MembershipId, OrganizationId, PairingEventId, PairingId, ProjectId,
    RoleId, RoleWindowId, VolunteerId,
};
use entity::language::Language;
use entity::location_mode::LocationMode;
use entity::membership::{self, MembershipRole, MembershipState};
use entity::organization::{self, OrganizationKind, OrganizationState};
use entity::pairing::{self, PairingOrigin, PairingState};
use entity::pairing_event;
use entity::personal::Personal;
use entity::project::{self, Engagement, ProjectStage, ProjectState};
use entity::role::{self, RoleState};
use entity::role_window;
use entity::volunteer::{self, VolunteerState};
use entity::weekday::Weekday;

/// Somebody with an account, whose address is confirmed.
pub fn account(app: &App) -> account::Model {
    let id = AccountId::new(app.new_id());
    let email = format!("{}@example.org", id.uuid().simple());
    account::Model {
        id,
        email: Personal::new(email.clone()),
        email_normalized: Personal::new(email),
        password_hash: None,
        given_name: Personal::new("Vera"),
        family_name: Personal::new("Roy"),
        preferred_language: Some(Language::En),
        zone: "America/Toronto".to_owned(),
        state: AccountState::Active,
        staff_role: None,
        email_verified_at: Some(app.clock.now()),
        version: 1,
        created_at: app.clock.now(),
        updated_at: app.clock.now(),
    }
}

/// The profile of somebody who gives four hours a week.
pub fn profile(app: &App, account_id: AccountId) -> volunteer::Model {
    volunteer::Model {
        id: VolunteerId::new(app.new_id()),
        account_id,
        role_family_id: None,
        about: None,
        about_language: None,
        state: VolunteerState::Active,
        paused_until: None,
        hours_per_week: Some(4),
        accepts_remote: Some(true),
        city: None,
        latitude: None,
        longitude: None,
        radius_km: None,
        zone: Some("America/Toronto".to_owned()),
        max_placements: 2,
        last_active_at: app.clock.now(),
        version: 1,
        created_at: app.clock.now(),
        updated_at: app.clock.now(),
    }
}

/// An owner of an organization.
pub fn member(
    app: &App,
    organization_id: OrganizationId,
    account_id: AccountId,
) -> membership::Model {
    membership::Model {
        id: MembershipId::new(app.new_id()),
        organization_id,
        account_id,
        role: MembershipRole::Owner,
        state: MembershipState::Active,
        created_at: app.clock.now(),
        updated_at: app.clock.now(),
    }
}

/// A consent that was given.
pub fn agreement(app: &App, account_id: AccountId, purpose: ConsentPurpose) -> consent::Model {
    consent::Model {
        id: ConsentId::new(app.new_id()),
        account_id,
        purpose,
        is_granted: true,
        wording_version: "1".to_owned(),
        language: Language::En,
        channel: ConsentChannel::Web,
        given_at: app.clock.now(),
    }
}

/// A vetted organization.
pub fn organization(app: &App) -> organization::Model {
    organization::Model {
        id: OrganizationId::new(app.new_id()),
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
        vetted_until: Some(app.clock.now() + TimeDelta::days(700)),
        version: 1,
        created_at: app.clock.now(),
        updated_at: app.clock.now(),
    }
}

/// A project that is shown and takes people.
pub fn project(app: &App, organization_id: OrganizationId) -> project::Model {
    project::Model {
        id: ProjectId::new(app.new_id()),
        organization_id,
        slug: "ice-map".to_owned(),
        original_language: Language::En,
        title_en: Some("Ice map".to_owned()),
        title_fr: Some("Carte de glace".to_owned()),
        title_folded_en: "ice map".to_owned(),
        title_folded_fr: "carte de glace".to_owned(),
        summary_en: Some("A map of icy sidewalks.".to_owned()),
        summary_fr: Some("Une carte des trottoirs glacés.".to_owned()),
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
        published_at: Some(app.clock.now()),
        listing_confirmed_at: None,
        search_text: "ice map".to_owned(),
        version: 1,
        created_at: app.clock.now(),
        updated_at: app.clock.now(),
    }
}

/// An open role of three hours a week.
pub fn role(app: &App, project: &project::Model, seats: i32) -> role::Model {
    role::Model {
        id: RoleId::new(app.new_id()),
        project_id: project.id,
        organization_id: project.organization_id,
        title_en: Some("Cartographer".to_owned()),
        title_fr: Some("Cartographe".to_owned()),
        description_en: None,
        description_fr: None,
        role_family_id: None,
        state: RoleState::Open,
        seats,
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
        created_at: app.clock.now(),
        updated_at: app.clock.now(),
    }
}

/// Its meeting on Tuesdays from six to seven.
pub fn window(app: &App, role_id: RoleId) -> role_window::Model {
    role_window::Model {
        id: RoleWindowId::new(app.new_id()),
        role_id,
        weekday: Weekday::Tuesday,
        start_minute: 18 * 60,
        end_minute: 19 * 60,
    }
}

/// A pairing that was offered and stands in `state`.
pub fn offered(
    app: &App,
    role: &role::Model,
    volunteer_id: VolunteerId,
    state: PairingState,
) -> pairing::Model {
    let now = app.clock.now();
    pairing::Model {
        id: PairingId::new(app.new_id()),
        role_id: role.id,
        volunteer_id,
        organization_id: role.organization_id,
        round_id: None,
        origin: PairingOrigin::Coordinator,
        state,
        score_bp: None,
        confidence_bp: None,
        factors: None,
        engine_version: None,
        message: None,
        reason_code: None,
        declined_by: None,
        approved_by: None,
        held_until: Some(now),
        offered_at: Some(now),
        answer_due_at: Some(now + TimeDelta::days(7)),
        reminded_at: None,
        version: 4,
        created_at: now,
        updated_at: now,
    }
}

/// The yes by which an offered pairing came where it stands.
pub fn acceptance(
    app: &App,
    pairing: &pairing::Model,
    (actor_kind, account_id): (ActorKind, AccountId),
) -> pairing_event::Model {
    pairing_event::Model {
        id: PairingEventId::new(app.new_id()),
        pairing_id: pairing.id,
        sequence: 1,
        from_state: Some(PairingState::Offered),
        to_state: pairing.state,
        actor_kind,
        actor_account_id: Some(account_id),
        reason_code: "accepted".to_owned(),
        note: None,
        at: app.clock.now(),
    }
}
