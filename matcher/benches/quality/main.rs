//! How good is the engine's judgement? Ranks the projects that a person could have joined with the engine's own score,
//! beside known baselines, and looks where the project stands that they really joined.
//!
//! `cargo bench --package matcher --bench quality`, then optionally `-- FOLDER` for another folder of the same form as
//! `benches/outcomes`, and `--rankings FILE` to write the engine's rankings. See the README there for what is measured.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench may panic, and prints its findings"
)]

mod baseline;
mod data;
mod engine;
mod metric;

use std::fs;
use std::path::PathBuf;

use data::{Data, Query};
use engine::{Ranker, Signals};
use metric::{Finding, Trial};

/// A score for each candidate of a query.
type Score<'m> = Box<dyn Fn(&Query, &[usize]) -> Vec<f64> + 'm>;

/// One way to rank.
struct Method<'m> {
    name: &'static str,
    score: Score<'m>,
}

fn main() {
    let (folder, rankings) = arguments();
    let data = Data::read(&folder);
    let plain = Ranker::new(&data, false);
    let related = Ranker::new(&data, true);
    println!(
        "{} people chose {} times; {} tokens have no skill in the taxonomy and are left out: {}",
        data.people(),
        data.queries.len(),
        data.without_skill.len(),
        data.without_skill.join(", ")
    );
    let methods = methods(&data, &plain, &related);
    for (title, is_within) in [("same organization", true), ("all projects", false)] {
        report(title, &data, &methods, is_within);
    }
    if let Some(path) = rankings {
        let lines: Vec<String> = data
            .queries
            .iter()
            .map(|query| plain.ranking_line(query))
            .collect();
        fs::write(&path, lines.concat()).unwrap();
        println!("\nrankings of the skill fit written to {}", path.display());
    }
}

/// The folder, and where to write rankings. Cargo adds `--bench`.
fn arguments() -> (PathBuf, Option<PathBuf>) {
    let mut folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/benches/outcomes"));
    let mut rankings = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--bench" => {}
            "--rankings" => rankings = Some(arguments.next().expect("a file").into()),
            _ => folder = argument.into(),
        }
    }
    (folder, rankings)
}

fn methods<'m>(data: &'m Data, plain: &'m Ranker<'m>, related: &'m Ranker<'m>) -> Vec<Method<'m>> {
    let method = |name, score: Score<'m>| Method { name, score };
    let signals = |signals| {
        move |query: &Query, projects: &[usize]| plain.with_signals(query, projects, signals)
    };
    vec![
        method(
            "all alike, at their expected rank",
            Box::new(|_, projects| vec![0.0; projects.len()]),
        ),
        method(
            "most contributors lately",
            Box::new(|_, projects| baseline::contributors(data, projects)),
        ),
        method(
            "most newcomers lately",
            Box::new(|_, projects| baseline::newcomers(data, projects)),
        ),
        method(
            "BM25",
            Box::new(|query, projects| baseline::bm25(data, query, projects)),
        ),
        method(
            "BM25 + newcomers",
            Box::new(|query, projects| baseline::combined(data, query, projects, 0.0)),
        ),
        method(
            "BM25 + newcomers + organization known",
            Box::new(|query, projects| baseline::combined(data, query, projects, 2.0)),
        ),
        method(
            "engine: skill fit",
            Box::new(|query, projects| plain.skill_fit(query, projects)),
        ),
        method(
            "engine: skill fit, related skills too",
            Box::new(|query, projects| related.skill_fit(query, projects)),
        ),
        method("skill fit + activity", Box::new(signals(Signals::ACTIVITY))),
        method(
            "skill fit + activity + organization known",
            Box::new(signals(Signals::BOTH)),
        ),
    ]
}

/// Prints one table: every method over the same queries.
fn report(title: &str, data: &Data, methods: &[Method<'_>], is_within: bool) {
    let queries: Vec<(&Query, Vec<usize>)> = data
        .queries
        .iter()
        .map(|query| (query, data.candidates(query, is_within)))
        // With fewer there is hardly a choice.
        .filter(|(_, projects)| projects.len() >= 5)
        .collect();
    let candidates: usize = queries.iter().map(|(_, projects)| projects.len()).sum();
    println!(
        "\n{title}: {} choices, {:.1} projects on average; [95 % over people]; difference of MRR to BM25",
        queries.len(),
        metric::float(candidates) / metric::float(queries.len())
    );
    let trials: Vec<Vec<Trial>> = methods
        .iter()
        .map(|method| {
            let trial = |(query, projects): &(&Query, Vec<usize>)| {
                let scores = (method.score)(query, projects);
                let joined = projects.iter().position(|project| *project == query.joined);
                Trial::new(query.person, &scores, joined.unwrap())
            };
            queries.iter().map(trial).collect()
        })
        .collect();
    let reference = methods
        .iter()
        .position(|method| method.name == "BM25")
        .unwrap();
    for (method, of_method) in methods.iter().zip(&trials) {
        let Finding {
            mrr,
            interval,
            ndcg,
            recall,
            difference,
        } = Finding::new(of_method, &trials[reference]);
        println!(
            "  {:42} MRR {mrr:.3} [{:.3}, {:.3}]  NDCG@10 {ndcg:.3}  recall@3 {recall:.3}  {:+.3} to {:+.3}",
            method.name, interval.0, interval.1, difference.0, difference.1
        );
    }
}
