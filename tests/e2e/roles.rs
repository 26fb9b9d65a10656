//! Roles: opening, closing, seats, what is refused.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::listing::{
    ROLE, create_organization, create_project, mutation, open_role, role_input, with,
};
use tests::on_both_databases;

async fn project(owner: &Client) -> Value {
    let organization = create_organization(owner, "Maps").await;
    create_project(owner, &organization, "Ramps", &json!({})).await
}

fn skill(id: &str, kind: &str) -> Value {
    json!({ "skillId": id, "kind": kind, "level": 3 })
}

on_both_databases! {
    async fn a_skill_in_too_many_words_is_not_looked_up(backend) {
        let app = TestApp::new(backend).await;
        let owner = app.sign_up("Ada", "en").await;
        let project = project(&owner).await;
        let add = mutation("addRole", ROLE);
        let input = |words: String| json!({ "input": with(&role_input(&project), &json!({ "skills": [skill(&words, "MUST_HAVE")] })) });
        let before = app.statements();
        let told = owner.user_errors(&add, input("ê".repeat(121))).await;
        assert_eq!(told, ["TOO_LONG skills.0.skillId"]);
        let refused = app.statements() - before;
        let before = app.statements();
        let told = owner.try_mutate(&add, input("ê".repeat(120))).await;
        assert_eq!(told["userErrors"][0]["code"], "UNKNOWN");
        // Quoted by its beginning.
        let message = told["userErrors"][0]["message"].as_str().unwrap();
        assert!(message.contains(&format!("“{}…”", "ê".repeat(60))), "{message}");
        assert!(app.statements() - before > refused);

        // However many words there are, the taxonomy is read once.
        let words = |count: usize| -> Vec<Value> {
            (0..count).map(|number| skill(&format!("javascrpt {number}"), "NICE_TO_HAVE")).collect()
        };
        let mut counts = Vec::new();
        for count in [1, 20] {
            let before = app.statements();
            let input = json!({ "input": with(&role_input(&project), &json!({ "skills": words(count) })) });
            assert_eq!(owner.user_errors(&add, input).await.len(), count);
            counts.push(app.statements() - before);
        }
        assert_eq!(counts[0], counts[1]);
    }

    async fn a_role_keeps_what_it_asks_for_and_is_opened_and_closed(backend) {
        let app = TestApp::new(backend).await;
        let owner = app.sign_up("Ada", "en").await;
        let project = project(&owner).await;
        let role = open_role(&owner, &project, &json!({
            "roleFamilyId": "role_family_front-end", "seats": 2,
            "skills": [skill("skill_css", "NICE_TO_HAVE"), skill("JavaScript", "MUST_HAVE")],
            "windows": [{ "weekday": "TUESDAY", "start": "18:30", "end": "24:00" }, { "weekday": "MONDAY", "start": "00:00", "end": "01:00" }],
            "minimumOverlapMinutes": 390,
            "languages": [{ "language": "fr", "kind": "PREFERRED" }, { "language": "en", "kind": "REQUIRED" }],
        })).await;
        assert_eq!((role["state"].as_str(), role["seats"].as_i64()), (Some("OPEN"), Some(2)));
        let document = "query($id: ID!) { role(id: $id) { roleFamily { id } project { id } skills { kind level weight skill { id } } windows { weekday start end } languages { language kind } } }";
        let seen = owner.query(document, json!({ "id": role["id"] })).await;
        assert_eq!(seen["role"], json!({
            "roleFamily": { "id": "role_family_front-end" }, "project": { "id": project["id"] },
            "skills": [
                { "kind": "MUST_HAVE", "level": 3, "weight": 50, "skill": { "id": "skill_javascript" } },
                { "kind": "NICE_TO_HAVE", "level": 3, "weight": 50, "skill": { "id": "skill_css" } },
            ],
            "windows": [{ "weekday": "MONDAY", "start": "00:00", "end": "01:00" }, { "weekday": "TUESDAY", "start": "18:30", "end": "24:00" }],
            "languages": [{ "language": "en", "kind": "REQUIRED" }, { "language": "fr", "kind": "PREFERRED" }],
        }));
        assert!(app.client().query(document, json!({ "id": role["id"] })).await["role"].is_null());

        // What is not named stays; a list that is named is replaced.
        let update = mutation("updateRole", "role { version hoursPerWeek skills { skill { id } } windows { start } }");
        let input = json!({ "input": { "roleId": role["id"], "expectedVersion": role["version"], "skills": [], "hoursPerWeek": 168 } });
        let updated = owner.mutate(&update, input.clone()).await;
        assert_eq!((&updated["role"]["skills"], &updated["role"]["hoursPerWeek"]), (&json!([]), &json!(168)));
        assert_eq!(updated["role"]["windows"].as_array().unwrap().len(), 2);
        assert_eq!(owner.user_errors(&update, input).await, ["STALE expectedVersion"]);

        let close = mutation("closeRole", ROLE);
        let input = json!({ "input": { "roleId": role["id"], "expectedVersion": updated["role"]["version"] } });
        let closed = owner.mutate(&close, input.clone()).await;
        assert_eq!(closed["role"]["state"], "CLOSED");
        assert_eq!(owner.mutate(&close, input).await, closed, "twice is once");
    }

    async fn each_wrong_field_of_a_role_is_told_at_its_place(backend) {
        let app = TestApp::new(backend).await;
        let owner = app.sign_up("Ada", "en").await;
        let project = project(&owner).await;
        let window = |start: &str, end: &str| json!([{ "weekday": "FRIDAY", "start": start, "end": end }]);
        let must: Vec<Value> = ["skill_javascript", "skill_html", "skill_css", "skill_python"].map(|id| skill(id, "MUST_HAVE")).into();
        let document = mutation("addRole", "role { id }");
        let cases = [
            (json!({ "title": {} }), "REQUIRED title"),
            (json!({ "title": { "fr": "x".repeat(121) } }), "TOO_LONG title.fr"),
            (json!({ "seats": 0 }), "OUT_OF_RANGE seats"),
            (json!({ "seats": 101 }), "OUT_OF_RANGE seats"),
            (json!({ "hoursPerWeek": 0 }), "OUT_OF_RANGE hoursPerWeek"),
            (json!({ "hoursPerWeek": 169 }), "OUT_OF_RANGE hoursPerWeek"),
            (json!({ "zone": "Nowhere" }), "UNKNOWN zone"),
            (json!({ "roleFamilyId": "role_family_no-such" }), "UNKNOWN roleFamilyId"),
            (json!({ "skills": must }), "TOO_LONG skills"),
            (json!({ "skills": [skill("skill_no-such", "MUST_HAVE")] }), "UNKNOWN skills.0.skillId"),
            (json!({ "skills": [skill("zzzzqqqq", "MUST_HAVE")] }), "UNKNOWN skills.0.skillId"),
            (json!({ "skills": [skill("skill_css", "MUST_HAVE"), skill("CSS", "MUST_HAVE")] }), "DUPLICATE skills.1.skillId"),
            (json!({ "skills": [{ "skillId": "skill_css", "kind": "MUST_HAVE", "level": 6 }] }), "OUT_OF_RANGE skills.0.level"),
            (json!({ "skills": [{ "skillId": "skill_css", "kind": "MUST_HAVE", "level": 0 }] }), "OUT_OF_RANGE skills.0.level"),
            (json!({ "skills": [{ "skillId": "skill_css", "kind": "MUST_HAVE", "weight": 101 }] }), "OUT_OF_RANGE skills.0.weight"),
            (json!({ "skills": [{ "skillId": "skill_css", "kind": "MUST_HAVE", "weight": 0 }] }), "OUT_OF_RANGE skills.0.weight"),
            (json!({ "windows": window("22:00", "02:00") }), "OUT_OF_RANGE windows.0.end"),
            (json!({ "windows": window("9:00", "12:00") }), "INVALID windows.0.start"),
            (json!({ "windows": window("09:00", "10:00"), "minimumOverlapMinutes": 61 }), "OUT_OF_RANGE minimumOverlapMinutes"),
            (json!({ "minimumOverlapMinutes": -1 }), "OUT_OF_RANGE minimumOverlapMinutes"),
            (json!({ "languages": [{ "language": "english", "kind": "REQUIRED" }] }), "UNKNOWN languages.0.language"),
            (json!({ "startsOn": "2026-12-02", "endsOn": "2026-12-01" }), "OUT_OF_RANGE endsOn"),
            (json!({ "locationMode": "ONSITE" }), "REQUIRED place"),
        ];
        for (change, expected) in cases {
            let input = with(&role_input(&project), &change);
            let errors = owner.user_errors(&document, json!({ "input": input })).await;
            assert_eq!(errors, [expected], "{change}");
        }
        let advice = with(&role_input(&project), &json!({ "windows": window("22:00", "02:00") }));
        let refused = owner.with_language("fr").try_mutate(&document, json!({ "input": advice })).await;
        let message = refused["userErrors"][0]["message"].as_str().unwrap();
        assert!(message.contains("22:00–24:00"), "{message}");
    }

    async fn seats_never_fall_below_those_taken(backend) {
        use entity::role;
        use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};

        let app = TestApp::new(backend).await;
        let owner = app.sign_up("Ada", "en").await;
        let project = project(&owner).await;
        let role = open_role(&owner, &project, &json!({ "seats": 3 })).await;
        let connection = &app.app.store.connection;
        let mut taken = role::Entity::find().one(connection).await.unwrap().unwrap().into_active_model();
        taken.filled = Set(2);
        taken.update(connection).await.unwrap();
        let document = mutation("setRoleSeats", ROLE);
        let seats = |seats: i32, version: i64| json!({ "input": { "roleId": role["id"], "expectedVersion": version, "seats": seats } });
        let version = role["version"].as_i64().unwrap();
        assert_eq!(owner.user_errors(&document, seats(1, version)).await, ["OUT_OF_RANGE seats"]);
        assert_eq!(owner.user_errors(&document, seats(101, version)).await, ["OUT_OF_RANGE seats"]);
        let full = owner.mutate(&document, seats(2, version)).await;
        assert_eq!(full["role"]["state"], "FILLED");
        let more = owner.mutate(&document, seats(100, version + 1)).await;
        assert_eq!(more["role"]["state"], "OPEN");
        let stranger = app.sign_up("Eve", "en").await;
        assert_eq!(stranger.error_code(&document, seats(5, 1)).await, "NOT_FOUND");
    }
}
