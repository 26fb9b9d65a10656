//! How the rows of a person are found in a table.

use chrono::{DateTime, Utc};
use entity::account;
use entity::id::AccountId;
use entity::mail_message::MailState;
use entity::personal::Personal;
use entity::volunteer;
use matcher::mail::Kind;
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _};

use crate::domain::accounts::email;
use crate::error::DomainError;

/// What makes a row somebody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The column has the account's id.
    Account(&'static str),
    /// The column has the id of the account's volunteer profile.
    Volunteer(&'static str),
    /// The column has the id of one of the account's sessions.
    Session(&'static str),
    /// The column has the id of a pairing of the account's volunteer profile.
    Pairing(&'static str),
    /// The column has the account's mail address in its normalized form.
    Address(&'static str),
    /// An entry of the audit trail that is about the account.
    AuditSubject,
    /// A mail, not waiting to be sent any more, of a pairing of the profile or of one in which the account acted.
    PairingMail,
    /// A digest for coordinators, which may name the volunteer.
    Digest,
}

/// The person whose rows are looked for.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The account.
    pub account_id: AccountId,
    /// Its mail address, normalized.
    address: Personal,
    /// Since when it has a volunteer profile.
    profile_since: Option<DateTime<Utc>>,
}

impl Subject {
    /// The owner of an account.
    pub async fn of(
        connection: &impl ConnectionTrait,
        account: &account::Model,
    ) -> Result<Self, DomainError> {
        let profile = volunteer::Entity::find()
            .filter(volunteer::COLUMN.account_id.eq(account.id))
            .one(connection)
            .await?;
        Ok(Self {
            account_id: account.id,
            // Mails and suppressions go by the address that is written to.
            address: email::normalize(&account.email),
            profile_since: profile.map(|profile| profile.created_at),
        })
    }

    fn profile(&self) -> SelectStatement {
        ids("volunteer", "id", column("account_id").eq(self.id()))
    }

    fn pairings(&self) -> SelectStatement {
        ids(
            "pairing",
            "id",
            column("volunteer_id").in_subquery(self.profile()),
        )
    }

    fn id(&self) -> uuid::Uuid {
        self.account_id.uuid()
    }

    /// That a mail is about a pairing of the person, or one in which the person acted.
    pub fn is_of_their_pairings(&self) -> Condition {
        let acted = ids(
            "pairing_event",
            "pairing_id",
            column("actor_account_id").eq(self.id()),
        );
        Condition::any()
            .add(column("pairing_id").in_subquery(self.pairings()))
            .add(column("pairing_id").in_subquery(acted))
    }
}

impl Whose {
    /// That a row of the table is `subject`'s.
    pub fn condition(self, subject: &Subject) -> Condition {
        let all = Condition::all();
        match self {
            Self::Account(name) => all.add(column(name).eq(subject.id())),
            Self::Volunteer(name) => all.add(column(name).in_subquery(subject.profile())),
            Self::Pairing(name) => all.add(column(name).in_subquery(subject.pairings())),
            Self::Session(name) => {
                let sessions = ids("session", "id", column("account_id").eq(subject.id()));
                all.add(column(name).in_subquery(sessions))
            }
            Self::Address(name) => all.add(column(name).eq(subject.address.clone())),
            Self::AuditSubject => all
                .add(column("subject_kind").eq("account"))
                .add(column("subject_id").eq(subject.account_id.to_string())),
            Self::PairingMail => all
                .add(column("state").ne(MailState::Queued.as_str()))
                .add(subject.is_of_their_pairings()),
            Self::Digest => {
                let digests = all.add(column("kind").eq(Kind::SuggestionsDigest.as_str()));
                match subject.profile_since {
                    Some(since) => digests.add(column("created_at").gte(since)),
                    // Nobody without a profile is suggested.
                    None => digests.add(Expr::val(1).eq(0)),
                }
            }
        }
    }
}

fn column(name: &'static str) -> Expr {
    Expr::col(Alias::new(name))
}

fn ids(table: &'static str, id: &'static str, which: Expr) -> SelectStatement {
    Query::select()
        .column(Alias::new(id))
        .from(Alias::new(table))
        .and_where(which)
        .take()
}
