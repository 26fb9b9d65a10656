//! The program `matcher`: files in, pairings (and mail) out, for groups that keep their people in a spreadsheet. From
//! arguments to exit code.
//!
//! It reads everything, lists every error, and writes only when there is none. It is the only place of the crate that
//! looks at the clock, and only for the default of `--as-of` and the date of a mail.

mod arguments;
mod cell;
mod check;
mod digest;
mod fault;
mod json_lines;
mod learn;
mod outcome;
mod output;
mod progress;
mod quotation;
mod record;
mod relation;
mod role;
mod table;
mod unmet;
mod volunteer;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser as _;
use rayon::prelude::*;

use crate::engine::assign::ProblemError;
use crate::engine::{
    Pairing, Progress, RoundOptions, quick_pairings, round_with_progress,
    top_for_each_role_with_progress,
};
use crate::model::{Locale, Role, Snapshot, SnapshotFacts, Taxonomy, Volunteer, Weights};

pub use check::{Table, faults_of};

use arguments::{Arguments, Command, Files, Format, Suggest};
use fault::{Fault, Faults};
use output::{Line, Outcome, Total};

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
pub fn main() -> ExitCode {
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
    let bar = progress::Bar::new(locale);
    let outcome = find(arguments, &snapshot, &weights, &|progress| {
        bar.show(progress);
    });
    bar.finish();
    let outcome = outcome?;
    if outcome.is_quick && arguments.format == Format::Csv {
        // Rows have no place for it.
        tell(&[output::not_the_greatest(locale).to_owned()]);
    }
    let text = output::render(&outcome, arguments.format, locale).map_err(Failure::Other)?;
    if let Some(mail) = &mail {
        digest::send(mail, &outcome.lines, &names).map_err(Failure::Other)?;
    }
    print(&text)?;
    let mut remarks = faults.remarks(locale);
    remarks.extend(unmet::words(&snapshot, &outcome.lines, locale));
    remarks.extend(mail.iter().map(|mail| digest::sent(mail, locale)));
    tell(&remarks);
    Ok(())
}

/// Says beside the answer what is worth a word.
fn tell(remarks: &[String]) {
    for remark in remarks {
        // With no standard error left there is nobody to tell.
        let _ = writeln!(std::io::stderr(), "{remark}");
    }
}

/// The pairs that the arguments ask for, with their words.
fn find(
    arguments: &Suggest,
    snapshot: &Snapshot,
    weights: &Weights,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Outcome, Failure> {
    let locale = arguments.lang.locale();
    let options = RoundOptions::default();
    let refused = |error: ProblemError| Failure::Other(error.to_string());
    let lines = |pairings: &[Pairing]| {
        let lines = pairings.par_iter();
        lines
            .map(|pairing| Line::new(&pairing.role, &pairing.volunteer, &pairing.fit, locale))
            .collect()
    };
    let bonus = weights.assignment.first_suggestion;
    if arguments.quick {
        let quick = quick_pairings(snapshot, weights, &options, progress);
        return Ok(Outcome {
            lines: lines(&quick.pairings),
            total: Some(Total::of(&quick.pairings, bonus)),
            is_quick: true,
            round: None,
        });
    }
    if arguments.assign {
        let round = round_with_progress(snapshot, weights, &options, progress).map_err(refused)?;
        return Ok(Outcome {
            lines: lines(&round.pairings),
            total: Some(Total::of(&round.pairings, bonus)),
            is_quick: false,
            round: Some(round),
        });
    }
    let top = top_for_each_role_with_progress(snapshot, weights, arguments.top.get(), progress);
    let lines = top
        .par_iter()
        .map(|found| Line::new(&found.role, &found.volunteer, &found.fit, locale));
    Ok(Outcome {
        lines: lines.collect(),
        total: None,
        is_quick: false,
        round: None,
    })
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
pub(crate) struct Names {
    /// Names of volunteers.
    pub(crate) volunteers: BTreeMap<String, String>,
    /// Titles and organizations of roles.
    pub(crate) roles: BTreeMap<String, (String, String)>,
}

impl Names {
    fn of(volunteers: &[(Volunteer, Option<String>)], roles: &[(Role, Option<String>)]) -> Self {
        let volunteers = volunteers.iter().filter_map(|(volunteer, called)| {
            let called = called.clone()?;
            Some((volunteer.id.to_string(), called))
        });
        let roles = roles.iter().map(|(role, title)| {
            let title = title.clone().unwrap_or_else(|| role.id.to_string());
            (role.id.to_string(), (title, role.organization.to_string()))
        });
        Self {
            volunteers: volunteers.collect(),
            roles: roles.collect(),
        }
    }
}

/// The policy of a file, or the built-in one; `None` with a fault when it is not right.
fn read_weights(path: Option<&Path>, faults: &mut Faults) -> Option<Weights> {
    let (path, text) = match path {
        None => (
            Path::new("weights.toml"),
            Ok(Weights::embedded_text().to_owned()),
        ),
        Some(path) => (path, fs::read_to_string(path)),
    };
    let text = text
        .map_err(|error| faults.push(Fault::unreadable(path, &error)))
        .ok()?;
    Weights::from_toml(&text)
        .map_err(|error| {
            faults.extend(error.faults(&text).iter().map(|fault| {
                let words = |locale| fault.words(locale);
                Fault::of_file(path, words(Locale::En), words(Locale::Fr))
            }));
        })
        .ok()
}

/// Everything a round needs; `None` when there are faults, in these files or before.
fn read_files(files: &Files, faults: &mut Faults) -> Option<(Snapshot, Weights, Names)> {
    let as_of = files.as_of();
    let volunteers = record::read(&files.volunteers, &volunteer::KIND, faults, |cells| {
        let (volunteer, called) = volunteer::decode(cells, as_of)?;
        Some((volunteer.id.to_string(), (volunteer, called)))
    });
    let roles = record::read(&files.roles, &role::KIND, faults, |cells| {
        let (role, title) = role::decode(cells)?;
        Some((role.id.to_string(), (role, title)))
    });
    let relations = files.relations.as_ref().map(|path| {
        record::read(path, &relation::KIND, faults, |cells| {
            let relation = relation::decode(cells)?;
            Some((relation::name(&relation), relation))
        })
    });
    let names = Names::of(&volunteers, &roles);
    let volunteers = volunteers
        .into_iter()
        .map(|(volunteer, _)| volunteer)
        .collect();
    let roles = roles.into_iter().map(|(role, _)| role).collect();
    let taxonomy = Taxonomy::new(relations.unwrap_or_default());
    if let (Err(invalid), Some(path)) = (&taxonomy, &files.relations) {
        faults.extend(invalid.iter().map(|invalid| Fault::of_rule(path, invalid)));
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
            faults.extend(invalid.iter().map(Fault::plain));
            None
        }
    }
}
