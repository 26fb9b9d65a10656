//! Starting a profile, changing it, and what to add next.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::on_both_databases;

use super::{NONE, document, errors, own, volunteer};

on_both_databases! {
    async fn a_profile_begins_empty_and_says_so(backend) {
        let app = TestApp::new(backend).await;
        let amelie = volunteer(&app, "Amelie", "fr").await;
        let profile = own(&amelie, "disclosure completeness zone maxPlacements state hoursPerWeek acceptsRemote version hints { code message share }").await;
        assert_eq!(profile["disclosure"], "FULL");
        assert_eq!(profile["completeness"], 0.0);
        assert_eq!(profile["zone"], "America/Toronto");
        assert_eq!(profile["hoursPerWeek"], Value::Null);
        assert_eq!(profile["acceptsRemote"], Value::Null);
        assert_eq!(profile["version"], 1);
        assert_eq!(profile["hints"][0]["code"], "ADD_SKILLS");
        assert_eq!(profile["hints"][0]["share"], 0.3);
        assert!(profile["hints"][0]["message"].as_str().unwrap().starts_with("Ajoutez au moins trois compétences"));
        let english = own(&amelie.with_language("en"), "hints { message }").await;
        // The account's own language comes before the request's.
        assert_eq!(english["hints"][0]["message"], profile["hints"][0]["message"]);
    }

    async fn a_second_profile_and_changes_without_one_are_refused(backend) {
        let app = TestApp::new(backend).await;
        let start = "mutation { startVolunteerProfile { userErrors { code message field } } }";
        assert_eq!(app.client().error_code(start, json!({})).await, "UNAUTHENTICATED");
        let nora = app.sign_up("Nora", "en").await;
        let input = json!({ "input": { "expectedVersion": 1, "skills": [] } });
        assert_eq!(nora.user_errors(&document("setVolunteerSkills"), input.clone()).await, ["WRONG_STATE"]);
        assert_eq!(app.client().error_code(&document("setVolunteerSkills"), input).await, "UNAUTHENTICATED");
        assert_eq!(nora.user_errors(start, json!({})).await, NONE);
        assert_eq!(nora.user_errors(start, json!({})).await, ["ALREADY_EXISTS"]);
    }

    async fn limits_hold_on_both_sides_and_a_refusal_changes_nothing(backend) {
        let app = TestApp::new(backend).await;
        let nora = volunteer(&app, "Nora", "en").await;
        let refused = [
            (json!({ "hoursPerWeek": 0 }), "OUT_OF_RANGE hoursPerWeek"),
            (json!({ "hoursPerWeek": 169 }), "OUT_OF_RANGE hoursPerWeek"),
            (json!({ "maxPlacements": 0 }), "OUT_OF_RANGE maxPlacements"),
            (json!({ "maxPlacements": 11 }), "OUT_OF_RANGE maxPlacements"),
            (json!({ "radiusKm": -1 }), "OUT_OF_RANGE radiusKm"),
            (json!({ "radiusKm": 20_001 }), "OUT_OF_RANGE radiusKm"),
            (json!({ "latitude": 90.1, "longitude": 0.0 }), "OUT_OF_RANGE latitude"),
            (json!({ "latitude": 45.5 }), "REQUIRED longitude"),
            (json!({ "longitude": -73.5 }), "REQUIRED latitude"),
            (json!({ "zone": "America/Toront" }), "UNKNOWN zone"),
            (json!({ "about": "Hello" }), "REQUIRED aboutLanguage"),
            (json!({ "about": "é".repeat(2001), "aboutLanguage": "FR" }), "TOO_LONG about"),
            (json!({ "roleFamilyId": "role_family_alchemy" }), "UNKNOWN roleFamilyId"),
            (json!({ "roleFamilyId": "skill_python" }), "INVALID roleFamilyId"),
        ];
        for (input, error) in refused {
            assert_eq!(errors(&nora, "updateVolunteer", input.clone()).await, [error], "{input}");
        }
        assert_eq!(own(&nora, "version").await["version"], 1);
        let accepted = [
            json!({ "hoursPerWeek": 1 }),
            json!({ "hoursPerWeek": 168 }),
            json!({ "maxPlacements": 1 }),
            json!({ "maxPlacements": 10 }),
            json!({ "radiusKm": 0 }),
            json!({ "radiusKm": 20_000 }),
            json!({ "latitude": 90.0, "longitude": -180.0 }),
            json!({ "about": "é".repeat(2000), "aboutLanguage": "FR" }),
            json!({ "roleFamilyId": "role_family_ux-design" }),
            json!({ "hoursPerWeek": null, "latitude": null, "longitude": null, "about": null }),
        ];
        for input in accepted {
            assert_eq!(errors(&nora, "updateVolunteer", input.clone()).await, NONE, "{input}");
        }
        let profile = own(&nora, "version hoursPerWeek about aboutLanguage latitude radiusKm roleFamily { label }").await;
        assert_eq!(
            profile,
            json!({
                "version": 11, "hoursPerWeek": null, "about": null, "aboutLanguage": null, "latitude": null,
                "radiusKm": 20_000, "roleFamily": { "label": "UX, interface and accessible design" },
            })
        );
    }

    async fn several_broken_rules_are_told_at_once(backend) {
        let app = TestApp::new(backend).await;
        let nora = volunteer(&app, "Nora", "fr").await;
        let mut found = errors(&nora, "updateVolunteer", json!({ "hoursPerWeek": 169, "maxPlacements": 0, "zone": "Mars" })).await;
        found.sort();
        assert_eq!(found, ["OUT_OF_RANGE hoursPerWeek", "OUT_OF_RANGE maxPlacements", "UNKNOWN zone"]);
    }

    async fn a_stale_version_is_refused_by_every_replacement(backend) {
        let app = TestApp::new(backend).await;
        let nora = volunteer(&app, "Nora", "en").await;
        assert_eq!(errors(&nora, "updateVolunteer", json!({ "hoursPerWeek": 5 })).await, NONE);
        let stale = [
            ("updateVolunteer", json!({ "hoursPerWeek": 6 })),
            ("setVolunteerSkills", json!({ "skills": [] })),
            ("setVolunteerWindows", json!({ "windows": [] })),
            ("setVolunteerLanguages", json!({ "languages": [] })),
            ("setVolunteerCauses", json!({ "causeIds": [] })),
            ("setVolunteerConflicts", json!({ "conflicts": [] })),
        ];
        for (mutation, mut input) in stale {
            input["expectedVersion"] = json!(1);
            assert_eq!(
                nora.user_errors(&document(mutation), json!({ "input": input })).await,
                ["STALE expectedVersion"],
                "{mutation}"
            );
        }
        assert_eq!(own(&nora, "hoursPerWeek").await["hoursPerWeek"], 5);
    }

    async fn a_complete_profile_is_whole(backend) {
        let app = TestApp::new(backend).await;
        let nora = volunteer(&app, "Nora", "en").await;
        for (mutation, input) in [
            ("updateVolunteer", json!({
                "hoursPerWeek": 5, "acceptsRemote": true, "roleFamilyId": "role_family_front-end", "radiusKm": 0,
                "about": "I build things.", "aboutLanguage": "EN",
            })),
            ("setVolunteerSkills", json!({ "skills": [
                { "name": "JS", "level": 4 }, { "name": "CSS", "level": 3 }, { "name": "html", "level": 5 },
            ] })),
            ("setVolunteerWindows", json!({ "windows": [{ "weekday": "TUESDAY", "start": "18:00", "end": "21:00" }] })),
            ("setVolunteerLanguages", json!({ "languages": ["en", "fr"] })),
            ("setVolunteerCauses", json!({ "causeIds": ["cause_housing"] })),
        ] {
            assert_eq!(errors(&nora, mutation, input).await, NONE, "{mutation}");
        }
        let profile = own(&nora, "completeness hints { code }").await;
        assert_eq!(profile, json!({ "completeness": 1.0, "hints": [] }));
    }
}
