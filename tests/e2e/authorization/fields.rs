//! Every field of every object type: who is told what, directly and on the way through other objects.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::json;
use tests::client::Client;
use tests::on_both_databases;
use tests::socket::{Socket, listen};

use super::door::{Outcome, look};
use super::doors::{DOORS, Door, GATES, is_page};
use super::shape::Shape;
use super::table::{assert_printed, chapters, table};
use super::world::{ACTORS, Side, World};

/// Whose data they hold is a person.
const PERSONAL: [&str; 18] = [
    "Account",
    "CheckIn",
    "ConflictOfInterest",
    "Consent",
    "Contact",
    "MailTrouble",
    "MeetingConflict",
    "Membership",
    "PairingEvent",
    "ProfileView",
    "SecondFactor",
    "Session",
    "TimeOff",
    "VettingRecord",
    "Volunteer",
    "VolunteerContact",
    "VolunteerHint",
    "WorklistItem",
];

/// What is got by following alone: the table of subscriptions shows by whom.
const FOLLOWED: [&str; 2] = ["Subscription", "SuggestionsDifference"];

/// The actors who run the marketplace.
const STAFF: [&str; 2] = ["coordinator", "admin"];

/// The sides of a door, with the words for the heading.
fn sides<'a>(world: &'a World, door: &Door) -> Vec<(String, &'a Side)> {
    if door.has_sides() {
        let sides = world.sides().into_iter();
        sides
            .map(|(name, side)| (format!("{} ({name})", door.whose), side))
            .collect()
    } else {
        vec![(door.whose.to_owned(), &world.a)]
    }
}

/// A block for each door: a row for each field, a column for each actor.
async fn print_fields(
    world: &World,
    shape: &Shape,
) -> (BTreeMap<String, String>, BTreeSet<String>) {
    let heading: Vec<&str> = ["field"].into_iter().chain(ACTORS).collect();
    let mut blocks = BTreeMap::new();
    let mut untold = BTreeSet::new();
    for door in DOORS {
        let fields = &shape.types[door.kind];
        for (whose, side) in sides(world, door) {
            let mut columns = Vec::new();
            for (actor, client) in &world.actors {
                let seen = look(client, (door.path, door.kind), fields, side).await;
                let is_shut = GATES.contains(&door.kind) && !STAFF.contains(actor);
                let tells = seen.values().any(Outcome::tells);
                assert!(
                    !(is_shut && tells),
                    "{actor} sees something of {}: it is no gate",
                    door.kind
                );
                columns.push(seen);
            }
            let row = |name: &String| {
                let cells = columns.iter().map(|seen| seen[name].text()).collect();
                (name.clone(), cells)
            };
            let rows: Vec<_> = fields.iter().map(|field| row(&field.name)).collect();
            let untold_here = fields
                .iter()
                .filter(|field| !columns.iter().any(|seen| seen[&field.name].tells()));
            untold.extend(untold_here.map(|field| format!("{}.{}", door.kind, field.name)));
            let heading_of_block = format!("{}: {whose}", door.kind);
            let kept = blocks.insert(heading_of_block, table(&heading, &rows));
            assert!(kept.is_none(), "two doors are {}: {whose}", door.kind);
        }
    }
    // What one door does not tell another may.
    let told: BTreeSet<String> = told(&blocks);
    untold.retain(|field| !told.contains(field));
    (blocks, untold)
}

/// The fields that some block tells of.
fn told(blocks: &BTreeMap<String, String>) -> BTreeSet<String> {
    let mut told = BTreeSet::new();
    for (heading, block) in blocks {
        let (kind, _) = heading.split_once(':').unwrap();
        for line in block.lines().skip(1) {
            let mut cells = line.split_whitespace();
            let field = cells.next().unwrap();
            let is_told =
                |cell: &str| cell == "value" || cell == "[]" || cell.parse::<u32>().is_ok();
            if cells.any(is_told) {
                told.insert(format!("{kind}.{field}"));
            }
        }
    }
    told
}

/// For each way through one object to one about a person: who is told which fields.
async fn print_paths(world: &World, shape: &Shape) -> String {
    let mut text = String::new();
    for door in DOORS {
        for field in &shape.types[door.kind] {
            if !PERSONAL.contains(&field.of.as_str()) {
                continue;
            }
            for (whose, side) in sides(world, door) {
                let path = door.path.replace('%', &field.call(side, "%"));
                let mut heard: BTreeMap<String, Vec<&str>> = BTreeMap::new();
                for (actor, client) in &world.actors {
                    let seen =
                        look(client, (&path, &field.of), &shape.types[&field.of], side).await;
                    heard.entry(summary(&seen)).or_default().push(actor);
                }
                writeln!(text, "{}.{} → {}: {whose}", door.kind, field.name, field.of).unwrap();
                for (summary, actors) in heard {
                    writeln!(text, "    {}\n        {summary}", actors.join(", ")).unwrap();
                }
            }
        }
    }
    text
}

fn summary(seen: &BTreeMap<String, Outcome>) -> String {
    let told: Vec<&str> = seen
        .iter()
        .filter(|(_, it)| it.tells())
        .map(|(name, _)| name.as_str())
        .collect();
    let refused: BTreeSet<String> = seen
        .values()
        .filter(|outcome| matches!(outcome, Outcome::Refused(_)))
        .map(Outcome::text)
        .collect();
    match (told.is_empty(), refused.is_empty()) {
        (true, true) => "nothing".to_owned(),
        (true, false) => refused.into_iter().collect::<Vec<_>>().join(" "),
        (false, true) => told.join(" "),
        (false, false) => format!(
            "{}; otherwise {}",
            told.join(" "),
            refused.into_iter().collect::<Vec<_>>().join(" ")
        ),
    }
}

/// The code of the first answer over a socket, or `value`.
async fn first_answer(url: &str, client: &Client, query: &str) -> String {
    let mut socket = Socket::open(url, client).await;
    socket.subscribe(query, json!({})).await;
    let message = socket.hear().await;
    let errors = if message["type"] == "next" {
        &message["payload"]["errors"]
    } else {
        &message["payload"]
    };
    let code = errors[0]["extensions"]["code"].as_str();
    code.unwrap_or("value").to_owned()
}

async fn print_subscriptions(world: &World, shape: &Shape) -> String {
    let url = listen(&world.app).await;
    // Whose account is disabled gets no socket: `edge::socket` has that.
    let actors = &world.actors[..6];
    let heading: Vec<&str> = ["field"]
        .into_iter()
        .chain(actors.iter().map(|(name, _)| *name))
        .collect();
    let mut rows = Vec::new();
    for field in &shape.types["Subscription"] {
        for (name, side) in world.sides() {
            let query = format!("subscription {{ {} }}", field.call(side, "__typename"));
            let mut cells = Vec::new();
            for (_, client) in actors {
                cells.push(first_answer(&url, client, &query).await);
            }
            rows.push((format!("{} ({name})", field.name), cells));
        }
    }
    table(&heading, &rows)
}

on_both_databases! {
    async fn every_field_is_told_to_those_whom_it_concerns(backend) {
        let world = World::new(backend).await;
        let shape = Shape::ask(&world.actors[1].1).await;
        let roots = ["Query", "Subscription"];
        for kind in shape.reach(&roots, &GATES) {
            let is_listed = is_page(&kind) || FOLLOWED.contains(&kind.as_str()) || DOORS.iter().any(|door| door.kind == kind);
            assert!(
                is_listed,
                "{kind} is new: give it a door in authorization/doors.rs, a way by which those who may see one get to it, \
                 or add the type above it to GATES when only staff see that one. If it is about a person, add it to \
                 PERSONAL in authorization/fields.rs too."
            );
        }
        // What is told below a gate is told to staff alone; whoever is behind it must be behind another gate, or have a door.
        for kind in GATES.into_iter().filter(|kind| !FOLLOWED.contains(kind)) {
            assert!(DOORS.iter().any(|door| door.kind == kind), "the gate {kind} has a door");
        }
        let (blocks, untold) = print_fields(&world, &shape).await;
        assert_printed!("fields", chapters(&blocks));
        // A field that nobody is told in this world has shown nothing: it should be few.
        assert_printed!("fields_without_a_value", untold.into_iter().collect::<Vec<_>>().join("\n"));
        let subscriptions = print_subscriptions(&world, &shape).await;
        assert_printed!("subscriptions", subscriptions);
    }

    async fn node_and_nodes_tell_what_the_named_way_tells(backend) {
        let world = World::new(backend).await;
        let shape = Shape::ask(&world.actors[1].1).await;
        for (kind, thing, named) in [
            ("Account", "account", "volunteer(id: \"$volunteer\") { account { % } }"),
            ("Organization", "organization", "organization(id: \"$organization\") { % }"),
            ("Pairing", "pairing", "pairing(id: \"$pairing\") { % }"),
            ("Placement", "placement", "pairing(id: \"$pairing\") { placement { % } }"),
            ("Project", "draft", "project(id: \"$draft\") { % }"),
            ("Project", "project", "project(id: \"$project\") { % }"),
            ("Role", "role", "role(id: \"$role\") { % }"),
            ("Round", "round", "round(id: \"$round\") { % }"),
            ("Volunteer", "volunteer", "volunteer(id: \"$volunteer\") { % }"),
        ] {
            let ways = [
                format!("node(id: \"${thing}\") {{ ... on {kind} {{ % }} }}"),
                format!("nodes(ids: [\"${thing}\"]) {{ ... on {kind} {{ % }} }}"),
            ];
            for (actor, client) in &world.actors {
                for (name, side) in world.sides() {
                    let told = async |path: &str| {
                        let seen = look(client, (path, kind), &shape.types[kind], side).await;
                        let told = seen.into_iter().filter(|(_, outcome)| outcome.tells());
                        told.map(|(field, _)| field).collect::<BTreeSet<_>>()
                    };
                    let by_name = told(named).await;
                    for way in &ways {
                        assert_eq!(told(way).await, by_name, "{actor} by {way} of {name}");
                    }
                }
            }
        }
    }

    async fn who_gets_to_a_person_by_another_way_is_told_no_more(backend) {
        let world = World::new(backend).await;
        let shape = Shape::ask(&world.actors[1].1).await;
        let paths = print_paths(&world, &shape).await;
        assert_printed!("paths", paths);
    }
}
