//! How much one document may ask for. Measured on the parsed document before async-graphql sees
//! it: its own checks follow fragments into fragments, and thirty of them, each spread twice in
//! the one before, would keep it busy for hours. Here every fragment is weighed once.

use std::collections::HashMap;

use async_graphql::parser::types::{
    Directive, ExecutableDocument, Field, FragmentDefinition, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, ObjectType, Pos, Positioned, SchemaBuilder, SubscriptionType};
use serde::Deserialize;
use zhibu_domain::error_code::ErrorCode;

use super::rejection::Rejection;
use super::upload;

/// Limits on one document. Fragments count as often as they are spread.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Longest document, in bytes.
    pub query_bytes: usize,
    /// Most words and signs.
    pub tokens: usize,
    /// Deepest nesting of fields. The standard introspection query needs 13.
    pub depth: usize,
    /// Most fields and fragments of an operation.
    pub fields: usize,
    /// Greatest cost, where a list counts as often as it has items; see `#[graphql(complexity)]`.
    pub complexity: usize,
    /// Most aliases of an operation.
    pub aliases: usize,
    /// Most fields at the root of an operation.
    pub root_fields: usize,
    /// Most directives of an operation.
    pub directives: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            query_bytes: 64 * 1024,
            tokens: 5_000,
            depth: 20,
            fields: 2_000,
            complexity: 10_000,
            aliases: 100,
            root_fields: 50,
            directives: 50,
        }
    }
}

/// Selection sets and fragments within each other beyond which a document isn't followed.
const MAX_NESTING: usize = 64;

impl Limits {
    /// Sets the limits that only the schema can check.
    pub fn apply<Q, M, S>(&self, schema: SchemaBuilder<Q, M, S>) -> SchemaBuilder<Q, M, S>
    where
        Q: ObjectType + 'static,
        M: ObjectType + 'static,
        S: SubscriptionType + 'static,
    {
        schema
            .limit_complexity(self.complexity)
            .limit_depth(self.depth)
            .limit_recursive_depth(MAX_NESTING)
            .limit_directives(self.directives)
    }

    /// Refuses a document that asks for too much. Says whether it asks for the schema.
    pub fn check(&self, document: &ExecutableDocument) -> Result<bool, Rejection> {
        let mut scale = Scale { fragments: &document.fragments, weighed: HashMap::new(), introspects: false };
        for (name, fragment) in &document.fragments {
            scale.fragment(name.as_str(), fragment.pos, 0)?;
        }
        for (_, operation) in document.operations.iter() {
            let weight = scale.operation(&operation.node)?;
            self.compare(&weight).map_err(|rejection| rejection.at(operation.pos))?;
        }
        Ok(scale.introspects)
    }

    fn compare(&self, weight: &Weight) -> Result<(), Rejection> {
        let limits = [
            (weight.depth, self.depth, ErrorCode::QueryTooDeep, "levels"),
            (weight.root_fields, self.root_fields, ErrorCode::TooManyRootFields, "root fields"),
            (weight.aliases, self.aliases, ErrorCode::TooManyAliases, "aliases"),
            (weight.directives, self.directives, ErrorCode::TooManyDirectives, "directives"),
            (weight.fields, self.fields, ErrorCode::QueryTooComplex, "fields"),
        ];
        match limits.into_iter().find(|(is, limit, ..)| is > limit) {
            None => Ok(()),
            Some((is, limit, code, what)) => {
                Err(Rejection::new(code).detail(format!("{is} {what}; the limit is {limit}")))
            }
        }
    }
}

/// What a selection set asks for, fragments included.
#[derive(Clone, Copy, Debug, Default)]
struct Weight {
    depth: usize,
    fields: usize,
    root_fields: usize,
    aliases: usize,
    directives: usize,
    /// Selection sets and fragments within each other.
    nesting: usize,
}

impl Weight {
    /// Adds what stands beside.
    fn add(&mut self, other: &Self) {
        self.depth = self.depth.max(other.depth);
        self.nesting = self.nesting.max(other.nesting);
        self.fields = self.fields.saturating_add(other.fields);
        self.root_fields = self.root_fields.saturating_add(other.root_fields);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.directives = self.directives.saturating_add(other.directives);
    }
}

struct Scale<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    /// `None` while a fragment is on the scale: to meet it again then is a circle.
    weighed: HashMap<&'a str, Option<Weight>>,
    /// Whether a field of the schema about itself was met.
    introspects: bool,
}

impl<'a> Scale<'a> {
    fn operation(&mut self, operation: &'a OperationDefinition) -> Result<Weight, Rejection> {
        let mut weight = self.selection(&operation.selection_set, 0)?;
        weight.directives = weight.directives.saturating_add(directives(&operation.directives)?);
        for variable in &operation.variable_definitions {
            let variable = &variable.node;
            weight.directives = weight.directives.saturating_add(directives(&variable.directives)?);
            if variable.default_value.as_ref().is_some_and(|default| upload::is_placeholder(&default.node)) {
                return Err(forged());
            }
        }
        Ok(weight)
    }

    fn fragment(&mut self, name: &'a str, pos: Pos, nesting: usize) -> Result<Weight, Rejection> {
        let unsound = |why: String| Rejection::new(ErrorCode::GraphqlValidationFailed).detail(why).at(pos);
        match self.weighed.get(name) {
            Some(Some(weight)) if nesting + weight.nesting > MAX_NESTING => Err(too_nested(pos)),
            Some(Some(weight)) => Ok(*weight),
            Some(None) => Err(unsound(format!("the fragment {name} spreads itself"))),
            None => {
                // An unknown fragment is left to validation, which says more about it.
                let Some(fragment) = self.fragments.get(name) else { return Ok(Weight::default()) };
                self.weighed.insert(name, None);
                let mut weight = self.selection(&fragment.node.selection_set, nesting)?;
                weight.directives = weight.directives.saturating_add(directives(&fragment.node.directives)?);
                self.weighed.insert(name, Some(weight));
                Ok(weight)
            }
        }
    }

    fn selection(&mut self, set: &'a Positioned<SelectionSet>, nesting: usize) -> Result<Weight, Rejection> {
        if nesting >= MAX_NESTING {
            return Err(too_nested(set.pos));
        }
        let mut sum = Weight::default();
        for item in &set.node.items {
            let mut weight = match &item.node {
                Selection::Field(field) => self.field(&field.node, nesting + 1)?,
                Selection::InlineFragment(inline) => {
                    self.selection(&inline.node.selection_set, nesting + 1)?
                }
                Selection::FragmentSpread(spread) => {
                    self.fragment(spread.node.fragment_name.node.as_str(), spread.pos, nesting + 1)?
                }
            };
            // A fragment counts as well: one of unknown fragments alone would weigh nothing.
            weight.fields = weight.fields.saturating_add(1);
            weight.directives = weight.directives.saturating_add(directives(item.node.directives())?);
            sum.add(&weight);
        }
        sum.nesting += 1;
        Ok(sum)
    }

    fn field(&mut self, field: &'a Field, nesting: usize) -> Result<Weight, Rejection> {
        self.introspects |= matches!(field.name.node.as_str(), "__schema" | "__type");
        let mut arguments = field.arguments.iter();
        if arguments
            .any(|(_, value)| upload::is_forged(value.node.clone().into_const_with(upload::no_variable)))
        {
            return Err(forged());
        }
        let mut weight = if field.selection_set.node.items.is_empty() {
            Weight::default()
        } else {
            self.selection(&field.selection_set, nesting)?
        };
        weight.depth += 1;
        weight.root_fields = 1;
        weight.aliases = weight.aliases.saturating_add(usize::from(field.alias.is_some()));
        Ok(weight)
    }
}

fn directives(directives: &[Positioned<Directive>]) -> Result<usize, Rejection> {
    let mut arguments = directives.iter().flat_map(|directive| &directive.node.arguments);
    match arguments
        .any(|(_, value)| upload::is_forged(value.node.clone().into_const_with(upload::no_variable)))
    {
        true => Err(forged()),
        false => Ok(directives.len()),
    }
}

fn too_nested(pos: Pos) -> Rejection {
    Rejection::new(ErrorCode::QueryTooDeep)
        .detail(format!("fields and fragments are nested deeper than {MAX_NESTING}"))
        .at(pos)
}

fn forged() -> Rejection {
    Rejection::new(ErrorCode::BadUserInput).detail("files come as parts of a form")
}
