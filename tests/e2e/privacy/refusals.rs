//! Who may have whom erased, and what has to be done before; what erasure ends at once.

use std::time::Duration;

use api::graphql::endpoint::Endpoint;
use api::graphql::id::encode;
use api::graphql::schema;
use api::http::graphql_over_ws::SocketTimes;
use api::http::router::{HttpState, router_of};
use entity::account::{self, AccountState};
use entity::membership::MembershipRole;
use entity::organization::{self, OrganizationState};
use entity::pairing::PairingOrigin;
use sea_orm::{ActiveModelTrait, ColumnTrait as _, EntityTrait, QueryFilter, Set};
use serde_json::json;
use tests::app::{PASSWORD, TestApp};
use tests::client::Client;
use tests::on_both_databases;
use tests::socket::Socket;
use tokio::net::TcpListener;

use super::erasure::ERASE_OWN;
use crate::pairings::scene::{Scene, global, marketplace};

const ERASE: &str = "mutation($input: EraseAccountInput!) { eraseAccount(input: $input) { isAccepted userErrors { code message field } } }";

async fn account(app: &TestApp, email: &str) -> account::Model {
    account::Entity::find()
        .filter(account::COLUMN.email_normalized.eq(email))
        .one(&app.app.store.connection)
        .await
        .unwrap()
        .unwrap()
}

async fn refused(client: &Client, password: &str, email: &str) -> Vec<String> {
    let input = json!({ "input": { "password": password, "email": email } });
    client.user_errors(ERASE_OWN, input).await
}

on_both_databases! {
    async fn one_is_erased_by_ones_password_and_address_only(backend) {
        let app = TestApp::new(backend).await;
        let vera = app.sign_up("Vera", "en").await;
        assert_eq!(refused(&vera, "a guess", "vera@example.org").await, ["WRONG_CREDENTIALS password"]);
        assert_eq!(refused(&vera, PASSWORD, "nora@example.org").await, ["INVALID email"]);
        assert_eq!(app.run_jobs().await, 0);
        assert_eq!(account(&app, "vera@example.org").await.state, AccountState::Active);
        let input = json!({ "input": { "password": PASSWORD, "email": "vera@example.org" } });
        assert_eq!(app.client().error_code(ERASE_OWN, input).await, "UNAUTHENTICATED");

        assert_eq!(refused(&vera, PASSWORD, " Vera@Example.org ").await, [""; 0]);
        // Shut at once, before the job has its turn.
        assert_eq!(account(&app, "vera@example.org").await.state, AccountState::Disabled);
        assert_eq!(vera.error_code("{ viewer { id } }", json!({})).await, "UNAUTHENTICATED");
        app.run_jobs().await;
        assert_eq!(app.mails().last().unwrap().subject, "Your data were erased");
    }

    async fn the_last_owner_of_an_organization_hands_over_or_withdraws_it_first(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let input = json!({ "input": { "password": PASSWORD, "email": "omar@example.org" } });
        let payload = scene.omar.try_mutate(ERASE_OWN, input).await;
        let error = &payload["userErrors"][0];
        assert_eq!(error["code"], "WRONG_STATE");
        assert!(error["message"].as_str().unwrap().starts_with("Thaw has no other owner"), "{error}");
        assert_eq!(app.run_jobs().await, 0);

        app.sign_up("Olga", "fr").await;
        scene.add_member("olga@example.org", MembershipRole::Owner).await;
        assert_eq!(refused(&scene.omar, PASSWORD, "omar@example.org").await, [""; 0]);
        app.run_jobs().await;

        // Olga is the last one now.
        let olga = app.log_in("olga@example.org").await;
        assert_eq!(refused(&olga, PASSWORD, "olga@example.org").await, ["WRONG_STATE"]);
        organization::ActiveModel {
            id: Set(scene.organization.id),
            state: Set(OrganizationState::Withdrawn),
            ..Default::default()
        }
        .update(&app.app.store.connection)
        .await
        .unwrap();
        assert_eq!(refused(&olga, PASSWORD, "olga@example.org").await, [""; 0]);
        app.run_jobs().await;
        assert_eq!(app.dead_jobs().await, 0);
    }

    async fn the_only_administrator_gives_the_role_to_another_first(backend) {
        let app = TestApp::new(backend).await;
        let (admin, vera) = (app.admin().await, app.sign_up("Vera", "en").await);
        assert_eq!(refused(&admin, PASSWORD, "admin@example.org").await, ["WRONG_STATE email"]);
        let id = encode(&account(&app, "vera@example.org").await.id).to_string();
        admin.mutate(
            "mutation($id: ID!) { setStaffRole(input: { accountId: $id, staffRole: ADMIN }) { account { id } userErrors { code field } } }",
            json!({ "id": id }),
        ).await;
        assert_eq!(vera.error_code("{ viewer { id } }", json!({})).await, "UNAUTHENTICATED");
        assert_eq!(refused(&admin, PASSWORD, "admin@example.org").await, [""; 0]);
    }

    async fn administrators_erase_who_asked_in_writing_and_nobody_else_does(backend) {
        let app = TestApp::new(backend).await;
        let vera = app.sign_up("Vera", "en").await;
        let (coordinator, admin) = (app.coordinator().await, app.admin().await);
        let id = encode(&account(&app, "vera@example.org").await.id).to_string();
        let input = |email: &str| json!({ "input": { "accountId": id, "email": email } });
        assert_eq!(coordinator.error_code(ERASE, input("vera@example.org")).await, "FORBIDDEN");
        assert_eq!(vera.error_code(ERASE, input("vera@example.org")).await, "FORBIDDEN");
        assert_eq!(app.sign_up("Eve", "en").await.error_code(ERASE, input("vera@example.org")).await, "NOT_FOUND");
        let own = encode(&account(&app, "admin@example.org").await.id).to_string();
        let own = json!({ "input": { "accountId": own, "email": "admin@example.org" } });
        assert_eq!(admin.error_code(ERASE, own).await, "FORBIDDEN");
        assert_eq!(admin.user_errors(ERASE, input("nora@example.org")).await, ["INVALID email"]);
        assert_eq!(account(&app, "vera@example.org").await.state, AccountState::Active);

        for _ in 0..2 {
            let done = admin.mutate(ERASE, input("vera@example.org")).await;
            assert_eq!(done["isAccepted"], true);
            app.run_jobs().await;
        }
        assert_eq!(vera.error_code("{ viewer { id } }", json!({})).await, "UNAUTHENTICATED");
    }

    async fn an_open_socket_of_somebody_who_is_erased_is_closed(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Volunteer).await;
        let state = HttpState {
            socket_times: SocketTimes { recheck: Duration::from_millis(1), ..SocketTimes::default() },
            ..HttpState::new(app.app.clone(), Endpoint::new(schema::build()), app.stop.clone())
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}/graphql", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router_of(state)).await.unwrap() });
        let mut socket = Socket::open(&url, &vera).await;
        let query = "subscription($id: ID!) { pairingChanged(id: $id) { state } }";
        socket.subscribe(query, json!({ "id": global(pairing) })).await;
        assert_eq!(socket.hear().await["payload"]["data"]["pairingChanged"]["state"], "INTERESTED");

        assert_eq!(refused(&vera, PASSWORD, "vera@example.org").await, [""; 0]);
        assert_eq!(socket.closed().await, 4_403);
        app.run_jobs().await;
        // An application that did not go out is taken back, and nobody needs to hear of it.
        assert_eq!(scene.pairing(pairing).await.state.as_str(), "withdrawn");
    }
}
