//! The profile of a digital professional, as far as the actor may see it.

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use entity::consent::ConsentPurpose;
use entity::personal_read::FieldGroup;
use entity::{personal::Personal, volunteer};

use super::account::Account;
use super::cause::Cause;
use super::evaluation::Suggestion;
use super::language::Language;
use super::outlook::MatchingOutlook;
use super::role_family::RoleFamily;
use super::volunteer_hint::VolunteerHint;
use super::volunteer_lists::{ConflictOfInterest, TimeOff, VolunteerSkill};
use super::weekly_window::WeeklyWindow;
use crate::domain::matching::suggest;
use crate::domain::personal_reads::{Look, Subject};
use crate::domain::volunteers::hint::Profile;
use crate::domain::volunteers::view::{self, Visibility};
use crate::domain::volunteers::{set_state, today};
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{graphql, loaded};
use crate::graphql::id::encode;
use crate::graphql::loaders::volunteer::{
    Agrees, CausesOf, ConflictsOf, DisclosuresOf, LanguagesOf, SkillsOf, TimesOffOf, WindowsOf,
};
use crate::policy::volunteer::{VolunteerAction, VolunteerFacts, decide};

/// The profile of a digital professional. What the asker may not see is null; `disclosure` tells how much that is.
pub struct Volunteer {
    model: volunteer::Model,
    visibility: Visibility,
}

impl Volunteer {
    /// A profile of which the actor is known to see this much.
    pub fn new(model: volunteer::Model, visibility: Visibility) -> Self {
        Self { model, visibility }
    }

    /// The profile as far as the actor sees it; none when it may not know of it.
    pub async fn visible(ctx: &Context<'_>, model: volunteer::Model) -> Result<Option<Self>> {
        let request = ctx.request()?;
        let facts = VolunteerFacts::of_owner(model.account_id);
        let mut visibility = view::visibility(&request.actor, &facts);
        if visibility.is_none() {
            let facts = load_facts(ctx, &model).await?;
            visibility = view::visibility(&request.actor, &facts);
        }
        Ok(visibility.map(|visibility| Self { model, visibility }))
    }

    /// `value`, when the actor sees everything; then it is noted that they do.
    fn full<T>(&self, ctx: &Context<'_>, value: Option<T>) -> Result<Option<T>> {
        if !self.shows_all(ctx)? {
            return Ok(None);
        }
        Ok(value)
    }

    /// Whether the actor sees everything, which is noted with the field that asks.
    fn shows_all(&self, ctx: &Context<'_>) -> Result<bool> {
        if self.visibility == Visibility::Summary {
            return Ok(false);
        }
        ctx.note(Look::at(self.subject(), FieldGroup::Profile))?;
        Ok(true)
    }

    const fn subject(&self) -> Subject {
        Subject::Account(self.model.account_id)
    }

    async fn account(&self, ctx: &Context<'_>) -> Result<entity::account::Model> {
        let request = ctx.request()?;
        let account = ctx.loaders()?.load_one(self.model.account_id).await;
        let account = loaded(request, account)?;
        graphql(
            request,
            account
                .ok_or_else(|| crate::error::DomainError::internal("a volunteer has no account")),
        )
    }

    async fn profile(&self, ctx: &Context<'_>) -> Result<Profile> {
        let (request, loaders) = (ctx.request()?, ctx.loaders()?);
        let id = self.model.id;
        let account = self.account(ctx).await?;
        let agrees = Agrees(account.id, ConsentPurpose::Matching);
        let (skills, windows, languages, causes, agrees) = futures_util::join!(
            loaders.load_one(SkillsOf(id)),
            loaders.load_one(WindowsOf(id)),
            loaders.load_one(LanguagesOf(id)),
            loaders.load_one(CausesOf(id)),
            loaders.load_one(agrees),
        );
        let skills = loaded(request, skills)?.unwrap_or_default();
        Ok(Profile {
            is_verified: account.email_verified_at.is_some(),
            agrees_to_matching: loaded(request, agrees)?.unwrap_or_default(),
            is_seeking: set_state::is_seeking(&self.model, today(request, &self.model)),
            skills: skills.iter().filter(|skill| skill.level.is_some()).count(),
            windows: loaded(request, windows)?.map_or(0, |rows| rows.len()),
            languages: loaded(request, languages)?.map_or(0, |rows| rows.len()),
            causes: loaded(request, causes)?.map_or(0, |rows| rows.len()),
            ..Profile::of(&self.model)
        })
    }
}

async fn load_facts(ctx: &Context<'_>, model: &volunteer::Model) -> Result<VolunteerFacts> {
    let (request, loaders) = (ctx.request()?, ctx.loaders()?);
    let (disclosures, shares) = futures_util::join!(
        loaders.load_one(DisclosuresOf(model.id)),
        loaders.load_one(Agrees(model.account_id, ConsentPurpose::Sharing)),
    );
    Ok(VolunteerFacts {
        owner: model.account_id,
        disclosures: loaded(request, disclosures)?.unwrap_or_default(),
        shares_contact: loaded(request, shares)?.unwrap_or_default(),
    })
}

/// The profile of a digital professional. What the asker may not see is null; `disclosure` tells how much that is.
#[Object]
impl Volunteer {
    /// The volunteer's id.
    pub async fn id(&self) -> ID {
        encode(&self.model.id)
    }

    /// How much of the profile is shown.
    async fn disclosure(&self) -> VolunteerDisclosure {
        match self.visibility {
            Visibility::Full => VolunteerDisclosure::Full,
            Visibility::Summary => VolunteerDisclosure::Summary,
        }
    }

    /// Given name.
    async fn given_name(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(self.account(ctx).await?.given_name.into_exposed())
    }

    /// What the volunteer can do and wants to learn, the best known first.
    async fn skills(&self, ctx: &Context<'_>) -> Result<Vec<VolunteerSkill>> {
        let skills = ctx.loaders()?.load_one(SkillsOf(self.model.id)).await;
        let skills = loaded(ctx.request()?, skills)?.unwrap_or_default();
        Ok(skills.into_iter().map(Into::into).collect())
    }

    /// When in the week the volunteer is free, in `zone`.
    async fn windows(&self, ctx: &Context<'_>) -> Result<Vec<WeeklyWindow>> {
        let windows = ctx.loaders()?.load_one(WindowsOf(self.model.id)).await;
        let windows = loaded(ctx.request()?, windows)?.unwrap_or_default();
        Ok(windows.into_iter().map(Into::into).collect())
    }

    /// IANA time zone of the windows.
    async fn zone(&self) -> Option<&str> {
        self.model.zone.as_deref()
    }

    /// ISO 639-1 codes of the languages the volunteer can work in; none means unknown.
    async fn languages(&self, ctx: &Context<'_>) -> Result<Vec<String>> {
        let languages = ctx.loaders()?.load_one(LanguagesOf(self.model.id)).await;
        Ok(loaded(ctx.request()?, languages)?.unwrap_or_default())
    }

    /// The causes the volunteer cares about.
    async fn causes(&self, ctx: &Context<'_>) -> Result<Vec<Cause>> {
        let (request, loaders) = (ctx.request()?, ctx.loaders()?);
        let ids = loaded(request, loaders.load_one(CausesOf(self.model.id)).await)?;
        let ids = ids.unwrap_or_default();
        let mut causes = loaded(request, loaders.load_many(ids.clone()).await)?;
        Ok(ids
            .iter()
            .filter_map(|id| causes.remove(id).map(Cause))
            .collect())
    }

    /// The kind of profession.
    async fn role_family(&self, ctx: &Context<'_>) -> Result<Option<RoleFamily>> {
        let Some(id) = self.model.role_family_id.clone() else {
            return Ok(None);
        };
        let family = ctx.loaders()?.load_one(id).await;
        Ok(loaded(ctx.request()?, family)?.map(RoleFamily))
    }

    /// Name and mail address: for the volunteer and staff, and for owners and managers of an organization after both
    /// sides accepted, when the volunteer agreed to share them. Null for others.
    async fn contact(&self, ctx: &Context<'_>) -> Result<Option<VolunteerContact>> {
        let request = ctx.request()?;
        let mut organization_id = None;
        if self.visibility == Visibility::Summary {
            let facts = load_facts(ctx, &self.model).await?;
            if !decide(&request.actor, VolunteerAction::ViewContact, &facts).is_allowed() {
                return Ok(None);
            }
            organization_id = facts.told_contact_to(&request.actor);
        }
        ctx.note(Look {
            subject: self.subject(),
            group: FieldGroup::Contact,
            organization_id,
        })?;
        let account = self.account(ctx).await?;
        Ok(Some(VolunteerContact {
            given_name: account.given_name.into_exposed(),
            family_name: account.family_name.into_exposed(),
            email: account.email.into_exposed(),
        }))
    }

    /// Whose profile it is. Null unless everything is shown.
    #[graphql(name = "account")]
    async fn owner(&self, ctx: &Context<'_>) -> Result<Option<Account>> {
        // The account notes what is told of it.
        Ok(match self.visibility {
            Visibility::Full => Some(Account(self.account(ctx).await?)),
            Visibility::Summary => None,
        })
    }

    /// In the volunteer's own words. Null unless everything is shown.
    async fn about(&self, ctx: &Context<'_>) -> Result<Option<&String>> {
        self.full(ctx, self.model.about.as_ref().map(Personal::expose))
    }

    /// The language of `about`.
    async fn about_language(&self, ctx: &Context<'_>) -> Result<Option<Language>> {
        self.full(ctx, self.model.about_language.map(Into::into))
    }

    /// Whether the volunteer wants to be proposed. Null unless everything is shown.
    async fn state(&self, ctx: &Context<'_>) -> Result<Option<VolunteerState>> {
        self.full(ctx, Some(self.model.state.into()))
    }

    /// The first day on which a paused volunteer is proposed again.
    async fn paused_until(&self, ctx: &Context<'_>) -> Result<Option<NaiveDate>> {
        self.full(ctx, self.model.paused_until)
    }

    /// Hours a week, 1 to 168; null when unknown or not shown.
    async fn hours_per_week(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
        self.full(ctx, self.model.hours_per_week)
    }

    /// Whether remote work is welcome; null when unknown or not shown.
    async fn accepts_remote(&self, ctx: &Context<'_>) -> Result<Option<bool>> {
        self.full(ctx, self.model.accepts_remote)
    }

    /// City; null when unknown or not shown.
    async fn city(&self, ctx: &Context<'_>) -> Result<Option<&String>> {
        self.full(ctx, self.model.city.as_ref().map(Personal::expose))
    }

    /// Degrees north; null when unknown or not shown.
    async fn latitude(&self, ctx: &Context<'_>) -> Result<Option<&f64>> {
        self.full(ctx, self.model.latitude.as_ref().map(Personal::expose))
    }

    /// Degrees east; null when unknown or not shown.
    async fn longitude(&self, ctx: &Context<'_>) -> Result<Option<&f64>> {
        self.full(ctx, self.model.longitude.as_ref().map(Personal::expose))
    }

    /// How many kilometres the volunteer travels; null when unknown or not shown.
    async fn radius_km(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
        self.full(ctx, self.model.radius_km)
    }

    /// How many placements at once, 1 to 10. Null unless everything is shown.
    async fn max_placements(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
        self.full(ctx, Some(self.model.max_placements))
    }

    /// Days on which the volunteer is away. Null unless everything is shown.
    async fn times_off(&self, ctx: &Context<'_>) -> Result<Option<Vec<TimeOff>>> {
        if !self.shows_all(ctx)? {
            return Ok(None);
        }
        let rows = ctx.loaders()?.load_one(TimesOffOf(self.model.id)).await;
        let rows = loaded(ctx.request()?, rows)?.unwrap_or_default();
        Ok(Some(rows.into_iter().map(Into::into).collect()))
    }

    /// Organizations with which the volunteer is not paired. Null unless everything is shown.
    async fn conflicts(&self, ctx: &Context<'_>) -> Result<Option<Vec<ConflictOfInterest>>> {
        if !self.shows_all(ctx)? {
            return Ok(None);
        }
        let rows = ctx.loaders()?.load_one(ConflictsOf(self.model.id)).await;
        let rows = loaded(ctx.request()?, rows)?.unwrap_or_default();
        Ok(Some(rows.into_iter().map(Into::into).collect()))
    }

    /// How complete the profile is: 0 (empty) to 1. Null unless everything is shown.
    async fn completeness(&self, ctx: &Context<'_>) -> Result<Option<f64>> {
        if !self.shows_all(ctx)? {
            return Ok(None);
        }
        Ok(Some(share(self.profile(ctx).await?.percent())))
    }

    /// What to add or settle next and what it changes, the most useful first. Null unless everything is shown.
    async fn hints(&self, ctx: &Context<'_>) -> Result<Option<Vec<VolunteerHint>>> {
        if !self.shows_all(ctx)? {
            return Ok(None);
        }
        let language = ctx.request()?.language;
        let hints = self.profile(ctx).await?.hints();
        Ok(Some(
            hints
                .into_iter()
                .map(|hint| VolunteerHint {
                    code: hint.code.into(),
                    message: match language {
                        entity::language::Language::En => hint.code.en(),
                        entity::language::Language::Fr => hint.code.fr(),
                    },
                    share: share(hint.percent),
                })
                .collect(),
        ))
    }

    /// The best roles for them now, best first, with reasons. For themselves and coordinators.
    async fn matching_roles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 50.", default = 10)] first: i32,
    ) -> Result<Vec<Suggestion>> {
        let request = ctx.request()?;
        let found = suggest::roles(request, self.model.id, first).await;
        Ok(graphql(request, found)?
            .into_iter()
            .map(Suggestion)
            .collect())
    }

    /// How many roles they may be proposed for now, what keeps others from them and, when there is none, the nearest three and
    /// what would open each. For themselves and coordinators.
    async fn matching_outlook(&self, ctx: &Context<'_>) -> Result<MatchingOutlook> {
        MatchingOutlook::of_volunteer(ctx, self.model.id).await
    }

    /// When the volunteer last changed something. Null unless everything is shown.
    async fn last_active_at(&self, ctx: &Context<'_>) -> Result<Option<DateTime<Utc>>> {
        self.full(ctx, Some(self.model.last_active_at))
    }

    /// Counts changes; name it as `expectedVersion` when changing something. Null unless everything is shown.
    async fn version(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
        self.full(ctx, Some(self.model.version))
    }
}

fn share(percent: u32) -> f64 {
    f64::from(percent) / 100.0
}

/// How much of a profile is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum VolunteerDisclosure {
    /// Everything: to the volunteer and to staff.
    Full,
    /// Given name, skills, windows, languages, causes and profession: to organizations it is proposed to.
    Summary,
}

/// Whether a volunteer wants to be proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "volunteer::VolunteerState")]
pub enum VolunteerState {
    /// Yes.
    Active,
    /// Not now.
    Busy,
    /// Not before a day.
    Paused,
    /// Never again.
    Left,
}

/// How to reach a volunteer.
#[derive(SimpleObject)]
pub struct VolunteerContact {
    /// Given name.
    given_name: String,
    /// Family name.
    family_name: String,
    /// Mail address.
    email: String,
}
