//! Writing down who looked at whom: a row a day for the person, and one event in the audit trail when staff looked. Both or
//! neither, and never more statements for more people.

use std::collections::{BTreeMap, BTreeSet};

use entity::account::StaffRole;
use entity::id::{AccountId, OrganizationId, PersonalReadId, VolunteerId};
use entity::personal_read::{self, FieldGroup, ViewerRole};
use entity::volunteer;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _, QuerySelect as _,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{Look, Subject};
use crate::actor::Person;
use crate::context::Context;
use crate::credentials::secret_token::hexadecimal;
use crate::domain::audit;
use crate::error::DomainError;
use crate::store::transaction::begin_write;

/// Rows in one statement; each has eight values, and a statement of PostgreSQL has at most 65,535.
const ROWS: usize = 1_000;

/// What was looked at, by whose it is and what it is. Sorted, so that those who write at once lock in one order.
type Rows = BTreeMap<(AccountId, FieldGroup), Option<OrganizationId>>;

/// Records `looks`, none of them at the actor's own data.
///
/// # Errors
/// When they cannot be written; then what was looked at must not be told. Unauthenticated when nobody is logged in: such an
/// answer cannot be accounted for.
pub async fn run(ctx: &Context, looks: &BTreeSet<Look>) -> Result<(), DomainError> {
    let person = ctx.person()?;
    let rows = rows(&ctx.app.store.connection, looks).await?;
    if rows.is_empty() {
        return Ok(());
    }
    let transaction = begin_write(&ctx.app.store).await?;
    if person.staff_role.is_some() {
        let accounts: BTreeSet<AccountId> = rows.keys().map(|(account, _)| *account).collect();
        let only = accounts.first().filter(|_| accounts.len() == 1);
        let subject = ("account", only.map(|account| account.uuid()));
        audit::record(
            ctx,
            &*transaction,
            "personal.read",
            subject,
            detail(&rows, &accounts),
        )
        .await?;
    }
    let models: Vec<personal_read::ActiveModel> = rows
        .into_iter()
        .map(|((account_id, field_group), organization_id)| {
            let (viewer_role, organization_id) = capacity(person, organization_id);
            personal_read::Model {
                id: PersonalReadId::new(ctx.app.new_id()),
                account_id,
                viewer_account_id: person.account_id,
                viewer_role,
                organization_id,
                field_group,
                day: ctx.now().date_naive(),
                times: 1,
            }
            .into_active_model()
            .reset_all()
        })
        .collect();
    for models in models.chunks(ROWS) {
        personal_read::Entity::insert_many(models.to_vec())
            .on_conflict(once_more())
            .exec_without_returning(&*transaction)
            .await?;
    }
    Ok(transaction.commit().await?)
}

/// The accounts behind `looks`. Reads the profiles among them in one statement.
async fn rows(
    connection: &impl ConnectionTrait,
    looks: &BTreeSet<Look>,
) -> Result<Rows, DomainError> {
    let profiles: BTreeSet<VolunteerId> = looks
        .iter()
        .filter_map(|look| match look.subject {
            Subject::Account(_) => None,
            Subject::Volunteer(id) => Some(id),
        })
        .collect();
    let owners: BTreeMap<VolunteerId, AccountId> = if profiles.is_empty() {
        BTreeMap::new()
    } else {
        let found: Vec<(VolunteerId, AccountId)> = volunteer::Entity::find()
            .select_only()
            .column(volunteer::Column::Id)
            .column(volunteer::Column::AccountId)
            .filter(volunteer::COLUMN.id.is_in(profiles))
            .into_tuple()
            .all(connection)
            .await?;
        found.into_iter().collect()
    };
    let mut rows = Rows::new();
    for look in looks {
        let account = match look.subject {
            Subject::Account(id) => id,
            Subject::Volunteer(id) => *owners.get(&id).ok_or_else(|| {
                DomainError::internal("somebody looked at a profile that is not there")
            })?,
        };
        let organization = rows.entry((account, look.group)).or_default();
        *organization = organization.or(look.organization_id);
    }
    Ok(rows)
}

/// In which role somebody looked, and for which organization. Staff look as staff, whatever else they are.
const fn capacity(
    person: &Person,
    organization_id: Option<OrganizationId>,
) -> (ViewerRole, Option<OrganizationId>) {
    match (person.staff_role, organization_id) {
        (Some(StaffRole::Coordinator), _) => (ViewerRole::Coordinator, None),
        (Some(StaffRole::Admin), _) => (ViewerRole::Admin, None),
        (None, Some(organization_id)) => (ViewerRole::Organization, Some(organization_id)),
        (None, None) => (ViewerRole::Volunteer, None),
    }
}

/// What the audit trail tells: how many people and of which fields, and a digest by which the same people are found again.
fn detail(rows: &Rows, accounts: &BTreeSet<AccountId>) -> Value {
    let mut fields: BTreeMap<&str, u64> = BTreeMap::new();
    for (_, group) in rows.keys() {
        *fields.entry(group.as_str()).or_default() += 1;
    }
    let mut digest = Sha256::new();
    for account in accounts {
        digest.update(account.uuid().as_bytes());
    }
    json!({
        "accounts": accounts.len(),
        "fields": fields,
        "digest": hexadecimal(&digest.finalize()),
    })
}

/// A second look on the same day counts; who looks for several organizations is shown with the last.
fn once_more() -> OnConflict {
    use personal_read::Column;
    let times = Expr::col((personal_read::Entity, Column::Times)).add(1);
    OnConflict::columns([
        Column::AccountId,
        Column::ViewerAccountId,
        Column::FieldGroup,
        Column::Day,
    ])
    .update_columns([Column::ViewerRole, Column::OrganizationId])
    .value(Column::Times, times)
    .to_owned()
}
