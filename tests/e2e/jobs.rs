//! Background jobs: tried again, given up, taken over, and never in the way of writers.

mod clock;
pub(crate) mod dead_letters;
mod figures;
mod hands;
mod lease;
mod mail;
mod pause;
mod rate;
mod retention;
mod wake_up;
mod writers;

use api::jobs::Job;
use api::jobs::mail_registration::MailRegistration;
use entity::job::{self, JobState};
use entity::mail_message::{self, MailState};
use entity::personal::Personal;
use sea_orm::{ColumnTrait, EntityTrait, ModelTrait, QueryFilter};
use serde_json::json;
use tests::app::{PASSWORD, TestApp};

/// Someone signs up, which queues a job that queues one mail to that address.
async fn register(app: &TestApp, email: &str) {
    app.client()
        .mutate(
            "mutation($input: RegisterAccountInput!) { registerAccount(input: $input) { userErrors { code field } } }",
            json!({ "input": { "email": email, "password": PASSWORD, "givenName": "Nora" } }),
        )
        .await;
}

/// Queues one mail to an address, and of its jobs leaves the one that will send it alone in the table.
pub(crate) async fn queue_a_mail(app: &TestApp, email: &str) {
    register(app, email).await;
    let connection = &app.app.store.connection;
    let written = job::Entity::find()
        .filter(job::COLUMN.kind.eq(MailRegistration::KIND))
        .filter(job::COLUMN.state.eq(JobState::Ready))
        .one(connection)
        .await
        .unwrap()
        .unwrap();
    let work: MailRegistration = serde_json::from_value(written.payload.clone()).unwrap();
    work.run(&app.app).await.unwrap();
    written.delete(connection).await.unwrap();
}

/// The only mail: its state, how often it was tried, and the last error.
async fn only_mail(app: &TestApp) -> (MailState, i32, Option<String>) {
    let mails = mail_message::Entity::find()
        .all(&app.app.store.connection)
        .await
        .unwrap();
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    let error = mail.error.clone().map(Personal::into_exposed);
    (mail.state, mail.attempts, error)
}
