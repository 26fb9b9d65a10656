//! The audit trail is whole as long as nobody touches it, and whatever is touched is found.

use api::context::Context;
use api::domain::accounts::create_staff;
use api::domain::audit;
use api::domain::audit::verify::{Fault, Head, Verified};
use api::store::transaction::begin_write;
use entity::account::{self, StaffRole};
use entity::audit_event::{self, AuditActorKind, Column};
use entity::personal::Personal;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, DatabaseConnection, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;
use tests::app::TestApp;
use tests::database::Backend;
use tests::on_both_databases;
use uuid::Uuid;

on_both_databases! {
    async fn whatever_column_of_an_entry_is_changed_is_found(backend) {
        let app = trail_of(backend, 3).await;
        let somebody = account::Entity::find().one(db(&app)).await.unwrap().unwrap().id;
        let a_moment_later = app.app.clock.now() + chrono::TimeDelta::microseconds(1);
        let columns: [(Column, Expr); 11] = [
            (Column::Id, Expr::value(app.app.new_id())),
            (Column::At, Expr::value(a_moment_later)),
            (Column::ActorAccountId, Expr::value(somebody)),
            (Column::ActorKind, Expr::value(AuditActorKind::Anonymous)),
            (Column::Action, Expr::value("staff.removed")),
            (Column::SubjectKind, Expr::value("nothing")),
            (Column::SubjectId, Expr::value(None::<String>)),
            (Column::RequestId, Expr::value(None::<String>)),
            (Column::Detail, Expr::value(json!({ "role": "none" }))),
            (Column::PreviousHash, Expr::value("f".repeat(64))),
            (Column::Hash, Expr::value("f".repeat(64))),
        ];
        for (column, value) in columns {
            let before = entry(&app, 2).await;
            audit_event::Entity::update_many()
                .col_expr(column, value)
                .filter(audit_event::COLUMN.sequence.eq(2))
                .exec(db(&app))
                .await
                .unwrap();
            let faults = verify(&app, None).await.faults;
            assert!(faults.contains(&Fault::Changed { sequence: 2 }), "{column:?}: {faults:?}");
            remove(&app, 2).await;
            audit_event::Entity::insert(before.into_active_model().reset_all())
                .exec_without_returning(db(&app))
                .await
                .unwrap();
            assert_eq!(verify(&app, None).await.faults, [], "{column:?}");
        }
    }

    async fn entries_that_are_gone_are_missed_the_last_ones_by_whoever_kept_the_head(backend) {
        let app = trail_of(backend, 5).await;
        let whole = verify(&app, None).await;
        assert_eq!((whole.entries, whole.head.sequence, whole.faults), (5, 5, vec![]));
        assert_eq!(verify(&app, Some(&whole.head)).await.faults, []);

        remove(&app, 5).await;
        assert_eq!(verify(&app, None).await.faults, []);
        let cut = Fault::CutOff { last: 4, expected: 5 };
        assert_eq!(verify(&app, Some(&whole.head)).await.faults, [cut]);

        remove(&app, 2).await;
        remove(&app, 3).await;
        assert_eq!(verify(&app, None).await.faults, [Fault::Missing { from: 2, to: 3 }]);

        remove(&app, 1).await;
        assert_eq!(verify(&app, None).await.faults, [Fault::Missing { from: 1, to: 3 }]);
    }

    async fn a_trail_that_was_written_anew_is_not_the_one_that_was_verified_before(backend) {
        let app = trail_of(backend, 2).await;
        let head = verify(&app, None).await.head;
        remove(&app, 2).await;
        app.advance(chrono::TimeDelta::seconds(1));
        write(&app, 1).await;
        assert_eq!(verify(&app, None).await.faults, []);
        let replaced = Fault::Replaced { sequence: 2 };
        assert_eq!(verify(&app, Some(&head)).await.faults, [replaced]);
    }

    async fn an_entry_moved_behind_another_is_not_linked_to_it(backend) {
        let app = trail_of(backend, 4).await;
        remove(&app, 2).await;
        for (from, to) in [(3_i64, 2_i64), (4, 3)] {
            audit_event::Entity::update_many()
                .col_expr(Column::Sequence, Expr::value(to))
                .filter(audit_event::COLUMN.sequence.eq(from))
                .exec(db(&app))
                .await
                .unwrap();
        }
        let faults = verify(&app, None).await.faults;
        assert!(faults.contains(&Fault::Unlinked { sequence: 2 }), "{faults:?}");
    }

    async fn a_long_trail_is_read_in_pages(backend) {
        let app = trail_of(backend, 1_001).await;
        let whole = verify(&app, None).await;
        assert_eq!((whole.entries, whole.head.sequence, whole.faults), (1_001, 1_001, vec![]));
        audit_event::Entity::delete_many()
            .filter(audit_event::COLUMN.sequence.is_in((1..=60).map(|n| n * 10)))
            .exec(db(&app))
            .await
            .unwrap();
        let broken = verify(&app, None).await;
        assert_eq!((broken.entries, broken.faults.len()), (941, 20));
    }

    async fn an_empty_trail_is_whole(backend) {
        let app = TestApp::new(backend).await;
        let empty = verify(&app, None).await;
        assert_eq!((empty.entries, empty.head.sequence, empty.faults.len()), (0, 0, 0));
    }
}

/// A marketplace with one coordinator, whose trail has so many entries.
async fn trail_of(backend: Backend, entries: usize) -> TestApp {
    let app = TestApp::new(backend).await;
    let input = create_staff::Input {
        email: Personal::new("camille@example.org"),
        given_name: Personal::new("Camille"),
        staff_role: StaffRole::Coordinator,
        preferred_language: None,
    };
    create_staff::run(&system(&app), &input).await.unwrap();
    assert_eq!(verify(&app, None).await.entries, 1);
    write(&app, entries - 1).await;
    app
}

async fn write(app: &TestApp, entries: usize) {
    let transaction = begin_write(&app.app.store).await.unwrap();
    for number in 0..entries {
        let subject = ("test", Some(Uuid::from_u128(number as u128)));
        let detail = json!({ "number": number, "note": "é ☂", "ratio": 0.1, "none": null });
        audit::record(&system(app), &*transaction, "test.written", subject, detail)
            .await
            .unwrap();
    }
    transaction.commit().await.unwrap();
}

fn system(app: &TestApp) -> Context {
    Context::system(app.app.clone(), "test")
}

fn db(app: &TestApp) -> &DatabaseConnection {
    &app.app.store.connection
}

async fn verify(app: &TestApp, expected: Option<&Head>) -> Verified {
    audit::verify::run(&app.app, expected).await.unwrap()
}

async fn entry(app: &TestApp, sequence: i64) -> audit_event::Model {
    let found = audit_event::Entity::find().filter(audit_event::COLUMN.sequence.eq(sequence));
    found.one(db(app)).await.unwrap().unwrap()
}

async fn remove(app: &TestApp, sequence: i64) {
    let entry =
        audit_event::Entity::delete_many().filter(audit_event::COLUMN.sequence.eq(sequence));
    assert_eq!(entry.exec(db(app)).await.unwrap().rows_affected, 1);
}
