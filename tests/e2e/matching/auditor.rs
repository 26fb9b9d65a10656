//! An auditor of rounds: reads a certificate's document and the scores of pairs, and does the sum of docs/matching.md. Knows
//! nothing of the server and the engine.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

/// Role and volunteer.
pub(super) type Pair = (String, String);

/// The score of every pair that may be proposed, in ten-thousandths; of those that the round was not run over, too.
pub(super) type Scores = BTreeMap<Pair, i64>;

/// The document, as far as it is needed.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document {
    pub(super) scope: Scope,
    pub(super) total_points: i64,
    pub(super) bound_points: i64,
    pub(super) is_over_all_pairs: bool,
    pub(super) first_suggestion_bonus: i64,
    pub(super) roles: Vec<Role>,
    pub(super) volunteers: Vec<Volunteer>,
    pub(super) pairs: Vec<Chosen>,
    pub(super) pinned_pairs: Vec<Named>,
    pub(super) left_out_pairs: Vec<Named>,
}

/// Over whom the round was run; everybody where a list is empty.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Scope {
    #[serde(rename = "projectIds")]
    pub(super) projects: Vec<String>,
    #[serde(rename = "roleIds")]
    pub(super) roles: Vec<String>,
    #[serde(rename = "volunteerIds")]
    pub(super) volunteers: Vec<String>,
}

impl Scope {
    fn has_volunteer(&self, id: &String) -> bool {
        self.volunteers.is_empty() || self.volunteers.contains(id)
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Role {
    #[serde(rename = "roleId")]
    pub(super) id: String,
    pub(super) wanted: i64,
    pub(super) has_pin: bool,
    pub(super) hours_per_week: i64,
    pub(super) price: i64,
    pub(super) bound_price: Option<i64>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Volunteer {
    #[serde(rename = "volunteerId")]
    pub(super) id: String,
    pub(super) placements: i64,
    pub(super) room: i64,
    pub(super) hours_left: Option<i64>,
    pub(super) price: i64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Named {
    role_id: String,
    volunteer_id: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Chosen {
    #[serde(flatten)]
    named: Named,
    pub(super) score: i64,
}

impl Named {
    pub(super) fn pair(&self) -> Pair {
        (self.role_id.clone(), self.volunteer_id.clone())
    }
}

impl Document {
    /// The scores that it tells itself: those of the chosen pairs.
    pub(super) fn own_scores(&self) -> Scores {
        let chosen = self.pairs.iter();
        chosen.map(|it| (it.named.pair(), it.score)).collect()
    }

    /// Checks that the choice is permitted, totals what is said, and is the best for the rooms and pairs that hours left.
    pub(super) fn check_choice(&self, scores: &Scores) -> Result<(), String> {
        let audit = Audit::of(self, scores);
        let total = audit.total()?;
        let proven = audit.proven();
        if (total, proven) == (self.total_points, self.total_points) {
            Ok(())
        } else {
            Err(format!(
                "the choice totals {total}, the prices allow {proven}"
            ))
        }
    }

    /// Checks that, and the bound.
    pub(super) fn check(&self, scores: &Scores) -> Result<(), String> {
        self.check_choice(scores)?;
        let bound = if self.is_over_all_pairs {
            self.total_points
        } else {
            Audit::of(self, scores).bound()
        };
        if bound == self.bound_points {
            Ok(())
        } else {
            Err(format!("the bound is {bound}"))
        }
    }

    /// The document with one price changed, for each price that has a part in a sum.
    pub(super) fn with_one_other_price(&self, change: impl Fn(i64) -> i64) -> Vec<Self> {
        let mut all = Vec::new();
        for (position, role) in self.roles.iter().enumerate() {
            let mut other = self.clone();
            other.roles[position].price = change(role.price);
            all.extend((role.wanted > 0 && change(role.price) != role.price).then_some(other));
        }
        for (position, volunteer) in self.volunteers.iter().enumerate() {
            let mut other = self.clone();
            other.volunteers[position].price = change(volunteer.price);
            let counts = volunteer.room > 0 && change(volunteer.price) != volunteer.price;
            all.extend(counts.then_some(other));
        }
        all
    }
}

struct Audit<'a> {
    document: &'a Document,
    roles: BTreeMap<&'a str, &'a Role>,
    volunteers: BTreeMap<&'a str, &'a Volunteer>,
    left_out: BTreeSet<Pair>,
    /// Pairs that may be chosen: of a role that took part and a volunteer whom the round was run over, not pinned, and within
    /// the hours that pins leave.
    open: Scores,
}

impl<'a> Audit<'a> {
    fn of(document: &'a Document, scores: &Scores) -> Self {
        let pairs = |list: &[Named]| -> BTreeSet<Pair> { list.iter().map(Named::pair).collect() };
        let roles = document.roles.iter();
        let volunteers = document.volunteers.iter();
        let mut audit = Self {
            document,
            roles: roles.map(|it| (it.id.as_str(), it)).collect(),
            volunteers: volunteers.map(|it| (it.id.as_str(), it)).collect(),
            left_out: pairs(&document.left_out_pairs),
            open: scores.clone(),
        };
        let pinned = pairs(&document.pinned_pairs);
        let mut open = std::mem::take(&mut audit.open);
        open.retain(|pair, _| {
            let took_part = audit.roles.contains_key(pair.0.as_str());
            if !took_part || !document.scope.has_volunteer(&pair.1) {
                return false;
            }
            let left = audit.volunteer(&pair.1).hours_left;
            let fits = left.is_none_or(|left| audit.role(&pair.0).hours_per_week <= left);
            fits && !pinned.contains(pair)
        });
        Self { open, ..audit }
    }

    fn role(&self, id: &str) -> &Role {
        self.roles[id]
    }

    /// Who is not listed has a part in no sum.
    fn volunteer(&self, id: &str) -> Volunteer {
        let listed = self.volunteers.get(id);
        listed.map(|it| (*it).clone()).unwrap_or_default()
    }

    fn bonus(&self, role: &Role) -> i64 {
        if role.has_pin {
            0
        } else {
            self.document.first_suggestion_bonus
        }
    }

    /// What the choice is worth, if it is permitted.
    fn total(&self) -> Result<i64, String> {
        let (mut total, mut of_roles, mut of_volunteers) = (0, BTreeMap::new(), BTreeMap::new());
        for chosen in &self.document.pairs {
            let (role, volunteer) = chosen.named.pair();
            if self.open.get(&chosen.named.pair()) != Some(&chosen.score) {
                return Err(format!(
                    "{chosen:?} has another score, or may not be chosen"
                ));
            }
            let count = of_roles.entry(role.clone()).or_insert(0);
            total += chosen.score;
            total += if *count == 0 {
                self.bonus(self.role(&role))
            } else {
                0
            };
            *count += 1;
            *of_volunteers.entry(volunteer).or_insert(0) += 1;
        }
        let are_permitted = of_roles
            .iter()
            .all(|(id, count)| *count <= self.role(id).wanted)
            && of_volunteers
                .iter()
                .all(|(id, count)| *count <= self.volunteer(id).room);
        are_permitted
            .then_some(total)
            .ok_or_else(|| "more is chosen than is permitted".to_owned())
    }

    /// What no choice for the rooms and pairs that hours left can exceed.
    fn proven(&self) -> i64 {
        let volunteers = self.document.volunteers.iter();
        let of_volunteers: i64 = volunteers.map(|it| it.room * it.price).sum();
        let open = self
            .open
            .iter()
            .filter(|(pair, _)| !self.left_out.contains(*pair));
        let of_pairs: i64 = open
            .map(|((role, volunteer), score)| {
                let role = self.role(role);
                (score + self.bonus(role) - role.price - self.volunteer(volunteer).price).max(0)
            })
            .sum();
        self.of_roles(|role| role.price) + of_volunteers + of_pairs
    }

    /// What no choice within the hours can exceed.
    fn bound(&self) -> i64 {
        let price = |role: &Role| role.bound_price.unwrap();
        let ids: BTreeSet<&String> = self.open.keys().map(|(_, volunteer)| volunteer).collect();
        let loads = ids.into_iter().map(|id| {
            let theirs = self
                .open
                .iter()
                .filter(|((_, volunteer), _)| volunteer == id);
            let worths = theirs.map(|((role, _), score)| {
                let role = self.role(role);
                (score + self.bonus(role) - price(role), role.hours_per_week)
            });
            let worths: Vec<_> = worths.filter(|(worth, _)| *worth > 0).collect();
            let volunteer = self.volunteer(id);
            best_load(
                &worths,
                volunteer.placements,
                volunteer.hours_left.unwrap_or(i64::MAX),
            )
        });
        self.of_roles(price) + loads.sum::<i64>()
    }

    fn of_roles(&self, price: impl Fn(&Role) -> i64) -> i64 {
        let part = |role: &Role| {
            let further = (role.wanted - 1).max(0) * (price(role) - self.bonus(role)).max(0);
            further + if role.wanted > 0 { price(role) } else { 0 }
        };
        self.document.roles.iter().map(part).sum()
    }
}

/// The most that pairs of one volunteer are worth within room and hours: every set is tried.
fn best_load(worths: &[(i64, i64)], room: i64, hours: i64) -> i64 {
    let Some(((worth, asked), rest)) = worths.split_first() else {
        return 0;
    };
    let without = best_load(rest, room, hours);
    if room > 0 && *asked <= hours {
        without.max(worth + best_load(rest, room - 1, hours - asked))
    } else {
        without
    }
}
