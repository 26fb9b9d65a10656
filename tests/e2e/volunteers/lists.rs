//! The lists of a profile: each is replaced as a whole, and a refused one leaves the old one standing.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::on_both_databases;
use uuid::Uuid;

use super::{NONE, document, errors, own, volunteer};

on_both_databases! {
    async fn skills_are_given_by_id_or_by_name_in_either_language(backend) {
        let app = TestApp::new(backend).await;
        let amelie = volunteer(&app, "Amelie", "fr").await;
        let skills = json!({ "skills": [
            { "skillId": "skill_python", "level": 1, "years": 0 },
            { "name": "accessibilité", "level": 5, "years": 60 },
            { "name": "JS", "wantsToLearn": true },
        ] });
        assert_eq!(errors(&amelie, "setVolunteerSkills", skills).await, NONE);
        assert_eq!(
            own(&amelie, "skills { level years wantsToLearn skill { label } }").await["skills"],
            json!([
                { "level": 5, "years": 60, "wantsToLearn": false, "skill": { "label": "Accessibilité numérique" } },
                { "level": 1, "years": 0, "wantsToLearn": false, "skill": { "label": "Python" } },
                { "level": null, "years": null, "wantsToLearn": true, "skill": { "label": "JavaScript" } },
            ])
        );
        assert_eq!(errors(&amelie, "setVolunteerSkills", json!({ "skills": [] })).await, NONE);
        assert_eq!(own(&amelie, "skills { level }").await["skills"], json!([]));
    }

    async fn a_refused_list_of_skills_names_each_fault_and_the_old_one_stands(backend) {
        let app = TestApp::new(backend).await;
        let nora = volunteer(&app, "Nora", "en").await;
        assert_eq!(errors(&nora, "setVolunteerSkills", json!({ "skills": [{ "name": "Python", "level": 3 }] })).await, NONE);
        let before = own(&nora, "version skills { level skill { id } }").await;
        let refused = [
            (json!([{ "name": "Python", "level": 0 }]), "OUT_OF_RANGE skills.0.level"),
            (json!([{ "name": "Python", "level": 6 }]), "OUT_OF_RANGE skills.0.level"),
            (json!([{ "name": "Python", "level": 3, "years": -1 }]), "OUT_OF_RANGE skills.0.years"),
            (json!([{ "name": "Python", "level": 3, "years": 61 }]), "OUT_OF_RANGE skills.0.years"),
            (json!([{ "name": "Python" }]), "REQUIRED skills.0.level"),
            (json!([{ "name": "Pyhton", "level": 3 }]), "UNKNOWN skills.0.name"),
            (json!([{ "name": "design", "level": 3 }]), "AMBIGUOUS skills.0.name"),
            (json!([{ "skillId": "skill_alchemy", "level": 3 }]), "UNKNOWN skills.0.skillId"),
            (json!([{ "skillId": "cause_housing", "level": 3 }]), "INVALID skills.0.skillId"),
            (json!([{ "level": 3 }]), "REQUIRED skills.0"),
            (json!([{ "name": "JS", "skillId": "skill_python", "level": 3 }]), "REQUIRED skills.0"),
            (json!([{ "name": "JS", "level": 3 }, { "skillId": "skill_javascript", "level": 2 }]), "DUPLICATE skills.1"),
            (json!(vec![json!({ "name": "JS", "level": 3 }); 41]), "TOO_LONG skills"),
        ];
        for (skills, error) in refused {
            assert_eq!(errors(&nora, "setVolunteerSkills", json!({ "skills": skills })).await, [error], "{skills}");
        }
        assert_eq!(own(&nora, "version skills { level skill { id } }").await, before);
    }

    async fn an_unknown_or_ambiguous_skill_is_answered_with_the_ones_that_may_be_meant(backend) {
        let app = TestApp::new(backend).await;
        let amelie = volunteer(&app, "Amelie", "fr").await;
        let input = json!({ "input": { "expectedVersion": 1, "skills": [
            { "name": "Pyhton", "level": 3 }, { "name": "design", "level": 3 },
        ] } });
        let payload = amelie.try_mutate(&document("setVolunteerSkills"), input).await;
        let message = |index: usize| payload["userErrors"][index]["message"].as_str().unwrap().to_owned();
        assert!(message(0).contains("Vouliez-vous dire Python"), "{}", message(0));
        assert!(message(1).contains("peut désigner plusieurs compétences"), "{}", message(1));
    }

    async fn windows_are_checked_at_their_limits_and_kept_in_order(backend) {
        let app = TestApp::new(backend).await;
        let nora = volunteer(&app, "Nora", "en").await;
        let many = |count: u32| -> Vec<Value> {
            let time = |minutes: u32| format!("{:02}:{:02}", minutes / 60, minutes % 60);
            let window = |number: u32| {
                let start = number * 20;
                json!({ "weekday": "FRIDAY", "start": time(start), "end": time(start + 10) })
            };
            (0..count).map(window).collect()
        };
        let fifty = json!({ "zone": "America/Vancouver", "windows": many(50) });
        assert_eq!(errors(&nora, "setVolunteerWindows", fifty).await, NONE);
        let one_more = json!({ "windows": many(51) });
        assert_eq!(errors(&nora, "setVolunteerWindows", one_more).await, ["TOO_LONG windows"]);
        let windows = json!({ "zone": "America/Vancouver", "windows": [
            { "weekday": "SUNDAY", "start": "00:00", "end": "24:00" },
            { "weekday": "MONDAY", "start": "23:59", "end": "24:00" },
            { "weekday": "MONDAY", "start": "18:00", "end": "20:30" },
        ] });
        assert_eq!(errors(&nora, "setVolunteerWindows", windows).await, NONE);
        let before = own(&nora, "version zone windows { weekday start end }").await;
        assert_eq!(before["zone"], "America/Vancouver");
        assert_eq!(
            before["windows"],
            json!([
                { "weekday": "MONDAY", "start": "18:00", "end": "20:30" },
                { "weekday": "MONDAY", "start": "23:59", "end": "24:00" },
                { "weekday": "SUNDAY", "start": "00:00", "end": "24:00" },
            ])
        );
        for (start, end, error) in [
            ("20:00", "18:00", "OUT_OF_RANGE windows.0.end"),
            ("22:00", "01:00", "OUT_OF_RANGE windows.0.end"),
            ("18:00", "18:00", "OUT_OF_RANGE windows.0.end"),
            ("24:00", "24:00", "INVALID windows.0.start"),
            ("18:00", "24:01", "INVALID windows.0.end"),
            ("6 pm", "20:00", "INVALID windows.0.start"),
        ] {
            let input = json!({ "windows": [{ "weekday": "FRIDAY", "start": start, "end": end }] });
            assert_eq!(errors(&nora, "setVolunteerWindows", input).await, [error], "{start}–{end}");
        }
        let overlapping = json!({ "windows": [
            { "weekday": "FRIDAY", "start": "18:00", "end": "20:00" },
            { "weekday": "FRIDAY", "start": "19:59", "end": "21:00" },
        ] });
        assert_eq!(errors(&nora, "setVolunteerWindows", overlapping).await, ["DUPLICATE windows.1"]);
        assert_eq!(errors(&nora, "setVolunteerWindows", json!({ "zone": "Nowhere", "windows": [] })).await, ["UNKNOWN zone"]);
        assert_eq!(own(&nora, "version zone windows { weekday start end }").await, before);
    }

    async fn time_off_is_added_and_taken_back(backend) {
        let app = TestApp::new(backend).await;
        let nora = volunteer(&app, "Nora", "en").await;
        let add = document("addTimeOff");
        let days = |starts: &str, ends: &str| json!({ "input": { "startsOn": starts, "endsOn": ends } });
        // It is 2026-11-21.
        assert_eq!(nora.user_errors(&add, days("2026-12-24", "2026-12-23")).await, ["INVALID endsOn"]);
        assert_eq!(nora.user_errors(&add, days("2026-11-01", "2026-11-20")).await, ["OUT_OF_RANGE endsOn"]);
        assert_eq!(nora.user_errors(&add, days("2026-11-01", "2026-11-21")).await, NONE);
        assert_eq!(nora.user_errors(&add, days("2026-12-24", "2026-12-24")).await, NONE);
        assert_eq!(nora.user_errors(&add, days("2026-12-24", "2026-12-24")).await, ["DUPLICATE startsOn"]);
        let times = own(&nora, "timesOff { id startsOn endsOn }").await["timesOff"].clone();
        assert_eq!(times.as_array().unwrap().len(), 2);

        let other = volunteer(&app, "Omar", "en").await;
        let remove = document("removeTimeOff");
        let first = json!({ "input": { "timeOffId": times[0]["id"] } });
        assert_eq!(other.error_code(&remove, first.clone()).await, "NOT_FOUND");
        assert_eq!(nora.user_errors(&remove, first.clone()).await, NONE);
        assert_eq!(nora.error_code(&remove, first).await, "NOT_FOUND");
        assert_eq!(own(&nora, "timesOff { startsOn }").await["timesOff"], json!([{ "startsOn": "2026-12-24" }]));
    }

    async fn languages_and_causes_are_known_ones_and_none_twice(backend) {
        let app = TestApp::new(backend).await;
        let nora = volunteer(&app, "Nora", "en").await;
        assert_eq!(errors(&nora, "setVolunteerLanguages", json!({ "languages": ["fr", "cr"] })).await, NONE);
        assert_eq!(
            errors(&nora, "setVolunteerLanguages", json!({ "languages": ["xx", "EN", "en", "en"] })).await,
            ["UNKNOWN languages.0", "UNKNOWN languages.1", "DUPLICATE languages.3"]
        );
        assert_eq!(errors(&nora, "setVolunteerCauses", json!({ "causeIds": ["cause_housing"] })).await, NONE);
        assert_eq!(
            errors(&nora, "setVolunteerCauses", json!({ "causeIds": ["cause_alchemy", "cause_transit", "cause_transit"] })).await,
            ["UNKNOWN causeIds.0", "DUPLICATE causeIds.2"]
        );
        assert_eq!(
            own(&nora, "languages causes { id }").await,
            json!({ "languages": ["cr", "fr"], "causes": [{ "id": "cause_housing" }] })
        );
    }

    async fn a_conflict_names_a_known_organization(backend) {
        let app = TestApp::new(backend).await;
        let nora = volunteer(&app, "Nora", "en").await;
        let unknown = entity::id::OrganizationId::new(Uuid::from_u128(9));
        let id = api::graphql::id::encode(&unknown);
        let conflicts = json!({ "conflicts": [{ "organizationId": id.as_str(), "kind": "OTHER", "note": " " }] });
        assert_eq!(
            errors(&nora, "setVolunteerConflicts", conflicts).await,
            ["UNKNOWN conflicts.0.organizationId", "REQUIRED conflicts.0.note"]
        );
        assert_eq!(own(&nora, "conflicts { id }").await["conflicts"], Value::Array(Vec::new()));
    }

    async fn conflicts_are_twenty_at_most_with_notes_of_five_hundred_characters(backend) {
        let app = TestApp::new(backend).await;
        let nora = volunteer(&app, "Nora", "en").await;
        let organization = api::graphql::id::encode(&entity::id::OrganizationId::new(Uuid::from_u128(9)));
        for (count, length, told) in [
            (20, 500, vec![]),
            (21, 500, vec!["TOO_LONG conflicts"]),
            (1, 501, vec!["TOO_LONG conflicts.0.note"]),
        ] {
            let item = json!({ "organizationId": organization.as_str(), "kind": "OTHER", "note": "é".repeat(length) });
            let mut found = errors(&nora, "setVolunteerConflicts", json!({ "conflicts": vec![item; count] })).await;
            found.retain(|error| error.starts_with("TOO_LONG"));
            assert_eq!(found, told, "{count} of {length}");
        }
    }
}
