//! Two organizations with everything that belongs to them, alike but strangers to each other, and those who look at them.

mod people;

use std::collections::BTreeMap;

use api::jobs::pause::{self, Fault};
use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::database::Backend;
use tests::listing::{
    ORGANIZATION, create_project, mutation, open_role, organization_input, project_step, publish,
    step, with,
};

pub(crate) use self::people::answered_check_in;
use self::people::{address, deactivated, guard_by_code, session, suggestion, time_off};
use crate::incidents;
use crate::jobs::dead_letters;

/// Who looks, in the order of the columns. The one whose account was disabled was an administrator.
pub(crate) const ACTORS: [&str; 7] = [
    "anonymous",
    "volunteer",
    "member of A",
    "member of B",
    "coordinator",
    "admin",
    "deactivated",
];

/// The marketplace and what is in it.
pub(crate) struct World {
    pub(crate) app: TestApp,
    /// Under the names of [`ACTORS`]. The volunteer is the one of the pairing with A.
    pub(crate) actors: Vec<(&'static str, Client)>,
    /// An administrator who has a second factor and did not show it in the session.
    pub(crate) without_code: Client,
    /// A manager and a plain member of A, beside its owner, who is the member among the actors.
    pub(crate) of_a: [(&'static str, Client); 2],
    /// What belongs to A, and to the volunteer it is paired with.
    pub(crate) a: Side,
    /// What belongs to B, and to the volunteer it is paired with.
    pub(crate) b: Side,
}

/// Global ids by what they are of: `pairing`, `role` and so on.
pub(crate) struct Side(BTreeMap<&'static str, String>);

impl Side {
    /// The id of a thing.
    pub(crate) fn id(&self, thing: &str) -> &str {
        self.0.get(thing).unwrap_or_else(|| {
            panic!("no `{thing}` in the world: make one in authorization/world.rs")
        })
    }

    /// `text` with `$thing` replaced by the thing's id.
    pub(crate) fn fill(&self, text: &str) -> String {
        let mut things: Vec<_> = self.0.iter().collect();
        things.sort_by_key(|(thing, _)| std::cmp::Reverse(thing.len()));
        things
            .into_iter()
            .fold(text.to_owned(), |text, (thing, id)| {
                text.replace(&format!("${thing}"), id)
            })
    }

    /// Every id, one for each prefix: what a mutation is tried on.
    pub(crate) fn things(&self) -> Vec<String> {
        const NOT_TRIED: [&str; 5] = ["owner", "slug", "draft", "declined", "suggested"];
        let tried = self
            .0
            .iter()
            .filter(|(thing, _)| !NOT_TRIED.contains(thing));
        tried.map(|(_, id)| id.clone()).collect()
    }
}

impl World {
    /// Everything, made through the API like anybody's.
    pub(crate) async fn new(backend: Backend) -> Self {
        let app = TestApp::with_settings(backend, &[("ACCESS_TOKEN_MINUTES", "15")]).await;
        let admin = app.admin().await;
        guard_by_code(&app, &admin).await;
        let coordinator = app.coordinator().await;
        let cleo = app.sign_up("Cleo", "en").await;
        let third = organization(&cleo, &coordinator, "Cats").await;
        let mut sides = Vec::new();
        for (name, owner, volunteer) in [("Ramps", "Omar", "Vera"), ("Trees", "Bea", "Walt")] {
            // Time passes while a side is made.
            let coordinator = app.log_in("coordinator@example.org").await;
            let owner = (owner, app.sign_up(owner, "en").await);
            let volunteer = (volunteer, app.sign_up(volunteer, "en").await);
            sides.push(side(&app, &coordinator, name, &owner, (&volunteer, &third)).await);
        }
        let coordinator = app.log_in("coordinator@example.org").await;
        let [mut a, mut b] = <[_; 2]>::try_from(sides).ok().unwrap();
        let round = coordinator
            .mutate(
                &mutation("runRound", "round { id }"),
                json!({ "input": {} }),
            )
            .await;
        for side in [&mut a, &mut b] {
            side.insert("round", text(&round["round"]["id"]));
        }
        let of_a = join(&app, &a).await;
        incidents::notice(&app).await;
        let actors = vec![
            ("anonymous", app.client()),
            ("volunteer", app.log_in("vera@example.org").await),
            ("member of A", app.log_in("omar@example.org").await),
            ("member of B", app.log_in("bea@example.org").await),
            ("coordinator", coordinator),
            ("admin", app.log_in("admin@example.org").await),
            ("deactivated", deactivated(&app).await),
        ];
        app.run_jobs().await;
        let job = give_up(&app).await;
        for side in [&mut a, &mut b] {
            side.insert("job", job.clone());
        }
        let without_code = app.log_in("ada@example.org").await;
        Self {
            app,
            actors,
            without_code,
            of_a,
            a: Side(a),
            b: Side(b),
        }
    }

    /// The sides under their names.
    pub(crate) fn sides(&self) -> [(&'static str, &Side); 2] {
        [("A", &self.a), ("B", &self.b)]
    }
}

/// A mail that was given up, and a relay that is left alone since. The id of the mail's job.
async fn give_up(app: &TestApp) -> String {
    dead_letters::give_up_a_mail(app, "nobody@example.org").await;
    let found = app
        .log_in("coordinator@example.org")
        .await
        .query("{ jobs(state: DEAD) { nodes { id } } }", json!({}))
        .await;
    let reason = "the relay refuses us";
    pause::note(&app.app, "send_mail", Fault::Lasting, reason)
        .await
        .unwrap();
    text(&found["jobs"]["nodes"][0]["id"])
}

/// An organization with a published and a returned project, three roles, and a volunteer: one pairing is confirmed, one
/// was declined, one is a suggestion that nobody has heard of.
async fn side(
    app: &TestApp,
    coordinator: &Client,
    name: &str,
    (owner_name, owner): &(&str, Client),
    ((volunteer_name, volunteer), third): (&(&str, Client), &Value),
) -> BTreeMap<&'static str, String> {
    let organization = organization(owner, coordinator, name).await;
    let place = json!({ "city": "Gatineau", "latitude": 45.4, "longitude": -75.7 });
    let project = json!({
        "causeIds": ["cause_open-government"], "locationMode": "HYBRID", "place": place,
        "problem": { "en": "Nobody knows where." }, "outcome": { "en": "A map." },
        "startsOn": "2026-12-01", "endsOn": "2027-03-01",
        "codeUrl": "https://example.org/code", "website": "https://example.org/map",
    });
    let published = create_project(owner, &organization, &format!("{name} map"), &project).await;
    let role = json!({
        "roleFamilyId": "role_family_front-end", "description": { "en": "Draws." }, "seats": 2,
        "locationMode": "HYBRID", "place": place, "startsOn": "2026-12-01", "endsOn": "2027-03-01",
        "windows": [{ "weekday": "MONDAY", "start": "18:00", "end": "21:00" }],
        "languages": [{ "language": "en", "kind": "REQUIRED" }],
    });
    let wanted = open_role(owner, &published, &role).await;
    let second = open_role(owner, &published, &role).await;
    let third_role = open_role(owner, &published, &role).await;
    publish(owner, coordinator, &published).await;
    let draft = create_project(owner, &organization, &format!("{name} count"), &project).await;
    open_role(owner, &draft, &role).await;
    let draft = project_step(owner, "submitProject", &draft, json!({})).await;
    let comments = json!({ "comments": "Say more." });
    project_step(coordinator, "returnProject", &draft, comments).await;

    profile(volunteer, third).await;
    let pairing = interest(volunteer, &wanted).await;
    let declined = interest(volunteer, &second).await;
    let pairings = json!({ "input": { "pairings": [{ "id": pairing }, { "id": declined }], "note": "Good." } });
    coordinator
        .mutate(&mutation("approvePairings", "pairings { id }"), pairings)
        .await;
    app.advance(TimeDelta::minutes(10));
    app.run_jobs().await;
    let (owner, volunteer) = (
        app.log_in(&address(owner_name)).await,
        app.log_in(&address(volunteer_name)).await,
    );
    for client in [&owner, &volunteer] {
        let input = json!({ "input": { "id": pairing } });
        client
            .mutate(&mutation("acceptPairing", "pairing { id }"), input)
            .await;
    }
    let no = json!({ "input": { "id": declined, "reason": "NO_TIME", "note": "A new job." } });
    volunteer
        .mutate(&mutation("declinePairing", "pairing { id }"), no)
        .await;

    let seen = volunteer
        .query(
            "query($id: ID!) { viewer { id volunteer { id } } pairing(id: $id) { placement { id } } }",
            json!({ "id": pairing }),
        )
        .await;
    let members = owner
        .query(
            "{ viewer { id memberships { id organization { slug } } } }",
            json!({}),
        )
        .await;
    let membership = &members["viewer"]["memberships"][0];
    let placement = text(&seen["pairing"]["placement"]["id"]);
    let profile_id = text(&seen["viewer"]["volunteer"]["id"]);
    let suggested = suggestion(app, &text(&third_role["id"]), &profile_id).await;
    BTreeMap::from([
        ("account", text(&seen["viewer"]["id"])),
        ("owner", text(&members["viewer"]["id"])),
        ("membership", text(&membership["id"])),
        ("organization", text(&organization["id"])),
        ("slug", text(&membership["organization"]["slug"])),
        ("project", text(&published["id"])),
        ("draft", text(&draft["id"])),
        ("role", text(&wanted["id"])),
        ("volunteer", profile_id),
        ("pairing", pairing),
        ("declined", declined),
        ("suggested", suggested),
        ("check_in", answered_check_in(app, &placement).await),
        ("placement", placement),
        ("time_off", time_off(app, volunteer_name).await),
        ("session", session(app, volunteer_name).await),
    ])
}

/// A vetted organization, about which coordinators asked before they vetted it.
async fn organization(owner: &Client, coordinator: &Client, name: &str) -> Value {
    let input = with(
        &organization_input(name),
        &json!({ "city": "Gatineau", "province": "QC", "website": "https://example.org" }),
    );
    let done = owner
        .mutate(
            &mutation("createOrganization", ORGANIZATION),
            json!({ "input": input }),
        )
        .await;
    let mut organization = done["organization"].clone();
    for (client, name, more) in [
        (owner, "submitOrganization", json!({})),
        (coordinator, "startOrganizationReview", json!({})),
        (
            coordinator,
            "askOrganizationInfo",
            json!({ "questions": "Since when?" }),
        ),
        (owner, "submitOrganization", json!({})),
        (coordinator, "startOrganizationReview", json!({})),
        (
            coordinator,
            "vetOrganization",
            json!({ "evidence": "The register.", "note": "Clear." }),
        ),
    ] {
        organization = step(client, name, &organization, more).await;
    }
    organization
}

/// A whole profile, with a tie to the third organization.
async fn profile(volunteer: &Client, third: &Value) {
    volunteer
        .mutate(
            "mutation { startVolunteerProfile { userErrors { code message field } } }",
            json!({}),
        )
        .await;
    let steps = [
        (
            "updateVolunteer",
            json!({
                "about": "I draw maps.", "aboutLanguage": "EN", "hoursPerWeek": 10, "maxPlacements": 3,
                "acceptsRemote": true, "radiusKm": 50, "city": "Gatineau", "latitude": 45.4, "longitude": -75.7,
                "roleFamilyId": "role_family_front-end", "zone": "America/Toronto",
            }),
        ),
        (
            "setVolunteerSkills",
            json!({ "skills": [{ "skillId": "skill_javascript", "level": 4, "years": 6 }] }),
        ),
        (
            "setVolunteerWindows",
            json!({ "windows": [{ "weekday": "MONDAY", "start": "17:00", "end": "22:00" }] }),
        ),
        (
            "setVolunteerLanguages",
            json!({ "languages": ["en", "fr"] }),
        ),
        (
            "setVolunteerCauses",
            json!({ "causeIds": ["cause_open-government"] }),
        ),
        (
            "setVolunteerConflicts",
            json!({ "conflicts": [
            { "organizationId": third["id"], "kind": "OTHER", "note": "My cousin." },
        ] }),
        ),
    ];
    for (version, (name, input)) in (1..).zip(steps) {
        let input = with(&input, &json!({ "expectedVersion": version }));
        volunteer
            .mutate(&mutation(name, ""), json!({ "input": input }))
            .await;
    }
    let away = json!({ "input": { "startsOn": "2026-12-24", "endsOn": "2026-12-26" } });
    volunteer.mutate(&mutation("addTimeOff", ""), away).await;
}

async fn interest(volunteer: &Client, role: &Value) -> String {
    let input = json!({ "input": { "roleId": role["id"], "message": "I know these streets." } });
    let done = volunteer
        .mutate(&mutation("expressInterest", "pairing { id }"), input)
        .await;
    text(&done["pairing"]["id"])
}

/// A manager and a plain member join an organization.
async fn join(app: &TestApp, side: &BTreeMap<&'static str, String>) -> [(&'static str, Client); 2] {
    let owner = app.log_in("omar@example.org").await;
    let mut joined = Vec::new();
    for (heading, name, role) in [
        ("manager of A", "Max", "MANAGER"),
        ("plain member of A", "Mia", "MEMBER"),
    ] {
        let client = app.sign_up(name, "en").await;
        let input = json!({ "input": { "slug": side["slug"] } });
        let asked = client
            .mutate(&mutation("requestMembership", "membership { id }"), input)
            .await;
        let answer =
            json!({ "membershipId": asked["membership"]["id"], "isApproved": true, "role": role });
        owner
            .mutate(
                &mutation("answerMembership", ""),
                json!({ "input": answer }),
            )
            .await;
        joined.push((heading, client));
    }
    <[_; 2]>::try_from(joined).ok().unwrap()
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no text: {value}"))
        .to_owned()
}
