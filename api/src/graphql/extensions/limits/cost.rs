//! What an operation costs: how many fields it may resolve, and how many statements it may run.
//!
//! It is read off the document, its variables and the schema. No field says itself what it costs, so none can forget to:
//! a list of a new type is multiplied like every other. What runs the matcher is named here.

use std::collections::HashMap;

use async_graphql::{
    Name, Value, Variables,
    parser::types::{
        ExecutableDocument, Field, FragmentDefinition, OperationType, Selection, SelectionSet,
    },
    registry::{MetaField, MetaTypeName, Registry},
};

use crate::domain::matching::current::changes;
use crate::store::page::{DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE};

/// Items taken for a list whose length nobody asks for: most lists of a role or a profile are shorter.
const ITEMS: usize = 10;
/// A page is read by a statement of its own, also below each item of another page.
const PAGE: usize = 50;
/// Fields below which loaders do not help, with what reading one of them is worth.
const EXPENSIVE: [(&str, &str, usize); 10] = [
    // They read the whole marketplace and run the engine over it.
    ("Role", "suggestions", 1_000),
    ("Role", "matchingOutlook", 1_000),
    ("Volunteer", "matchingRoles", 1_000),
    ("Volunteer", "matchingOutlook", 1_000),
    ("Evaluation", "standing", 1_000),
    // A whole round, twice.
    ("Query", "replay", 10_000),
    // Thousands of pairings.
    ("Query", "calibration", 2_000),
    ("Query", "refit", 5_000),
    // One role, one volunteer.
    ("Query", "evaluation", 50),
    // A long document of its own.
    ("Round", "report", PAGE),
];
/// Deeper than any document that the other limits let pass.
const DEPTH: usize = 100;

/// The cost of the dearest operation of `document`; as much as can be said where fragments never end.
pub(super) fn of_document(
    registry: &Registry,
    document: &ExecutableDocument,
    variables: &Variables,
) -> usize {
    let costs = document.operations.iter().map(|(_, operation)| {
        let operation = &operation.node;
        let defaults = operation.variable_definitions.iter().filter_map(|it| {
            let default = it.node.default_value.as_ref()?;
            Some((&it.node.name.node, &default.node))
        });
        let measure = Measure {
            registry,
            fragments: document
                .fragments
                .iter()
                .map(|(name, fragment)| (name, &fragment.node))
                .collect(),
            variables,
            defaults: defaults.collect(),
        };
        let root = match operation.ty {
            OperationType::Query => Some(registry.query_type.as_str()),
            OperationType::Mutation => registry.mutation_type.as_deref(),
            OperationType::Subscription => registry.subscription_type.as_deref(),
        };
        measure.selections(
            root.unwrap_or_default(),
            &operation.selection_set.node,
            1,
            0,
        )
    });
    costs.max().unwrap_or_default()
}

/// What one operation is measured with.
struct Measure<'a> {
    registry: &'a Registry,
    fragments: HashMap<&'a Name, &'a FragmentDefinition>,
    variables: &'a Variables,
    defaults: HashMap<&'a Name, &'a Value>,
}

impl Measure<'_> {
    /// What is selected of one object; `page` is its size if it is a page.
    fn selections(
        &self,
        parent: &str,
        selected: &SelectionSet,
        page: usize,
        depth: usize,
    ) -> usize {
        if depth > DEPTH {
            return usize::MAX;
        }
        let costs = selected
            .items
            .iter()
            .map(|selection| match &selection.node {
                Selection::Field(field) => self.field(parent, &field.node, page, depth),
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref();
                    let parent = condition.map_or(parent, |it| it.node.on.node.as_str());
                    self.selections(parent, &fragment.node.selection_set.node, page, depth + 1)
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = self.fragments.get(&spread.node.fragment_name.node);
                    fragment.map_or(0, |fragment| {
                        let parent = fragment.type_condition.node.on.node.as_str();
                        self.selections(parent, &fragment.selection_set.node, page, depth + 1)
                    })
                }
            });
        costs.fold(0, usize::saturating_add)
    }

    fn field(&self, parent: &str, field: &Field, page: usize, depth: usize) -> usize {
        let name = field.name.node.as_str();
        if name == "__typename" {
            return 0;
        }
        let meta = self
            .registry
            .types
            .get(parent)
            .and_then(|it| it.field_by_name(name));
        let of_type = meta.map_or("", |meta| MetaTypeName::concrete_typename(&meta.ty));
        let size = if parent == "SuggestionsDifference" && matches!(name, "proposed" | "withdrawn")
        {
            changes::MOST
        } else {
            meta.map_or(1, |meta| self.size(meta, field))
        };
        let (base, times, page_below) = if self.is_page(of_type) {
            (PAGE, 1, size)
        } else if self.is_page(parent) && matches!(name, "edges" | "nodes") {
            (1, page, 1)
        } else {
            (1, size, 1)
        };
        let below = self.selections(of_type, &field.selection_set.node, page_below, depth + 1);
        let expensive = EXPENSIVE
            .iter()
            .find(|(of, field, _)| *of == parent && *field == name)
            .map_or(0, |(_, _, cost)| *cost);
        times.saturating_mul(below).saturating_add(base + expensive)
    }

    /// How many items a field may give: what is asked for, or what is usual where nobody can ask.
    fn size(&self, meta: &MetaField, field: &Field) -> usize {
        let is_list = MetaTypeName::create(&meta.ty).unwrap_non_null().is_list();
        if let Some(first) = meta.args.get("first") {
            let asked = self
                .number(field, "first")
                .or_else(|| self.number(field, "last"));
            let default = first.default_value.as_ref().and_then(|it| it.parse().ok());
            let size = asked.or(default).unwrap_or(u64::from(DEFAULT_PAGE_SIZE));
            return usize::try_from(size.min(MAX_PAGE_SIZE.into())).unwrap_or(ITEMS);
        }
        match self.argument(field, "ids") {
            Some(Value::List(ids)) if is_list => ids.len(),
            _ if is_list => ITEMS,
            _ => 1,
        }
    }

    /// A number given to the field; one that is none of a page is told by the field itself, and costs nothing here.
    fn number(&self, field: &Field, name: &str) -> Option<u64> {
        match self.argument(field, name)? {
            Value::Number(number) => Some(number.as_u64().unwrap_or_default()),
            _ => None,
        }
    }

    fn argument(&self, field: &Field, name: &str) -> Option<Value> {
        let value = field.get_argument(name)?.node.clone();
        let resolved = value.into_const_with(|variable: Name| {
            let given = self.variables.get(&variable).cloned();
            let value = given.or_else(|| self.defaults.get(&variable).map(|it| (*it).clone()));
            Ok::<_, std::convert::Infallible>(value.unwrap_or_default())
        });
        resolved.ok()
    }

    /// Whether it is a page of a list: what has `pageInfo`.
    fn is_page(&self, name: &str) -> bool {
        self.registry
            .types
            .get(name)
            .is_some_and(|it| it.field_by_name("pageInfo").is_some())
    }
}

#[cfg(test)]
mod tests;
