//! What each party is told of the other, state by state of their pairing.

use entity::consent::ConsentPurpose;
use entity::id::PairingId;
use entity::pairing::{self, PairingOrigin, PairingState};
use sea_orm::{ActiveModelTrait, Set};
use serde_json::{Value, json};
use tests::client::Client;
use tests::on_both_databases;

use super::table::{assert_printed, table};
use super::world::World;

const LOOK: &str = "query($pairing: ID!, $volunteer: ID!) {
    pairing(id: $pairing) { id volunteerFirstName message contact { email } organizationContact { email } volunteer { id } }
    volunteer(id: $volunteer) { id about contact { email } account { email } } }";

/// What is told, with a letter each.
const LEGEND: &str = "P the pairing · N the volunteer's first name · M what they wrote · S the summary of their profile · F all of it
C the volunteer's address by the pairing, c by the profile · O the address of who accepted for the organization · - nothing";

/// Every state, with whether the pairing was offered by then.
const STATES: [(PairingState, bool); 17] = [
    (PairingState::Suggested, false),
    (PairingState::Interested, false),
    (PairingState::Invited, false),
    (PairingState::Approved, false),
    (PairingState::Held, false),
    (PairingState::Offered, true),
    (PairingState::VolunteerAccepted, true),
    (PairingState::OrganizationAccepted, true),
    (PairingState::Confirmed, true),
    (PairingState::Concluded, true),
    (PairingState::Rejected, false),
    (PairingState::Declined, true),
    (PairingState::Withdrawn, true),
    (PairingState::Withdrawn, false),
    (PairingState::Expired, true),
    (PairingState::Recalled, true),
    (PairingState::Superseded, true),
];

async fn letters(client: &Client, ids: &Value) -> String {
    let answer = client.graphql(LOOK, ids.clone()).await.body;
    if let Some(code) = answer["errors"][0]["extensions"]["code"].as_str() {
        return code.to_owned();
    }
    let (pairing, volunteer) = (&answer["data"]["pairing"], &answer["data"]["volunteer"]);
    assert_eq!(
        pairing["volunteer"].is_null(),
        pairing.is_null() || volunteer.is_null()
    );
    // Who is told all of a profile is told whose it is.
    assert_eq!(volunteer["about"].is_null(), volunteer["account"].is_null());
    let told = [
        ('P', &pairing["id"]),
        ('N', &pairing["volunteerFirstName"]),
        ('M', &pairing["message"]),
        ('S', &volunteer["id"]),
        ('F', &volunteer["about"]),
        ('C', &pairing["contact"]),
        ('c', &volunteer["contact"]),
        ('O', &pairing["organizationContact"]),
    ];
    let letters: String = told
        .into_iter()
        .filter(|(_, it)| !it.is_null())
        .map(|(letter, _)| letter)
        .collect();
    if letters.is_empty() {
        "-".to_owned()
    } else {
        letters
    }
}

async fn print(world: &World, origin: PairingOrigin) -> String {
    let db = &world.app.app.store.connection;
    let id: PairingId =
        api::graphql::id::decode(&world.a.id("pairing").to_owned().into(), "id").unwrap();
    let ids = json!({ "pairing": world.a.id("pairing"), "volunteer": world.a.id("volunteer") });
    let lookers: Vec<&(&str, Client)> = world.actors.iter().chain(&world.of_a).collect();
    let heading: Vec<&str> = ["state"]
        .into_iter()
        .chain(lookers.iter().map(|(name, _)| *name))
        .collect();
    let mut rows = Vec::new();
    for (state, was_offered) in STATES {
        pairing::ActiveModel {
            id: Set(id),
            origin: Set(origin),
            state: Set(state),
            offered_at: Set(was_offered.then(|| world.app.app.clock.now())),
            ..Default::default()
        }
        .update(db)
        .await
        .unwrap();
        let mut cells = Vec::new();
        for (_, client) in &lookers {
            cells.push(letters(client, &ids).await);
        }
        let offered = if was_offered { ", offered" } else { "" };
        rows.push((format!("{state}{offered}"), cells));
    }
    table(&heading, &rows)
}

on_both_databases! {
    async fn each_state_of_a_pairing_discloses_what_it_should(backend) {
        let world = World::new(backend).await;
        // The volunteer's other pairing with A is over and discloses nothing.
        let mut chapters = Vec::new();
        for (heading, origin) in [("the volunteer came forward", PairingOrigin::Volunteer), ("the matcher proposed it", PairingOrigin::Matcher)] {
            chapters.push(format!("## {heading}, and agrees to share\n{}", print(&world, origin).await));
        }
        let take_back = "mutation($purpose: ConsentPurpose!, $version: String!) {
            setConsent(input: { purpose: $purpose, isGranted: false, wordingVersion: $version }) { userErrors { code message field } } }";
        let (_, volunteer) = &world.actors[1];
        let version = volunteer.query("{ viewer { consentWordingVersion } }", json!({})).await;
        let input = json!({
            "purpose": ConsentPurpose::Sharing.as_str().to_uppercase(),
            "version": version["viewer"]["consentWordingVersion"],
        });
        volunteer.mutate(take_back, input).await;
        chapters.push(format!(
            "## the volunteer came forward, and took back the consent to share\n{}",
            print(&world, PairingOrigin::Volunteer).await
        ));
        assert_printed!("disclosure", format!("{LEGEND}\n\n{}", chapters.join("\n\n")));
    }
}
