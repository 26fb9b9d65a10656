//! Completes the data of an answer as the GraphQL specification asks of an executor
//! (§6.4.4 "Handling Field Errors", §7.2.2 "Serialized Map Ordering").
//!
//! The library writes fields in the order in which their resolvers end, and leaves a failed field
//! out. Clients may rely on the order of the document, on null in the place of a failed field, and
//! on never seeing null where the schema says there is none: there, the parent is null.

use std::sync::{Arc, OnceLock};

use async_graphql::{
    PathSegment, Response, ServerError, ServerResult, Value, Variables,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute, NextParseQuery},
    indexmap::IndexMap,
    parser::types::{ExecutableDocument, OperationType, Selection, SelectionSet},
    registry::{MetaTypeName, Registry},
};

/// The extension.
#[derive(Debug, Clone, Copy)]
pub struct Completion;

impl ExtensionFactory for Completion {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(OneOperation(OnceLock::new()))
    }
}

/// What is remembered between the stages of one operation: its document.
struct OneOperation(OnceLock<ExecutableDocument>);

#[async_graphql::async_trait::async_trait]
impl Extension for OneOperation {
    async fn parse_query(
        &self,
        ctx: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        let document = next.run(ctx, query, variables).await?;
        self.0.get_or_init(|| document.clone());
        Ok(document)
    }

    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let mut response = next.run(ctx, operation_name).await;
        if let Some(document) = self.0.get() {
            let data = std::mem::take(&mut response.data);
            let operation = Operation {
                document,
                registry: &ctx.schema_env.registry,
                errors: &response.errors,
            };
            response.data = operation.complete_data(operation_name, data);
        }
        response
    }
}

/// An executed operation: what was asked, of which types, and what failed.
struct Operation<'a> {
    document: &'a ExecutableDocument,
    registry: &'a Registry,
    errors: &'a [ServerError],
}

/// A selection set and the name of the type it selects from.
type Scope<'a> = (&'a str, &'a SelectionSet);

/// A field as it was selected, under one response key, perhaps in several places.
struct Selected<'a> {
    /// The field's type, such as `[Project!]!`.
    of_type: &'a str,
    /// What is selected below it.
    below: Vec<Scope<'a>>,
}

impl<'a> Operation<'a> {
    fn complete_data(&self, operation_name: Option<&str>, data: Value) -> Value {
        let operation = self
            .document
            .operations
            .iter()
            .find(|(name, _)| operation_name.is_none_or(|asked| name.is_some_and(|it| it == asked)))
            .map(|(_, operation)| &operation.node);
        let root = operation.and_then(|operation| match operation.ty {
            OperationType::Query => Some(self.registry.query_type.as_str()),
            OperationType::Mutation => self.registry.mutation_type.as_deref(),
            OperationType::Subscription => self.registry.subscription_type.as_deref(),
        });
        let (Some(operation), Some(root)) = (operation, root) else {
            return data;
        };
        let scopes = [(root, &operation.selection_set.node)];
        self.complete(data, root, &scopes, &mut Vec::new())
            .unwrap_or_default()
    }

    /// `value` as a value of the type `of_type`; `None` if it would be null where null cannot be.
    fn complete(
        &self,
        value: Value,
        of_type: &str,
        scopes: &[Scope<'a>],
        path: &mut Vec<PathSegment>,
    ) -> Option<Value> {
        let nullable = MetaTypeName::create(of_type).unwrap_non_null();
        let completed = match (value, nullable) {
            (Value::List(items), MetaTypeName::List(of_item)) => {
                let complete_item = |(index, item)| {
                    path.push(PathSegment::Index(index));
                    let item = self.complete(item, of_item, scopes, path);
                    path.pop();
                    item
                };
                items
                    .into_iter()
                    .enumerate()
                    .map(complete_item)
                    .collect::<Option<Vec<_>>>()
                    .map(Value::List)
            }
            (Value::Object(fields), MetaTypeName::Named(_)) => {
                self.complete_object(fields, scopes, path)
            }
            (Value::Null, MetaTypeName::Named(_))
                if self.is_empty_object(of_type, scopes, path) =>
            {
                self.complete_object(IndexMap::new(), scopes, path)
            }
            (Value::Null, _) => None,
            (leaf, _) => Some(leaf),
        };
        match completed {
            None if !is_non_null(of_type) => Some(Value::Null),
            completed => completed,
        }
    }

    /// The fields in the order of the document; `None` if one is null that cannot be.
    fn complete_object(
        &self,
        mut values: IndexMap<async_graphql::Name, Value>,
        scopes: &[Scope<'a>],
        path: &mut Vec<PathSegment>,
    ) -> Option<Value> {
        let selected = self.select(scopes);
        // A scalar that is written as an object has no selection.
        if selected.is_empty() {
            return Some(Value::Object(values));
        }
        let mut completed = IndexMap::with_capacity(values.len());
        for (key, field) in selected {
            path.push(PathSegment::Field(key.to_owned()));
            let value = match values.swap_remove(key) {
                Some(value) => Some(self.complete(value, field.of_type, &field.below, path)),
                None if self.has_failed_below(path) => {
                    Some((!is_non_null(field.of_type)).then_some(Value::Null))
                }
                // Skipped, or of another type than this object's.
                None => None,
            };
            path.pop();
            if let Some(value) = value {
                completed.insert(async_graphql::Name::new(key), value?);
            }
        }
        Some(Value::Object(completed))
    }

    /// The fields selected in `scopes` by their response keys, in the document's order.
    fn select(&self, scopes: &[Scope<'a>]) -> IndexMap<&'a str, Selected<'a>> {
        let mut selected = IndexMap::new();
        for (key, of_type, below) in self.fields(scopes) {
            selected
                .entry(key)
                .or_insert_with(|| Selected {
                    of_type,
                    below: Vec::new(),
                })
                .below
                .push((MetaTypeName::concrete_typename(of_type), below));
        }
        selected
    }

    /// Every field selected in `scopes`, through fragments: response key, type, what is below it.
    fn fields(&self, scopes: &[Scope<'a>]) -> Vec<(&'a str, &'a str, &'a SelectionSet)> {
        let mut fields = Vec::new();
        for (parent, selections) in scopes {
            self.collect(parent, selections, &mut fields);
        }
        fields
    }

    fn collect(
        &self,
        parent: &'a str,
        selections: &'a SelectionSet,
        fields: &mut Vec<(&'a str, &'a str, &'a SelectionSet)>,
    ) {
        for selection in &selections.items {
            match &selection.node {
                Selection::Field(field) => {
                    let field = &field.node;
                    let of_type = self.type_of(parent, &field.name.node);
                    let key = field.response_key().node.as_str();
                    fields.push((key, of_type, &field.selection_set.node));
                }
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref();
                    let parent = condition.map_or(parent, |it| it.node.on.node.as_str());
                    self.collect(parent, &fragment.node.selection_set.node, fields);
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    if let Some(fragment) = self.document.fragments.get(name) {
                        let parent = fragment.node.type_condition.node.on.node.as_str();
                        self.collect(parent, &fragment.node.selection_set.node, fields);
                    }
                }
            }
        }
    }

    /// The type of a field. The document was validated, so that only `__typename` has none.
    fn type_of(&self, parent: &str, field: &str) -> &'a str {
        self.registry
            .types
            .get(parent)
            .and_then(|it| it.field_by_name(field))
            .map_or("String!", |field| &field.ty)
    }

    /// Whether null at `path` is the library's word for an object none of whose fields has a value:
    /// all failed, or all were skipped where null cannot be.
    fn is_empty_object(&self, of_type: &str, scopes: &[Scope<'a>], path: &[PathSegment]) -> bool {
        let has_failed_itself = self.errors.iter().any(|error| error.path == path);
        !has_failed_itself
            && (is_non_null(of_type) || self.has_failed_below(path))
            && !self.fields(scopes).is_empty()
    }

    /// Whether an error is at `path` or below it.
    fn has_failed_below(&self, path: &[PathSegment]) -> bool {
        self.errors.iter().any(|error| error.path.starts_with(path))
    }
}

fn is_non_null(of_type: &str) -> bool {
    MetaTypeName::create(of_type).is_non_null()
}

#[cfg(test)]
mod tests;
