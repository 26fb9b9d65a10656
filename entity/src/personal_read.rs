//! Who looked at whose personal data, by day: what the person is shown, who may know the viewer's role but not their name.

use sea_orm::entity::prelude::*;

use crate::choice::choice;
use crate::id::{AccountId, OrganizationId, PersonalReadId};

choice! {
    /// In which role somebody looked.
    pub enum ViewerRole {
        /// A coordinator of the marketplace.
        Coordinator = "coordinator",
        /// An administrator of the marketplace.
        Admin = "admin",
        /// A member of an organization that the person is paired with.
        Organization = "organization",
        /// A volunteer who is paired with the person's organization.
        Volunteer = "volunteer",
    }
}

choice! {
    /// What was looked at.
    pub enum FieldGroup {
        /// Mail address and names of an account.
        Identity = "identity",
        /// Contact details, as a pairing discloses them.
        Contact = "contact",
        /// What only the volunteer and staff see of a profile.
        Profile = "profile",
        /// What was noted when the person's pairings were decided.
        Notes = "notes",
        /// The person was among those whom a search of names found.
        Search = "search",
    }
}

/// How often somebody looked at one group of a person's fields in a day.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "personal_read")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PersonalReadId,
    /// Whose data.
    pub account_id: AccountId,
    /// Who looked. Never told to the person.
    pub viewer_account_id: AccountId,
    pub viewer_role: ViewerRole,
    /// For whom; present exactly when the role is that of an organization's member.
    pub organization_id: Option<OrganizationId>,
    pub field_group: FieldGroup,
    /// The day in UTC.
    pub day: Date,
    /// Answers that told any of the fields, from 1.
    pub times: i32,
    #[sea_orm(belongs_to, from = "account_id", to = "id")]
    pub account: BelongsTo<super::account::Entity>,
    #[sea_orm(belongs_to, from = "organization_id", to = "id")]
    pub organization: BelongsTo<Option<super::organization::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
