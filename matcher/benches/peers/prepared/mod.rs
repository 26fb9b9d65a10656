//! The workload as the numbers that other programs score with: facts as integers and masks, and tables from the weights.
//!
//! Everything is worked out here again from the model alone, the plain way (every half hour of every zone is looked at),
//! without a line of the engine: so that whoever computes the score from these files checks the engine's preparation too.
//! The facts that the workload does not use are refused, not left out in silence.

mod person;
mod policy;
mod position;
mod skill;
mod time;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use matcher::model::{CauseId, LanguageCode, NeedKind, Point, SkillId, Snapshot, Weights};

use time::Horizon;

/// Writes one file for each table that scoring reads.
pub(crate) fn write(folder: &Path, snapshot: &Snapshot, weights: &Weights) {
    let named = Named::new(snapshot);
    let horizon = Horizon::new(snapshot, weights);
    policy::write(&mut sheet(folder, "policy.json"), snapshot, weights);
    person::write_volunteers(
        &mut sheet(folder, "volunteer.csv"),
        snapshot,
        weights,
        &named,
        &horizon,
    );
    person::write_roles(
        &mut sheet(folder, "role.csv"),
        snapshot,
        weights,
        &named,
        &horizon,
    );
    time::write_meetings(
        &mut sheet(folder, "meeting.csv"),
        snapshot,
        weights,
        &horizon,
    );
    skill::write_needs(&mut sheet(folder, "need.csv"), snapshot, &named);
    skill::write_brought(&mut sheet(folder, "brought.csv"), snapshot, weights, &named);
    position::write(&mut sheet(folder, "near.csv"), weights, &named);
}

type Sheet = BufWriter<File>;

fn sheet(folder: &Path, name: &str) -> Sheet {
    BufWriter::new(File::create(folder.join(name)).unwrap())
}

fn write_line(sheet: &mut Sheet, cells: &[i64]) {
    let texts: Vec<String> = cells.iter().map(ToString::to_string).collect();
    writeln!(sheet, "{}", texts.join(",")).unwrap();
}

/// Words of a mask as PostgreSQL reads bits: the same order for every mask of one length.
fn bits(words: &[u64]) -> String {
    let digits: Vec<String> = words.iter().map(|word| format!("{word:016x}")).collect();
    format!("x{}", digits.concat())
}

/// Numbers for what has names.
struct Named<'a> {
    /// Only skills that some role asks.
    skills: BTreeMap<&'a SkillId, i64>,
    causes: BTreeMap<&'a CauseId, u32>,
    languages: BTreeMap<LanguageCode, u32>,
    /// Where some role is.
    places: Vec<Point>,
    /// Where volunteers set out from, and how far.
    bases: Vec<(Point, u16)>,
}

impl<'a> Named<'a> {
    fn new(snapshot: &'a Snapshot) -> Self {
        let roles = || snapshot.roles.iter();
        let skills: BTreeSet<_> = roles()
            .flat_map(|role| role.skills.iter().map(|need| &need.skill))
            .collect();
        let causes: BTreeSet<_> = roles().flat_map(|role| &role.causes).collect();
        let languages: BTreeSet<_> = roles()
            .flat_map(|role| {
                role.required_languages
                    .iter()
                    .chain(&role.preferred_languages)
            })
            .copied()
            .collect();
        assert!(
            causes.len() <= 31 && languages.len() <= 31,
            "masks have 31 bits"
        );
        let mut places: Vec<Point> = Vec::new();
        for place in roles().filter_map(|role| role.setting.point()) {
            if !places.contains(&place) {
                places.push(place);
            }
        }
        let mut bases: Vec<(Point, u16)> = Vec::new();
        for volunteer in &snapshot.volunteers {
            let base = (volunteer.home.unwrap(), volunteer.radius_km.unwrap());
            if !bases.contains(&base) {
                bases.push(base);
            }
        }
        Self {
            skills: skills.into_iter().zip(0..).collect(),
            causes: causes.into_iter().zip(0..).collect(),
            languages: languages.into_iter().zip(0..).collect(),
            places,
            bases,
        }
    }

    fn causes<'b>(&self, causes: impl IntoIterator<Item = &'b CauseId>) -> i64 {
        let numbers = causes
            .into_iter()
            .filter_map(|cause| self.causes.get(cause));
        numbers.fold(0, |mask, number| mask | 1 << number)
    }

    fn languages<'b>(&self, languages: impl IntoIterator<Item = &'b LanguageCode>) -> i64 {
        let known = languages.into_iter();
        let numbers = known.filter_map(|language| self.languages.get(language));
        numbers.fold(0, |mask, number| mask | 1 << number)
    }
}

/// The needs of a kind, for sums over them.
fn weights_of(role: &matcher::model::Role, kind: NeedKind) -> impl Iterator<Item = i64> {
    let needs = role.skills.iter().filter(move |need| need.kind == kind);
    needs.map(|need| need.weight.get().into())
}
