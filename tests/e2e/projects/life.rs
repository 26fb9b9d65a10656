//! From a draft through review to the end.

use serde_json::json;
use tests::app::TestApp;
use tests::listing::{
    create_organization, create_project, mutation, open_role, project_step, publish, step,
    vetted_organization,
};
use tests::on_both_databases;

const SEEN: &str =
    "query($id: ID!) { project(id: $id) { state isAccepting reviewComment roles { state } } }";

on_both_databases! {
    async fn a_project_is_returned_published_paused_and_completed(backend) {
        let app = TestApp::new(backend).await;
        let (owner, coordinator, public) = (app.sign_up("Ada", "en").await, app.coordinator().await, app.client());
        let organization = vetted_organization(&owner, &coordinator, "Maps").await;
        let draft = create_project(&owner, &organization, "A map of ramps", &json!({})).await;
        let id = json!({ "id": draft["id"] });
        let submit = mutation("submitProject", "project { id }");
        let input = json!({ "input": { "projectId": draft["id"], "expectedVersion": draft["version"] } });
        assert_eq!(owner.user_errors(&submit, input).await, ["REQUIRED roles"]);
        open_role(&owner, &draft, &json!({})).await;
        let submitted = project_step(&owner, "submitProject", &draft, json!({})).await;
        assert!(public.query(SEEN, id.clone()).await["project"].is_null());

        let comments = json!({ "comments": "Say for whom." });
        let returned = project_step(&coordinator, "returnProject", &submitted, comments).await;
        app.run_jobs().await;
        let mail = app.mail_to("ada@example.org").pop().unwrap();
        assert!(mail.text.contains("Say for whom."), "{}", mail.text);
        assert_eq!(owner.query(SEEN, id.clone()).await["project"]["reviewComment"], "Say for whom.");

        let published = publish(&owner, &coordinator, &returned).await;
        app.run_jobs().await;
        assert!(app.mail_to("ada@example.org").pop().unwrap().text.contains("A map of ramps"));
        let seen = public.query(SEEN, id.clone()).await;
        assert_eq!(seen["project"], json!({
            "state": "PUBLISHED", "isAccepting": true, "reviewComment": null, "roles": [{ "state": "OPEN" }],
        }));
        // A vetted organization's edits are public at once.
        let update = mutation("updateProject", "project { id slug state isAccepting version title { text } }");
        let input = json!({ "input": { "projectId": draft["id"], "expectedVersion": published["version"], "title": { "en": "A map of every ramp" } } });
        let updated = owner.mutate(&update, input).await["project"].clone();
        assert_eq!((updated["state"].as_str(), updated["title"]["text"].as_str()), (Some("PUBLISHED"), Some("A map of every ramp")));

        let silent = project_step(&owner, "setProjectAccepting", &updated, json!({ "isAccepting": false })).await;
        let listed = "{ projects { edges { node { id } } } }";
        assert_eq!(public.query(listed, json!({})).await["projects"]["edges"], json!([]));
        let accepting = project_step(&owner, "setProjectAccepting", &silent, json!({ "isAccepting": true })).await;
        let paused = project_step(&owner, "pauseProject", &accepting, json!({})).await;
        assert!(public.query(SEEN, id.clone()).await["project"].is_null());
        let resumed = project_step(&owner, "resumeProject", &paused, json!({})).await;
        let started = project_step(&owner, "startProject", &resumed, json!({})).await;
        let completed = project_step(&owner, "completeProject", &started, json!({})).await;
        let seen = public.query(SEEN, id.clone()).await;
        assert_eq!(seen["project"]["roles"], json!([{ "state": "CLOSED" }]));
        let late = json!({ "input": { "projectId": draft["id"], "expectedVersion": completed["version"], "title": { "en": "Too late" } } });
        assert_eq!(owner.user_errors(&update, late).await, ["WRONG_STATE"]);
        project_step(&owner, "archiveProject", &completed, json!({})).await;
        assert!(public.query(SEEN, id).await["project"].is_null());
    }

    async fn only_a_vetted_organizations_project_is_published_and_never_by_its_own_coordinator(backend) {
        let app = TestApp::new(backend).await;
        let (owner, coordinator) = (app.sign_up("Ada", "en").await, app.coordinator().await);
        let draft = create_organization(&owner, "Maps").await;
        let project = create_project(&owner, &draft, "Ramps", &json!({})).await;
        open_role(&owner, &project, &json!({})).await;
        let submitted = project_step(&owner, "submitProject", &project, json!({})).await;
        let publish = mutation("publishProject", "project { state }");
        let input = json!({ "input": { "projectId": submitted["id"], "expectedVersion": submitted["version"] } });
        assert_eq!(coordinator.user_errors(&publish, input.clone()).await, ["WRONG_STATE"]);
        assert_eq!(owner.error_code(&publish, input).await, "FORBIDDEN");

        let admin = app.admin().await;
        let own = vetted_organization(&coordinator, &admin, "Own Maps").await;
        let project = create_project(&coordinator, &own, "Own ramps", &json!({})).await;
        open_role(&coordinator, &project, &json!({})).await;
        let submitted = project_step(&coordinator, "submitProject", &project, json!({})).await;
        let input = json!({ "input": { "projectId": submitted["id"], "expectedVersion": submitted["version"] } });
        assert_eq!(coordinator.user_errors(&publish, input.clone()).await, ["CONFLICT_OF_INTEREST"]);
        assert_eq!(admin.mutate(&publish, input.clone()).await["project"]["state"], "PUBLISHED");
        assert_eq!(admin.mutate(&publish, input).await["project"]["state"], "PUBLISHED", "twice is once");
    }

    async fn a_flagged_organizations_projects_are_hidden_until_it_is_reinstated(backend) {
        let app = TestApp::new(backend).await;
        let (owner, coordinator, public) = (app.sign_up("Ada", "en").await, app.coordinator().await, app.client());
        let organization = vetted_organization(&owner, &coordinator, "Maps").await;
        let project = tests::listing::published_project(&owner, &coordinator, &organization, "Ramps", &json!({})).await;
        let id = json!({ "id": project["id"] });
        let evidence = json!({ "evidence": "A complaint." });
        let flagged = step(&coordinator, "flagOrganization", &organization, evidence.clone()).await;
        let listed = "{ projects { totalCount } }";
        assert!(public.query(SEEN, id.clone()).await["project"].is_null());
        assert_eq!(public.query(listed, json!({})).await["projects"]["totalCount"], 0);
        assert_eq!(owner.query(SEEN, id.clone()).await["project"]["state"], "PUBLISHED");
        step(&coordinator, "reinstateOrganization", &flagged, evidence).await;
        assert_eq!(public.query(listed, json!({})).await["projects"]["totalCount"], 1);
        app.run_jobs().await;
    }
}
