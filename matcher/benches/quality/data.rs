//! The outcomes as they are read: who could have joined which projects, what these needed then, and which one it was.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Amounts by token, as of practice or of need.
pub(crate) type Amounts = BTreeMap<String, f64>;

/// Everything that was read.
pub(crate) struct Data {
    pub(crate) queries: Vec<Query>,
    pub(crate) projects: Vec<Project>,
    /// The skill of the taxonomy for each token that has one.
    pub(crate) skills: HashMap<String, String>,
    /// Tokens that have none.
    pub(crate) without_skill: Vec<String>,
}

/// One choice of one person.
pub(crate) struct Query {
    pub(crate) id: String,
    /// Number of the person: the same for all their choices.
    pub(crate) person: usize,
    pub(crate) profile: Amounts,
    /// Organizations that they had worked with before.
    pub(crate) known: BTreeSet<String>,
    /// The project they joined.
    pub(crate) joined: usize,
    pub(crate) candidates: Vec<usize>,
}

/// A project in one month.
pub(crate) struct Project {
    pub(crate) name: String,
    pub(crate) need: Amounts,
    /// People who contributed in the 180 days before.
    pub(crate) contributors: u32,
    /// People who joined in the 180 days before.
    pub(crate) joins: u32,
}

impl Project {
    pub(crate) fn organization(&self) -> String {
        organization(&self.name)
    }
}

#[derive(Deserialize)]
struct QueryLine {
    id: String,
    person: String,
    month: String,
    past_repos: Vec<String>,
    profile: Amounts,
    positive: String,
    candidates: Vec<String>,
}

#[derive(Deserialize)]
struct NeedLine {
    repo: String,
    month: String,
    contributors_180d: u32,
    joins_180d: u32,
    need: Amounts,
}

impl Data {
    pub(crate) fn read(folder: &Path) -> Self {
        let mut projects = Vec::new();
        let mut numbers = HashMap::new();
        for line in lines::<NeedLine>(&folder.join("needs.jsonl")) {
            numbers.insert((line.repo.clone(), line.month), projects.len());
            projects.push(Project {
                name: line.repo,
                need: line.need,
                contributors: line.contributors_180d,
                joins: line.joins_180d,
            });
        }
        let mut people = HashMap::new();
        let queries = lines::<QueryLine>(&folder.join("queries.jsonl"))
            .into_iter()
            .map(|line| {
                let project = |name: &String| numbers[&(name.clone(), line.month.clone())];
                let next = people.len();
                Query {
                    person: *people.entry(line.person).or_insert(next),
                    profile: line.profile,
                    known: line
                        .past_repos
                        .iter()
                        .map(|repo| organization(repo))
                        .collect(),
                    joined: project(&line.positive),
                    candidates: line.candidates.iter().map(project).collect(),
                    id: line.id,
                }
            })
            .collect();
        let text = read(&folder.join("token_to_skill.json"));
        let skills: HashMap<String, String> = serde_json::from_str(&text).unwrap();
        let taxonomy = taxonomy();
        for (token, skill) in &skills {
            assert!(
                taxonomy.contains(skill),
                "{token} names {skill}, which the taxonomy lacks"
            );
        }
        let tokens: BTreeSet<&String> = projects
            .iter()
            .flat_map(|project| project.need.keys())
            .collect();
        let without_skill = tokens
            .into_iter()
            .filter(|token| !skills.contains_key(*token))
            .cloned()
            .collect();
        Self {
            queries,
            projects,
            skills,
            without_skill,
        }
    }

    pub(crate) fn people(&self) -> usize {
        self.queries
            .iter()
            .map(|query| query.person + 1)
            .max()
            .unwrap_or(0)
    }

    /// The candidates, or those of the organization of the project that was joined.
    pub(crate) fn candidates(&self, query: &Query, is_within: bool) -> Vec<usize> {
        let home = self.projects[query.joined].organization();
        let candidates = query.candidates.iter().copied();
        candidates
            .filter(|project| !is_within || self.projects[*project].organization() == home)
            .collect()
    }
}

/// The ids of the taxonomy that the server ships.
fn taxonomy() -> BTreeSet<String> {
    #[derive(Deserialize)]
    struct Skill {
        id: String,
    }
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../api/data/taxonomy/skills.jsonl"
    );
    lines::<Skill>(Path::new(path))
        .into_iter()
        .map(|skill| skill.id)
        .collect()
}

pub(crate) fn lines<T: DeserializeOwned>(path: &Path) -> Vec<T> {
    read(path)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The organization of `organization/project`, in any case.
fn organization(repo: &str) -> String {
    repo.split('/').next().unwrap_or(repo).to_lowercase()
}
