//! The demo's data: made once, from the embedded files, on both databases.

use std::collections::HashMap;

use api::demo::{self, LOG_INS, PASSWORD};
use entity::location_mode::LocationMode;
use entity::{pairing, role, volunteer};
use sea_orm::{EntityTrait as _, QueryFilter as _};
use serde_json::json;
use tests::app::TestApp;
use tests::on_both_databases;

on_both_databases! {
    async fn the_demo_is_made_once_and_its_people_can_log_in(backend) {
        let app = TestApp::new(backend).await;
        let census = demo::fill(&app.app).await.unwrap().unwrap();
        assert_eq!((census.organizations, census.projects, census.roles, census.volunteers), (24, 45, 99, 300));
        assert_eq!(demo::fill(&app.app).await.unwrap(), None);
        for (email, _) in LOG_INS {
            let session = app
                .client()
                .mutate(
                    "mutation($input: LogInInput!) { logIn(input: $input) { account { email } userErrors { code message } } }",
                    json!({ "input": { "email": email, "password": PASSWORD } }),
                )
                .await;
            assert_eq!(session["account"]["email"], email);
        }
    }

    async fn people_who_only_work_remotely_are_not_proposed_for_work_elsewhere(backend) {
        let app = TestApp::new(backend).await;
        demo::fill(&app.app).await.unwrap();
        let db = &app.app.store.connection;
        let remote_only: HashMap<_, _> = volunteer::Entity::find()
            .filter(volunteer::COLUMN.radius_km.eq(0))
            .all(db).await.unwrap().into_iter().map(|it| (it.id, it)).collect();
        assert!(remote_only.len() > 100, "{}", remote_only.len());
        let pairings = pairing::Entity::find().find_also_related(role::Entity).all(db).await.unwrap();
        let mut proposed = 0;
        for (pairing, role) in pairings {
            let (Some(volunteer), Some(role)) = (remote_only.get(&pairing.volunteer_id), role) else { continue };
            proposed += 1;
            assert!(
                role.location_mode == LocationMode::Remote,
                "{:?} in {:?} for someone in {:?}", role.location_mode, role.city, volunteer.city,
            );
        }
        assert!(proposed > 0);
    }
}
