//! What must hold is held by the database itself, whatever the server does: each rule is broken once here.

use chrono::NaiveDate;
use entity::job::{self, JobState};
use entity::pairing::PairingState;
use entity::{account, organization, project, volunteer};
use sea_orm::{ActiveModelTrait, DbErr, EntityTrait, IntoActiveModel, Set};
use tests::database::TestDatabase;
use tests::on_both_databases;

use self::world::{World, insert_job};

pub(crate) mod world;

on_both_databases! {
    async fn rows_come_back_as_they_were_written(backend) {
        let database = TestDatabase::new(backend).await;
        let db = &database.connection;
        let world = World::insert(db).await;
        assert_eq!(account::Entity::find_by_id(world.account.id).one(db).await.unwrap(), Some(world.account));
        assert_eq!(project::Entity::find_by_id(world.project.id).one(db).await.unwrap(), Some(world.project));
        assert_eq!(volunteer::Entity::find_by_id(world.volunteer.id).one(db).await.unwrap(), Some(world.volunteer));
        let job = insert_job(db, 1, JobState::Ready).await.unwrap();
        assert_eq!(job::Entity::find_by_id(job.id).one(db).await.unwrap(), Some(job));
    }

    async fn a_role_and_a_volunteer_share_one_live_pairing(backend) {
        let database = TestDatabase::new(backend).await;
        let db = &database.connection;
        let world = World::insert(db).await;
        for (number, state) in (1..).zip(PairingState::ALL) {
            if !PairingState::LIVE.contains(state) {
                world.insert_pairing(db, number, *state).await.unwrap();
            }
        }
        let live = world.insert_pairing(db, 100, PairingState::Suggested).await.unwrap();
        for (number, state) in (101..).zip(PairingState::LIVE) {
            let second = world.insert_pairing(db, number, *state).await;
            assert_violates(&second, "uq_pairing_live", "pairing.role_id, pairing.volunteer_id");
        }

        let mut over = live.into_active_model();
        over.state = Set(PairingState::Expired);
        over.update(db).await.unwrap();
        world.insert_pairing(db, 200, PairingState::Interested).await.unwrap();
    }

    async fn no_more_seats_are_filled_than_there_are(backend) {
        let database = TestDatabase::new(backend).await;
        let db = &database.connection;
        let world = World::insert(db).await;
        let mut role = world.role.into_active_model();
        role.filled = Set(role.seats.clone().unwrap() + 1);
        assert_violates(&role.update(db).await, "ck_role_filled_within_seats", "ck_role_filled_within_seats");
    }

    async fn a_project_has_a_title_in_its_original_language(backend) {
        let database = TestDatabase::new(backend).await;
        let db = &database.connection;
        let world = World::insert(db).await;
        let mut project = world.project.into_active_model();
        project.title_fr = Set(Some("Carte du verglas".to_owned()));
        project.title_en = Set(None);
        assert_violates(&project.update(db).await, "ck_project_title", "ck_project_title");
    }

    async fn a_period_does_not_end_before_it_begins(backend) {
        let database = TestDatabase::new(backend).await;
        let db = &database.connection;
        let world = World::insert(db).await;
        let mut project = world.project.into_active_model();
        project.ends_on = Set(NaiveDate::from_ymd_opt(2026, 1, 4));
        assert_violates(&project.update(db).await, "ck_project_period", "ck_project_period");
    }

    async fn what_others_refer_to_is_not_deleted(backend) {
        let database = TestDatabase::new(backend).await;
        let db = &database.connection;
        let world = World::insert(db).await;
        let deletion = organization::Entity::delete_by_id(world.organization.id).exec(db).await;
        assert_violates(&deletion, "fk_project_organization_id", "FOREIGN KEY");
    }

    async fn an_unfinished_job_is_the_only_one_with_its_key(backend) {
        let database = TestDatabase::new(backend).await;
        let db = &database.connection;
        insert_job(db, 1, JobState::Done).await.unwrap();
        insert_job(db, 2, JobState::Running).await.unwrap();
        let second = insert_job(db, 3, JobState::Ready).await;
        assert_violates(&second, "uq_job_unfinished", "job.unique_key");
    }
}

/// PostgreSQL names the rule; SQLite names it for a CHECK only, and else what the rule is about.
fn assert_violates<T: std::fmt::Debug>(result: &Result<T, DbErr>, name: &str, on_sqlite: &str) {
    let text = result
        .as_ref()
        .expect_err("the rule was broken and nobody noticed")
        .to_string();
    let is_sqlite = text.contains("(code: ");
    assert!(
        text.contains(if is_sqlite { on_sqlite } else { name }),
        "{name}: {text}"
    );
}
