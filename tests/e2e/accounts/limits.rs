//! How long sessions last: without use and in all, for staff and for everybody else, both sides of each limit.

use api::credentials::access_token::{Occasion, authenticate};
use chrono::{DateTime, TimeDelta, Utc};
use entity::account::{self, StaffRole};
use entity::id::{MembershipId, OrganizationId};
use entity::membership::{self, MembershipRole, MembershipState};
use entity::organization;
use entity::session::{self, SessionEndReason};
use sea_orm::{
    ActiveModelTrait, ColumnTrait as _, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set,
};
use serde_json::json;
use tests::app::{PASSWORD, TestApp};
use tests::on_both_databases;
use uuid::Uuid;

use super::{REFRESH, Session};
use crate::constraints::world::World;

const INSTANT: TimeDelta = TimeDelta::microseconds(1);

/// The session opened last.
async fn last(app: &TestApp) -> session::Model {
    session::Entity::find()
        .order_by_desc(session::Column::Id)
        .one(&app.app.store.connection)
        .await
        .unwrap()
        .unwrap()
}

async fn last_used_at(app: &TestApp) -> DateTime<Utc> {
    last(app).await.last_used_at
}

async fn open_as_coordinator(app: &TestApp) -> Session {
    app.coordinator().await;
    Session::open(&app.client(), "coordinator@example.org", PASSWORD).await
}

async fn open_as_volunteer(app: &TestApp) -> Session {
    app.sign_up("Nora", "en").await;
    Session::open(&app.client(), "nora@example.org", PASSWORD).await
}

/// The refresh is refused, and the session noted as over.
async fn has_expired(app: &TestApp, session: &Session) {
    let code = app
        .client()
        .error_code(REFRESH, json!({ "token": session.refresh }))
        .await;
    assert_eq!(code, "UNAUTHENTICATED");
    let ended = last(app).await;
    assert_eq!(ended.end_reason, Some(SessionEndReason::Expired));
    assert_eq!(ended.ended_at, Some(app.app.clock.now()));
}

on_both_databases! {
    async fn staff_may_be_idle_for_half_an_hour(backend) {
        let app = TestApp::new(backend).await;
        let session = open_as_coordinator(&app).await;
        app.advance(TimeDelta::minutes(30) - INSTANT);
        let session = Session::refreshed(&app.client(), &session.refresh).await;
        assert!(session.is_live(&app.client()).await);
        app.advance(TimeDelta::minutes(30));
        has_expired(&app, &session).await;
    }

    async fn others_may_be_idle_for_thirty_days(backend) {
        let app = TestApp::new(backend).await;
        let session = open_as_volunteer(&app).await;
        app.advance(TimeDelta::days(30) - INSTANT);
        let session = Session::refreshed(&app.client(), &session.refresh).await;
        assert!(session.is_live(&app.client()).await);
        app.advance(TimeDelta::days(30));
        has_expired(&app, &session).await;
    }

    async fn a_session_of_staff_lasts_twelve_hours_however_busy(backend) {
        let app = TestApp::new(backend).await;
        let mut session = open_as_coordinator(&app).await;
        for _ in 0..35 {
            app.advance(TimeDelta::minutes(20));
            session = Session::refreshed(&app.client(), &session.refresh).await;
        }
        app.advance(TimeDelta::minutes(20) - INSTANT);
        let session = Session::refreshed(&app.client(), &session.refresh).await;
        assert!(session.is_live(&app.client()).await);
        app.advance(INSTANT);
        assert!(!session.is_live(&app.client()).await, "the access token is a microsecond old");
        has_expired(&app, &session).await;
    }

    async fn a_session_of_others_lasts_half_a_year_however_busy(backend) {
        let app = TestApp::new(backend).await;
        let mut session = open_as_volunteer(&app).await;
        for _ in 0..8 {
            app.advance(TimeDelta::days(20));
            session = Session::refreshed(&app.client(), &session.refresh).await;
        }
        app.advance(TimeDelta::days(20) - INSTANT);
        let session = Session::refreshed(&app.client(), &session.refresh).await;
        assert!(session.is_live(&app.client()).await);
        app.advance(INSTANT);
        assert!(!session.is_live(&app.client()).await);
        has_expired(&app, &session).await;
    }

    async fn a_request_is_a_use_and_is_noted_once_a_minute(backend) {
        let app = TestApp::with_settings(backend, &[("STAFF_IDLE_MINUTES", "5")]).await;
        let session = open_as_coordinator(&app).await;
        let opened = app.app.clock.now();
        app.advance(TimeDelta::seconds(60) - INSTANT);
        assert!(session.is_live(&app.client()).await);
        assert_eq!(last_used_at(&app).await, opened, "a use within the minute costs no write");
        app.advance(INSTANT);
        assert!(session.is_live(&app.client()).await);
        let noted = app.app.clock.now();
        assert_eq!(last_used_at(&app).await, noted);
        app.advance(TimeDelta::minutes(5) - INSTANT);
        assert!(session.is_live(&app.client()).await, "idle since the last request, not since log-in");
        app.advance(TimeDelta::minutes(5));
        assert!(!session.is_live(&app.client()).await, "the token itself holds for ten minutes");
    }

    async fn looking_whether_a_token_still_holds_is_no_use(backend) {
        let app = TestApp::new(backend).await;
        let session = open_as_volunteer(&app).await;
        let opened = app.app.clock.now();
        app.advance(TimeDelta::minutes(2));
        authenticate(&app.app, Some(&session.access), Occasion::Recheck).await.unwrap();
        assert_eq!(last_used_at(&app).await, opened);
        authenticate(&app.app, Some(&session.access), Occasion::Request).await.unwrap();
        assert_eq!(last_used_at(&app).await, app.app.clock.now());
    }

    async fn the_limits_are_those_of_the_role_at_the_moment(backend) {
        let app = TestApp::new(backend).await;
        let session = open_as_volunteer(&app).await;
        app.advance(TimeDelta::minutes(31));
        let session = Session::refreshed(&app.client(), &session.refresh).await;
        assert!(session.is_live(&app.client()).await);
        app.advance(TimeDelta::minutes(31));
        account::Entity::update_many()
            .set(account::ActiveModel { staff_role: Set(Some(StaffRole::Coordinator)), ..Default::default() })
            .filter(account::COLUMN.email_normalized.eq("nora@example.org"))
            .exec(&app.app.store.connection)
            .await
            .unwrap();
        has_expired(&app, &session).await;
    }

    async fn an_actor_is_the_same_whatever_order_its_memberships_are_stored_in(backend) {
        let app = TestApp::new(backend).await;
        let connection = &app.app.store.connection;
        let first = World::insert(connection).await.organization;
        let second = organization::ActiveModel {
            id: Set(OrganizationId::new(Uuid::from_u128(77))),
            slug: Set("another".to_owned()),
            charity_number: Set(None),
            ..first.clone().into_active_model()
        }
        .insert(connection)
        .await
        .unwrap();
        let session = open_as_volunteer(&app).await;
        let account_id = last(&app).await.account_id;
        let now = app.app.clock.now();
        let mut memberships = Vec::new();
        for (id, organization_id) in [(901, first.id), (902, second.id)] {
            let row = membership::ActiveModel {
                id: Set(MembershipId::new(Uuid::from_u128(id))),
                organization_id: Set(organization_id),
                account_id: Set(account_id),
                role: Set(MembershipRole::Member),
                state: Set(MembershipState::Active),
                created_at: Set(now),
                updated_at: Set(now),
            };
            memberships.push(row.insert(connection).await.unwrap());
        }
        let actor = async || authenticate(&app.app, Some(&session.access), Occasion::Recheck).await.unwrap();
        let before = actor().await;
        assert_eq!(before.person().unwrap().memberships.len(), 2);
        for row in memberships {
            // PostgreSQL stores a row that was written again behind the others.
            let mut change = row.into_active_model();
            change.updated_at = Set(now + TimeDelta::seconds(1));
            change.update(connection).await.unwrap();
            assert_eq!(actor().await, before);
        }
    }
}
