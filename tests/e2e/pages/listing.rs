//! The pages of organizations and projects: what the API tells anybody, and no more.

use axum::http::{StatusCode, header};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::listing::role_input;
use tests::listing::{
    ORGANIZATION, ROLE, create_organization, create_project, mutation, open_role,
    organization_input, project_step, publish, published_project, step, vetted_organization, with,
};
use tests::on_both_databases;

use super::{get, get_with};

fn address(folder: &str, thing: &Value) -> String {
    format!("/{folder}/{}", thing["slug"].as_str().unwrap())
}

async fn people(app: &TestApp) -> (Client, Client) {
    (app.sign_up("Ada", "en").await, app.coordinator().await)
}

on_both_databases! {
    async fn an_organization_is_shown_while_it_is_vetted_and_to_everybody_alike(backend) {
        let app = TestApp::new(backend).await;
        let (owner, coordinator) = people(&app).await;
        let draft = create_organization(&owner, "Hidden Maps").await;
        let hidden = get(&app, &address("organizations", &draft)).await;
        assert_eq!(hidden.status, StatusCode::NOT_FOUND);
        hidden.assert_reads("There is nothing at this address");
        hidden.assert_hides("Hidden Maps");
        // A token makes no difference: the page is everybody's.
        let token = format!("Bearer {}", owner.token().unwrap());
        let own = get_with(&app, &address("organizations", &draft), &[(header::AUTHORIZATION, token.as_str())]).await;
        assert_eq!(own.status, StatusCode::NOT_FOUND);

        let organization = vetted_organization(&owner, &coordinator, "Maps for All").await;
        let uri = address("organizations", &organization);
        let project = published_project(&owner, &coordinator, &organization, "Ramps", &json!({})).await;
        create_project(&owner, &organization, "Not yet told", &json!({})).await;
        let page = get(&app, &uri).await;
        assert_eq!(page.status, StatusCode::OK);
        let asked = "query($slug: String!) { organization(slug: $slug) { name description { text } projects { edges { node { title { text } summary { text } } } } } }";
        let told = app.client().query(asked, json!({ "slug": organization["slug"] })).await["organization"].clone();
        let listed = &told["projects"]["edges"][0]["node"];
        for words in [&told["name"], &told["description"]["text"], &listed["title"]["text"], &listed["summary"]["text"]] {
            page.assert_reads(words.as_str().unwrap());
        }
        page.assert_reads("Not-for-profit corporation");
        page.assert_hides("Not yet told");
        assert!(page.html.contains(&format!("href=\"{}?lang=en\"", address("projects", &project))), "{}", page.html);
        let french = get(&app, &format!("{uri}?lang=fr")).await;
        french.assert_reads("Organisme à but non lucratif");
        french.assert_reads("We make maps of what is accessible. (en anglais)");
        assert!(french.html.contains("<span lang=\"en-CA\">We make maps of what is accessible.</span>"), "{}", french.html);

        let evidence = json!({ "evidence": "A complaint." });
        step(&coordinator, "flagOrganization", &organization, evidence).await;
        assert_eq!(get(&app, &uri).await.status, StatusCode::NOT_FOUND);
        assert_eq!(get(&app, &address("projects", &project)).await.status, StatusCode::NOT_FOUND);
        app.run_jobs().await;
    }

    async fn a_project_is_shown_with_its_roles_once_it_is_published(backend) {
        let app = TestApp::new(backend).await;
        let (owner, coordinator) = people(&app).await;
        let organization = vetted_organization(&owner, &coordinator, "Maps for All").await;
        let changes = json!({
            "title": { "en": "Ramps", "fr": "Rampes" }, "problem": { "en": "Nobody knows\nwhere ramps are." },
            "startsOn": "2027-02-01", "codeUrl": "https://example.org/code", "causeIds": ["cause_open-government"],
        });
        let project = create_project(&owner, &organization, "Ramps", &changes).await;
        let uri = address("projects", &project);
        let asked = json!({
            "title": { "en": "Front-end developer", "fr": "Développement frontal" }, "hoursPerWeek": 6, "zone": "America/Toronto",
            "windows": [{ "weekday": "TUESDAY", "start": "18:00", "end": "20:30" }],
            "languages": [{ "language": "fr", "kind": "REQUIRED" }],
        });
        open_role(&owner, &project, &asked).await;
        let draft = with(&role_input(&project), &json!({ "title": { "en": "Still being written" } }));
        owner.mutate(&mutation("addRole", ROLE), json!({ "input": draft })).await;
        assert_eq!(get(&app, &uri).await.status, StatusCode::NOT_FOUND);
        let published = publish(&owner, &coordinator, &project).await;

        let page = get(&app, &uri).await;
        assert_eq!(page.status, StatusCode::OK);
        for words in [
            "Ramps", "A project of Maps for All", "People may come forward now.", "Nobody knows where ramps are.",
            "From Monday, February 1, 2027", "Front-end developer", "Open, 0 of 1 taken", "Hours a week 6",
            "JavaScript (level 3 of 5, needed)", "French (needed)", "Tuesdays, 6:00 p.m. to 8:30 p.m.",
        ] {
            page.assert_reads(words);
        }
        page.assert_hides("Still being written");
        let french = get(&app, &format!("{uri}?lang=fr")).await;
        for words in [
            "Rampes", "Un projet de Maps for All", "Développement frontal", "Ouvert, 0 sur 1 occupée",
            "JavaScript (niveau 3 sur 5, indispensable)", "français (indispensable)", "le mardi de 18 h à 20 h 30",
        ] {
            french.assert_reads(words);
        }

        project_step(&owner, "pauseProject", &published, json!({})).await;
        assert_eq!(get(&app, &uri).await.status, StatusCode::NOT_FOUND);
        app.run_jobs().await;
    }

    async fn what_organizations_write_stays_text(backend) {
        let app = TestApp::new(backend).await;
        let (owner, coordinator) = people(&app).await;
        let name = "<b onclick=x>Maps</b> & \"Co\"";
        let written = with(&organization_input(name), &json!({ "description": { "en": "<script>alert(1)</script>" } }));
        let draft = owner.mutate(&mutation("createOrganization", ORGANIZATION), json!({ "input": written })).await;
        let submitted = step(&owner, "submitOrganization", &draft["organization"], json!({})).await;
        let in_review = step(&coordinator, "startOrganizationReview", &submitted, json!({})).await;
        let organization = step(&coordinator, "vetOrganization", &in_review, json!({ "evidence": "Register." })).await;
        let page = get(&app, &address("organizations", &organization)).await;
        assert_eq!(page.status, StatusCode::OK);
        page.assert_hides("<script");
        page.assert_hides("<b ");
        page.assert_reads("&lt;script&gt;alert(1)&lt;/script&gt;");
        app.run_jobs().await;
    }

    async fn the_pages_that_mails_link_to_are_there(backend) {
        let app = TestApp::new(backend).await;
        let (owner, coordinator) = people(&app).await;
        let organization = vetted_organization(&owner, &coordinator, "Maps for All").await;
        published_project(&owner, &coordinator, &organization, "Ramps", &json!({})).await;
        app.run_jobs().await;
        let mut followed = 0;
        for mail in app.mail_to("ada@example.org") {
            for link in mail.links() {
                let Some(path) = link.strip_prefix("http://marketplace.test") else { continue };
                if path.starts_with("/organizations/") || path.starts_with("/projects/") {
                    assert_eq!(get(&app, path).await.status, StatusCode::OK, "{link}");
                    followed += 1;
                }
            }
        }
        assert_eq!(followed, 2);
    }
}
