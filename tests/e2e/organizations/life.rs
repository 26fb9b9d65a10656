//! From a draft to a vetting that runs out.

use chrono::TimeDelta;
use serde_json::json;
use tests::app::TestApp;
use tests::listing::{
    create_organization, mutation, organization_input, step, vetted_organization,
};
use tests::on_both_databases;

const SEEN: &str = "query($id: ID!) { organization(id: $id) { state } }";

on_both_databases! {
    async fn an_organization_is_vetted_on_evidence_doubted_reinstated_and_expires(backend) {
        let app = TestApp::new(backend).await;
        let owner = app.sign_up("Ada", "en").await;
        let (coordinator, public) = (app.coordinator().await, app.client());
        let draft = create_organization(&owner, "Maps for All").await;
        assert_eq!((draft["slug"].as_str(), draft["state"].as_str()), (Some("maps-for-all"), Some("DRAFT")));
        let id = json!({ "id": draft["id"] });
        assert!(public.query(SEEN, id.clone()).await["organization"].is_null());
        assert_eq!(owner.query(SEEN, id.clone()).await["organization"]["state"], "DRAFT");

        let submitted = step(&owner, "submitOrganization", &draft, json!({})).await;
        let worklist = coordinator
            .query("{ organizations(filter: { states: [SUBMITTED] }, orderBy: LONGEST_WAITING) { totalCount edges { node { id } } } }", json!({}))
            .await;
        assert_eq!(worklist["organizations"]["totalCount"], 1);
        let in_review = step(&coordinator, "startOrganizationReview", &submitted, json!({})).await;
        let asked = step(&coordinator, "askOrganizationInfo", &in_review, json!({ "questions": "Who signs for you?" })).await;
        app.run_jobs().await;
        let mail = app.mail_to("ada@example.org").pop().unwrap();
        assert!(mail.text.contains("Who signs for you?"), "{}", mail.text);

        let again = step(&owner, "submitOrganization", &asked, json!({})).await;
        let in_review = step(&coordinator, "startOrganizationReview", &again, json!({})).await;
        let evidence = json!({ "evidence": "Register of charities, entry 4711.", "note": "Ask again next year." });
        let vetted = step(&coordinator, "vetOrganization", &in_review, evidence).await;
        assert_eq!(vetted["state"], "VETTED");
        app.run_jobs().await;
        // The questions and the decision.
        assert_eq!(app.mail_to("ada@example.org").len(), 2);
        assert_eq!(public.query(SEEN, id.clone()).await["organization"]["state"], "VETTED");

        let records = "query($id: ID!) { organization(id: $id) { vettingRecords { decision evidence note } } }";
        let own = owner.query(records, id.clone()).await;
        assert_eq!(own["organization"]["vettingRecords"], json!([
            { "decision": "VETTED", "evidence": null, "note": null },
            { "decision": "NEEDS_INFO", "evidence": null, "note": "Who signs for you?" },
        ]));
        let seen = coordinator.query(records, id.clone()).await;
        assert_eq!(seen["organization"]["vettingRecords"][0]["evidence"], "Register of charities, entry 4711.");
        assert!(public.query(records, id.clone()).await["organization"]["vettingRecords"].is_null());

        let evidence = json!({ "evidence": "A complaint." });
        let flagged = step(&coordinator, "flagOrganization", &vetted, evidence.clone()).await;
        assert!(public.query(SEEN, id.clone()).await["organization"].is_null());
        step(&coordinator, "reinstateOrganization", &flagged, evidence).await;
        assert_eq!(public.query(SEEN, id.clone()).await["organization"]["state"], "VETTED");

        // Two years and a day later the vetting has run out, whether its job has run or not.
        app.advance(TimeDelta::days(731));
        assert!(public.query(SEEN, id.clone()).await["organization"].is_null());
        app.run_jobs().await;
        assert_eq!(app.dead_jobs().await, 0);
        let owner = app.log_in("ada@example.org").await;
        let state = owner.query("query($id: ID!) { organization(id: $id) { state vettingRecords { decision } } }", id).await;
        assert_eq!(state["organization"]["state"], "EXPIRED");
        assert_eq!(state["organization"]["vettingRecords"][0]["decision"], "EXPIRED");
    }

    async fn a_vetted_organization_that_becomes_someone_else_is_vetted_anew(backend) {
        let app = TestApp::new(backend).await;
        let owner = app.sign_up("Ada", "en").await;
        let (coordinator, public) = (app.coordinator().await, app.client());
        let document = mutation("updateOrganization", "organization { id state version }");
        let identities = [
            json!({ "name": "Bank of Maps" }),
            json!({ "kind": "CHARITY" }),
            json!({ "charityNumber": "123456782RR0001" }),
        ];
        for (number, identity) in identities.iter().enumerate() {
            let vetted = vetted_organization(&owner, &coordinator, &format!("Maps {number}")).await;
            let change = |version: &serde_json::Value, what: &serde_json::Value| {
                let named = json!({ "organizationId": vetted["id"], "expectedVersion": version });
                json!({ "input": tests::listing::with(&named, what) })
            };
            // Another address, and the same name in other letters, leave it who it is.
            let same = json!({ "website": "https://maps.example", "city": "Ottawa", "name": format!("MAPS {number}") });
            let kept = owner.mutate(&document, change(&vetted["version"], &same)).await["organization"].clone();
            assert_eq!(kept["state"], "VETTED");
            let other = owner.mutate(&document, change(&kept["version"], identity)).await["organization"].clone();
            assert_eq!(other["state"], "SUBMITTED", "{identity}");
            assert!(public.query(SEEN, json!({ "id": vetted["id"] })).await["organization"].is_null());
            let worklist = "{ organizations(filter: { states: [SUBMITTED] }) { nodes { id } } }";
            let worklist = coordinator.query(worklist, json!({})).await;
            assert_eq!(worklist["organizations"]["nodes"][number]["id"], vetted["id"]);
        }
        app.run_jobs().await;
    }

    async fn a_vetting_that_ran_out_under_doubt_is_renewed_like_any_other(backend) {
        let app = TestApp::new(backend).await;
        let owner = app.sign_up("Ada", "en").await;
        let vetted = vetted_organization(&owner, &app.coordinator().await, "Maps").await;
        let evidence = json!({ "evidence": "A complaint." });
        let flagged = step(&app.coordinator().await, "flagOrganization", &vetted, evidence.clone()).await;
        app.advance(TimeDelta::days(731));
        app.run_jobs().await;
        let coordinator = app.log_in("coordinator@example.org").await;
        let reinstated = step(&coordinator, "reinstateOrganization", &flagged, evidence).await;
        assert_eq!(reinstated["state"], "EXPIRED");
        let owner = app.log_in("ada@example.org").await;
        assert_eq!(step(&owner, "submitOrganization", &reinstated, json!({})).await["state"], "SUBMITTED");
    }

    async fn nobody_vets_an_organization_they_belong_to(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let own = create_organization(&coordinator, "Own Maps").await;
        let submitted = step(&coordinator, "submitOrganization", &own, json!({})).await;
        let input = json!({ "input": { "organizationId": submitted["id"], "expectedVersion": submitted["version"] } });
        let document = mutation("startOrganizationReview", "organization { id }");
        assert_eq!(coordinator.user_errors(&document, input).await, ["CONFLICT_OF_INTEREST"]);
    }

    async fn what_is_hidden_is_answered_like_what_does_not_exist(backend) {
        let app = TestApp::new(backend).await;
        let (owner, stranger) = (app.sign_up("Ada", "en").await, app.sign_up("Eve", "en").await);
        let draft = create_organization(&owner, "Hidden Maps").await;
        let input = |id: &serde_json::Value| json!({ "input": { "organizationId": id, "expectedVersion": 1, "name": "Mine" } });
        let absent = json!("organization_00000000000000000000000001");
        let document = mutation("updateOrganization", "organization { id }");
        for id in [&draft["id"], &absent] {
            assert_eq!(stranger.error_code(&document, input(id)).await, "NOT_FOUND");
            assert_eq!(app.client().error_code(&document, input(id)).await, "UNAUTHENTICATED");
            let nodes = stranger.query("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": [id] })).await;
            assert_eq!(nodes["nodes"], json!([null]));
        }
        let node = owner.query("query($id: ID!) { node(id: $id) { id ... on Organization { name } } }", json!({ "id": draft["id"] })).await;
        assert_eq!(node["node"]["name"], "Hidden Maps");
        let coordinator = app.coordinator().await;
        let vetted = vetted_organization(&app.sign_up("Bo", "fr").await, &coordinator, "Seen Maps").await;
        assert_eq!(stranger.error_code(&document, input(&vetted["id"])).await, "FORBIDDEN");
    }

    async fn a_change_names_the_version_it_was_made_from(backend) {
        let app = TestApp::new(backend).await;
        let owner = app.sign_up("Ada", "en").await;
        let draft = create_organization(&owner, "Maps").await;
        let document = mutation("updateOrganization", "organization { name slug version website }");
        let input = |version: i32, name: &str| json!({ "input": {
            "organizationId": draft["id"], "expectedVersion": version, "name": name, "website": "https://example.org",
        } });
        let done = owner.mutate(&document, input(1, "Better Maps")).await;
        assert_eq!(done["organization"], json!({
            "name": "Better Maps", "slug": "maps", "version": 2, "website": "https://example.org",
        }));
        assert_eq!(owner.user_errors(&document, input(1, "Worse Maps")).await, ["STALE expectedVersion"]);
        // Submitting twice, as after a lost answer, is submitting once.
        let submit = mutation("submitOrganization", "organization { state version }");
        let twice = json!({ "input": { "organizationId": draft["id"], "expectedVersion": 2 } });
        let first = owner.mutate(&submit, twice.clone()).await;
        assert_eq!(owner.mutate(&submit, twice).await, first);
    }

    async fn an_organization_is_created_only_by_someone_whose_address_is_proven(backend) {
        let app = TestApp::new(backend).await;
        let document = mutation("createOrganization", "organization { id }");
        let input = json!({ "input": organization_input("Maps") });
        assert_eq!(app.client().error_code(&document, input.clone()).await, "UNAUTHENTICATED");
        let register = mutation("registerAccount", "isMailSent");
        let person = json!({ "input": { "email": "new@example.org", "password": tests::app::PASSWORD, "givenName": "New" } });
        app.client().mutate(&register, person).await;
        let unverified = app.log_in("new@example.org").await;
        assert_eq!(unverified.user_errors(&document, input).await, ["UNVERIFIED"]);
        app.run_jobs().await;
    }
}
