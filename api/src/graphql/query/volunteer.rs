//! Volunteers: one by id, and the list for staff.

use async_graphql::connection::{Connection, EmptyFields};
use async_graphql::{Context, ID, InputObject, Object, Result};
use entity::id::VolunteerId;
use entity::personal_read::FieldGroup;

use super::found;
use crate::domain::personal_reads::{Look, Subject};
use crate::domain::volunteers::list::{self, Filter};
use crate::domain::volunteers::view::{self, Visibility};
use crate::error::Violation;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::graphql;
use crate::graphql::id::decode;
use crate::graphql::page::{OpaqueCursor, connection};
use crate::graphql::types::volunteer::{Volunteer, VolunteerState};
use crate::store::page::PageArguments;

#[derive(Default)]
pub(super) struct VolunteerQuery;

#[Object]
impl VolunteerQuery {
    /// A volunteer, as far as the asker may see the profile; null when there is none that the asker may see.
    async fn volunteer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The volunteer's id.")] id: ID,
    ) -> Result<Option<Volunteer>> {
        let request = ctx.request()?;
        let id = decode::<VolunteerId>(&id, "id").map_err(Into::into);
        let id = graphql(request, id)?;
        let seen = found(request, view::run(request, id).await)?;
        Ok(seen.map(|(model, visibility)| Volunteer::new(model, visibility)))
    }

    /// Volunteers, for staff: the last active first, or the best matches of a name first.
    async fn volunteers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones; all when absent.")] filter: Option<VolunteerFilter>,
        #[graphql(desc = "Items from the start, 1 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "Items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<VolunteerConnection> {
        let request = ctx.request()?;
        let filter = filter.map(VolunteerFilter::read).transpose();
        let filter = graphql(request, filter.map_err(Into::into))?.unwrap_or_default();
        let arguments = PageArguments {
            first,
            after,
            last,
            before,
        };
        let page = graphql(request, list::run(request, &filter, &arguments).await)?;
        if filter.search.is_some() {
            for (_, found) in &page.items {
                ctx.note(Look::at(
                    Subject::Account(found.account_id),
                    FieldGroup::Search,
                ))?;
            }
        }
        Ok(connection(page, VolunteerList { filter }, |model| {
            Volunteer::new(model, Visibility::Full)
        }))
    }
}

/// Which volunteers. What is absent does not matter.
#[derive(InputObject)]
struct VolunteerFilter {
    /// Words of a name, or the beginning of a mail address; accents and case make no difference.
    search: Option<String>,
    /// In this state.
    state: Option<VolunteerState>,
    /// With this skill, known or to be learned.
    skill_id: Option<ID>,
    /// Of this profession.
    role_family_id: Option<ID>,
}

impl VolunteerFilter {
    fn read(self) -> std::result::Result<Filter, Violation> {
        Ok(Filter {
            search: self.search,
            state: self.state.map(Into::into),
            skill: self
                .skill_id
                .map(|id| decode(&id, "filter.skillId"))
                .transpose()?,
            role_family: self
                .role_family_id
                .map(|id| decode(&id, "filter.roleFamilyId"))
                .transpose()?,
        })
    }
}

/// A list of volunteers.
type VolunteerConnection = Connection<OpaqueCursor, Volunteer, VolunteerList, EmptyFields>;

/// What a list of volunteers has beside its edges.
struct VolunteerList {
    filter: Filter,
}

/// What a list of volunteers has beside its edges.
#[Object]
impl VolunteerList {
    /// How many volunteers the whole list has.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64> {
        let request = ctx.request()?;
        graphql(request, list::count(request, &self.filter).await)
    }
}
