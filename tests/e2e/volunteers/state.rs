//! Active, busy, paused, gone: and back.

use serde_json::json;
use tests::app::TestApp;
use tests::on_both_databases;

use super::{NONE, document, own, volunteer};

on_both_databases! {
    async fn a_volunteer_pauses_leaves_and_comes_back(backend) {
        let app = TestApp::new(backend).await;
        let nora = volunteer(&app, "Nora", "en").await;
        let set = document("setVolunteerState");
        for (input, expected) in [
            (json!({ "state": "BUSY" }), json!({ "state": "BUSY", "pausedUntil": null })),
            (json!({ "state": "PAUSED", "pauseMonths": 3 }), json!({ "state": "PAUSED", "pausedUntil": "2027-02-21" })),
            (json!({ "state": "PAUSED", "pausedUntil": "2026-11-22" }), json!({ "state": "PAUSED", "pausedUntil": "2026-11-22" })),
            (json!({ "state": "LEFT" }), json!({ "state": "LEFT", "pausedUntil": null })),
            (json!({ "state": "ACTIVE" }), json!({ "state": "ACTIVE", "pausedUntil": null })),
        ] {
            assert_eq!(nora.user_errors(&set, json!({ "input": input })).await, NONE, "{input}");
            assert_eq!(own(&nora, "state pausedUntil").await, expected);
        }
    }

    async fn a_pause_needs_one_end_in_range(backend) {
        let app = TestApp::new(backend).await;
        let nora = volunteer(&app, "Nora", "en").await;
        let set = document("setVolunteerState");
        for (input, error) in [
            (json!({ "state": "PAUSED" }), "REQUIRED pausedUntil"),
            (json!({ "state": "PAUSED", "pausedUntil": "2026-11-21" }), "OUT_OF_RANGE pausedUntil"),
            (json!({ "state": "PAUSED", "pausedUntil": "2028-11-22" }), "OUT_OF_RANGE pausedUntil"),
            (json!({ "state": "PAUSED", "pauseMonths": 2 }), "OUT_OF_RANGE pauseMonths"),
            (json!({ "state": "PAUSED", "pauseMonths": 1, "pausedUntil": "2026-12-01" }), "INVALID pauseMonths"),
            (json!({ "state": "BUSY", "pauseMonths": 1 }), "INVALID pauseMonths"),
        ] {
            assert_eq!(nora.user_errors(&set, json!({ "input": input })).await, [error], "{input}");
        }
        assert_eq!(own(&nora, "state version").await, json!({ "state": "ACTIVE", "version": 1 }));
    }

    async fn a_pause_that_is_over_is_no_hindrance(backend) {
        let app = TestApp::new(backend).await;
        let nora = volunteer(&app, "Nora", "en").await;
        let pause = json!({ "input": { "state": "PAUSED", "pausedUntil": "2026-11-22" } });
        assert_eq!(nora.user_errors(&document("setVolunteerState"), pause).await, NONE);
        assert_eq!(own(&nora, "hints { code }").await["hints"][0]["code"], "RESUME");
        // Past midnight in Toronto; the access token has not ended by more than the client can renew.
        app.advance(chrono::TimeDelta::hours(15));
        let nora = app.log_in("nora@example.org").await;
        assert_eq!(own(&nora, "hints { code }").await["hints"][0]["code"], "ADD_SKILLS");
    }
}
