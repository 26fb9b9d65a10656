//! The first keys of a database, and the first look at them.

use entity::signing_key::{self, SigningKeyState};
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait as _, PaginatorTrait as _};

use super::row;
use crate::app::App;
use crate::credentials::signing_key::SigningKey;
use crate::error::DomainError;
use crate::store::transaction::{begin_write, retrying};

/// Makes the first keys where there are none, the current one from the file in the settings if one is named; then looks.
/// Of servers that start together, one makes them for all.
///
/// # Errors
/// When the file or the database cannot be read, or the keys were sealed under another secret.
pub async fn run(app: &App) -> Result<(), DomainError> {
    let known = signing_key::Entity::find()
        .count(&app.store.connection)
        .await?;
    if known == 0 {
        let current = match &app.config.credentials.signing_key_file {
            Some(path) => SigningKey::load(path)?,
            None => SigningKey::generate()?,
        };
        let next = SigningKey::generate()?;
        retrying(|| store(app, &current, &next)).await?;
    }
    app.keys.look(app).await
}

async fn store(app: &App, current: &SigningKey, next: &SigningKey) -> Result<(), DomainError> {
    let now = app.clock.now();
    let rows = [
        row(app, current, SigningKeyState::Current, now)?,
        row(app, next, SigningKeyState::Next, now)?,
    ];
    let transaction = begin_write(&app.store).await?;
    for row in rows {
        // Another server was faster: its keys are everybody's.
        signing_key::Entity::insert(row)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(&*transaction)
            .await?;
    }
    transaction.commit().await?;
    Ok(())
}
