//! Nested lists cost the same number of statements however many items they have.

use serde_json::json;
use tests::app::TestApp;
use tests::listing::{open_role, published_project, vetted_organization};
use tests::on_both_databases;

const NESTED: &str = "{
    projects { edges { node {
        title { text } causes { id } organization { name }
        roles { title { text } roleFamily { id } skills { skill { id category { id } } } windows { start } languages { language } project { id } }
    } } }
}";

on_both_databases! {
    async fn nodes_cost_no_more_statements_for_five_of_a_kind_than_for_one(backend) {
        let app = TestApp::new(backend).await;
        let (owner, coordinator, public) = (app.sign_up("Ada", "en").await, app.coordinator().await, app.client());
        let mut ids = Vec::new();
        let mut counts = Vec::new();
        for number in 1..=5 {
            let organization = vetted_organization(&owner, &coordinator, &format!("Maps {number}")).await;
            let project = published_project(&owner, &coordinator, &organization, &format!("Ramps {number}"), &json!({})).await;
            let role = open_role(&owner, &project, &json!({})).await;
            ids.extend([organization["id"].clone(), project["id"].clone(), role["id"].clone()]);
            let before = app.statements();
            // What names nothing is null in its place, and the others are there.
            let asked: Vec<_> = [json!("role_x")].into_iter().chain(ids.iter().cloned()).collect();
            let found = public.query("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": asked })).await;
            counts.push(app.statements() - before);
            let found = found["nodes"].as_array().unwrap();
            assert!(found[0].is_null());
            let found: Vec<_> = found.iter().skip(1).map(|node| node["id"].clone()).collect();
            assert_eq!(found, ids);
        }
        // Three kinds, and what decides who sees them; organizations are read once or twice, as they come.
        assert!(counts.iter().all(|count| *count <= 6), "{counts:?}");
        app.run_jobs().await;
    }

    async fn consents_cost_as_many_statements_for_one_member_as_for_three(backend) {
        let app = TestApp::new(backend).await;
        let (owner, coordinator) = (app.sign_up("Ada", "en").await, app.coordinator().await);
        let organization = vetted_organization(&owner, &coordinator, "Maps").await;
        let document = "query($id: ID!) { organization(id: $id) { memberships { account { consents { purpose } } } } }";
        let mut counts = Vec::new();
        for name in ["Bo", "Cy", "Di"] {
            let before = app.statements();
            let seen = coordinator.query(document, json!({ "id": organization["id"] })).await;
            counts.push(app.statements() - before);
            let members = seen["organization"]["memberships"].as_array().unwrap();
            assert_eq!(members.len(), counts.len());
            assert!(members.iter().all(|member| !member["account"]["consents"].as_array().unwrap().is_empty()));
            app.sign_up(name, "en").await.mutate(
                "mutation($slug: String!) { requestMembership(input: { slug: $slug }) { userErrors { code field } } }",
                json!({ "slug": organization["slug"] }),
            ).await;
        }
        assert_eq!(counts, vec![counts[0]; 3]);
        app.run_jobs().await;
    }

    async fn browsing_costs_as_many_statements_for_one_project_as_for_five(backend) {
        let app = TestApp::new(backend).await;
        let (owner, coordinator, public) = (app.sign_up("Ada", "en").await, app.coordinator().await, app.client());
        let changes = json!({ "causeIds": ["cause_open-government"] });
        let wanting = json!({
            "roleFamilyId": "role_family_front-end",
            "windows": [{ "weekday": "MONDAY", "start": "18:00", "end": "20:00" }],
            "languages": [{ "language": "en", "kind": "REQUIRED" }],
        });
        let mut counts = Vec::new();
        for number in 1..=5 {
            let organization = vetted_organization(&owner, &coordinator, &format!("Maps {number}")).await;
            let project = published_project(&owner, &coordinator, &organization, &format!("Ramps {number}"), &changes).await;
            for _ in 0..number {
                open_role(&owner, &project, &wanting).await;
            }
            let before = app.statements();
            let page = public.query(NESTED, json!({})).await;
            counts.push(app.statements() - before);
            assert_eq!(page["projects"]["edges"].as_array().unwrap().len(), number);
        }
        // Projects; organizations; causes of projects and causes; roles; projects of roles; families; their skills,
        // skills and categories; windows; languages.
        assert_eq!(counts, vec![counts[0]; 5]);
        assert!(counts[0] <= 12, "{counts:?}");
        app.run_jobs().await;
    }

    async fn projects_of_organizations_cost_as_many_statements_for_one_organization_as_for_five(backend) {
        let app = TestApp::new(backend).await;
        let (owner, coordinator, public) = (app.sign_up("Ada", "en").await, app.coordinator().await, app.client());
        let document = "{ organizations { nodes { projects(first: 2, orderBy: TITLE) { totalCount nodes { slug } } } } }";
        let mut counts = Vec::new();
        for number in 1..=5_u64 {
            let organization = vetted_organization(&owner, &coordinator, &format!("Maps {number}")).await;
            for project in 1..=number {
                published_project(&owner, &coordinator, &organization, &format!("Ramps {number} {project}"), &json!({})).await;
            }
            let before = app.statements();
            let page = public.query(document, json!({})).await;
            counts.push(app.statements() - before);
            let lists = page["organizations"]["nodes"].as_array().unwrap();
            let sizes: Vec<_> = lists.iter().map(|list| list["projects"]["totalCount"].as_u64().unwrap()).collect();
            assert_eq!(sizes, (1..=number).collect::<Vec<_>>());
            assert!(lists.iter().all(|list| list["projects"]["nodes"].as_array().unwrap().len() <= 2));
        }
        // Organizations; a page of projects of each; how many each has.
        assert_eq!(counts, [3; 5]);
        app.run_jobs().await;
    }
}
