//! What people do on the way, one step a function, through the API alone.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;

use super::Words;

pub(super) async fn vetted_organization(
    owner: &Client,
    coordinator: &Client,
    words: &Words,
) -> String {
    let mut text = json!({});
    text[words.language] = json!(words.description);
    let created = owner
        .mutate(
            "mutation($input: CreateOrganizationInput!) { createOrganization(input: $input) { organization { id version } userErrors { code message field } } }",
            json!({ "input": {
                "name": words.organization, "kind": "NONPROFIT", "city": "Halifax", "province": "NS",
                "originalLanguage": words.language.to_uppercase(), "description": text,
            } }),
        )
        .await;
    let id = created["organization"]["id"].as_str().unwrap().to_owned();
    let submitted = owner
        .mutate(
            "mutation($input: SubmitOrganizationInput!) { submitOrganization(input: $input) { organization { version } userErrors { code message field } } }",
            json!({ "input": { "organizationId": id, "expectedVersion": created["organization"]["version"] } }),
        )
        .await;
    let reviewed = coordinator
        .mutate(
            "mutation($input: StartOrganizationReviewInput!) { startOrganizationReview(input: $input) { organization { version } userErrors { code message field } } }",
            json!({ "input": { "organizationId": id, "expectedVersion": submitted["organization"]["version"] } }),
        )
        .await;
    let vetted = coordinator
        .mutate(
            "mutation($input: VetOrganizationInput!) { vetOrganization(input: $input) { organization { state } userErrors { code message field } } }",
            json!({ "input": {
                "organizationId": id, "expectedVersion": reviewed["organization"]["version"],
                "evidence": "Listed in the provincial register of societies.",
            } }),
        )
        .await;
    assert_eq!(vetted["organization"]["state"], "VETTED");
    id
}

pub(super) async fn published_role(
    owner: &Client,
    coordinator: &Client,
    organization: &str,
    words: &Words,
) -> String {
    let text = |text: &str| {
        let mut both = json!({});
        both[words.language] = json!(text);
        both
    };
    let project = owner
        .mutate(
            "mutation($input: CreateProjectInput!) { createProject(input: $input) { project { id version } userErrors { code message field } } }",
            json!({ "input": {
                "organizationId": organization, "originalLanguage": words.language.to_uppercase(),
                "title": text(words.project), "summary": text(words.description), "problem": text(words.description),
                "outcome": text(words.project), "stage": "PROTOTYPE", "engagement": "PROJECT",
                "causeIds": ["cause_food-security"], "startsOn": "2026-12-01", "endsOn": "2027-03-01",
                "locationMode": "REMOTE", "zone": "America/Toronto",
            } }),
        )
        .await["project"]
        .clone();
    let role = owner
        .mutate(
            "mutation($input: AddRoleInput!) { addRole(input: $input) { role { id version } userErrors { code message field } } }",
            json!({ "input": {
                "projectId": project["id"], "title": text(words.role), "description": text(words.description),
                "seats": 1, "hoursPerWeek": 4, "locationMode": "REMOTE", "zone": "America/Toronto",
                "minimumOverlapMinutes": 60,
                "skills": [{ "skillId": "skill_javascript", "kind": "MUST_HAVE", "level": 3, "weight": 50 }],
                "windows": [{ "weekday": "TUESDAY", "start": "18:30", "end": "20:00" }],
                "languages": [{ "language": words.language, "kind": "REQUIRED" }],
            } }),
        )
        .await["role"]
        .clone();
    owner
        .mutate(
            "mutation($input: OpenRoleInput!) { openRole(input: $input) { role { state } userErrors { code message field } } }",
            json!({ "input": { "roleId": role["id"], "expectedVersion": role["version"] } }),
        )
        .await;
    let version = project_version(owner, &project["id"]).await;
    owner
        .mutate(
            "mutation($input: SubmitProjectInput!) { submitProject(input: $input) { project { state } userErrors { code message field } } }",
            json!({ "input": { "projectId": project["id"], "expectedVersion": version } }),
        )
        .await;
    let version = project_version(coordinator, &project["id"]).await;
    let published = coordinator
        .mutate(
            "mutation($input: PublishProjectInput!) { publishProject(input: $input) { project { state } userErrors { code message field } } }",
            json!({ "input": { "projectId": project["id"], "expectedVersion": version } }),
        )
        .await;
    assert_eq!(published["project"]["state"], "PUBLISHED");
    role["id"].as_str().unwrap().to_owned()
}

pub(super) async fn project_version(client: &Client, id: &Value) -> Value {
    client
        .query(
            "query($id: ID!) { project(id: $id) { version } }",
            json!({ "id": id }),
        )
        .await["project"]["version"]
        .clone()
}

/// Fills a profile with the first skill that a search finds, free on Tuesday evenings, and returns its id.
pub(super) async fn profile(volunteer: &Client, skill_search: &str) -> String {
    let found = volunteer
        .query(
            "query($search: String!) { skills(search: $search, first: 1) { edges { node { id } } } }",
            json!({ "search": skill_search }),
        )
        .await;
    let skill = &found["skills"]["edges"][0]["node"]["id"];
    let started = volunteer
        .mutate("mutation { startVolunteerProfile { volunteer { id version } userErrors { code message field } } }", json!({}))
        .await;
    let steps = [
        (
            "updateVolunteer",
            "UpdateVolunteerInput",
            json!({ "hoursPerWeek": 6, "acceptsRemote": true, "zone": "America/Toronto", "maxPlacements": 1 }),
        ),
        (
            "setVolunteerSkills",
            "SetVolunteerSkillsInput",
            json!({ "skills": [{ "skillId": skill, "level": 4, "years": 5 }] }),
        ),
        (
            "setVolunteerWindows",
            "SetVolunteerWindowsInput",
            json!({ "windows": [{ "weekday": "TUESDAY", "start": "18:00", "end": "21:00" }] }),
        ),
        (
            "setVolunteerLanguages",
            "SetVolunteerLanguagesInput",
            json!({ "languages": ["en", "fr"] }),
        ),
        (
            "setVolunteerCauses",
            "SetVolunteerCausesInput",
            json!({ "causeIds": ["cause_food-security"] }),
        ),
    ];
    let mut version = started["volunteer"]["version"].clone();
    for (mutation, kind, mut input) in steps {
        input["expectedVersion"] = version;
        let document = format!(
            "mutation($input: {kind}!) {{ {mutation}(input: $input) {{ volunteer {{ version }} userErrors {{ code message field }} }} }}"
        );
        version =
            volunteer.mutate(&document, json!({ "input": input })).await["volunteer"]["version"]
                .clone();
    }
    started["volunteer"]["id"].as_str().unwrap().to_owned()
}

pub(super) async fn dry_run(coordinator: &Client, words: &Words) -> Value {
    coordinator
        .with_language(words.language)
        .mutate(
            "mutation { runRound(input: { projectIds: [], roleIds: [], volunteerIds: [], suggestionsPerSeat: 3 }) { round {
                id state
                report { unmatchedVolunteers(first: 10) { edges { node { volunteerId smallestChange } } } }
                pairings(first: 10) { edges { node { roleId volunteerId score confidence reasons } } }
            } userErrors { code message field } } }",
            json!({}),
        )
        .await["round"]
        .clone()
}

pub(super) async fn applied_pairing(coordinator: &Client, round: &Value) -> String {
    let applied = coordinator
        .mutate(
            "mutation($id: ID!) { applyRound(input: { roundId: $id, acceptStale: false }) { pairings { id } skipped { roleId } userErrors { code message field } } }",
            json!({ "id": round }),
        )
        .await;
    assert_eq!(applied["skipped"], json!([]));
    applied["pairings"][0]["id"].as_str().unwrap().to_owned()
}

pub(super) async fn approve(coordinator: &Client, pairing: &str) {
    let approved = coordinator
        .mutate(
            "mutation($id: ID!) { approvePairings(input: { pairings: [{ id: $id }] }) { pairings { state } userErrors { code message field } } }",
            json!({ "id": pairing }),
        )
        .await;
    assert_eq!(approved["pairings"][0]["state"], "HELD");
}

pub(super) async fn pairings(client: &Client) -> Value {
    client
        .query("{ pairings { edges { node { id } } } }", json!({}))
        .await["pairings"]["edges"]
        .clone()
}

pub(super) async fn state(client: &Client) -> Value {
    let data = client
        .query("{ pairings { edges { node { state } } } }", json!({}))
        .await;
    data["pairings"]["edges"][0]["node"]["state"].clone()
}

/// The volunteer's address, as the organization sees it.
pub(super) async fn contact(owner: &Client) -> Value {
    let data = owner
        .query(
            "{ pairings { edges { node { contact { email } } } } }",
            json!({}),
        )
        .await;
    data["pairings"]["edges"][0]["node"]["contact"]["email"].clone()
}

pub(super) fn offers_to(app: &TestApp, email: &str) -> usize {
    app.mail_to(email)
        .iter()
        .filter(|mail| mail.text.contains("/a/offer"))
        .count()
}
