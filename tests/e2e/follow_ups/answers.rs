//! The page behind the links of follow-up mails.

use api::domain::follow_ups::link::{FollowUpLink, url};
use chrono::TimeDelta;
use entity::follow_up::FollowUpKind;
use entity::project;
use sea_orm::EntityTrait;
use serde_json::json;
use tests::app::TestApp;
use tests::listing::{published_project, vetted_organization};
use tests::on_both_databases;

use super::follow_up;
use crate::pairings::scene::{account_of, get, post};

async fn is_accepting(app: &TestApp) -> bool {
    let rows = project::Entity::find().all(&app.app.store.connection);
    rows.await.unwrap()[0].is_accepting
}

on_both_databases! {
    async fn a_manager_says_from_the_mail_whether_a_listing_looks_for_people(backend) {
        let app = TestApp::new(backend).await;
        let (omar, cora) = (app.sign_up("Omar", "en").await, app.coordinator().await);
        let organization = vetted_organization(&omar, &cora, "Thaw").await;
        published_project(&omar, &cora, &organization, "Ice map", &json!({})).await;
        app.run_jobs().await;
        app.advance(TimeDelta::days(40));
        follow_up(&app).await;
        let link = app.mail_to("omar@example.org").pop().unwrap().action("follow-up");
        let token = link.split_once("token=").unwrap().1.to_owned();

        let page = get(&app, &link).await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains("Does the project still look for people?"), "{}", page.text);
        for (action, expected) in [("close", false), ("close", false), ("open", true), ("open", true)] {
            let answered = post(&app, "/a/follow-up", &format!("token={token}&action={action}")).await;
            assert_eq!(answered.status, 200, "{}", answered.text);
            assert_eq!(is_accepting(&app).await, expected, "{action}");
        }
        assert_eq!(post(&app, "/a/follow-up", &format!("token={token}&action=going_well")).await.status, 422);
        assert_eq!(post(&app, "/a/follow-up", "token=nonsense&action=open").await.status, 400);
    }

    async fn a_link_is_good_for_its_account_as_long_as_that_may_and_for_ninety_days(backend) {
        let app = TestApp::new(backend).await;
        let (omar, cora) = (app.sign_up("Omar", "en").await, app.coordinator().await);
        app.sign_up("Eve", "en").await;
        let organization = vetted_organization(&omar, &cora, "Thaw").await;
        published_project(&omar, &cora, &organization, "Ice map", &json!({})).await;
        app.run_jobs().await;
        let listing = project::Entity::find().one(&app.app.store.connection).await.unwrap().unwrap();
        let of = async |email: &str, kind| {
            let account = account_of(&app, email).await;
            let link = FollowUpLink { kind, subject_id: listing.id.uuid(), account_id: account.id };
            url(&app.app, link).split_once("token=").unwrap().1.to_owned()
        };
        let close = async |token: &str| post(&app, "/a/follow-up", &format!("token={token}&action=close")).await.status;

        let eve = of("eve@example.org", FollowUpKind::ListingCheck).await;
        assert_eq!(close(&eve).await, 403);
        let nothing = of("omar@example.org", FollowUpKind::VettingEnds).await;
        assert_eq!(get(&app, &format!("/a/follow-up?token={nothing}")).await.status, 410);
        let omar = of("omar@example.org", FollowUpKind::ListingCheck).await;
        app.advance(TimeDelta::days(90) - TimeDelta::seconds(1));
        assert!(is_accepting(&app).await);
        assert_eq!(close(&omar).await, 200);
        app.advance(TimeDelta::seconds(1));
        assert_eq!(close(&omar).await, 410);
    }
}
