//! What the engine has to be better than: BM25 over the tokens as they are, and how busy a project is.

use std::collections::HashMap;

use crate::data::{Amounts, Data, Query};
use crate::metric::float;

pub(crate) fn contributors(data: &Data, projects: &[usize]) -> Vec<f64> {
    of(projects, |project| {
        data.projects[project].contributors.into()
    })
}

pub(crate) fn newcomers(data: &Data, projects: &[usize]) -> Vec<f64> {
    of(projects, |project| data.projects[project].joins.into())
}

fn of(projects: &[usize], value: impl Fn(usize) -> f64) -> Vec<f64> {
    projects.iter().map(|project| value(*project)).collect()
}

/// Okapi BM25 (Robertson and Zaragoza, 2009) with k1 = 1.2 and b = 0.75: projects are documents of what they need, the
/// query is what the person has done, each token weighted by `ln(1 + amount)`, at most 5.
pub(crate) fn bm25(data: &Data, query: &Query, projects: &[usize]) -> Vec<f64> {
    let needs: Vec<&Amounts> = projects
        .iter()
        .map(|project| &data.projects[*project].need)
        .collect();
    let count = float(needs.len());
    let mut holders: HashMap<&str, f64> = HashMap::new();
    for token in needs.iter().flat_map(|need| need.keys()) {
        *holders.entry(token).or_default() += 1.0;
    }
    let rarity = |token: &str| {
        let holders = holders[token];
        (1.0 + (count - holders + 0.5) / (holders + 0.5)).ln()
    };
    let mean = needs
        .iter()
        .map(|need| need.values().sum::<f64>())
        .sum::<f64>()
        / count;
    let score = |need: &&Amounts| -> f64 {
        let length = need.values().sum::<f64>();
        let norm = 1.2 * (0.25 + 0.75 * length / mean);
        let shared = query.profile.iter().filter_map(|(token, amount)| {
            let needed = need.get(token)?;
            Some(amount.ln_1p().min(5.0) * rarity(token) * needed * 2.2 / (needed + norm))
        });
        shared.sum()
    };
    needs.iter().map(score).collect()
}

/// The sum of standard scores: BM25, newcomers, and `organization` times whether the person knows the organization.
pub(crate) fn combined(
    data: &Data,
    query: &Query,
    projects: &[usize],
    organization: f64,
) -> Vec<f64> {
    let known = of(projects, |project| {
        float(usize::from(
            query.known.contains(&data.projects[project].organization()),
        ))
    });
    let parts = [
        standard(&bm25(data, query, projects)),
        standard(&newcomers(data, projects)),
        standard(&known)
            .iter()
            .map(|score| score * organization)
            .collect(),
    ];
    (0..projects.len())
        .map(|place| parts.iter().map(|part: &Vec<f64>| part[place]).sum())
        .collect()
}

/// Zero mean and unit variance over the candidates.
fn standard(scores: &[f64]) -> Vec<f64> {
    let count = float(scores.len());
    let mean = scores.iter().sum::<f64>() / count;
    let deviation = (scores
        .iter()
        .map(|score| (score - mean).powi(2))
        .sum::<f64>()
        / count)
        .sqrt();
    let deviation = if deviation > 0.0 { deviation } else { 1.0 };
    scores
        .iter()
        .map(|score| (score - mean) / deviation)
        .collect()
}
