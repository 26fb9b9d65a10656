//! Organizations, projects and roles as tests need them, made through the API like anybody's.

use serde_json::{Value, json};

use crate::client::Client;

/// What is asked back of an organization.
pub const ORGANIZATION: &str = "organization { id slug name state version }";
/// What is asked back of a project.
pub const PROJECT: &str = "project { id slug state isAccepting version }";
/// What is asked back of a role.
pub const ROLE: &str = "role { id state seats filledSeats version }";

/// The document of one mutation, such as `createProject`, that asks for `fields` and `userErrors`.
pub fn mutation(name: &str, fields: &str) -> String {
    let (first, rest) = name.split_at(1);
    let input = format!("{}{rest}Input", first.to_uppercase());
    format!(
        "mutation($input: {input}!) {{ {name}(input: $input) {{ {fields} userErrors {{ code message field }} }} }}"
    )
}

/// `base` with the fields of `changes` put over it.
pub fn with(base: &Value, changes: &Value) -> Value {
    let mut merged = base.as_object().unwrap().clone();
    merged.extend(changes.as_object().unwrap().clone());
    Value::Object(merged)
}

/// An organization's input.
pub fn organization_input(name: &str) -> Value {
    json!({
        "name": name, "kind": "NONPROFIT", "originalLanguage": "EN",
        "description": { "en": "We make maps of what is accessible." },
    })
}

/// A project's input.
pub fn project_input(organization: &Value, title: &str) -> Value {
    json!({
        "organizationId": organization["id"], "originalLanguage": "EN", "title": { "en": title },
        "summary": { "en": "A map anyone can use." }, "stage": "LIVE", "engagement": "PROJECT",
        "locationMode": "REMOTE",
    })
}

/// A role's input.
pub fn role_input(project: &Value) -> Value {
    json!({
        "projectId": project["id"], "title": { "en": "Front-end developer" }, "hoursPerWeek": 4,
        "locationMode": "REMOTE",
        "skills": [{ "skillId": "skill_javascript", "kind": "MUST_HAVE", "level": 3 }],
    })
}

/// A draft organization of `owner`.
pub async fn create_organization(owner: &Client, name: &str) -> Value {
    let input = json!({ "input": organization_input(name) });
    let done = owner
        .mutate(&mutation("createOrganization", ORGANIZATION), input)
        .await;
    done["organization"].clone()
}

/// Takes a step with an organization: `name` is the mutation, `more` what it needs besides id and version.
pub async fn step(client: &Client, name: &str, organization: &Value, more: Value) -> Value {
    let input = with(
        &json!({ "organizationId": organization["id"], "expectedVersion": organization["version"] }),
        &more,
    );
    let done = client
        .mutate(&mutation(name, ORGANIZATION), json!({ "input": input }))
        .await;
    done["organization"].clone()
}

/// A vetted organization of `owner`.
pub async fn vetted_organization(owner: &Client, coordinator: &Client, name: &str) -> Value {
    let draft = create_organization(owner, name).await;
    let submitted = step(owner, "submitOrganization", &draft, json!({})).await;
    let in_review = step(
        coordinator,
        "startOrganizationReview",
        &submitted,
        json!({}),
    )
    .await;
    let evidence = json!({ "evidence": "Looked it up in the register." });
    step(coordinator, "vetOrganization", &in_review, evidence).await
}

/// A draft project with `changes` over the usual input.
pub async fn create_project(
    owner: &Client,
    organization: &Value,
    title: &str,
    changes: &Value,
) -> Value {
    let input = with(&project_input(organization, title), changes);
    let done = owner
        .mutate(
            &mutation("createProject", PROJECT),
            json!({ "input": input }),
        )
        .await;
    done["project"].clone()
}

/// Takes a step with a project: `name` is the mutation, `more` what it needs besides id and version.
pub async fn project_step(client: &Client, name: &str, project: &Value, more: Value) -> Value {
    let input = with(
        &json!({ "projectId": project["id"], "expectedVersion": project["version"] }),
        &more,
    );
    let done = client
        .mutate(&mutation(name, PROJECT), json!({ "input": input }))
        .await;
    done["project"].clone()
}

/// An open role with `changes` over the usual input.
pub async fn open_role(owner: &Client, project: &Value, changes: &Value) -> Value {
    let input = with(&role_input(project), changes);
    let added = owner
        .mutate(&mutation("addRole", ROLE), json!({ "input": input }))
        .await;
    let role = &added["role"];
    let input = json!({ "roleId": role["id"], "expectedVersion": role["version"] });
    let opened = owner
        .mutate(&mutation("openRole", ROLE), json!({ "input": input }))
        .await;
    opened["role"].clone()
}

/// Submits and publishes a project that has an open role.
pub async fn publish(owner: &Client, coordinator: &Client, project: &Value) -> Value {
    let submitted = project_step(owner, "submitProject", project, json!({})).await;
    project_step(coordinator, "publishProject", &submitted, json!({})).await
}

/// A published project with one open role.
pub async fn published_project(
    owner: &Client,
    coordinator: &Client,
    organization: &Value,
    title: &str,
    changes: &Value,
) -> Value {
    let project = create_project(owner, organization, title, changes).await;
    open_role(owner, &project, &json!({})).await;
    publish(owner, coordinator, &project).await
}
