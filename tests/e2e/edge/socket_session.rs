//! What ends a socket while it is open: its session, its account, or another part that the person plays by now.

use std::time::Duration;

use api::http::graphql_over_ws::SocketTimes;
use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use entity::account;
use entity::id::{AccountId, MembershipId};
use entity::membership::{self, MembershipRole, MembershipState};
use sea_orm::{ActiveModelTrait, ColumnTrait as _, EntityTrait, QueryFilter, Set};
use serde_json::{Value, json};
use tests::app::{PASSWORD, TestApp};
use tests::authenticator::Authenticator;
use tests::browser::{Browser, OWN};
use tests::client::Client;
use tests::database::Backend;
use tests::on_both_databases;
use uuid::Uuid;

use super::socket::{Server, Socket};
use crate::accounts::Session;
use crate::accounts::forged::forgeries;
use crate::constraints::world::World;

/// A server that looks at tokens all the time.
async fn watchful(backend: Backend) -> Server {
    let times = SocketTimes {
        recheck: Duration::from_millis(1),
        ..SocketTimes::default()
    };
    let settings = [("STAFF_IDLE_MINUTES", "5")];
    Server::of(TestApp::with_settings(backend, &settings).await, times).await
}

/// A socket of `client`'s with a subscription that runs.
async fn busy(server: &Server, client: &Client) -> Socket {
    let mut socket = idle(server, client).await;
    socket.subscribe("a", "subscription{never}").await;
    assert!(socket.is_alive().await);
    socket
}

async fn idle(server: &Server, client: &Client) -> Socket {
    let authorization = format!("Bearer {}", client.token().unwrap());
    server
        .ready(json!({ "authorization": authorization }))
        .await
}

async fn account_id(server: &Server, email: &str) -> AccountId {
    account::Entity::find()
        .filter(account::COLUMN.email_normalized.eq(email))
        .one(&server.app.app.store.connection)
        .await
        .unwrap()
        .unwrap()
        .id
}

async fn global_id(client: &Client) -> Value {
    client.query("{ viewer { id } }", json!({})).await["viewer"]["id"].clone()
}

#[test]
fn a_look_at_the_token_is_never_five_seconds_away() {
    assert!(SocketTimes::default().recheck < Duration::from_secs(5));
}

on_both_databases! {
    async fn a_log_out_ends_the_sockets_of_the_session(backend) {
        let server = watchful(backend).await;
        let nora = server.app.sign_up("Nora", "en").await;
        let (mut idle, mut busy) = (idle(&server, &nora).await, busy(&server, &nora).await);
        nora.mutate("mutation { logOut { userErrors { code } } }", json!({})).await;
        assert_eq!(busy.closed().await, 4_403);
        idle.subscribe("a", "{__typename}").await;
        assert_eq!(idle.closed().await, 4_403);
    }

    async fn a_session_that_ended_begins_nothing_on_its_sockets(backend) {
        let server = Server::of(TestApp::new(backend).await, SocketTimes::default()).await;
        let nora = server.app.sign_up("Nora", "en").await;
        let mut socket = idle(&server, &nora).await;
        nora.mutate("mutation { logOut { userErrors { code } } }", json!({})).await;
        socket.subscribe("a", "{__typename}").await;
        assert_eq!(socket.closed().await, 4_403);
    }

    async fn ending_the_other_sessions_ends_their_sockets_and_no_more(backend) {
        let server = watchful(backend).await;
        let phone = server.app.sign_up("Nora", "en").await;
        let laptop = server.app.log_in("nora@example.org").await;
        let (mut lost, mut kept) = (busy(&server, &phone).await, busy(&server, &laptop).await);
        laptop.mutate("mutation { revokeOtherSessions { userErrors { code } } }", json!({})).await;
        assert_eq!(lost.closed().await, 4_403);
        assert!(kept.is_alive().await);
    }

    async fn a_disabled_account_loses_its_sockets(backend) {
        let server = watchful(backend).await;
        let nora = server.app.sign_up("Nora", "en").await;
        let admin = server.app.admin().await;
        let id = global_id(&nora).await;
        let (mut idle, mut busy) = (idle(&server, &nora).await, busy(&server, &nora).await);
        let document = "mutation($id: ID!) { disableAccount(input: { accountId: $id }) { userErrors { code } } }";
        admin.mutate(document, json!({ "id": id })).await;
        assert_eq!(busy.closed().await, 4_403);
        idle.subscribe("a", "{__typename}").await;
        assert_eq!(idle.closed().await, 4_403);
    }

    async fn another_staff_role_ends_the_sockets_of_the_old_one(backend) {
        let server = watchful(backend).await;
        let coordinator = server.app.coordinator().await;
        let admin = server.app.admin().await;
        let id = global_id(&coordinator).await;
        let mut socket = busy(&server, &coordinator).await;
        let document = "mutation($id: ID!) { setStaffRole(input: { accountId: $id, staffRole: NONE }) { userErrors { code } } }";
        admin.mutate(document, json!({ "id": id })).await;
        assert_eq!(socket.closed().await, 4_403);
    }

    async fn showing_the_second_factor_ends_no_socket_and_losing_it_does(backend) {
        let server = watchful(backend).await;
        let coordinator = server.app.coordinator().await;
        let (own, _) = Authenticator::set_up(&server.app, &coordinator).await;
        let anew = server.app.log_in("coordinator@example.org").await;
        let (mut before, mut other) = (busy(&server, &anew).await, busy(&server, &coordinator).await);
        own.prove(&server.app, &anew).await;
        assert!(before.is_alive().await);
        let mut after = busy(&server, &anew).await;
        server.app.advance(TimeDelta::seconds(30));
        let remove = "mutation($password: String!, $code: String!) { removeSecondFactor(input: { password: $password, code: $code }) { userErrors { code } } }";
        coordinator.mutate(remove, json!({ "password": PASSWORD, "code": own.code(&server.app) })).await;
        for socket in [&mut before, &mut other, &mut after] {
            assert_eq!(socket.closed().await, 4_403);
        }
    }

    async fn another_part_in_an_organization_ends_the_sockets_though_the_session_goes_on(backend) {
        let server = watchful(backend).await;
        let nora = server.app.sign_up("Nora", "en").await;
        let connection = &server.app.app.store.connection;
        let organization = World::insert(connection).await.organization;
        let mut socket = busy(&server, &nora).await;
        let now = server.app.app.clock.now();
        membership::ActiveModel {
            id: Set(MembershipId::new(Uuid::from_u128(901))),
            organization_id: Set(organization.id),
            account_id: Set(account_id(&server, "nora@example.org").await),
            role: Set(MembershipRole::Member),
            state: Set(MembershipState::Active),
            created_at: Set(now),
            updated_at: Set(now),
        }
        .insert(connection)
        .await
        .unwrap();
        assert_eq!(socket.closed().await, 4_403);
        nora.query("{ viewer { email } }", json!({})).await;
    }

    async fn an_open_socket_keeps_no_session_in_use(backend) {
        let server = watchful(backend).await;
        let coordinator = server.app.coordinator().await;
        let mut socket = busy(&server, &coordinator).await;
        server.app.advance(TimeDelta::minutes(5) - TimeDelta::microseconds(1));
        assert!(socket.is_alive().await);
        server.app.advance(TimeDelta::microseconds(1));
        assert_eq!(socket.closed().await, 4_403);
    }

    async fn a_cookie_opens_a_socket_for_pages_of_ours_alone(backend) {
        let server = watchful(backend).await;
        server.app.sign_up("Nora", "en").await;
        let mut browser = Browser::new(server.app.router());
        browser.log_in("nora@example.org", PASSWORD).await;
        let cookie = browser.cookie.clone().unwrap();
        let protocol = ("sec-websocket-protocol", "graphql-transport-ws");
        let open = async |more: &[(&'static str, &str)]| {
            let headers: Vec<_> = more.iter().copied().chain([protocol, ("cookie", cookie.as_str())]).collect();
            server.connect(&headers).await
        };
        let foreign: [&[(&'static str, &str)]; 3] = [&[], &[("origin", "https://evil.example")], &[("origin", "null")]];
        for headers in foreign {
            assert_eq!(open(headers).await.err(), Some(StatusCode::FORBIDDEN), "{headers:?}");
        }
        let ours = [("origin", OWN)];
        let mut socket = open(&ours).await.unwrap();
        socket.say(json!({ "type": "connection_init" })).await;
        assert_eq!(socket.hear().await, json!({ "type": "connection_ack" }));
        socket.subscribe("a", "{ viewer { email } }").await;
        assert_eq!(socket.hear().await["payload"]["data"]["viewer"]["email"], "nora@example.org");
        assert_eq!(socket.hear().await["type"], "complete");
        socket.subscribe("b", "subscription{never}").await;
        assert!(socket.is_alive().await);

        let mut both = open(&ours).await.unwrap();
        let payload = json!({ "authorization": "Bearer forged" });
        both.say(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(both.closed().await, 4_400);
        let mut idle = open(&ours).await.unwrap();
        idle.say(json!({ "type": "connection_init" })).await;
        assert_eq!(idle.hear().await, json!({ "type": "connection_ack" }));

        browser.send(Method::DELETE, "/session", None).await;
        assert_eq!(socket.closed().await, 4_403);
        idle.subscribe("a", "{__typename}").await;
        assert_eq!(idle.closed().await, 4_403);
        let mut late = open(&ours).await.unwrap();
        late.say(json!({ "type": "connection_init" })).await;
        assert_eq!(late.closed().await, 4_403);
    }

    async fn forty_forged_tokens_are_refused_at_the_first_message(backend) {
        let server = watchful(backend).await;
        server.app.sign_up("Nora", "en").await;
        server.app.sign_up("Omar", "en").await;
        let client = server.app.client();
        let nora = Session::open(&client, "nora@example.org", PASSWORD).await;
        let omar = Session::open(&client, "omar@example.org", PASSWORD).await;
        let forged = forgeries(&server.app, &nora, &omar);
        assert_eq!(forged.len(), 40);
        for token in &forged {
            let mut socket = server.open().await;
            let payload = json!({ "authorization": format!("Bearer {token}") });
            socket.say(json!({ "type": "connection_init", "payload": payload })).await;
            assert_eq!(socket.closed().await, 4_403, "{token}");
        }
        server.ready(json!({ "authorization": format!("Bearer {}", nora.access) })).await;
    }
}
