//! One volunteer with one role, through all its states.

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use entity::consent::ConsentPurpose;
use entity::personal::Personal;
use entity::personal_read::FieldGroup;
use entity::{account, organization, pairing};

use super::language::Language;
use super::localized_text::LocalizedText;
use super::meeting_conflict::MeetingConflict;
use super::organization::Organization;
use super::pairing_event::PairingEvent;
use super::pairing_reason::PairingReason;
use super::placement::Placement;
use super::role::Role;
use super::volunteer::Volunteer;
use crate::domain::organizations;
use crate::domain::pairings::introduce::full_name;
use crate::domain::pairings::reason::Reason;
use crate::domain::pairings::{clash, parties, undo_decline};
use crate::domain::personal_reads::{Look, Subject};
use crate::error::DomainError;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{graphql, loaded};
use crate::graphql::id::encode;
use crate::graphql::loaders::pairing::{
    AccountOfVolunteer, EventsOfPairing, PlacementOfPairing, RepresentativeOfPairing,
};
use crate::graphql::loaders::volunteer::Agrees;
use crate::outbox::mail_language;
use crate::policy::pairing::{PairingAction, PairingFacts, decide};

/// One volunteer with one role, whoever began it, through all its states.
pub struct Pairing(pub pairing::Model);

/// One volunteer with one role, whoever began it, through all its states.
#[Object]
impl Pairing {
    /// The pairing's id.
    pub async fn id(&self) -> ID {
        encode(&self.0.id)
    }

    /// The role; null while you may not see it, as when its project is hidden.
    async fn role(&self, ctx: &Context<'_>) -> Result<Option<Role>> {
        Role::visible(ctx, self.load_role(ctx).await?.0).await
    }

    /// The role's organization; null while you may not see it.
    async fn organization(&self, ctx: &Context<'_>) -> Result<Option<Organization>> {
        Organization::visible(ctx, self.load_organization(ctx).await?)
    }

    /// What the role is called, also while it is hidden.
    async fn role_title(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's when absent.")] language: Option<Language>,
    ) -> Result<LocalizedText> {
        let role = self.load_role(ctx).await?;
        let original = role.load_project(ctx).await?.original_language;
        let (en, fr) = (role.0.title_en.as_deref(), role.0.title_fr.as_deref());
        LocalizedText::choose_present(ctx.request()?, language, original, en, fr)
    }

    /// What the role's organization is called, also while it is hidden.
    async fn organization_name(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(self.load_organization(ctx).await?.name)
    }

    /// The volunteer, as far as the reader sees the profile; null once a pairing that is over discloses it no more.
    async fn volunteer(&self, ctx: &Context<'_>) -> Result<Option<Volunteer>> {
        let volunteer = ctx.loaders()?.load_one(self.0.volunteer_id).await;
        match loaded(ctx.request()?, volunteer)? {
            Some(volunteer) => Volunteer::visible(ctx, volunteer).await,
            None => Ok(None),
        }
    }

    /// The volunteer's first name; all that the organization knows of them before both have accepted. Null to it once
    /// the pairing is over, and while it is not vetted.
    async fn volunteer_first_name(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        if !self.tells(ctx, PairingAction::ViewIntroduction).await? {
            return Ok(None);
        }
        let account = self.volunteer_account(ctx).await?;
        Ok(account.map(|account| account.given_name.into_exposed()))
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

    /// Placements of the volunteer that meet at, or close to, the times of the role, the first to come first: a clash keeps the
    /// two from being paired, a near miss does not. Told to coordinators, until the pairing is confirmed or over.
    async fn meeting_conflicts(&self, ctx: &Context<'_>) -> Result<Vec<MeetingConflict>> {
        let request = ctx.request()?;
        let found = graphql(request, clash::list(request, &self.0).await)?;
        Ok(found.into_iter().map(MeetingConflict).collect())
    }

    /// What the volunteer wrote when showing interest. Null to the organization once the pairing is over, and while it is
    /// not vetted.
    async fn message(&self, ctx: &Context<'_>) -> Result<Option<&String>> {
        let is_told = self.tells(ctx, PairingAction::ViewIntroduction).await?;
        let message = self.0.message.as_ref().map(Personal::expose);
        Ok(message.filter(|_| is_told))
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
        let events = ctx.loaders()?.load_one(EventsOfPairing(self.0.id)).await;
        let events = loaded(request, events)?.unwrap_or_default();
        Ok(events
            .last()
            .and_then(|declined| undo_decline::window(request, &self.0, declined.at)))
    }

    /// How to reach the volunteer; null until both sides have accepted, once the placement is over, and to an organization
    /// while it is not vetted.
    async fn contact(&self, ctx: &Context<'_>) -> Result<Option<Contact>> {
        if !self.tells(ctx, PairingAction::ViewVolunteerContact).await? {
            return Ok(None);
        }
        self.shared(ctx, self.volunteer_account(ctx).await?).await
    }

    /// How to reach who accepted for the organization; null until both sides have accepted, and once the placement is over.
    async fn organization_contact(&self, ctx: &Context<'_>) -> Result<Option<Contact>> {
        if !self.may(ctx, PairingAction::ViewOrganizationContact)? {
            return Ok(None);
        }
        let key = RepresentativeOfPairing(self.0.id);
        let account = loaded(ctx.request()?, ctx.loaders()?.load_one(key).await)?;
        self.shared(ctx, account).await
    }

    /// Every step it took, in order.
    async fn events(&self, ctx: &Context<'_>) -> Result<Vec<PairingEvent>> {
        let events = ctx.loaders()?.load_one(EventsOfPairing(self.0.id)).await;
        let has_notes = self.may(ctx, PairingAction::ViewNotes)?;
        Ok(loaded(ctx.request()?, events)?
            .unwrap_or_default()
            .into_iter()
            .map(|event| PairingEvent {
                event,
                volunteer_id: self.0.volunteer_id,
                has_notes,
            })
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
    /// The pairing, if the asker may see it.
    pub fn visible(ctx: &Context<'_>, pairing: pairing::Model) -> Result<Option<Self>> {
        let pairing = Self(pairing);
        let is_visible = pairing.may(ctx, PairingAction::View)?;
        Ok(is_visible.then_some(pairing))
    }

    /// Whether the actor may do what also depends on the organization's state.
    async fn tells(&self, ctx: &Context<'_>, action: PairingAction) -> Result<bool> {
        let request = ctx.request()?;
        let organization = self.load_organization(ctx).await?;
        let state = organizations::facts(&organization, request.now()).state;
        let facts = PairingFacts::of(&self.0, state);
        Ok(decide(&request.actor, action, &facts).is_allowed())
    }

    async fn load_role(&self, ctx: &Context<'_>) -> Result<Role> {
        let request = ctx.request()?;
        let role = loaded(request, ctx.loaders()?.load_one(self.0.role_id).await)?;
        graphql(request, role.map(Role).ok_or(DomainError::NotFound))
    }

    async fn load_organization(&self, ctx: &Context<'_>) -> Result<organization::Model> {
        let request = ctx.request()?;
        let found = ctx.loaders()?.load_one(self.0.organization_id).await;
        let organization = loaded(request, found)?;
        graphql(request, organization.ok_or(DomainError::NotFound))
    }

    fn may(&self, ctx: &Context<'_>, action: PairingAction) -> Result<bool> {
        let actor = &ctx.request()?.actor;
        Ok(decide(actor, action, &(&self.0).into()).is_allowed())
    }

    fn told_to_coordinators<T>(&self, ctx: &Context<'_>, value: Option<T>) -> Result<Option<T>> {
        let is_told = self.may(ctx, PairingAction::ViewNotes)?;
        Ok(value.filter(|_| is_told))
    }

    /// The contact data of someone who has not taken back the consent that accepting gave.
    async fn shared(
        &self,
        ctx: &Context<'_>,
        account: Option<account::Model>,
    ) -> Result<Option<Contact>> {
        let Some(account) = account else {
            return Ok(None);
        };
        let request = ctx.request()?;
        let agrees = Agrees(account.id, ConsentPurpose::Sharing);
        let is_shared = loaded(request, ctx.loaders()?.load_one(agrees).await)?;
        if !is_shared.unwrap_or_default() {
            return Ok(None);
        }
        let organization_id = self.0.organization_id;
        ctx.note(Look {
            subject: Subject::Account(account.id),
            group: FieldGroup::Contact,
            organization_id: request
                .actor
                .membership(organization_id)
                .map(|_| organization_id),
        })?;
        Ok(Some(Contact::from(account)))
    }

    async fn volunteer_account(&self, ctx: &Context<'_>) -> Result<Option<account::Model>> {
        let key = AccountOfVolunteer(self.0.volunteer_id);
        loaded(ctx.request()?, ctx.loaders()?.load_one(key).await)
    }
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
            name: full_name(&account).into_exposed(),
            email: account.email.into_exposed(),
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
