//! A seat is taken exactly once, however many reach for it at the same moment.

use api::domain::pairings::answer_link;
use axum::http::StatusCode;
use entity::id::AccountId;
use entity::pairing::{self, PairingSide, PairingState};
use entity::placement;
use entity::role;
use futures_util::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use tests::app::TestApp;
use tests::on_both_databases;

use super::scene::{Scene, answer, marketplace};

/// Every volunteer accepts a role the organization has accepted them for, all at once. How many were taken and refused.
async fn race(
    scene: &Scene<'_>,
    role: &role::Model,
    volunteers: &[(AccountId, entity::id::VolunteerId)],
) -> (usize, usize) {
    let app = scene.app;
    let mut links = Vec::new();
    for (account, volunteer) in volunteers {
        let pairing = scene
            .offered(role, *volunteer, PairingState::OrganizationAccepted)
            .await;
        links.push(answer_link::url(
            &app.app,
            &pairing,
            PairingSide::Volunteer,
            *account,
        ));
    }
    let answers = join_all(links.iter().map(|link| answer(app, link, "action=accept"))).await;
    let count = |status| {
        answers
            .iter()
            .filter(|answer| answer.status == status)
            .count()
    };
    (count(StatusCode::SEE_OTHER), count(StatusCode::CONFLICT))
}

async fn placements(app: &TestApp, role: &role::Model) -> u64 {
    placement::Entity::find()
        .filter(placement::COLUMN.role_id.eq(role.id))
        .count(&app.app.store.connection)
        .await
        .unwrap()
}

/// People without any limit of their own, for many races.
async fn crowd(scene: &Scene<'_>, size: usize) -> Vec<(AccountId, entity::id::VolunteerId)> {
    let mut crowd = Vec::new();
    for number in 0..size {
        crowd.push(scene.add_volunteer(&format!("racer{number}")).await);
    }
    crowd
}

on_both_databases! {
    async fn of_two_who_accept_the_last_seat_at_once_one_gets_it_a_hundred_times(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        for round in 0..100 {
            let racers = [
                scene.add_volunteer(&format!("ana{round}")).await,
                scene.add_volunteer(&format!("ben{round}")).await,
            ];
            let role = scene.add_role(1).await;
            assert_eq!(race(&scene, &role, &racers).await, (1, 1), "round {round}");
            assert_eq!(placements(&app, &role).await, 1);
            let lost = pairing::Entity::find()
                .filter(pairing::COLUMN.role_id.eq(role.id))
                .filter(pairing::COLUMN.state.eq(PairingState::Superseded))
                .count(&app.app.store.connection)
                .await
                .unwrap();
            assert_eq!(lost, 1);
        }
    }

    async fn of_twenty_who_accept_seven_seats_at_once_seven_get_one(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let racers = crowd(&scene, 20).await;
        let role = scene.add_role(7).await;
        assert_eq!(race(&scene, &role, &racers).await, (7, 13));
        assert_eq!(placements(&app, &role).await, 7);
        let filled = role::Entity::find_by_id(role.id).one(&app.app.store.connection).await.unwrap().unwrap();
        assert_eq!((filled.filled, filled.state), (7, role::RoleState::Filled));
    }

    async fn one_person_cannot_take_two_roles_at_once_beyond_their_hours(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (account, volunteer) = scene.add_volunteer("vera").await;
        let mut links = Vec::new();
        for _ in 0..4 {
            let role = scene.add_role(3).await;
            let pairing = scene.offered(&role, volunteer, PairingState::OrganizationAccepted).await;
            links.push(answer_link::url(&app.app, &pairing, PairingSide::Volunteer, account));
        }
        let answers = join_all(links.iter().map(|link| answer(&app, link, "action=accept"))).await;
        let taken = answers.iter().filter(|answer| answer.status == StatusCode::SEE_OTHER).count();
        let refused = answers.iter().filter(|answer| answer.status == StatusCode::CONFLICT).count();
        assert_eq!((taken, refused), (1, 3), "four hours a week hold one role of three");
    }

    async fn both_sides_may_answer_at_the_same_moment(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let omar = api::domain::accounts::email::find_account(&app.app.store.connection, &entity::personal::Personal::new("omar@example.org"))
            .await
            .unwrap()
            .unwrap();
        let (account, volunteer) = scene.add_volunteer("vera").await;
        let pairing = scene.offered(&scene.role, volunteer, PairingState::Offered).await;
        let links = [
            answer_link::url(&app.app, &pairing, PairingSide::Volunteer, account),
            answer_link::url(&app.app, &pairing, PairingSide::Organization, omar.id),
        ];
        let answers = join_all(links.iter().map(|link| answer(&app, link, "action=accept"))).await;
        assert!(answers.iter().all(|answer| answer.status == StatusCode::SEE_OTHER));
        assert_eq!(scene.pairing(pairing.id).await.state, PairingState::Confirmed);
        assert_eq!(placements(&app, &scene.role).await, 1);
    }
}
