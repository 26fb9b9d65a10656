//! Single people of the world, and what of theirs has an id that nobody is told.

use api::context::Context;
use api::domain::pairings::create::{NewPairing, create};
use api::graphql::id::{decode, encode};
use api::store::transaction::begin_write;
use chrono::TimeDelta;
use entity::account::{self, AccountState};
use entity::check_in::{self, CheckInAnswer};
use entity::id::{CheckInId, PlacementId, RoleId};
use entity::pairing::PairingOrigin;
use entity::personal::Personal;
use entity::{placement, role, session, time_off};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::json;
use tests::app::TestApp;
use tests::authenticator::Authenticator;
use tests::client::Client;
use tests::listing::mutation;

/// Somebody whose account was disabled after the log-in, with the most that anybody may.
pub(super) async fn deactivated(app: &TestApp) -> Client {
    let client = app.sign_up("Dora", "en").await;
    let changed = account::Entity::update_many()
        .set(account::ActiveModel {
            state: Set(AccountState::Disabled),
            staff_role: Set(Some(account::StaffRole::Admin)),
            ..Default::default()
        })
        .filter(account::COLUMN.email_normalized.eq(address("Dora")))
        .exec(&app.app.store.connection)
        .await
        .unwrap();
    assert_eq!(changed.rows_affected, 1);
    client
}

/// Ada administers too, and set up a second factor.
pub(super) async fn guard_by_code(app: &TestApp, admin: &Client) {
    app.sign_up("Ada", "en").await;
    let id = account_of(app, "Ada").await.id;
    let raise =
        json!({ "accountId": api::graphql::id::encode(&id).to_string(), "staffRole": "ADMIN" });
    admin
        .mutate(&mutation("setStaffRole", ""), json!({ "input": raise }))
        .await;
    Authenticator::set_up(app, &app.log_in(&address("Ada")).await).await;
}

pub(super) async fn time_off(app: &TestApp, name: &str) -> String {
    let account = account_of(app, name).await;
    let db = &app.app.store.connection;
    let profile = entity::volunteer::Entity::find()
        .filter(entity::volunteer::COLUMN.account_id.eq(account.id))
        .one(db)
        .await
        .unwrap()
        .unwrap();
    let row = time_off::Entity::find()
        .filter(time_off::COLUMN.volunteer_id.eq(profile.id))
        .one(db)
        .await
        .unwrap();
    api::graphql::id::encode(&row.unwrap().id).to_string()
}

pub(super) async fn session(app: &TestApp, name: &str) -> String {
    let account = account_of(app, name).await;
    let row = session::Entity::find()
        .filter(session::COLUMN.account_id.eq(account.id))
        .one(&app.app.store.connection)
        .await
        .unwrap();
    api::graphql::id::encode(&row.unwrap().id).to_string()
}

async fn account_of(app: &TestApp, name: &str) -> account::Model {
    api::domain::accounts::email::find_account(
        &app.app.store.connection,
        &Personal::new(address(name)),
    )
    .await
    .unwrap()
    .unwrap()
}

pub(super) fn address(name: &str) -> String {
    format!("{}@example.org", name.to_lowercase())
}

/// The id of a pairing that the matcher suggests, of which nobody outside has heard.
pub(super) async fn suggestion(app: &TestApp, role: &str, volunteer: &str) -> String {
    let role_id: RoleId = decode(&role.to_owned().into(), "id").unwrap();
    let role = role::Entity::find_by_id(role_id);
    let role = role.one(&app.app.store.connection).await.unwrap().unwrap();
    let new = NewPairing {
        role: &role,
        volunteer_id: decode(&volunteer.to_owned().into(), "id").unwrap(),
        origin: PairingOrigin::Matcher,
        round_id: None,
        assessment: None,
        message: None,
        note: None,
    };
    let transaction = begin_write(&app.app.store).await.unwrap();
    let ctx = Context::system(app.app.clone(), "test");
    let pairing = create(&ctx, &*transaction, new).await.unwrap().unwrap();
    transaction.commit().await.unwrap();
    encode(&pairing.id).to_string()
}

/// The id of a question how a placement goes, which was answered.
pub(crate) async fn answered_check_in(app: &TestApp, placement: &str) -> String {
    let placement_id = decode(&placement.to_owned().into(), "id").unwrap();
    let connection = &app.app.store.connection;
    let placement = placement::Entity::find_by_id::<PlacementId>(placement_id);
    let placement = placement.one(connection).await.unwrap().unwrap();
    let asked_at = app.app.clock.now();
    let check_in = check_in::ActiveModel {
        id: Set(CheckInId::new(app.app.new_id())),
        placement_id: Set(placement.id),
        volunteer_id: Set(placement.volunteer_id),
        asked_at: Set(asked_at),
        due_at: Set(asked_at + TimeDelta::days(7)),
        answered_at: Set(Some(asked_at)),
        answer: Set(Some(CheckInAnswer::NeedsHelp)),
        note: Set(Some(Personal::new("Nobody answers me."))),
    };
    let check_in = check_in.insert(connection).await.unwrap();
    encode(&check_in.id).to_string()
}
