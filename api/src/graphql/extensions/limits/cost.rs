//! What an operation costs: 1 for each statement it may run, and for each 25 objects that it may read.
//!
//! It is read off the document, its variables and the schema. No field says itself what it costs, so none can forget to:
//! a list of a new type is multiplied like every other. What runs the matcher is named here.
//!
//! Loaders read what stands beside each other by one statement, however many objects it is of. Only pages are read by a
//! statement for each object that has one, but for those named here. What was read with its object costs nothing more.

use std::collections::HashMap;

use async_graphql::{
    Name, Value, Variables,
    parser::types::{
        ExecutableDocument, Field, FragmentDefinition, OperationType, Selection, SelectionSet,
    },
    registry::{MetaField, MetaType, MetaTypeName, Registry},
};

use crate::domain::matching::current::changes;
use crate::store::page::{DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE};

/// Items taken for a list whose length nobody asks for: most lists of a role or a profile are shorter.
const ITEMS: usize = 10;
/// So many objects are read for the price of a statement. Everything is counted in objects until the end.
const OBJECTS: usize = 25;
/// What everybody names: however often, each is read once.
const TAXONOMY: [&str; 4] = ["Cause", "RoleFamily", "Skill", "SkillCategory"];
/// So many different ones of a kind are taken to be named in one place of an answer.
const NAMED: usize = 100;
/// Pages that one statement reads for all objects beside each other.
const BATCHED: [(&str, &str); 1] = [("Organization", "projects")];
/// Fields below which loaders do not help, with what one of them costs.
const EXPENSIVE: [(&str, &str, usize); 10] = [
    // They read the whole marketplace and run the engine over it.
    ("Role", "suggestions", 100),
    ("Role", "matchingOutlook", 100),
    ("Volunteer", "matchingRoles", 100),
    ("Volunteer", "matchingOutlook", 100),
    ("Evaluation", "standing", 100),
    // A whole round, twice.
    ("Query", "replay", 900),
    // Thousands of pairings.
    ("Query", "calibration", 200),
    ("Query", "refit", 500),
    // One role, one volunteer.
    ("Query", "evaluation", 20),
    // A long document of its own.
    ("Round", "report", 5),
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
        let objects = measure.selections(
            root.unwrap_or_default(),
            &operation.selection_set.node,
            Beside::ONE,
            0,
        );
        objects.div_ceil(OBJECTS)
    });
    costs.max().unwrap_or_default()
}

/// The objects that stand beside each other, of which the same is selected.
#[derive(Clone, Copy)]
struct Beside {
    count: usize,
    /// If they are pages: the size of each.
    page: usize,
    /// If they are pages: by how many statements they are read.
    statements: usize,
}

impl Beside {
    const ONE: Self = Self::objects(1);

    const fn objects(count: usize) -> Self {
        Self {
            count,
            page: 1,
            statements: 1,
        }
    }
}

/// What one operation is measured with.
struct Measure<'a> {
    registry: &'a Registry,
    fragments: HashMap<&'a Name, &'a FragmentDefinition>,
    variables: &'a Variables,
    defaults: HashMap<&'a Name, &'a Value>,
}

impl Measure<'_> {
    /// What is selected of each of some objects.
    fn selections(
        &self,
        parent: &str,
        selected: &SelectionSet,
        beside: Beside,
        depth: usize,
    ) -> usize {
        if depth > DEPTH {
            return usize::MAX;
        }
        let costs = selected
            .items
            .iter()
            .map(|selection| match &selection.node {
                Selection::Field(field) => self.field(parent, &field.node, beside, depth),
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref();
                    let parent = condition.map_or(parent, |it| it.node.on.node.as_str());
                    self.selections(parent, &fragment.node.selection_set.node, beside, depth + 1)
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = self.fragments.get(&spread.node.fragment_name.node);
                    fragment.map_or(0, |fragment| {
                        let parent = fragment.type_condition.node.on.node.as_str();
                        self.selections(parent, &fragment.selection_set.node, beside, depth + 1)
                    })
                }
            });
        costs.fold(0, usize::saturating_add)
    }

    fn field(&self, parent: &str, field: &Field, beside: Beside, depth: usize) -> usize {
        let name = field.name.node.as_str();
        let is = |of: &str, field: &str| of == parent && field == name;
        let meta = self
            .registry
            .types
            .get(parent)
            .and_then(|it| it.field_by_name(name));
        let of_type = meta.map_or("", |meta| MetaTypeName::concrete_typename(&meta.ty));
        let size = if is("SuggestionsDifference", "proposed")
            || is("SuggestionsDifference", "withdrawn")
        {
            changes::MOST
        } else {
            meta.map_or(1, |meta| self.size(meta, field))
        };
        let expensive = EXPENSIVE.iter().find(|(of, field, _)| is(of, field));
        let engine = expensive.map_or(0, |(_, _, cost)| {
            cost.saturating_mul(beside.count).saturating_mul(OBJECTS)
        });
        let mut read = beside.count.saturating_mul(size);
        if TAXONOMY.contains(&of_type) {
            read = read.min(NAMED);
        }
        let (own, below) = if self.is_page(of_type) {
            let is_batched = BATCHED.iter().any(|(of, field)| is(of, field));
            let statements = if is_batched { 1 } else { beside.count };
            let pages = Beside {
                count: beside.count,
                page: size,
                statements,
            };
            (
                statements.saturating_mul(OBJECTS).saturating_add(read),
                pages,
            )
        } else if self.is_page(parent) {
            match name {
                "edges" | "nodes" => {
                    let items = beside.count.saturating_mul(beside.page);
                    (0, Beside::objects(items))
                }
                "totalCount" => (beside.statements.saturating_mul(OBJECTS), Beside::ONE),
                _ => (0, Beside::objects(beside.count)),
            }
        } else if size == 1 && self.is_read_with_its_object(parent, of_type) {
            (0, Beside::objects(read))
        } else {
            (read.saturating_add(OBJECTS), Beside::objects(read))
        };
        self.selections(of_type, &field.selection_set.node, below, depth + 1)
            .saturating_add(own)
            .saturating_add(engine)
    }

    /// Whether a field of this type needs no reading: a leaf, a text in one of two languages, the node of an edge.
    fn is_read_with_its_object(&self, parent: &str, of_type: &str) -> bool {
        let is_leaf = || {
            let found = self.registry.types.get(of_type);
            found.is_none_or(MetaType::is_leaf)
        };
        matches!(of_type, "LocalizedText" | "Labels") || parent.ends_with("Edge") || is_leaf()
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
