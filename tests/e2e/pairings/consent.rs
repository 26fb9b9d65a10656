//! Contact data go from one side to the other only between two people who agree to it at that moment, and who answer for
//! their side.

use axum::http::StatusCode;
use entity::consent::{self, ConsentChannel, ConsentPurpose};
use entity::language::Language;
use entity::mail_message::{self, MailBasis};
use entity::membership::{self, MembershipRole};
use entity::pairing::{PairingOrigin, PairingState};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use tests::client::Client;
use tests::on_both_databases;

use super::scene::{Scene, act, answer, get, global, marketplace};

const CONTACTS: &str =
    "query($id: ID!) { pairing(id: $id) { contact { email } organizationContact { email } } }";

/// Gives a consent or takes it back.
async fn set_consent(client: &Client, purpose: &str, is_granted: bool) {
    let version = client
        .query("{ viewer { consentWordingVersion } }", json!({}))
        .await;
    client
        .mutate(
            "mutation($input: SetConsentInput!) { setConsent(input: $input) { userErrors { code message field } } }",
            json!({ "input": {
                "purpose": purpose, "isGranted": is_granted,
                "wordingVersion": version["viewer"]["consentWordingVersion"],
            } }),
        )
        .await;
}

async fn contacts(client: &Client, id: &Value) -> Value {
    client.query(CONTACTS, id.clone()).await["pairing"].clone()
}

on_both_databases! {
    async fn an_offer_names_the_consent_that_it_rests_on(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "fr").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        scene.send_offer(pairing).await;
        let db = &app.app.store.connection;
        let mails = mail_message::Entity::find()
            .filter(mail_message::COLUMN.pairing_id.eq(pairing))
            .order_by_asc(mail_message::Column::Kind)
            .all(db)
            .await
            .unwrap();
        let kinds: Vec<_> = mails.iter().map(|mail| (mail.kind.as_str(), mail.basis)).collect();
        assert_eq!(kinds, [
            ("offer_to_organization", Some(MailBasis::Membership)),
            ("offer_to_volunteer", Some(MailBasis::Consent)),
        ]);
        assert_eq!(mails[0].consent_id, None);
        // What a regulator asks: for what, in which words and language, when, and by which way.
        let consent = consent::Entity::find_by_id(mails[1].consent_id.unwrap()).one(db).await.unwrap().unwrap();
        assert_eq!(Some(consent.account_id), mails[1].account_id);
        assert_eq!((consent.purpose, consent.is_granted), (ConsentPurpose::Matching, true));
        assert!(consent.given_at <= mails[1].created_at);
        assert_eq!((consent.language, consent.channel), (Language::En, ConsentChannel::Api));
        let asked = json!({ "version": consent.wording_version });
        let words = "query($version: String) { consentWordings(version: $version) { purpose words { en } } }";
        let words = app.client().query(words, asked).await["consentWordings"].clone();
        assert_eq!(words[0]["purpose"], "MATCHING");

        set_consent(&vera, "MATCHING", false).await;
        let basis = mail_message::Entity::find_by_id(mails[1].id).one(db).await.unwrap().unwrap().basis;
        assert_eq!(basis, Some(MailBasis::Consent), "what was true of a mail stays true of it");
    }

    async fn a_yes_whose_consent_was_taken_back_no_longer_counts_and_is_asked_for_again(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        scene.send_offer(pairing).await;
        let id = json!({ "id": global(pairing) });
        act(&vera, "acceptPairing", id.clone()).await;
        set_consent(&vera, "SHARING", false).await;
        let offers = app.mail_to("vera@example.org").len();

        let accepted = act(&scene.omar, "acceptPairing", id.clone()).await;
        assert_eq!(accepted["pairing"]["state"], "ORGANIZATION_ACCEPTED");
        app.run_jobs().await;
        assert!(app.mail_to("omar@example.org").iter().all(|mail| !mail.text.contains("vera@example.org")));
        assert_eq!(contacts(&scene.omar, &id).await, json!({ "contact": null, "organizationContact": null }));
        let asked = app.mail_to("vera@example.org").split_off(offers);
        assert_eq!(asked.len(), 1, "she is asked again");

        let again = answer(&app, &asked[0].action("offer"), "action=accept").await;
        assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.text);
        assert_eq!(scene.pairing(pairing).await.state, PairingState::Confirmed);
        app.run_jobs().await;
        assert!(app.mail_to("omar@example.org").pop().unwrap().text.contains("vera@example.org"));
        assert_eq!(app.dead_jobs().await, 0);
    }

    async fn an_introduction_that_waits_to_be_mailed_stays_when_the_consent_is_taken_back(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
        let pairing = scene.offered(&scene.role, volunteer, PairingState::OrganizationAccepted).await;
        act(&vera, "acceptPairing", json!({ "id": global(pairing.id) })).await;
        set_consent(&vera, "SHARING", false).await;
        app.run_jobs().await;
        assert!(app.mail_to("omar@example.org").iter().all(|mail| !mail.text.contains("vera@example.org")));
        let to_vera = app.mail_to("vera@example.org").pop().unwrap();
        assert!(to_vera.text.contains("omar@example.org"), "Omar still agrees: {}", to_vera.text);
    }

    async fn who_accepted_for_an_organization_and_left_it_is_introduced_to_nobody(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
        let mia = app.sign_up("Mia", "en").await;
        scene.add_member("mia@example.org", MembershipRole::Manager).await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        scene.send_offer(pairing).await;
        let id = json!({ "id": global(pairing) });
        act(&mia, "acceptPairing", id.clone()).await;
        let db = &app.app.store.connection;
        let left = membership::Entity::delete_many()
            .filter(membership::COLUMN.role.eq(MembershipRole::Manager))
            .exec(db)
            .await
            .unwrap();
        assert_eq!(left.rows_affected, 1);
        let before = app.mail_to("omar@example.org").len();

        let accepted = act(&vera, "acceptPairing", id.clone()).await;
        assert_eq!(accepted["pairing"]["state"], "VOLUNTEER_ACCEPTED");
        app.run_jobs().await;
        let asked = app.mail_to("omar@example.org").split_off(before);
        assert_eq!(asked.len(), 1, "the organization is asked again");
        act(&scene.omar, "acceptPairing", id.clone()).await;
        app.run_jobs().await;
        let told = app.mail_to("vera@example.org").pop().unwrap();
        assert!(told.text.contains("omar@example.org") && !told.text.contains("mia@example.org"), "{}", told.text);
        assert_eq!(contacts(&vera, &id).await["organizationContact"], json!({ "email": "omar@example.org" }));
        assert!(get(&app, &told.action("offer")).await.text.contains("omar@example.org"));
    }

    async fn contact_data_are_seen_while_a_placement_lasts_and_the_two_may_be_paired_again_after_it(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
        let pairing = scene.offered(&scene.role, volunteer, PairingState::OrganizationAccepted).await;
        let id = json!({ "id": global(pairing.id) });
        act(&vera, "acceptPairing", id.clone()).await;
        assert_eq!(contacts(&scene.omar, &id).await["contact"], json!({ "email": "vera@example.org" }));

        let placement = vera.query("query($id: ID!) { pairing(id: $id) { placement { id } } }", id.clone()).await;
        let end = json!({ "id": placement["pairing"]["placement"]["id"], "reason": "VOLUNTEER_LEFT" });
        for _ in 0..2 {
            let ended = act(&scene.omar, "endPlacement", end.clone()).await;
            assert_eq!(ended["placement"]["state"], "ENDED");
        }
        let over = scene.pairing(pairing.id).await;
        assert_eq!((over.state, over.reason_code.as_deref()), (PairingState::Concluded, Some("placement_ended")));
        assert_eq!(contacts(&scene.omar, &id).await["contact"], Value::Null);
        assert_eq!(contacts(&vera, &id).await["organizationContact"], Value::Null);

        let role = json!({ "roleId": api::graphql::id::encode(&scene.role.id).to_string() });
        let applied = act(&vera, "expressInterest", role).await;
        assert_eq!(applied["pairing"]["state"], "INTERESTED");
    }
}
