//! Many writers at once: none is told that the database was busy, and the worker gets its turns among them.

use api::context::Context;
use api::domain::accounts::create_staff;
use entity::account::{self, StaffRole};
use entity::audit_event;
use entity::personal::Personal;
use futures_util::future::join_all;
use sea_orm::{EntityTrait, PaginatorTrait, QueryOrder};
use tests::app::TestApp;
use tests::on_both_databases;

use super::register;

const WRITERS: usize = 50;

on_both_databases! {
    async fn fifty_writers_at_once_all_succeed_while_the_worker_works(backend) {
        let app = TestApp::new(backend).await;
        let addresses: Vec<String> = (0..WRITERS).map(|n| format!("writer{n}@example.org")).collect();
        let writers = join_all(addresses.iter().map(|address| register(&app, address)));
        // Each writer fails its test when it is told anything but success.
        let (_, worked) = tokio::join!(writers, app.run_jobs());
        // For each one job that writes the mail, and one that sends it.
        assert_eq!(worked + app.run_jobs().await, 2 * WRITERS);
        let count = account::Entity::find().count(&app.app.store.connection).await.unwrap();
        assert_eq!(count, WRITERS as u64);
        for address in &addresses {
            assert_eq!(app.mail_to(address).len(), 1);
        }
    }

    async fn writers_of_the_audit_trail_wait_for_each_other_and_none_starts_again(backend) {
        let app = TestApp::new(backend).await;
        let ctx = Context::system(app.app.clone(), "test");
        let create = |n: usize| {
            let ctx = ctx.clone();
            async move {
                let input = create_staff::Input {
                    email: Personal::new(format!("staff{n}@example.org")),
                    given_name: Personal::new("Camille"),
                    staff_role: StaffRole::Coordinator,
                    preferred_language: None,
                };
                create_staff::run(&ctx, &input).await.map(drop)
            }
        };
        create(0).await.unwrap();
        for outcome in join_all((1..=20).map(create)).await {
            outcome.unwrap();
        }
        let chain = audit_event::Entity::find()
            .order_by_asc(audit_event::Column::Sequence)
            .all(&app.app.store.connection)
            .await
            .unwrap();
        assert_eq!(chain.len(), 21);
        for (event, next) in chain.iter().zip(&chain[1..]) {
            assert_eq!(next.sequence, event.sequence + 1);
            assert_eq!(next.previous_hash, event.hash);
        }
    }
}
