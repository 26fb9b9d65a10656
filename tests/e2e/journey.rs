//! The main job from end to end, told once and walked in English and in French: a nonprofit posts a need, volunteers
//! sign up, a round proposes pairings with reasons, a coordinator approves, both sides get mail, both accept from the
//! mail, contact data appear.

mod page;
mod step;

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::on_both_databases;

use self::page::{get, post};
use self::step::{
    applied_pairing, approve, contact, dry_run, offers_to, pairings, profile, published_role,
    state, vetted_organization,
};

on_both_databases! {
    async fn a_need_becomes_an_accepted_pairing_in_english(backend) {
        walk(TestApp::new(backend).await, &ENGLISH).await;
    }

    async fn a_need_becomes_an_accepted_pairing_in_french(backend) {
        walk(TestApp::new(backend).await, &FRENCH).await;
    }
}

/// What people write and read on the way.
struct Words {
    language: &'static str,
    organization: &'static str,
    description: &'static str,
    project: &'static str,
    role: &'static str,
    /// What the volunteer types to find their skill.
    skill_search: &'static str,
    /// A reason that the round gives.
    reason: &'static str,
    /// Why the other volunteer got nothing.
    exclusion: &'static str,
    offer_subject: &'static str,
    offer_page: &'static str,
    accepted_page: &'static str,
    confirmation_subject: &'static str,
}

const ENGLISH: Words = Words {
    language: "en",
    organization: "Harbour Food Bank",
    description: "We share food with 400 households a week.",
    project: "A site that says what the shelves need",
    role: "Front-end developer",
    skill_search: "js",
    reason: "JavaScript",
    exclusion: "JavaScript",
    offer_subject: "Front-end developer",
    offer_page: "Accept",
    accepted_page: "You accepted",
    confirmation_subject: "Front-end developer",
};

const FRENCH: Words = Words {
    language: "fr",
    organization: "Banque alimentaire du Havre",
    description: "Nous partageons des vivres avec 400 ménages par semaine.",
    project: "Un site qui dit ce qui manque sur les tablettes",
    role: "Développement d’interface",
    skill_search: "js",
    reason: "JavaScript",
    exclusion: "JavaScript",
    offer_subject: "Développement d’interface",
    offer_page: "Accepter",
    accepted_page: "Vous avez accepté",
    confirmation_subject: "Développement d’interface",
};

async fn walk(app: TestApp, words: &Words) {
    let coordinator = app.coordinator().await;

    // A nonprofit is vetted and posts its need.
    let owner = app.sign_up("Odile", words.language).await;
    let organization = vetted_organization(&owner, &coordinator, words).await;
    let role = published_role(&owner, &coordinator, &organization, words).await;

    // Two volunteers sign up; only one of them has what the role must have.
    let vera = app.sign_up("Vera", words.language).await;
    let vera_id = profile(&vera, words.skill_search).await;
    let paul = app.sign_up("Paul", words.language).await;
    profile(&paul, "Photography").await;

    // A dry run proposes the one with reasons, says why not the other, and changes nothing.
    let round = dry_run(&coordinator, words).await;
    let proposed = &round["pairings"]["edges"][0]["node"];
    assert_eq!(
        (&proposed["roleId"], &proposed["volunteerId"]),
        (&json!(role), &json!(vera_id))
    );
    assert!(
        proposed["reasons"].to_string().contains(words.reason),
        "{proposed:#}"
    );
    assert!(
        round["report"]["unmatchedVolunteers"]
            .to_string()
            .contains(words.exclusion),
        "{round:#}"
    );
    assert_eq!(pairings(&coordinator).await, json!([]));

    // Applied and approved, it is held, and nobody else knows of it yet.
    let pairing = applied_pairing(&coordinator, &round["id"]).await;
    approve(&coordinator, &pairing).await;
    app.run_jobs().await;
    assert_eq!(offers_to(&app, "vera@example.org"), 0);
    assert_eq!(pairings(&vera).await, json!([]));

    // After the hold window both sides get the offer by mail.
    app.advance(TimeDelta::minutes(11));
    app.run_jobs().await;
    // Their access tokens have ended meanwhile.
    let vera = app.log_in("vera@example.org").await;
    let owner = app.log_in("odile@example.org").await;
    let to_volunteer = app.mail_to("vera@example.org").pop().unwrap();
    let to_organization = app.mail_to("odile@example.org").pop().unwrap();
    assert!(
        to_volunteer.subject.contains(words.offer_subject),
        "{}",
        to_volunteer.subject
    );
    assert!(
        to_organization.text.contains("Vera"),
        "{}",
        to_organization.text
    );
    for mail in [&to_volunteer, &to_organization] {
        assert_eq!(mail.header("Content-Language"), words.language);
        // First names only: contact data appear when both have accepted.
        assert!(!mail.text.contains("Testeur"), "{}", mail.text);
    }
    assert!(
        !to_organization.text.contains("vera@example.org"),
        "{}",
        to_organization.text
    );

    // Looking at the page changes nothing; answering does, for each side once.
    let page = get(&app, &to_volunteer.action("offer")).await;
    assert!(page.contains(words.offer_page), "{page}");
    assert!(
        page.contains(&format!("lang=\"{}-CA\"", words.language)),
        "{page}"
    );
    assert_eq!(state(&vera).await, "OFFERED");
    let answered = post(&app, "/a/offer", &to_volunteer.token(), "accept").await;
    assert!(answered.contains(words.accepted_page), "{answered}");
    assert_eq!(state(&vera).await, "VOLUNTEER_ACCEPTED");
    assert_eq!(contact(&owner).await, Value::Null);
    post(&app, "/a/offer", &to_organization.token(), "accept").await;
    assert_eq!(state(&vera).await, "CONFIRMED");

    // Both have each other's contact data, by mail with a calendar and over the API; the seat is taken.
    app.run_jobs().await;
    for (reader, other) in [
        ("vera@example.org", "odile@example.org"),
        ("odile@example.org", "vera@example.org"),
    ] {
        let mail = app.mail_to(reader).pop().unwrap();
        assert!(
            mail.subject.contains(words.confirmation_subject),
            "{}",
            mail.subject
        );
        assert!(mail.text.contains(other), "{}", mail.text);
        let calendar = mail.calendar();
        assert!(
            calendar.contains("BEGIN:VEVENT") && calendar.contains("TZID=America/Toronto"),
            "{calendar}"
        );
    }
    assert_eq!(contact(&owner).await, json!("vera@example.org"));
    let filled = owner
        .query(
            "query($id: ID!) { role(id: $id) { state filledSeats seats } }",
            json!({ "id": role }),
        )
        .await;
    assert_eq!(
        filled["role"],
        json!({ "state": "FILLED", "filledSeats": 1, "seats": 1 })
    );
    let placements = vera
        .query("{ placements { edges { node { state } } } }", json!({}))
        .await;
    assert_eq!(
        placements["placements"]["edges"][0]["node"]["state"],
        "PENDING_START"
    );
    assert_eq!(app.dead_jobs().await, 0);
}
