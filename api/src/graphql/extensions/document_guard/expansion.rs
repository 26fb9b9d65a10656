//! How large a document becomes when every fragment is written out where it is spread.
//!
//! Each definition is weighed once and remembered, so the cost is bounded by the document's length
//! times its definitions, however fast its fragments multiply. Cycles are found on the way. It
//! never recurses.

use std::collections::HashMap;

use super::GuardError;

/// What is counted of a definition, with or without the fragments it spreads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Weight {
    /// Fields, inline fragments and fragment spreads, at any depth.
    pub(super) selections: u64,
    /// Fields at the root of the definition; fragments are transparent.
    pub(super) root_fields: u64,
    /// Places where a variable is put in.
    pub(super) variable_uses: u64,
}

/// A fragment spread inside a definition.
#[derive(Debug)]
pub(super) struct Spread<'a> {
    /// The fragment's name.
    pub(super) target: &'a str,
    /// Whether the spread stands at the definition's root, so that its fields are root fields.
    pub(super) is_at_root: bool,
}

/// An operation or a fragment as the text has it.
#[derive(Debug, Default)]
pub(super) struct Definition<'a> {
    /// A fragment's name; `None` for an operation.
    pub(super) fragment: Option<&'a str>,
    /// What the definition itself holds.
    pub(super) own: Weight,
    /// The fragments it spreads, in order, once for each time.
    pub(super) spreads: Vec<Spread<'a>>,
}

enum Visit {
    NotYet,
    /// On the path that is being walked: meeting it again is a cycle.
    Open,
    Done(Weight),
}

/// The largest of each number over all definitions, fragments written out; root fields over
/// operations only, since a fragment's own root lies wherever it is spread.
///
/// # Errors
/// [`GuardError::FragmentCycle`] when a fragment spreads itself, directly or through others.
pub(super) fn heaviest(definitions: &[Definition<'_>]) -> Result<Weight, GuardError> {
    let by_name: HashMap<&str, usize> = definitions
        .iter()
        .enumerate()
        .filter_map(|(index, definition)| Some((definition.fragment?, index)))
        .collect();
    let mut visits: Vec<Visit> = definitions.iter().map(|_| Visit::NotYet).collect();
    let mut heaviest = Weight::default();

    for start in 0..definitions.len() {
        let mut path = vec![start];
        while let Some(&current) = path.last() {
            let (Some(definition), Some(visit)) =
                (definitions.get(current), visits.get_mut(current))
            else {
                break;
            };
            if matches!(visit, Visit::Done(_)) {
                path.pop();
                continue;
            }
            *visit = Visit::Open;
            match weigh(definition, &by_name, &visits)? {
                Outcome::Needs(fragment) => path.push(fragment),
                Outcome::Weighed(weight) => {
                    heaviest.selections = heaviest.selections.max(weight.selections);
                    heaviest.variable_uses = heaviest.variable_uses.max(weight.variable_uses);
                    if definition.fragment.is_none() {
                        heaviest.root_fields = heaviest.root_fields.max(weight.root_fields);
                    }
                    if let Some(visit) = visits.get_mut(current) {
                        *visit = Visit::Done(weight);
                    }
                    path.pop();
                }
            }
        }
    }
    Ok(heaviest)
}

enum Outcome {
    /// A fragment has to be weighed first.
    Needs(usize),
    Weighed(Weight),
}

fn weigh(
    definition: &Definition<'_>,
    by_name: &HashMap<&str, usize>,
    visits: &[Visit],
) -> Result<Outcome, GuardError> {
    let mut weight = definition.own;
    for spread in &definition.spreads {
        // A fragment that does not exist weighs nothing; validation refuses it later.
        let Some(&target) = by_name.get(spread.target) else {
            continue;
        };
        match visits.get(target) {
            Some(Visit::Done(fragment)) => {
                weight.selections = weight.selections.saturating_add(fragment.selections);
                weight.variable_uses = weight.variable_uses.saturating_add(fragment.variable_uses);
                if spread.is_at_root {
                    weight.root_fields = weight.root_fields.saturating_add(fragment.root_fields);
                }
            }
            Some(Visit::Open) => return Err(GuardError::FragmentCycle),
            Some(Visit::NotYet) | None => return Ok(Outcome::Needs(target)),
        }
    }
    Ok(Outcome::Weighed(weight))
}
