//! The calendars of a placement in the mails that its two sides get, from the introduction to its end.

use chrono::TimeDelta;
use entity::id::PlacementId;
use entity::pairing::PairingState;
use entity::placement;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use tests::app::{PASSWORD, TestApp};
use tests::client::Client;
use tests::mail::Mail;
use tests::on_both_databases;

use super::{Event, Given, PROPERTIES, read};
use crate::pairings::scene::{Scene, act, global, marketplace};

const EMAILS: [&str; 2] = ["vera@example.org", "omar@example.org"];

/// Vera is placed, and both sides have read so.
async fn placed(app: &TestApp) -> (Scene<'_>, Client, PlacementId) {
    let scene = Scene::new(app, 1).await;
    let (vera, volunteer) = scene.sign_up_volunteer("Vera", "fr").await;
    let pairing = scene
        .offered(&scene.role, volunteer, PairingState::OrganizationAccepted)
        .await;
    app.run_jobs().await;
    app.mailbox().take();
    act(&vera, "acceptPairing", json!({ "id": global(pairing.id) })).await;
    let placement = placement::Entity::find()
        .one(&app.app.store.connection)
        .await
        .unwrap()
        .unwrap();
    (scene, vera, placement.id)
}

async fn update_role(scene: &Scene<'_>, mut input: Value) {
    input["roleId"] = json!(api::graphql::id::encode(&scene.role.id).to_string());
    input["expectedVersion"] = json!(scene.role_now().await.version);
    let document = "mutation($input: UpdateRoleInput!) { updateRole(input: $input) { userErrors { code message field } } }";
    scene.omar.mutate(document, json!({ "input": input })).await;
}

async fn change(client: &Client, mutation: &str, placement: PlacementId) {
    let mut input = json!({ "id": api::graphql::id::encode(&placement).to_string() });
    if mutation == "endPlacement" {
        input["reason"] = json!("ORGANIZATION_ENDED");
    }
    act(client, mutation, input).await;
}

/// The one mail that a reader has got since the last look.
async fn told(app: &TestApp) -> [Mail; 2] {
    app.run_jobs().await;
    let mails = app.mails();
    app.mailbox().take();
    EMAILS.map(|email| {
        let to_reader: Vec<_> = mails.iter().filter(|mail| mail.to == email).collect();
        let subjects: Vec<_> = to_reader.iter().map(|mail| &mail.subject).collect();
        assert_eq!(to_reader.len(), 1, "{email}: {subjects:?}");
        to_reader[0].clone()
    })
}

/// What both programs read in the calendars of a mail: method, number, sequence, status and the starts after a moment.
async fn calendars(mail: &Mail, placement: PlacementId, after: &str) -> Vec<(String, Event)> {
    let given = mail.calendars.iter().map(|(_, text)| Given {
        text: text.clone(),
        after: after.to_owned(),
    });
    let mut found = Vec::new();
    for (object, (method, _)) in read(given.collect()).await.into_iter().zip(&mail.calendars) {
        assert_eq!(
            object.method, *method,
            "the part and what is in it say the same"
        );
        for event in object.events {
            assert!(
                event.uid.starts_with(&format!("placement-{placement}-")),
                "{}",
                event.uid
            );
            assert_eq!(event.properties, PROPERTIES);
            assert_eq!(
                event.url, "http://marketplace.test",
                "no link that logs anybody in"
            );
            assert!(
                !event.description.contains("token"),
                "{}",
                event.description
            );
            found.push((object.method.clone(), event));
        }
    }
    found
}

fn number(event: &Event) -> &str {
    let (left, _) = event.uid.split_once('@').unwrap();
    left.rsplit('-').next().unwrap()
}

fn gist(calendars: &[(String, Event)]) -> Vec<(&str, &str, u32, &str)> {
    calendars
        .iter()
        .map(|(method, event)| {
            (
                method.as_str(),
                number(event),
                event.sequence,
                event.status.as_str(),
            )
        })
        .collect()
}

on_both_databases! {
    async fn both_sides_have_the_same_meetings_until_the_placement_ends(backend) {
        let app = marketplace(backend).await;
        let (scene, _, placement) = placed(&app).await;
        let spring = "2027-03-01T00:00:00Z";

        let first = told(&app).await;
        let mut uids = Vec::new();
        for (mail, language) in first.iter().zip(["Rencontre\u{a0}: Cartographe, ", "Meeting: Cartographer, "]) {
            let found = calendars(mail, placement, spring).await;
            assert_eq!(gist(&found), [("PUBLISH", "1", 0, "CONFIRMED")]);
            let (_, event) = &found[0];
            assert!(event.summary.starts_with(language), "{}", event.summary);
            assert_eq!(event.starts[..3], ["2027-03-02T23:00:00Z", "2027-03-09T23:00:00Z", "2027-03-16T22:00:00Z"]);
            uids.push(event.uid.clone());
        }
        assert_eq!(uids[0], uids[1], "the two sides speak of the same meeting");

        app.advance(TimeDelta::minutes(5));
        update_role(&scene, json!({
            "zone": "America/St_Johns", "startsOn": "2027-01-04", "endsOn": "2027-06-30",
            "windows": [
                { "weekday": "MONDAY", "start": "09:00", "end": "10:00" },
                { "weekday": "THURSDAY", "start": "09:00", "end": "10:00" },
                { "weekday": "FRIDAY", "start": "12:30", "end": "14:00" },
            ],
        })).await;
        for (mail, subject) in told(&app).await.iter().zip(["Les rencontres ont changé", "The meetings have changed"]) {
            assert!(mail.subject.starts_with(subject), "{}", mail.subject);
            assert!(!mail.text.contains("@example.org"), "no contact data:\n{}", mail.text);
            let found = calendars(mail, placement, spring).await;
            assert_eq!(gist(&found), [("PUBLISH", "1", 1, "CONFIRMED"), ("PUBLISH", "2", 1, "CONFIRMED")]);
            assert_eq!(found[0].1.uid, uids[0], "it replaces the first");
            assert_eq!(found[0].1.starts[..5], [
                "2027-03-01T12:30:00Z", "2027-03-04T12:30:00Z", "2027-03-08T12:30:00Z", "2027-03-11T12:30:00Z", "2027-03-15T11:30:00Z",
            ]);
            assert_eq!(found[1].1.starts[..2], ["2027-03-05T16:00:00Z", "2027-03-12T16:00:00Z"]);
            // St. John's ends its day at half past two in UTC, in summer.
            assert_eq!(found[0].1.until.as_deref(), Some("2027-07-01T02:29:59Z"));
        }
        let row = placement::Entity::find_by_id(placement).one(&app.app.store.connection).await.unwrap().unwrap();
        let days = [row.starts_on, row.ends_on].map(|day| day.unwrap().to_string());
        assert_eq!(days, ["2027-01-04", "2027-06-30"]);

        update_role(&scene, json!({ "windows": [{ "weekday": "FRIDAY", "start": "12:30", "end": "14:00" }] })).await;
        for mail in told(&app).await {
            let found = calendars(&mail, placement, spring).await;
            assert_eq!(gist(&found), [("PUBLISH", "1", 2, "CONFIRMED"), ("CANCEL", "2", 2, "CANCELLED")]);
        }

        change(&scene.omar, "startPlacement", placement).await;
        app.run_jobs().await;
        assert!(app.mails().is_empty(), "that the work begins changes no meeting");
        change(&scene.omar, "endPlacement", placement).await;
        for (mail, subject) in told(&app).await.iter().zip(["Le placement est terminé", "The placement is over"]) {
            assert!(mail.subject.starts_with(subject), "{}", mail.subject);
            let found = calendars(mail, placement, spring).await;
            assert_eq!(gist(&found), [("CANCEL", "1", 3, "CANCELLED")]);
            assert_eq!(found[0].1.uid, uids[0]);
        }
        update_role(&scene, json!({ "windows": [], "minimumOverlapMinutes": 0 })).await;
        app.run_jobs().await;
        assert!(app.mails().is_empty(), "it is over for both");
        assert_eq!(app.dead_jobs().await, 0);
    }

    async fn a_role_that_stops_meeting_takes_its_meetings_out(backend) {
        let app = marketplace(backend).await;
        let (scene, _, placement) = placed(&app).await;
        told(&app).await;
        update_role(&scene, json!({ "windows": [], "minimumOverlapMinutes": 0 })).await;
        for mail in told(&app).await {
            let found = calendars(&mail, placement, "2026-01-01T00:00:00Z").await;
            assert_eq!(gist(&found), [("CANCEL", "1", 1, "CANCELLED")]);
        }
        // And begins again, by the same name.
        update_role(&scene, json!({ "windows": [{ "weekday": "FRIDAY", "start": "12:30", "end": "14:00" }] })).await;
        for mail in told(&app).await {
            let found = calendars(&mail, placement, "2026-01-01T00:00:00Z").await;
            assert_eq!(gist(&found), [("PUBLISH", "1", 2, "CONFIRMED")]);
        }
    }

    async fn other_words_and_hours_change_no_meeting(backend) {
        let app = marketplace(backend).await;
        let (scene, _, placement) = placed(&app).await;
        told(&app).await;
        update_role(&scene, json!({ "title": { "en": "Mapper" }, "hoursPerWeek": 5 })).await;
        app.run_jobs().await;
        assert!(app.mails().is_empty());
        let row = placement::Entity::find_by_id(placement).one(&app.app.store.connection).await.unwrap().unwrap();
        assert_eq!((row.hours_per_week, row.calendar_sequence), (3, 0), "hours are as agreed");
    }

    async fn work_that_is_done_leaves_no_meeting_ahead(backend) {
        for (ends_on, cancelled) in [(None, true), (Some("2026-12-31"), false)] {
            let app = marketplace(backend).await;
            let (scene, _, placement) = placed(&app).await;
            if let Some(day) = ends_on {
                update_role(&scene, json!({ "endsOn": day })).await;
            }
            change(&scene.omar, "startPlacement", placement).await;
            app.run_jobs().await;
            app.mailbox().take();
            app.advance(TimeDelta::days(60));
            let coordinator = app.coordinator().await;
            app.run_jobs().await;
            app.mailbox().take();
            change(&coordinator, "completePlacement", placement).await;
            for (mail, thanks) in told(&app).await.iter().zip(["Merci!", "Thank you!"]) {
                assert!(mail.text.contains(thanks), "{}", mail.text);
                let found = calendars(mail, placement, "2026-01-01T00:00:00Z").await;
                assert_eq!(found.iter().any(|(method, _)| method == "CANCEL"), cancelled);
                assert_eq!(found.len(), usize::from(cancelled), "what was held stays in the calendar");
            }
        }
    }

    async fn a_volunteer_who_leaves_takes_the_meetings_out_of_the_organizations_calendar(backend) {
        let app = marketplace(backend).await;
        let (_, vera, placement) = placed(&app).await;
        told(&app).await;
        let document = "mutation($input: EraseMyAccountInput!) { eraseMyAccount(input: $input) { userErrors { code message field } } }";
        let input = json!({ "password": PASSWORD, "email": "vera@example.org" });
        vera.mutate(document, json!({ "input": input })).await;
        app.run_jobs().await;
        let [mail] = app.mail_to("omar@example.org").try_into().unwrap();
        assert!(mail.subject.starts_with("A volunteer has left"), "{}", mail.subject);
        let found = calendars(&mail, placement, "2026-01-01T00:00:00Z").await;
        assert_eq!(gist(&found), [("CANCEL", "1", 1, "CANCELLED")]);
    }
}
