//! One volunteer with one role, whoever started it, through all its states. Of the live ones there is at
//! most one per role and volunteer; the database sees to that.

use sea_orm::entity::prelude::*;

use crate::choice::choice;
use crate::id::{AccountId, OrganizationId, PairingId, RoleId, RoundId, VolunteerId};
use crate::personal::Personal;

choice! {
    /// Who started it.
    pub enum PairingOrigin {
        /// A round of the matcher.
        Matcher = "matcher",
        /// The volunteer, by showing interest.
        Volunteer = "volunteer",
        /// The organization, by inviting.
        Organization = "organization",
        /// A coordinator, by hand.
        Coordinator = "coordinator",
    }
}

choice! {
    /// Where the pairing stands.
    pub enum PairingState {
        /// Proposed by a round; nobody outside has heard of it.
        Suggested = "suggested",
        /// The volunteer came forward.
        Interested = "interested",
        /// The organization asked.
        Invited = "invited",
        /// A coordinator said yes.
        Approved = "approved",
        /// Waits a little before it goes out, so that it can be recalled.
        Held = "held",
        /// Put to both sides, with a deadline.
        Offered = "offered",
        /// The volunteer said yes; the organization has not answered.
        VolunteerAccepted = "volunteer_accepted",
        /// The organization said yes; the volunteer has not answered.
        OrganizationAccepted = "organization_accepted",
        /// Both said yes; a placement follows.
        Confirmed = "confirmed",
        /// A coordinator said no.
        Rejected = "rejected",
        /// One side said no.
        Declined = "declined",
        /// Whoever started it took it back.
        Withdrawn = "withdrawn",
        /// No answer came in time.
        Expired = "expired",
        /// Taken back by a coordinator before or after it went out.
        Recalled = "recalled",
        /// Another pairing took the seat or the person.
        Superseded = "superseded",
        /// Its placement is over.
        Concluded = "concluded",
    }
}

choice! {
    /// One of the two who answer an offer.
    pub enum PairingSide {
        /// The volunteer.
        Volunteer = "volunteer",
        /// The organization.
        Organization = "organization",
    }
}

/// One volunteer with one role.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pairing")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PairingId,
    pub role_id: RoleId,
    pub volunteer_id: VolunteerId,
    /// The role's organization, repeated so that its rows are found together.
    pub organization_id: OrganizationId,
    /// The round that proposed it, if one did.
    pub round_id: Option<RoundId>,
    pub origin: PairingOrigin,
    pub state: PairingState,
    /// Basis points, 0 to 10,000; absent when never scored.
    pub score_bp: Option<i32>,
    /// How much of the score rests on what is known; basis points, 0 to 10,000.
    pub confidence_bp: Option<i32>,
    /// The parts of the score with their weights and reasons.
    #[sea_orm(column_type = "JsonBinary")]
    pub factors: Option<Personal<Json>>,
    pub engine_version: Option<String>,
    /// What the volunteer wrote.
    pub message: Option<Personal>,
    /// Why it ended.
    pub reason_code: Option<String>,
    pub declined_by: Option<PairingSide>,
    pub approved_by: Option<AccountId>,
    pub held_until: Option<DateTimeUtc>,
    pub offered_at: Option<DateTimeUtc>,
    pub answer_due_at: Option<DateTimeUtc>,
    /// When those who had not answered were reminded; once for each offering.
    pub reminded_at: Option<DateTimeUtc>,
    /// Counts guarded updates, from 1.
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "role_id", to = "id")]
    pub role: BelongsTo<super::role::Entity>,
    #[sea_orm(belongs_to, from = "volunteer_id", to = "id")]
    pub volunteer: BelongsTo<super::volunteer::Entity>,
    #[sea_orm(belongs_to, from = "organization_id", to = "id")]
    pub organization: BelongsTo<super::organization::Entity>,
    #[sea_orm(belongs_to, from = "round_id", to = "id")]
    pub round: BelongsTo<Option<super::round::Entity>>,
    #[sea_orm(has_many)]
    pub events: HasMany<super::pairing_event::Entity>,
    #[sea_orm(has_one)]
    pub placement: HasOne<super::placement::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

impl PairingState {
    /// The states of which a role and a volunteer can share only one pairing: the ones that are not over.
    pub const LIVE: &'static [Self] = &[
        Self::Suggested,
        Self::Interested,
        Self::Invited,
        Self::Approved,
        Self::Held,
        Self::Offered,
        Self::VolunteerAccepted,
        Self::OrganizationAccepted,
        Self::Confirmed,
    ];
}
