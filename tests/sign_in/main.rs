//! Ways to log in besides a password, which the server offers when it is built with them: end-to-end tests of their own, so that all
//! others are of the server as it is built by default.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[cfg(feature = "oidc")]
mod oidc;
#[cfg(feature = "passkeys")]
mod passkeys;
#[cfg(all(feature = "oidc", feature = "passkeys"))]
mod schema;

use entity::{audit_event, session};
use sea_orm::{EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::Value;
use tests::app::TestApp;

/// The details of the events of an action.
async fn audited(app: &TestApp, action: &str) -> Vec<Value> {
    let events = audit_event::Entity::find()
        .filter(audit_event::COLUMN.action.eq(action))
        .order_by_asc(audit_event::Column::Sequence)
        .all(&app.app.store.connection)
        .await
        .unwrap();
    events.into_iter().map(|event| event.detail).collect()
}

/// How many sessions were ever opened.
async fn sessions(app: &TestApp) -> u64 {
    let connection = &app.app.store.connection;
    session::Entity::find().count(connection).await.unwrap()
}

/// The text of the last mail to an address.
async fn last_mail(app: &TestApp, email: &str) -> String {
    app.run_jobs().await;
    app.mail_to(email).pop().unwrap().text
}
