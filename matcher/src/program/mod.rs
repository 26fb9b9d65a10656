//! From arguments to exit code.

mod arguments;
mod cell;
mod digest;
mod fault;
mod json_lines;
mod learn;
mod outcome;
mod output;
mod progress;
mod record;
mod relation;
mod role;
mod table;
mod volunteer;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser as _;
use matcher::engine::{RoundOptions, round_with_progress, top_for_each_role_with_progress};
use matcher::model::{Snapshot, SnapshotFacts, Taxonomy, Weights};

use arguments::{Arguments, Command, Files, Suggest};
use fault::{Fault, Faults};
use output::{Line, Outcome};

/// How the program ends badly.
enum Failure {
    /// The input has errors: exit code 3.
    Input(Faults),
    /// The arguments are wrong: exit code 2, as for those that the command line itself refuses.
    Arguments(String),
    /// A file could not be written, or mail not be sent: exit code 1.
    Other(String),
}

/// Runs the program. Exit codes are part of its contract; see `--help`.
pub(crate) fn main() -> ExitCode {
    let command = Arguments::parse().command;
    let locale = command.locale();
    let done = match &command {
        Command::Suggest(arguments) => suggest(arguments),
        Command::Calibrate(arguments) => learn::calibrate(arguments),
        Command::Replay(arguments) => learn::replay(arguments),
    };
    let (message, code) = match done {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Failure::Input(faults)) => (faults.words(locale), 3),
        Err(Failure::Arguments(message)) => (message, 2),
        Err(Failure::Other(message)) => (message, 1),
    };
    // With no standard error left there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{}", message.trim_end());
    ExitCode::from(code)
}

fn suggest(arguments: &Suggest) -> Result<(), Failure> {
    let mail = arguments.mail().map_err(Failure::Arguments)?;
    let mut faults = Faults::default();
    let read = read_files(&arguments.files, &mut faults);
    let Some((snapshot, weights, names)) = read else {
        return Err(Failure::Input(faults));
    };
    let locale = arguments.lang.locale();
    let bar = progress::Bar::new();
    let outcome = if arguments.assign {
        let round =
            round_with_progress(&snapshot, &weights, &RoundOptions::default(), &|progress| {
                bar.show(progress);
            });
        let pairs = round
            .pairings
            .iter()
            .map(|pairing| (&pairing.role, &pairing.volunteer, &pairing.fit));
        let lines = pairs
            .map(|(role, volunteer, fit)| Line::new(role, volunteer, fit, locale))
            .collect();
        Outcome {
            lines,
            round: Some(round),
        }
    } else {
        let top =
            top_for_each_role_with_progress(&snapshot, &weights, arguments.top, &|progress| {
                bar.show(progress);
            });
        let lines = top
            .iter()
            .map(|found| Line::new(&found.role, &found.volunteer, &found.fit, locale))
            .collect();
        Outcome { lines, round: None }
    };
    bar.finish();
    let text = output::render(&outcome, arguments.format, locale).map_err(Failure::Other)?;
    if let Some(mail) = &mail {
        digest::send(mail, &outcome.lines, &names).map_err(Failure::Other)?;
    }
    print(&text)
}

/// Writes a text to standard output.
fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(|error| Failure::Other(error.to_string()))
}

/// What people are called, by id; the engine never sees it.
#[derive(Default)]
pub(crate) struct Names {
    /// Names of volunteers.
    pub(crate) volunteers: BTreeMap<String, String>,
    /// Titles and organizations of roles.
    pub(crate) roles: BTreeMap<String, (String, String)>,
}

/// The policy of a file, or the built-in one; `None` with a fault when it is not right.
fn read_weights(path: Option<&Path>, faults: &mut Faults) -> Option<Weights> {
    let weights = match path {
        None => Weights::embedded().map_err(|error| error.to_string()),
        Some(path) => fs::read_to_string(path)
            .map_err(|error| error.to_string())
            .and_then(|text| Weights::from_toml(&text).map_err(|error| error.to_string()))
            .map_err(|message| format!("{}: {message}", path.display())),
    };
    weights
        .map_err(|message| faults.push(Fault::plain(message)))
        .ok()
}

/// Everything a round needs; `None` when there are faults, in these files or before.
fn read_files(files: &Files, faults: &mut Faults) -> Option<(Snapshot, Weights, Names)> {
    let mut names = Names::default();
    let as_of = files.as_of();
    let volunteers = record::read(
        &files.volunteers,
        volunteer::FIELDS,
        "id",
        faults,
        |cells, name| {
            let (volunteer, called) = volunteer::decode(cells, as_of)?;
            if let Some(called) = called {
                names.volunteers.insert(volunteer.id.to_string(), called);
            }
            *name = volunteer.id.to_string();
            Some(volunteer)
        },
    );
    let roles = record::read(&files.roles, role::FIELDS, "id", faults, |cells, name| {
        let (role, title) = role::decode(cells)?;
        let title = title.unwrap_or_else(|| role.id.to_string());
        names
            .roles
            .insert(role.id.to_string(), (title, role.organization.to_string()));
        *name = role.id.to_string();
        Some(role)
    });
    let relations = files.relations.as_ref().map(|path| {
        record::read(path, relation::FIELDS, "a", faults, |cells, name| {
            let relation = relation::decode(cells)?;
            *name = relation::name(&relation);
            Some(relation)
        })
    });
    let taxonomy = Taxonomy::new(relations.unwrap_or_default());
    if let (Err(invalid), Some(path)) = (&taxonomy, &files.relations) {
        faults.extend(invalid.iter().map(|invalid| Fault::of_file(path, invalid)));
    }
    let weights = read_weights(files.weights.as_deref(), faults);
    let (Some(weights), Ok(taxonomy), true) = (weights, taxonomy, faults.is_empty()) else {
        return None;
    };
    let facts = SnapshotFacts {
        volunteers,
        roles,
        taxonomy,
        ..SnapshotFacts::empty(as_of)
    };
    match Snapshot::new(facts) {
        Ok(snapshot) => Some((snapshot, weights, names)),
        Err(invalid) => {
            faults.extend(
                invalid
                    .iter()
                    .map(|invalid| Fault::plain(invalid.to_string())),
            );
            None
        }
    }
}
