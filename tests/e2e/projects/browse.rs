//! Browsing: filters, orders, pages.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::listing::{create_project, open_role, publish, published_project, vetted_organization};
use tests::on_both_databases;

async fn titles(client: &Client, arguments: &str) -> Vec<String> {
    let document =
        format!("{{ projects({arguments}) {{ edges {{ node {{ title {{ text }} }} }} }} }}");
    let page = client.query(&document, json!({})).await;
    let edges = page["projects"]["edges"].as_array().unwrap().clone();
    edges
        .iter()
        .map(|edge| edge["node"]["title"]["text"].as_str().unwrap().to_owned())
        .collect()
}

/// Three published projects: `Écoles` (remote, French only), `arbres` (Toronto), `Data` (Vancouver).
async fn three(app: &TestApp) -> Value {
    let (owner, coordinator) = (app.sign_up("Ada", "en").await, app.coordinator().await);
    let organization = vetted_organization(&owner, &coordinator, "Maps").await;
    let placed = |city: &str, on: &str, cause: &str| json!({ "locationMode": "HYBRID", "place": { "city": city }, "startsOn": on, "causeIds": [cause] });
    let french = json!({ "originalLanguage": "FR", "title": { "fr": "Écoles" }, "summary": { "fr": "Accessibilité des écoles." } });
    let project = create_project(&owner, &organization, "", &french).await;
    let speaking =
        json!({ "hoursPerWeek": 10, "languages": [{ "language": "fr", "kind": "REQUIRED" }] });
    open_role(&owner, &project, &speaking).await;
    publish(&owner, &coordinator, &project).await;
    app.advance(chrono::TimeDelta::minutes(1));
    let trees = placed("Toronto", "2027-02-01", "cause_open-government");
    published_project(&owner, &coordinator, &organization, "arbres", &trees).await;
    app.advance(chrono::TimeDelta::minutes(1));
    let data = placed("Vancouver", "2027-01-01", "cause_civic-participation");
    published_project(&owner, &coordinator, &organization, "Data", &data).await;
    create_project(&owner, &organization, "Draft", &json!({})).await;
    organization
}

on_both_databases! {
    async fn projects_are_filtered_by_what_is_asked_of_one_open_role(backend) {
        let app = TestApp::new(backend).await;
        three(&app).await;
        let public = app.client();
        for (filter, expected) in [
            ("text: \"ACCESSIBILITE ecoles\"", vec!["Écoles"]),
            ("text: \"javascript arbres\"", vec!["arbres"]),
            ("text: \"100% _\"", vec![]),
            ("hoursAtMost: 4", vec!["Data", "arbres"]),
            ("hoursAtMost: 3", vec![]),
            ("hoursAtMost: 10, languages: [\"en\"]", vec!["Data", "arbres"]),
            ("languages: [\"fr\"], skillIds: [\"skill_javascript\"]", vec!["Data", "arbres", "Écoles"]),
            ("skillIds: [\"skill_python\"]", vec![]),
            ("causeIds: [\"cause_open-government\"]", vec!["arbres"]),
            ("isRemote: false", vec!["Data", "arbres"]),
            ("near: { city: \"mississauga\", radiusKm: 50 }", vec!["arbres"]),
            ("near: { latitude: 43.7, longitude: -79.4, radiusKm: 50 }, isRemote: true", vec!["arbres", "Écoles"]),
            ("states: [DRAFT]", vec![]),
            ("stages: [IDEA]", vec![]),
        ] {
            let found = titles(&public, &format!("filter: {{ {filter} }}")).await;
            assert_eq!(found, expected, "{filter}");
        }
        let coordinator = app.log_in("coordinator@example.org").await;
        assert_eq!(titles(&coordinator, "filter: { states: [DRAFT] }").await, ["Draft"]);
        app.run_jobs().await;
    }

    async fn projects_are_sorted_and_paged_in_each_order(backend) {
        let app = TestApp::new(backend).await;
        three(&app).await;
        let public = app.client();
        assert_eq!(titles(&public, "orderBy: NEWEST").await, ["Data", "arbres", "Écoles"]);
        assert_eq!(titles(&public, "orderBy: STARTING_SOON").await, ["Data", "arbres", "Écoles"]);
        assert_eq!(titles(&public, "orderBy: TITLE").await, ["arbres", "Data", "Écoles"]);
        for order in ["NEWEST", "STARTING_SOON", "TITLE"] {
            let whole = titles(&public, &format!("orderBy: {order}")).await;
            let mut walked = Vec::new();
            let mut after = String::new();
            loop {
                let document = format!("{{ projects(orderBy: {order}, first: 1{after}) {{ edges {{ node {{ title {{ text }} }} }} pageInfo {{ hasNextPage endCursor }} }} }}");
                let page = public.query(&document, json!({})).await["projects"].clone();
                walked.push(page["edges"][0]["node"]["title"]["text"].as_str().unwrap().to_owned());
                if page["pageInfo"]["hasNextPage"] == false {
                    break;
                }
                after = format!(", after: {}", page["pageInfo"]["endCursor"]);
            }
            assert_eq!(walked, whole, "{order}");
            assert_eq!(titles(&public, &format!("orderBy: {order}, last: 2")).await, whole[1..], "{order}");
        }
        let document = "{ projects(first: 1, orderBy: TITLE) { totalCount edges { cursor } } }";
        let page = public.query(document, json!({})).await;
        assert_eq!(page["projects"]["totalCount"], 3);
        let foreign = format!("{{ projects(orderBy: NEWEST, after: {}) {{ totalCount }} }}", page["projects"]["edges"][0]["cursor"]);
        assert_eq!(public.error_code(&foreign, json!({})).await, "INVALID_ARGUMENT");
        for arguments in [
            "first: 0", "first: 101", "filter: { hoursAtMost: 0 }", "filter: { hoursAtMost: 169 }",
            "filter: { near: { city: \"Nowhere\", radiusKm: 5 } }", "filter: { near: { city: \"Toronto\", radiusKm: 0 } }",
            "filter: { near: { city: \"Toronto\", radiusKm: 501 } }", "filter: { skillIds: [\"python\"] }",
        ] {
            let document = format!("{{ projects({arguments}) {{ edges {{ cursor }} }} }}");
            assert_eq!(public.error_code(&document, json!({})).await, "INVALID_ARGUMENT", "{arguments}");
        }
        app.run_jobs().await;
    }

    async fn a_page_below_an_organization_is_the_page_of_its_projects_alone(backend) {
        let app = TestApp::new(backend).await;
        three(&app).await;
        let coordinator = app.log_in("coordinator@example.org").await;
        let owner = app.log_in("ada@example.org").await;
        vetted_organization(&owner, &coordinator, "Empty").await;
        let other = vetted_organization(&owner, &coordinator, "Other").await;
        for title in ["Benches", "Zebra crossings"] {
            published_project(&owner, &coordinator, &other, title, &json!({ "startsOn": "2027-01-15" })).await;
        }
        let fields = "totalCount edges { cursor node { slug } } pageInfo { hasNextPage hasPreviousPage }";
        for order in ["NEWEST", "STARTING_SOON", "TITLE"] {
            let whole = format!("{{ projects(orderBy: {order}) {{ edges {{ cursor }} }} }}");
            let whole = owner.query(&whole, json!({})).await;
            let cursor = |place: usize| &whole["projects"]["edges"][place]["cursor"];
            for page in [
                String::new(),
                "first: 1".to_owned(),
                "last: 1".to_owned(),
                "last: 2".to_owned(),
                format!("first: 1, after: {}", cursor(1)),
                format!("last: 1, before: {}", cursor(3)),
                format!("first: 2, after: {}, before: {}", cursor(0), cursor(4)),
                "first: 1, states: [DRAFT, PUBLISHED]".to_owned(),
            ] {
                let below = format!("{{ organizations {{ nodes {{ id projects(orderBy: {order}, {page}) {{ {fields} }} }} }} }}");
                let organizations = owner.query(&below, json!({})).await["organizations"]["nodes"].clone();
                let organizations = organizations.as_array().unwrap();
                assert_eq!(organizations.len(), 3);
                for organization in organizations {
                    let (page, states) = page.split_once(", states: ").map_or((page.as_str(), ""), |(page, states)| (page, states));
                    let filter = if states.is_empty() { String::new() } else { format!(", states: {states}") };
                    let alone = format!(
                        "{{ projects(orderBy: {order}, {page}, filter: {{ organizationId: {}{filter} }}) {{ {fields} }} }}",
                        organization["id"],
                    );
                    let alone = owner.query(&alone, json!({})).await;
                    assert_eq!(organization["projects"], alone["projects"], "{order} {page}");
                }
            }
        }
        let unknown = "{ organizations { nodes { projects(after: \"x\") { totalCount } } } }";
        assert_eq!(owner.error_code(unknown, json!({})).await, "INVALID_ARGUMENT");
        app.run_jobs().await;
    }

    async fn content_falls_back_to_its_original_and_says_so(backend) {
        let app = TestApp::new(backend).await;
        three(&app).await;
        let document = "{ projects(orderBy: TITLE, last: 1) { edges { node { title { text language isOriginal isFallback } } } } }";
        let english = app.client().query(document, json!({})).await;
        assert_eq!(english["projects"]["edges"][0]["node"]["title"], json!({
            "text": "Écoles", "language": "FR", "isOriginal": true, "isFallback": true,
        }));
        let french = app.client().with_language("fr-CA").query(document, json!({})).await;
        assert_eq!(french["projects"]["edges"][0]["node"]["title"]["isFallback"], false);
        app.run_jobs().await;
    }
}
