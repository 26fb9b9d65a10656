//! One volunteer with one role, through all its states.

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use entity::consent::ConsentPurpose;
use entity::{account, pairing};

use super::organization::Organization;
use super::pairing_event::PairingEvent;
use super::placement::Placement;
use super::role::Role;
use super::volunteer::Volunteer;
use crate::domain::pairings::introduce::full_name;
use crate::domain::pairings::reason::Reason;
use crate::domain::pairings::{parties, undo_decline};
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{graphql, loaded};
use crate::graphql::id::encode;
use crate::graphql::loaders::pairing::{
    AccountOfVolunteer, EventsOfPairing, PlacementOfPairing, RepresentativeOfPairing,
};
use crate::graphql::loaders::volunteer::Agrees;
use crate::outbox::mail_language;
use crate::policy::pairing::{PairingAction, decide};

/// One volunteer with one role, whoever began it, through all its states.
pub struct Pairing(pub pairing::Model);

/// One volunteer with one role, whoever began it, through all its states.
#[Object]
impl Pairing {
    /// The pairing's id.
    pub async fn id(&self) -> ID {
        encode(&self.0.id)
    }

    /// The role.
    async fn role(&self, ctx: &Context<'_>) -> Result<Option<Role>> {
        let role = ctx.loaders()?.load_one(self.0.role_id).await;
        Ok(loaded(ctx.request()?, role)?.map(Role))
    }

    /// The role's organization.
    async fn organization(&self, ctx: &Context<'_>) -> Result<Option<Organization>> {
        let organization = ctx.loaders()?.load_one(self.0.organization_id).await;
        Ok(loaded(ctx.request()?, organization)?.map(Organization))
    }

    /// The volunteer, as far as the reader sees the profile; null once a pairing that is over discloses it no more.
    async fn volunteer(&self, ctx: &Context<'_>) -> Result<Option<Volunteer>> {
        let volunteer = ctx.loaders()?.load_one(self.0.volunteer_id).await;
        match loaded(ctx.request()?, volunteer)? {
            Some(volunteer) => Volunteer::visible(ctx, volunteer).await,
            None => Ok(None),
        }
    }

    /// The volunteer's first name; all that the organization knows of them before both have accepted.
    async fn volunteer_first_name(&self, ctx: &Context<'_>) -> Result<String> {
        let account = self.volunteer_account(ctx).await?;
        Ok(account
            .map(|account| account.given_name)
            .unwrap_or_default())
    }

    /// Who began it.
    async fn origin(&self) -> PairingOrigin {
        self.0.origin.into()
    }

    /// Where it stands.
    async fn state(&self) -> PairingState {
        self.0.state.into()
    }

    /// Why it ended; null while it has not.
    async fn reason(&self) -> Option<PairingReason> {
        self.0
            .reason_code
            .as_deref()
            .and_then(Reason::from_code)
            .map(Into::into)
    }

    /// The side that declined, if one did.
    async fn declined_by(&self) -> Option<PairingSide> {
        self.0.declined_by.map(Into::into)
    }

    /// How well the two fit, 0 to 1; told to coordinators, and null when the engine was not asked.
    async fn score(&self, ctx: &Context<'_>) -> Result<Option<f64>> {
        Ok(self.told_to_coordinators(ctx, self.0.score_bp)?.map(share))
    }

    /// How much of the score rests on what is known, 0 to 1; told to coordinators.
    async fn confidence(&self, ctx: &Context<'_>) -> Result<Option<f64>> {
        Ok(self
            .told_to_coordinators(ctx, self.0.confidence_bp)?
            .map(share))
    }

    /// Why the two fit, one sentence each, in the request's language. A program ranks; a person decides.
    async fn reasons(&self, ctx: &Context<'_>) -> Result<Vec<String>> {
        let language = mail_language(ctx.request()?.language);
        Ok(parties::reasons(&self.0)
            .iter()
            .filter_map(|reason| reason.for_reader(language))
            .collect())
    }

    /// What the volunteer wrote when showing interest.
    async fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// Until when an approval can be recalled unseen.
    async fn held_until(&self) -> Option<DateTime<Utc>> {
        self.0.held_until
    }

    /// When it was put to both sides.
    async fn offered_at(&self) -> Option<DateTime<Utc>> {
        self.0.offered_at
    }

    /// Until when both sides have to answer.
    async fn answer_due_at(&self) -> Option<DateTime<Utc>> {
        self.0.answer_due_at
    }

    /// Until when the decline can be taken back by the side that declined; null when it cannot.
    async fn undoable_until(&self, ctx: &Context<'_>) -> Result<Option<DateTime<Utc>>> {
        let request = ctx.request()?;
        let connection = &request.app.store.connection;
        graphql(
            request,
            undo_decline::undoable_until(request, connection, &self.0).await,
        )
    }

    /// How to reach the volunteer; null until both sides have accepted, and once the placement is over.
    async fn contact(&self, ctx: &Context<'_>) -> Result<Option<Contact>> {
        if !self.may(ctx, PairingAction::ViewVolunteerContact)? {
            return Ok(None);
        }
        shared(ctx, self.volunteer_account(ctx).await?).await
    }

    /// How to reach who accepted for the organization; null until both sides have accepted, and once the placement is over.
    async fn organization_contact(&self, ctx: &Context<'_>) -> Result<Option<Contact>> {
        if !self.may(ctx, PairingAction::ViewOrganizationContact)? {
            return Ok(None);
        }
        let key = RepresentativeOfPairing(self.0.id);
        let account = loaded(ctx.request()?, ctx.loaders()?.load_one(key).await)?;
        shared(ctx, account).await
    }

    /// Every step it took, in order.
    async fn events(&self, ctx: &Context<'_>) -> Result<Vec<PairingEvent>> {
        let events = ctx.loaders()?.load_one(EventsOfPairing(self.0.id)).await;
        let has_notes = self.may(ctx, PairingAction::ViewNotes)?;
        Ok(loaded(ctx.request()?, events)?
            .unwrap_or_default()
            .into_iter()
            .map(|event| PairingEvent { event, has_notes })
            .collect())
    }

    /// The placement that came of it.
    async fn placement(&self, ctx: &Context<'_>) -> Result<Option<Placement>> {
        let placement = ctx.loaders()?.load_one(PlacementOfPairing(self.0.id)).await;
        Ok(loaded(ctx.request()?, placement)?.map(Placement))
    }

    /// Counts changes; sent back when deciding, so that nobody decides over what they have not seen.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it began.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

impl Pairing {
    fn may(&self, ctx: &Context<'_>, action: PairingAction) -> Result<bool> {
        let actor = &ctx.request()?.actor;
        Ok(decide(actor, action, &(&self.0).into()).is_allowed())
    }

    fn told_to_coordinators<T>(&self, ctx: &Context<'_>, value: Option<T>) -> Result<Option<T>> {
        let is_told = self.may(ctx, PairingAction::ViewNotes)?;
        Ok(value.filter(|_| is_told))
    }

    async fn volunteer_account(&self, ctx: &Context<'_>) -> Result<Option<account::Model>> {
        let key = AccountOfVolunteer(self.0.volunteer_id);
        loaded(ctx.request()?, ctx.loaders()?.load_one(key).await)
    }
}

/// The contact data of someone who has not taken back the consent that accepting gave.
async fn shared(ctx: &Context<'_>, account: Option<account::Model>) -> Result<Option<Contact>> {
    let Some(account) = account else {
        return Ok(None);
    };
    let agrees = Agrees(account.id, ConsentPurpose::Sharing);
    let is_shared = loaded(ctx.request()?, ctx.loaders()?.load_one(agrees).await)?;
    Ok(is_shared
        .unwrap_or_default()
        .then(|| Contact::from(account)))
}

fn share(basis_points: i32) -> f64 {
    f64::from(basis_points) / 10_000.0
}

/// How to reach someone; known only after both sides have accepted.
#[derive(SimpleObject)]
pub struct Contact {
    /// The full name.
    name: String,
    /// The mail address.
    email: String,
}

impl From<account::Model> for Contact {
    fn from(account: account::Model) -> Self {
        Self {
            name: full_name(&account),
            email: account.email,
        }
    }
}

/// Who began a pairing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "pairing::PairingOrigin")]
pub enum PairingOrigin {
    /// A round of the matcher.
    Matcher,
    /// The volunteer, by showing interest.
    Volunteer,
    /// The organization, by inviting.
    Organization,
    /// A coordinator, by hand.
    Coordinator,
}

/// Where a pairing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "pairing::PairingState")]
pub enum PairingState {
    /// Proposed; nobody outside has heard of it.
    Suggested,
    /// The volunteer came forward.
    Interested,
    /// The organization asked.
    Invited,
    /// A coordinator said yes.
    Approved,
    /// Waits a little before it goes out, so that it can be recalled unseen.
    Held,
    /// Put to both sides, with a deadline.
    Offered,
    /// The volunteer said yes; the organization has not answered.
    VolunteerAccepted,
    /// The organization said yes; the volunteer has not answered.
    OrganizationAccepted,
    /// Both said yes; a placement follows.
    Confirmed,
    /// A coordinator said no.
    Rejected,
    /// One side said no.
    Declined,
    /// Whoever began it took it back.
    Withdrawn,
    /// No answer came in time.
    Expired,
    /// Taken back by a coordinator, or ended because its role was closed.
    Recalled,
    /// Another pairing took the seat or the person.
    Superseded,
    /// Its placement is over.
    Concluded,
}

/// One of the two who answer an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "pairing::PairingSide")]
pub enum PairingSide {
    /// The volunteer.
    Volunteer,
    /// The organization.
    Organization,
}

/// Why something happened to a pairing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Reason")]
pub enum PairingReason {
    /// A round or a coordinator proposed it.
    Proposed,
    /// The volunteer came forward.
    Interested,
    /// The organization asked.
    Invited,
    /// A coordinator found it good.
    Approved,
    /// It waits until it can no longer be recalled unseen.
    HoldWindow,
    /// The hold window ended.
    Sent,
    /// A side said yes.
    Accepted,
    /// A decline was taken back.
    Undone,
    /// Nothing was said about why.
    Unspecified,
    /// Too little time.
    NoTime,
    /// Skills and needs are apart.
    SkillsDiffer,
    /// Meeting times are apart.
    TimesDiffer,
    /// The cause or the project does not appeal.
    OtherInterests,
    /// The organization took someone else.
    SomeoneElse,
    /// The need is gone.
    NoLongerNeeded,
    /// A tie between volunteer and organization.
    ConflictOfInterest,
    /// Approved by mistake.
    Mistake,
    /// The project changed or rests.
    ProjectChanged,
    /// Something else, told in the note.
    Other,
    /// Nobody answered by the deadline.
    NoAnswer,
    /// All seats were taken.
    RoleFilled,
    /// The volunteer took as many placements as they wanted.
    VolunteerAtCapacity,
    /// The volunteer's hours are spoken for.
    VolunteerOverHours,
    /// The role was closed.
    RoleClosed,
    /// The project ended, was cancelled or is no longer shown.
    ProjectClosed,
    /// The organization may not recruit at present.
    OrganizationUnavailable,
    /// The volunteer took the consent to being proposed back.
    ConsentWithdrawn,
    /// Who had said yes has left, or took back what that yes rested on.
    AnswerLapsed,
    /// The work was done.
    PlacementCompleted,
    /// The placement ended before the work was done.
    PlacementEnded,
}
