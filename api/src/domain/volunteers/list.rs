//! Listing and searching profiles, for staff.
//!
//! Names are compared folded, which neither database does alike: a search reads the names of those who pass the other
//! filters and ranks them here. That is some milliseconds for ten thousand people.

use std::collections::HashMap;

use entity::id::{RoleFamilyId, SkillId, VolunteerId};
use entity::volunteer::{self, VolunteerState};
use entity::{account, volunteer_skill};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QuerySelect as _,
    QueryTrait as _, Select,
};

use crate::context::Context;
use crate::domain::taxonomy::fold::fold;
use crate::domain::taxonomy::rank::{Fit, Query};
use crate::domain::taxonomy::search::typed;
use crate::error::{DomainError, Violation};
use crate::policy::volunteer::{VolunteerAction, VolunteerFacts, decide};
use crate::store::page::{KeyKind, Page, PageArguments, PageRequest, SortKey};

/// Which profiles.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Part of a name, or the beginning of a mail address.
    pub search: Option<String>,
    /// In this state.
    pub state: Option<VolunteerState>,
    /// With this skill, known or to be learned.
    pub skill: Option<SkillId>,
    /// Of this role family.
    pub role_family: Option<RoleFamilyId>,
}

/// A page of profiles: the last active first, or the best match of the name first.
///
/// # Errors
/// When the actor is not staff; too long a search; a page size or cursor that is none of this list.
pub async fn run(
    ctx: &Context,
    filter: &Filter,
    arguments: &PageArguments,
) -> Result<Page<volunteer::Model>, DomainError> {
    require_staff(ctx)?;
    let connection = &ctx.app.store.connection;
    let Some(query) = filter.query()? else {
        let kinds = (KeyKind::Time, KeyKind::Uuid);
        let page = PageRequest::new("volunteers/last-active", kinds, arguments)?;
        let mut select = filter
            .select()
            .cursor_by((volunteer::Column::LastActiveAt, volunteer::Column::Id));
        select.desc();
        return page
            .fetch(select, connection, |volunteer| {
                (
                    SortKey::Time(volunteer.last_active_at.timestamp_micros()),
                    SortKey::Uuid(volunteer.id.uuid()),
                )
            })
            .await;
    };
    let list = format!("volunteers/search/{}", query.folded());
    let page = PageRequest::new(list, (KeyKind::Text, KeyKind::Uuid), arguments)?;
    let found = find_by_name(ctx, filter, &query).await?;
    let page = page.slice(found, |(place, id)| {
        (SortKey::Text(place.clone()), SortKey::Uuid(id.uuid()))
    });
    let rows = volunteer::Entity::find()
        .filter(
            volunteer::COLUMN
                .id
                .is_in(page.items.iter().map(|(_, (_, id))| *id)),
        )
        .all(connection)
        .await?;
    let mut by_id: HashMap<VolunteerId, volunteer::Model> =
        rows.into_iter().map(|row| (row.id, row)).collect();
    Ok(Page {
        items: page
            .items
            .into_iter()
            .filter_map(|(cursor, (_, id))| Some((cursor, by_id.remove(&id)?)))
            .collect(),
        has_next: page.has_next,
        has_previous: page.has_previous,
    })
}

/// How many profiles the whole list has.
pub async fn count(ctx: &Context, filter: &Filter) -> Result<u64, DomainError> {
    require_staff(ctx)?;
    match filter.query()? {
        Some(query) => Ok(find_by_name(ctx, filter, &query).await?.len() as u64),
        None => Ok(filter.select().count(&ctx.app.store.connection).await?),
    }
}

fn require_staff(ctx: &Context) -> Result<(), DomainError> {
    // The list is about nobody in particular; for the decision it is the asker's.
    let facts = VolunteerFacts::of_owner(ctx.person()?.account_id);
    decide(&ctx.actor, VolunteerAction::List, &facts).require()
}

/// Those who fit, the best first, each with what they are sorted by: how well they fit and the folded name.
async fn find_by_name(
    ctx: &Context,
    filter: &Filter,
    query: &Query,
) -> Result<Vec<(String, VolunteerId)>, DomainError> {
    let rows: Vec<(VolunteerId, String, String, String)> = filter
        .select()
        .inner_join(account::Entity)
        .select_only()
        .column(volunteer::Column::Id)
        .column(account::Column::GivenName)
        .column(account::Column::FamilyName)
        .column(account::Column::EmailNormalized)
        .into_tuple()
        .all(&ctx.app.store.connection)
        .await?;
    let mut found: Vec<(String, VolunteerId)> = rows
        .into_iter()
        .filter_map(|(id, given_name, family_name, email)| {
            let name = fold(&format!("{given_name} {family_name}"));
            let by_email = email.starts_with(query.folded()).then_some(Fit::Prefix);
            let fit = query.fit(&name).into_iter().chain(by_email).min()?;
            Some((format!("{}{name}", fit as u8), id))
        })
        .collect();
    found.sort();
    Ok(found)
}

impl Filter {
    fn query(&self) -> Result<Option<Query>, Violation> {
        typed(self.search.as_deref(), "filter.search")
    }

    fn select(&self) -> Select<volunteer::Entity> {
        volunteer::Entity::find()
            .apply_if(self.state, |select, state| {
                select.filter(volunteer::COLUMN.state.eq(state))
            })
            .apply_if(self.role_family.clone(), |select, family| {
                select.filter(volunteer::COLUMN.role_family_id.eq(family))
            })
            .apply_if(self.skill.clone(), |select, skill| {
                let holders = volunteer_skill::Entity::find()
                    .select_only()
                    .column(volunteer_skill::Column::VolunteerId)
                    .filter(volunteer_skill::COLUMN.skill_id.eq(skill))
                    .into_query();
                select.filter(volunteer::Column::Id.in_subquery(holders))
            })
    }
}
