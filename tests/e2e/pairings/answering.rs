//! What the two sides do with an offer, from their mails and from the API.

use api::context::Context;
use api::domain::pairings::close_role;
use api::domain::pairings::reason::Reason;
use api::store::transaction::begin_write;
use axum::http::{Method, StatusCode, header};
use chrono::TimeDelta;
use entity::pairing::{self, PairingOrigin, PairingState};
use entity::role::{self, RoleState};
use sea_orm::{ActiveModelTrait, Set, Unchanged};
use serde_json::json;
use tests::on_both_databases;

use super::scene::{Scene, act, answer, errors, get, global, marketplace, refused_for_now, send};

const CONTACTS: &str = "query($id: ID!) { pairing(id: $id) { state contact { name email } organizationContact { email } placement { id state } } }";

on_both_databases! {
    async fn both_accept_from_their_mails_and_only_then_learn_how_to_reach_each_other(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "fr").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        scene.send_offer(pairing).await;
        let id = json!({ "id": global(pairing) });
        let vera_link = app.mail_to("vera@example.org").pop().unwrap().action("offer");
        let omar_link = app.mail_to("omar@example.org").pop().unwrap().action("offer");

        for method in [Method::GET, Method::HEAD] {
            let page = send(&app, method, &vera_link, "").await;
            assert_eq!(page.status, StatusCode::OK);
        }
        let page = get(&app, &vera_link).await;
        assert!(page.text.contains("lang=\"fr-CA\"") && page.text.contains("Cartographe"), "{}", page.text);
        assert!(!page.text.contains("omar@example.org"));
        assert_eq!(scene.pairing(pairing).await.state, PairingState::Offered, "reading answers nothing");

        for _ in 0..2 {
            let accepted = answer(&app, &vera_link, "action=accept").await;
            assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.text);
        }
        let before = scene.omar.query(CONTACTS, id.clone()).await;
        assert_eq!(before["pairing"], json!({
            "state": "VOLUNTEER_ACCEPTED", "contact": null, "organizationContact": null, "placement": null,
        }));
        assert!(!get(&app, &omar_link).await.text.contains("vera@example.org"));

        assert_eq!(answer(&app, &omar_link, "action=accept").await.status, StatusCode::SEE_OTHER);
        let after = scene.omar.query(CONTACTS, id.clone()).await;
        assert_eq!(after["pairing"]["contact"], json!({ "name": "Vera Testeur", "email": "vera@example.org" }));
        let after = vera.query(CONTACTS, id).await;
        assert_eq!(after["pairing"]["organizationContact"], json!({ "email": "omar@example.org" }));
        assert_eq!(after["pairing"]["placement"]["state"], "PENDING_START");
        assert!(get(&app, &omar_link).await.text.contains("vera@example.org"));

        let role = scene.role_now().await;
        assert_eq!((role.filled, role.state), (1, RoleState::Filled));
        app.run_jobs().await;
        let to_vera = app.mail_to("vera@example.org").pop().unwrap();
        assert!(to_vera.text.contains("omar@example.org"), "{}", to_vera.text);
        assert!(to_vera.calendar().contains("DTSTART;TZID=America/Toronto:20261124T180000"));
        assert!(app.mail_to("omar@example.org").pop().unwrap().text.contains("vera@example.org"));

        let placement = json!({ "id": after["pairing"]["placement"]["id"] });
        assert_eq!(act(&scene.omar, "startPlacement", placement.clone()).await["placement"]["state"], "ACTIVE");
        let end = json!({ "id": placement["id"], "reason": "VOLUNTEER_LEFT" });
        assert_eq!(act(&scene.omar, "endPlacement", end).await["placement"]["endReason"], "VOLUNTEER_LEFT");
        let role = scene.role_now().await;
        assert_eq!((role.filled, role.state), (0, RoleState::Open), "the seat is free again");
        assert_eq!(app.dead_jobs().await, 0);
    }

    async fn a_decline_is_told_with_its_reason_once_and_can_be_undone_for_a_day(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (_, volunteer) = scene.add_volunteer("vera").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        scene.send_offer(pairing).await;
        let link = app.mail_to("vera@example.org").pop().unwrap().action("offer");
        let before = app.mail_to("omar@example.org").len();

        for _ in 0..2 {
            let declined = answer(&app, &link, "action=decline&reason=no_time&note=secret").await;
            assert_eq!(declined.status, StatusCode::SEE_OTHER);
        }
        app.run_jobs().await;
        let told = app.mail_to("omar@example.org").split_off(before);
        assert_eq!(told.len(), 1);
        assert!(told[0].text.contains("There is no time for it at the moment."), "{}", told[0].text);
        assert!(!told[0].text.contains("secret"));
        assert!(get(&app, &link).await.text.contains("Take my answer back"));

        assert_eq!(answer(&app, &link, "action=undo").await.status, StatusCode::SEE_OTHER);
        let undone = scene.pairing(pairing).await;
        assert_eq!((undone.state, undone.declined_by), (PairingState::Offered, None));
        app.run_jobs().await;
        let asked = app.mail_to("omar@example.org").split_off(before + 1);
        assert_eq!(asked.len(), 1, "who heard of the decline is asked again");

        answer(&app, &link, "action=decline&reason=no_time").await;
        app.advance(TimeDelta::hours(25));
        let late = answer(&app, &link, "action=undo").await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.text.contains("too late"), "{}", late.text);
        assert_eq!(scene.pairing(pairing).await.state, PairingState::Declined);
    }

    async fn an_offer_that_a_decline_overtook_on_its_way_is_sent_when_the_decline_is_undone(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (_, volunteer) = scene.add_volunteer("vera").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        let coordinator = app.coordinator().await;
        act(&coordinator, "approvePairings", json!({ "pairings": [{ "id": global(pairing) }] })).await;
        app.advance(TimeDelta::minutes(10));
        // The volunteer's offer goes first.
        app.mailbox().fail_next(refused_for_now());
        app.run_jobs().await;
        assert!(app.mail_to("vera@example.org").is_empty());
        let id = json!({ "id": global(pairing) });
        act(&scene.omar, "declinePairing", id.clone()).await;
        app.mailbox().fail_next(refused_for_now());
        app.run_jobs().await;
        app.advance(TimeDelta::minutes(2));
        // The offer is dropped now; the news of the decline has to wait again.
        app.mailbox().fail_next(refused_for_now());
        app.run_jobs().await;
        assert!(app.mail_to("vera@example.org").is_empty());

        act(&scene.omar, "undoDecline", id).await;
        app.advance(TimeDelta::hours(1));
        app.run_jobs().await;
        let told = app.mail_to("vera@example.org");
        assert_eq!(told.len(), 1, "one offer and nothing else");
        assert!(told[0].subject.starts_with("Would you like"), "{}", told[0].subject);
    }

    async fn an_undone_decline_keeps_the_other_sides_yes(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        scene.send_offer(pairing).await;
        let id = json!({ "id": global(pairing) });
        act(&scene.omar, "acceptPairing", id.clone()).await;
        act(&vera, "declinePairing", id.clone()).await;
        assert_eq!(errors(&scene.omar, "undoDecline", id.clone()).await, ["WRONG_STATE"]);
        let undone = act(&vera, "undoDecline", id.clone()).await;
        assert_eq!(undone["pairing"]["state"], "ORGANIZATION_ACCEPTED");
        assert_eq!(act(&vera, "acceptPairing", id).await["pairing"]["state"], "CONFIRMED");
    }

    async fn the_silent_are_reminded_at_half_time_and_the_offer_ends_at_its_deadline(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (_, volunteer) = scene.add_volunteer("vera").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        scene.send_offer(pairing).await;
        act(&scene.omar, "acceptPairing", json!({ "id": global(pairing) })).await;
        let (vera, omar) = (app.mail_to("vera@example.org").len(), app.mail_to("omar@example.org").len());

        app.advance(TimeDelta::hours(84));
        app.run_jobs().await;
        let reminders = app.mail_to("vera@example.org").split_off(vera);
        assert_eq!(reminders.len(), 1);
        assert!(reminders[0].subject.starts_with("Reminder: "), "{}", reminders[0].subject);
        assert_eq!(app.mail_to("omar@example.org").len(), omar, "who has answered is left in peace");

        app.advance(TimeDelta::hours(84));
        let link = reminders[0].action("offer");
        assert_eq!(answer(&app, &link, "action=accept").await.status, StatusCode::CONFLICT);
        app.run_jobs().await;
        assert_eq!(scene.pairing(pairing).await.state, PairingState::Expired);
        let to_omar = app.mail_to("omar@example.org").pop().unwrap();
        assert!(to_omar.text.contains("did not answer in time"), "{}", to_omar.text);
        let omar = app.log_in("omar@example.org").await;
        assert_eq!(errors(&omar, "acceptPairing", json!({ "id": global(pairing) })).await, ["EXPIRED"]);
        assert!(get(&app, &link).await.text.contains("has expired"));
        assert_eq!(app.dead_jobs().await, 0);
    }

    async fn an_organization_is_reminded_of_a_volunteer_who_waits_for_it(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        scene.send_offer(pairing).await;
        act(&vera, "acceptPairing", json!({ "id": global(pairing) })).await;
        let told = ["vera@example.org", "omar@example.org"].map(|address| app.mail_to(address).len());
        app.advance(TimeDelta::hours(84));
        app.run_jobs().await;
        assert_eq!(app.mail_to("vera@example.org").len(), told[0], "who has answered is left in peace");
        let reminders = app.mail_to("omar@example.org").split_off(told[1]);
        assert_eq!(reminders.len(), 1);
        assert!(reminders[0].subject.starts_with("Reminder: "), "{}", reminders[0].subject);
    }

    async fn a_full_role_ends_the_others_with_the_true_reason(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
        let (_, ana) = scene.add_volunteer("ana").await;
        let (_, ben) = scene.add_volunteer("ben").await;
        let first = scene.offered(&scene.role, volunteer, PairingState::OrganizationAccepted).await;
        let answered = scene.offered(&scene.role, ana, PairingState::VolunteerAccepted).await;
        let applied = scene.begin(ben, PairingOrigin::Volunteer).await;

        act(&vera, "acceptPairing", json!({ "id": global(first.id) })).await;
        for id in [answered.id, applied] {
            let other = scene.pairing(id).await;
            assert_eq!(other.state, PairingState::Superseded);
            assert_eq!(other.reason_code.as_deref(), Some("role_filled"));
        }
        assert_eq!(errors(&scene.omar, "acceptPairing", json!({ "id": global(answered.id) })).await, ["FULL"]);
        app.run_jobs().await;
        let to_ana = app.mail_to("ana@example.org").pop().unwrap();
        assert!(to_ana.text.contains("the last seat was taken"), "{}", to_ana.text);
        let to_ben = app.mail_to("ben@example.org").pop().unwrap();
        assert!(to_ben.text.contains("All seats of this role were taken."), "{}", to_ben.text);
    }

    async fn a_volunteer_takes_no_more_hours_than_there_are_and_offers_beyond_them_end(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 5).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
        let other = scene.add_role(5).await;
        let third = scene.add_role(5).await;
        let first = scene.offered(&scene.role, volunteer, PairingState::OrganizationAccepted).await;
        let second = scene.offered(&other, volunteer, PairingState::Offered).await;
        act(&vera, "acceptPairing", json!({ "id": global(first.id) })).await;
        let given_way = scene.pairing(second.id).await;
        assert_eq!(given_way.state, PairingState::Superseded);
        assert_eq!(given_way.reason_code.as_deref(), Some("volunteer_over_hours"));
        let late = json!({ "id": global(second.id) });
        assert_eq!(errors(&vera, "acceptPairing", late).await, ["WRONG_STATE"], "there are seats; it was her hours");
        app.run_jobs().await;
        let told = app.mail_to("vera@example.org");
        let told = told.iter().find(|mail| mail.subject.starts_with("The offer was taken back")).unwrap();
        assert!(told.text.contains("Another role takes the weekly hours that you offered."), "{}", told.text);
        assert!(!told.text.contains("nothing to do with you"));
        // One that reaches her all the same is refused: three and three hours are more than four.
        let later = scene.offered(&third, volunteer, PairingState::Offered).await;
        assert_eq!(errors(&vera, "acceptPairing", json!({ "id": global(later.id) })).await, ["GATED"]);
        assert_eq!(scene.pairing(later.id).await.state, PairingState::Offered);
    }

    async fn the_last_hours_and_the_last_placement_of_a_volunteer_can_be_taken(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 5).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
        // Three hours each.
        let mut roles = vec![scene.role.clone()];
        for _ in 0..3 {
            roles.push(scene.add_role(5).await);
        }
        let allow = "mutation($input: UpdateVolunteerInput!) { updateVolunteer(input: $input) { userErrors { code } } }";
        let accept = "mutation($input: AcceptPairingInput!) { acceptPairing(input: $input) { pairing { state } userErrors { code message } } }";
        let yes = async |role: &role::Model| {
            let offered = scene.offered(role, volunteer, PairingState::OrganizationAccepted).await;
            vera.try_mutate(accept, json!({ "input": { "id": global(offered.id) } })).await
        };
        let six = json!({ "expectedVersion": 1, "hoursPerWeek": 6, "maxPlacements": 2 });
        vera.mutate(allow, json!({ "input": six })).await;
        for role in &roles[..2] {
            assert_eq!(yes(role).await["pairing"]["state"], "CONFIRMED");
        }
        let advice = async |role| {
            let refused = yes(role).await;
            assert_eq!(refused["userErrors"][0]["code"], "GATED");
            refused["userErrors"][0]["message"].as_str().unwrap().to_owned()
        };
        assert!(advice(&roles[2]).await.ends_with(" End a placement or allow more of them in the profile."));
        let third = json!({ "expectedVersion": 2, "maxPlacements": 3 });
        vera.mutate(allow, json!({ "input": third })).await;
        assert!(advice(&roles[3]).await.ends_with(" Add hours a week in the profile or end a placement."));
    }

    async fn closing_a_role_answers_everybody_who_waits(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 2).await;
        let (_, ana) = scene.add_volunteer("ana").await;
        let (_, ben) = scene.add_volunteer("ben").await;
        let (_, cleo) = scene.add_volunteer("cleo").await;
        scene.offered(&scene.role, ana, PairingState::Offered).await;
        scene.begin(ben, PairingOrigin::Volunteer).await;
        scene.begin(cleo, PairingOrigin::Matcher).await;
        let ctx = Context::system(app.app.clone(), "test");
        let transaction = begin_write(&app.app.store).await.unwrap();
        let answered = close_role::answer_all(&ctx, &*transaction, scene.role.id, Reason::RoleClosed).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(answered, 3);
        app.run_jobs().await;
        for heard in ["ana@example.org", "ben@example.org"] {
            let mail = app.mail_to(heard).pop().unwrap();
            assert!(mail.text.contains("The role was closed."), "{}", mail.text);
        }
        assert!(app.mail_to("cleo@example.org").is_empty(), "who knew nothing hears nothing");
    }

    async fn a_damaged_link_and_one_past_its_time_say_so_and_do_nothing(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (_, volunteer) = scene.add_volunteer("vera").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        scene.send_offer(pairing).await;
        let link = app.mail_to("vera@example.org").pop().unwrap().action("offer");
        let damaged = link.replace("token=", "token=A");
        // What it says is whole, and only the signature is another.
        let (said, signature) = link.rsplit_once('.').unwrap();
        let other = if signature.starts_with('A') { 'B' } else { 'A' };
        let forged = format!("{said}.{other}{}", &signature[1..]);
        for wrong in [&damaged, &forged] {
            for page in [get(&app, wrong).await, answer(&app, wrong, "action=accept").await] {
                assert_eq!(page.status, StatusCode::BAD_REQUEST, "{wrong}");
                assert!(page.text.contains("This link does not work"), "{}", page.text);
            }
        }
        app.advance(TimeDelta::days(98));
        for page in [get(&app, &link).await, answer(&app, &link, "action=accept").await] {
            assert_eq!(page.status, StatusCode::GONE);
        }
        let french = get(&app, &format!("{link}&lang=fr")).await;
        assert!(french.text.contains("Ce lien n’est plus valide") || french.text.contains("Ce lien n&#x27;est plus valide"));
        assert_eq!(french.headers[header::CACHE_CONTROL], "no-store");
    }

    async fn a_link_is_good_for_one_offering_only(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (_, volunteer) = scene.add_volunteer("vera").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        scene.send_offer(pairing).await;
        let link = app.mail_to("vera@example.org").pop().unwrap().action("offer");
        assert_eq!(get(&app, &link).await.status, StatusCode::OK);
        let offered_at = scene.pairing(pairing).await.offered_at.unwrap();
        let later = pairing::ActiveModel {
            id: Unchanged(pairing),
            offered_at: Set(Some(offered_at + TimeDelta::seconds(1))),
            ..Default::default()
        };
        later.update(&app.app.store.connection).await.unwrap();
        for page in [get(&app, &link).await, answer(&app, &link, "action=accept").await] {
            assert_eq!(page.status, StatusCode::GONE);
        }
        assert_eq!(scene.pairing(pairing).await.state, PairingState::Offered);
    }

    async fn each_sees_the_pairings_that_were_disclosed_to_them_and_no_others(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 5).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
        let (ana, other) = scene.sign_up_volunteer("Ana", "en").await;
        scene.begin(volunteer, PairingOrigin::Matcher).await;
        scene.begin(other, PairingOrigin::Volunteer).await;
        let role = scene.add_role(1).await;
        scene.offered(&role, volunteer, PairingState::Offered).await;
        let list = "query($states: [PairingState!]) { pairings(filter: { states: $states }) { totalCount edges { node { state score } } } }";
        let count = async |client: &tests::client::Client| {
            client.query(list, json!({})).await["pairings"]["totalCount"].as_u64().unwrap()
        };
        let coordinator = app.coordinator().await;
        let counts = [
            count(&coordinator).await,
            count(&scene.omar).await,
            count(&vera).await,
            count(&ana).await,
        ];
        assert_eq!(counts, [3, 2, 1, 1]);
        let applications = json!({ "states": ["INTERESTED"] });
        let seen = scene.omar.query(list, applications.clone()).await;
        assert_eq!(seen["pairings"]["edges"][0]["node"], json!({ "state": "INTERESTED", "score": null }));
        let seen = coordinator.query(list, applications).await;
        assert_eq!(seen["pairings"]["edges"][0]["node"]["score"], 0.825);
        assert_eq!(app.client().error_code(list, json!({})).await, "UNAUTHENTICATED");
    }
}
