//! Where a second factor is required, staff decide nothing before they showed one in the session, and hear what to do.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use entity::pairing::PairingOrigin;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::authenticator::Authenticator;
use tests::client::Client;
use tests::on_both_databases;
use tower::ServiceExt;

use super::scene::{Scene, act, global};

const RUN: &str = "mutation { runRound(input: {}) { round { id report { certificate { proofUrl } } } userErrors { code } } }";

/// A mutation that asks for its broken rules.
fn document(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    let input = format!("{}{rest}Input", first.to_uppercase());
    format!(
        "mutation($input: {input}!) {{ {name}(input: $input) {{ userErrors {{ code message field }} }} }}"
    )
}

/// What a mutation is refused with, in words; none when it is not refused.
async fn refusal(client: &Client, name: &str, input: &Value) -> Option<String> {
    let answer = client
        .graphql(&document(name), json!({ "input": input }))
        .await
        .body;
    let error = &answer["errors"][0];
    if error.is_null() {
        return None;
    }
    assert_eq!(
        error["extensions"]["code"], "SECOND_FACTOR_REQUIRED",
        "{name}: {answer:#}"
    );
    Some(error["message"].as_str().unwrap().to_owned())
}

/// Asks for a round's proof, and says how it was answered.
async fn proof(app: &TestApp, client: &Client, url: &str) -> (StatusCode, Value) {
    let path = url.strip_prefix("http://marketplace.test").unwrap();
    let token = format!("Bearer {}", client.token().unwrap());
    let request = Request::get(path).header(header::AUTHORIZATION, token);
    let request = request.body(Body::empty()).unwrap();
    let response = app.router().oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&bytes).unwrap())
}

on_both_databases! {
    async fn staff_decide_nothing_before_they_showed_it(backend) {
        let settings = [("STAFF_SECOND_FACTOR", "required"), ("ACCESS_TOKEN_MINUTES", "15")];
        let app = TestApp::with_settings(backend, &settings).await;
        let scene = Scene::new(&app, 2).await;
        let coordinator = app.coordinator().await;
        let admin = app.admin().await;
        let (_, vera) = scene.add_volunteer("vera").await;
        let (_, wim) = scene.add_volunteer("wim").await;
        let [first, second] = [
            scene.begin(vera, PairingOrigin::Matcher).await,
            scene.begin(wim, PairingOrigin::Matcher).await,
        ]
        .map(global);
        let organization = json!({
            "organizationId": api::graphql::id::encode(&scene.organization.id).to_string(),
            "expectedVersion": scene.organization.version,
        });
        let with = |more: Value| {
            let mut all = organization.as_object().unwrap().clone();
            all.extend(more.as_object().unwrap().clone());
            Value::Object(all)
        };
        let member = scene.omar.query("{ viewer { id } }", json!({})).await["viewer"]["id"].clone();
        // To look and to compute takes none.
        let round = coordinator.mutate(RUN, json!({})).await["round"].clone();
        let url = round["report"]["certificate"]["proofUrl"].as_str().unwrap();
        let of_coordinators = [
            ("approvePairings", json!({ "pairings": [{ "id": first }] })),
            ("recallPairing", json!({ "id": first, "reason": "MISTAKE" })),
            ("rejectPairing", json!({ "id": second, "reason": "OTHER" })),
            ("applyRound", json!({ "roundId": round["id"], "acceptStale": true })),
            ("startOrganizationReview", organization.clone()),
            ("askOrganizationInfo", with(json!({ "questions": "Who?" }))),
            ("vetOrganization", with(json!({ "evidence": "Seen." }))),
            ("rejectOrganization", with(json!({ "evidence": "Seen." }))),
            ("reinstateOrganization", with(json!({ "evidence": "Seen." }))),
            ("flagOrganization", with(json!({ "evidence": "Seen." }))),
        ];
        let of_administrators = [
            ("setStaffRole", json!({ "accountId": member, "staffRole": "COORDINATOR" })),
            ("disableAccount", json!({ "accountId": member })),
            ("enableAccount", json!({ "accountId": member })),
            ("resetSecondFactor", json!({ "accountId": member })),
        ];
        for (staff, actions) in [(&coordinator, &of_coordinators[..]), (&admin, &of_administrators[..]), (&admin, &of_coordinators[..])] {
            for (name, input) in actions {
                let words = refusal(staff, name, input).await.unwrap();
                assert!(words.contains("enrollSecondFactor"), "{words}");
            }
            let (status, body) = proof(&app, staff, url).await;
            assert_eq!(status, StatusCode::FORBIDDEN);
            assert_eq!(body["errors"][0]["extensions"]["code"], "SECOND_FACTOR_REQUIRED");
        }

        // Who has set one up says so in every session.
        let (coordinators, _) = Authenticator::set_up(&app, &coordinator).await;
        let (admins, _) = Authenticator::set_up(&app, &admin).await;
        let anew = app.log_in("coordinator@example.org").await;
        let admin_anew = app.log_in("admin@example.org").await;
        anew.prefer("FR").await;
        for (name, input) in &of_coordinators {
            let words = refusal(&anew, name, input).await.unwrap();
            assert!(words.contains("présentez un code de votre application") && words.contains("proveSecondFactor"), "{words}");
        }
        for (name, input) in &of_administrators {
            let words = refusal(&admin_anew, name, input).await.unwrap();
            assert!(words.contains("show a code of your authenticator app"), "{words}");
        }
        assert_eq!(proof(&app, &anew, url).await.0, StatusCode::FORBIDDEN);

        coordinators.prove(&app, &anew).await;
        admins.prove(&app, &admin_anew).await;
        for (staff, actions) in [(&anew, &of_coordinators[..]), (&admin_anew, &of_administrators[..])] {
            for (name, input) in actions {
                assert_eq!(refusal(staff, name, input).await, None, "{name}");
            }
        }
        assert_eq!(proof(&app, &anew, url).await.0, StatusCode::OK);
        assert_eq!(proof(&app, &coordinator, url).await.0, StatusCode::OK, "confirming it showed it");
    }

    async fn whoever_may_not_hears_the_same_as_before(backend) {
        let settings = [("STAFF_SECOND_FACTOR", "required"), ("ACCESS_TOKEN_MINUTES", "15")];
        let app = TestApp::with_settings(backend, &settings).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
        let pairing = global(scene.begin(volunteer, PairingOrigin::Matcher).await);
        let coordinator = app.coordinator().await;
        let approve = json!({ "input": { "pairings": [{ "id": pairing }] } });
        assert_eq!(app.client().error_code(&document("approvePairings"), approve.clone()).await, "UNAUTHENTICATED");
        assert_eq!(vera.error_code(&document("approvePairings"), approve.clone()).await, "NOT_FOUND");
        // A stake in it is told first: a code would not help.
        scene.add_tie("coordinator@example.org").await;
        assert_eq!(coordinator.user_errors(&document("approvePairings"), approve).await, ["CONFLICT_OF_INTEREST pairings.0"]);
    }

    async fn in_an_organization_of_ones_own_nothing_is_asked_of_staff(backend) {
        let app = TestApp::with_settings(backend, &[("STAFF_SECOND_FACTOR", "required")]).await;
        let scene = Scene::new(&app, 1).await;
        let coordinator = app.coordinator().await;
        scene.add_member("coordinator@example.org", entity::membership::MembershipRole::Owner).await;
        let (_, volunteer) = scene.add_volunteer("vera").await;
        let offer = scene.offered(&scene.role, volunteer, entity::pairing::PairingState::Offered).await;
        let accepted = act(&coordinator, "acceptPairing", json!({ "id": global(offer.id) })).await;
        assert_eq!(accepted["pairing"]["state"], "ORGANIZATION_ACCEPTED");
    }
}
