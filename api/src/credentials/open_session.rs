//! From a session that goes on, by whatever it was found, to the actor behind it. The database decides at every request, so a
//! log-out or a change of role takes effect at once.

use entity::account::StaffRole;
use entity::id::SessionId;
use entity::{account, membership, session, volunteer};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};

use crate::actor::{Actor, Person, SecondFactor};
use crate::app::App;
use crate::domain::accounts;
use crate::domain::accounts::second_factor::is_enrolled;
use crate::error::DomainError;
use crate::policy::second_factor::{Facts, standing};

/// Why a session is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// Somebody asks for something: the session is in use.
    Request,
    /// The server wants to know whether it still goes on; nobody need be there.
    Recheck,
}

/// A session that goes on, with its account, which may be used.
pub(super) struct OpenSession {
    pub(super) session: session::Model,
    pub(super) account: account::Model,
}

impl OpenSession {
    /// What was found, if it goes on.
    ///
    /// # Errors
    /// [`DomainError::Unauthenticated`], whatever the reason.
    pub(super) fn of(
        app: &App,
        found: Option<(session::Model, Option<account::Model>)>,
    ) -> Result<Self, DomainError> {
        let Some((session, Some(account))) = found else {
            return Err(DomainError::Unauthenticated);
        };
        let limits = app.config.credentials.sessions;
        let is_live = limits.is_live(&session, &account, app.clock.now());
        if is_live && accounts::is_admitted(&account) {
            Ok(Self { session, account })
        } else {
            Err(DomainError::Unauthenticated)
        }
    }

    /// Whoever is behind it. A request counts as a use of the session.
    pub(super) async fn actor(self, app: &App, occasion: Occasion) -> Result<Actor, DomainError> {
        let Self { session, account } = self;
        if occasion == Occasion::Request
            && let Err(error) = super::session::touch(app, &session).await
        {
            // Reading goes on while nothing can be written; the session ends early at worst.
            tracing::warn!(session = %session.id, error = error.with_causes(), "the use of a session could not be noted");
        }
        let staff_role = staff_role(&account);
        let person = Person {
            staff_role,
            second_factor: second_factor(app, &session, staff_role.is_some()).await?,
            ..person(&app.store.connection, &account, session.id).await?
        };
        Ok(Actor::Person(Box::new(person)))
    }
}

/// The account's staff role. Whoever registered an address that was never confirmed need not be the person whom the role was
/// given.
fn staff_role(account: &account::Model) -> Option<StaffRole> {
    account
        .staff_role
        .filter(|_| account.email_verified_at.is_some())
}

/// How the session stands to the second factor. Only staff who have not shown one cost a statement.
async fn second_factor(
    app: &App,
    session: &session::Model,
    is_staff: bool,
) -> Result<SecondFactor, DomainError> {
    let is_proven = session.factor_at.is_some();
    let is_enrolled = is_staff && !is_proven && {
        let connection = &app.store.connection;
        is_enrolled(connection, session.account_id).await?
    };
    Ok(standing(Facts {
        is_staff,
        is_required: app.config.credentials.is_staff_factor_required,
        is_enrolled,
        is_proven,
    }))
}

/// What policies need to know of an account beside its staff role, which only a session of its owner's carries.
pub(super) async fn person(
    connection: &impl ConnectionTrait,
    account: &account::Model,
    session_id: SessionId,
) -> Result<Person, DomainError> {
    let memberships = membership::Entity::find()
        .filter(membership::COLUMN.account_id.eq(account.id))
        .filter(
            membership::COLUMN
                .state
                .eq(membership::MembershipState::Active),
        )
        // In an order of their own: actors are compared.
        .order_by_asc(membership::Column::OrganizationId)
        .all(connection)
        .await?;
    let volunteer = volunteer::Entity::find()
        .filter(volunteer::COLUMN.account_id.eq(account.id))
        .one(connection)
        .await?;
    Ok(Person {
        account_id: account.id,
        session_id,
        is_verified: account.email_verified_at.is_some(),
        staff_role: None,
        second_factor: SecondFactor::NotAsked,
        memberships: memberships
            .into_iter()
            .map(|row| (row.organization_id, row.role))
            .collect(),
        volunteer_id: volunteer.map(|row| row.id),
        language: account.preferred_language,
    })
}
