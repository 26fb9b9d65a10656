//! Someone who can log in.

use async_graphql::{Context, Enum, ID, Object, Result};
use chrono::{DateTime, Utc};
use entity::account;
use entity::personal_read::FieldGroup;

use super::consent::Consent;
#[cfg(feature = "oidc")]
use super::identity::Identity;
use super::language::Language;
use super::mail_topic::MailTopicChoice;
use super::membership::Membership;
#[cfg(feature = "passkeys")]
use super::passkey::Passkey;
use super::profile_view::{ProfileView, ProfileViewConnection, ProfileViewList};
use super::second_factor::SecondFactor;
use super::session::Session;
use super::volunteer::Volunteer;
#[cfg(feature = "oidc")]
use crate::domain::accounts::identities;
#[cfg(feature = "passkeys")]
use crate::domain::accounts::passkeys;
use crate::domain::accounts::register::CONSENT_WORDING_VERSION;
use crate::domain::accounts::{second_factor, sessions};
use crate::domain::mails::topics;
use crate::domain::personal_reads::{Look, Subject, list};
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{graphql, loaded};
use crate::graphql::id::encode;
use crate::graphql::loaders::mail::SuppressionsOf;
use crate::graphql::loaders::organization::MembershipsOf;
use crate::graphql::loaders::volunteer::{ConsentsOf, ProfileOf};
use crate::graphql::page::connection;
use crate::policy::account::{AccountAction, decide};
use crate::store::page::PageArguments;

/// Someone who can log in; may hold a volunteer profile, memberships and a staff role at once.
pub struct Account(pub account::Model);

/// Someone who can log in; may hold a volunteer profile, memberships and a staff role at once.
#[Object]
impl Account {
    /// The account's id.
    pub async fn id(&self) -> ID {
        encode(&self.0.id)
    }

    /// The mail address as it was given.
    async fn email(&self, ctx: &Context<'_>) -> Result<&str> {
        self.note(ctx)?;
        Ok(self.0.email.expose())
    }

    /// Whether the mail address was confirmed.
    async fn is_email_verified(&self) -> bool {
        self.0.email_verified_at.is_some()
    }

    /// Given name.
    async fn given_name(&self, ctx: &Context<'_>) -> Result<&str> {
        self.note(ctx)?;
        Ok(self.0.given_name.expose())
    }

    /// Family name.
    async fn family_name(&self, ctx: &Context<'_>) -> Result<&str> {
        self.note(ctx)?;
        Ok(self.0.family_name.expose())
    }

    /// The language of mails and of all words in answers; null means mails in both, and answers in that of `Accept-Language`.
    async fn preferred_language(&self) -> Option<Language> {
        self.0.preferred_language.map(Into::into)
    }

    /// The IANA time zone in which mails tell times.
    async fn zone(&self) -> &str {
        &self.0.zone
    }

    /// How far the account may be used.
    async fn state(&self) -> AccountState {
        self.0.state.into()
    }

    /// Whether the account runs the marketplace, and as what.
    async fn staff_role(&self) -> Option<StaffRole> {
        self.0.staff_role.map(Into::into)
    }

    /// The volunteer profile, if the account has one that the asker may see.
    async fn volunteer(&self, ctx: &Context<'_>) -> Result<Option<Volunteer>> {
        let profile = ctx.loaders()?.load_one(ProfileOf(self.0.id)).await;
        match loaded(ctx.request()?, profile)? {
            Some(profile) => Volunteer::visible(ctx, profile).await,
            None => Ok(None),
        }
    }

    /// What the account agreed to and took back, the latest first.
    async fn consents(&self, ctx: &Context<'_>) -> Result<Vec<Consent>> {
        let found = ctx.loaders()?.load_one(ConsentsOf(self.0.id)).await;
        let consents = loaded(ctx.request()?, found)?.unwrap_or_default();
        Ok(consents.into_iter().map(Into::into).collect())
    }

    /// Which mail it gets.
    async fn mail_topics(&self, ctx: &Context<'_>) -> Result<Vec<MailTopicChoice>> {
        let (request, loaders) = (ctx.request()?, ctx.loaders()?);
        let acts = loaded(request, loaders.load_one(ConsentsOf(self.0.id)).await)?;
        let address = SuppressionsOf(self.0.email_normalized.clone());
        let standing = loaded(request, loaders.load_one(address).await)?;
        let choices = topics::choices(
            &self.0,
            &acts.unwrap_or_default(),
            &standing.unwrap_or_default(),
        );
        Ok(choices
            .into_iter()
            .filter_map(MailTopicChoice::new)
            .collect())
    }

    /// The version of the words of consents that are shown now.
    async fn consent_wording_version(&self) -> &str {
        CONSENT_WORDING_VERSION
    }

    /// The organizations it belongs to or asked to join, oldest first.
    async fn memberships(&self, ctx: &Context<'_>) -> Result<Vec<Membership>> {
        let found = ctx.loaders()?.load_one(MembershipsOf(self.0.id)).await;
        let rows = loaded(ctx.request()?, found)?.unwrap_or_default();
        Ok(rows.into_iter().map(Membership).collect())
    }

    /// The sessions that are open, the last used first, at most 100; null unless the account is your own.
    async fn sessions(&self, ctx: &Context<'_>) -> Result<Option<Vec<Session>>> {
        let request = ctx.request()?;
        let person = graphql(request, request.person())?;
        if !decide(&request.actor, AccountAction::ManageSessions, self.0.id).is_allowed() {
            return Ok(None);
        }
        let found = graphql(request, sessions::run(request).await)?;
        let shown = |session| Session::new(session, person.session_id);
        Ok(Some(found.into_iter().map(shown).collect()))
    }

    /// The second factor, and whether this session has to show it; null unless the account is your own.
    async fn second_factor(&self, ctx: &Context<'_>) -> Result<Option<SecondFactor>> {
        let request = ctx.request()?;
        let person = graphql(request, request.person())?;
        let action = AccountAction::ManageSecondFactor;
        if !decide(&request.actor, action, self.0.id).is_allowed() {
            return Ok(None);
        }
        let found = graphql(request, second_factor::find::run(request).await)?;
        Ok(Some(SecondFactor::new(
            found.as_ref(),
            person.second_factor,
        )))
    }

    /// The passkeys, the oldest first, at most 10; null unless the account is your own.
    #[cfg(feature = "passkeys")]
    async fn passkeys(&self, ctx: &Context<'_>) -> Result<Option<Vec<Passkey>>> {
        let request = ctx.request()?;
        graphql(request, request.person())?;
        let action = AccountAction::ManageSecondFactor;
        if !decide(&request.actor, action, self.0.id).is_allowed() {
            return Ok(None);
        }
        let found = graphql(request, passkeys::list::run(request).await)?;
        Ok(Some(found.into_iter().map(Into::into).collect()))
    }

    /// The accounts of identity providers that are linked, by which one logs in without the password; null unless the account
    /// is your own.
    #[cfg(feature = "oidc")]
    async fn identities(&self, ctx: &Context<'_>) -> Result<Option<Vec<Identity>>> {
        let request = ctx.request()?;
        graphql(request, request.person())?;
        let action = AccountAction::ManageSecondFactor;
        if !decide(&request.actor, action, self.0.id).is_allowed() {
            return Ok(None);
        }
        let found = graphql(request, identities::list::run(request).await)?;
        Ok(Some(found.into_iter().map(Into::into).collect()))
    }

    /// Who looked at one's personal data, the last day first. For oneself alone.
    async fn profile_views(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Items from the start, 1 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "Items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<ProfileViewConnection> {
        let request = ctx.request()?;
        let arguments = PageArguments {
            first,
            after,
            last,
            before,
        };
        let page = graphql(request, list::run(request, self.0.id, &arguments).await)?;
        let fields = ProfileViewList {
            account_id: self.0.id,
        };
        Ok(connection(page, fields, ProfileView))
    }

    /// When the account was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

impl Account {
    /// Notes that the answer tells whose account it is.
    fn note(&self, ctx: &Context<'_>) -> Result<()> {
        let subject = Subject::Account(self.0.id);
        ctx.note(Look::at(subject, FieldGroup::Identity))
    }

    /// The account of whoever asks, who has shown in this request that it is theirs.
    pub fn of_asker(ctx: &Context<'_>, account: account::Model) -> Result<Self> {
        ctx.reads()?.prove(account.id);
        Ok(Self(account))
    }

    /// The account, if the asker may see it.
    pub fn visible(ctx: &Context<'_>, account: account::Model) -> Result<Option<Self>> {
        let decision = decide(&ctx.request()?.actor, AccountAction::View, account.id);
        Ok(decision.is_allowed().then_some(Self(account)))
    }
}

/// How far an account may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "account::AccountState")]
pub enum AccountState {
    /// The address has not been confirmed yet.
    Unverified,
    /// In use.
    Active,
    /// Shut by an administrator.
    Disabled,
    /// Its owner asked to be forgotten; nothing personal is left.
    Erased,
}

/// A role in running the marketplace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "account::StaffRole")]
pub enum StaffRole {
    /// Vets organizations, reviews projects, runs the matcher, approves pairings.
    Coordinator,
    /// Besides that, manages staff.
    Admin,
}
