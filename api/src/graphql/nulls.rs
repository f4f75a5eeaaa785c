//! Puts nulls where the specification wants them. async-graphql 7 leaves a field that failed out
//! of its object altogether, whether or not it may be null, and an object whose fields all failed
//! becomes null itself. A field that may be null must be null; else the nearest thing around it
//! that may be null must. Done for answers with errors alone; version 8 will make this needless.

use std::collections::HashMap;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet, Type,
    TypeKind, TypeSystemDefinition,
};
use async_graphql::{Name, PathSegment, Response, Value};

/// Which fields of a schema may be null.
#[derive(Default)]
pub struct Nullability {
    fields: HashMap<Name, HashMap<Name, Type>>,
    query: Option<Name>,
    mutation: Option<Name>,
    subscription: Option<Name>,
}

/// A field of the document and the type it is asked of.
type Asked<'a> = (&'a Name, &'a Field);

impl Nullability {
    /// Reads a schema in the schema definition language.
    pub fn from_sdl(sdl: &str) -> Result<Self, async_graphql::parser::Error> {
        let mut found = Self::default();
        for definition in parse_schema(sdl)?.definitions {
            match definition {
                TypeSystemDefinition::Schema(schema) => {
                    let schema = schema.node;
                    found.query = schema.query.map(|name| name.node);
                    found.mutation = schema.mutation.map(|name| name.node);
                    found.subscription = schema.subscription.map(|name| name.node);
                }
                TypeSystemDefinition::Type(definition) => {
                    let fields = match definition.node.kind {
                        TypeKind::Object(object) => object.fields,
                        TypeKind::Interface(interface) => interface.fields,
                        _ => continue,
                    };
                    let fields = fields.into_iter().map(|field| (field.node.name.node, field.node.ty.node));
                    found.fields.insert(definition.node.name.node, fields.collect());
                }
                TypeSystemDefinition::Directive(_) => {}
            }
        }
        Ok(found)
    }

    /// Gives the answer to `operation` the nulls that its errors call for.
    pub fn complete(
        &self,
        response: &mut Response,
        document: &ExecutableDocument,
        operation: &OperationDefinition,
    ) {
        let paths = response.errors.iter().map(|error| error.path.as_slice());
        let mut nulls: Vec<&[PathSegment]> = paths
            .filter(|path| !path.is_empty())
            .filter_map(|path| {
                let depth = self.depth_of_null(path, document, operation)?;
                path.get(..depth)
            })
            .collect();
        // The deepest first: what is null further out swallows the rest.
        nulls.sort_by_key(|path| std::cmp::Reverse(path.len()));
        for path in nulls {
            put_null(&mut response.data, path);
        }
    }

    /// How much of an error's path leads to what becomes null.
    fn depth_of_null(
        &self,
        path: &[PathSegment],
        document: &ExecutableDocument,
        operation: &OperationDefinition,
    ) -> Option<usize> {
        let root = match operation.ty {
            OperationType::Query => &self.query,
            OperationType::Mutation => &self.mutation,
            OperationType::Subscription => &self.subscription,
        };
        let mut around = vec![(root.as_ref()?, &operation.selection_set.node)];
        let mut is: Option<&Type> = None;
        let mut depth = 0;
        for (at, segment) in path.iter().enumerate() {
            let here = match segment {
                PathSegment::Index(_) => match &is?.base {
                    BaseType::List(item) => item.as_ref(),
                    BaseType::Named(_) => return None,
                },
                PathSegment::Field(key) => {
                    let mut asked = Vec::new();
                    for (on, set) in around {
                        find(on, set, key, document, &mut asked);
                    }
                    let (on, field) = asked.first()?;
                    let here = self.fields.get(*on)?.get(&field.name.node)?;
                    let inner = innermost(here);
                    around = asked.iter().map(|(_, field)| (inner, &field.selection_set.node)).collect();
                    here
                }
            };
            if here.nullable {
                depth = at + 1;
            }
            is = Some(here);
        }
        Some(depth)
    }
}

fn innermost(of: &Type) -> &Name {
    match &of.base {
        BaseType::Named(name) => name,
        BaseType::List(item) => innermost(item),
    }
}

/// Finds the fields that answer under `key`, in fragments too.
fn find<'a>(
    on: &'a Name,
    set: &'a SelectionSet,
    key: &str,
    document: &'a ExecutableDocument,
    found: &mut Vec<Asked<'a>>,
) {
    for item in &set.items {
        match &item.node {
            Selection::Field(field) if field.node.response_key().node == key => found.push((on, &field.node)),
            Selection::Field(_) => {}
            Selection::InlineFragment(inline) => {
                let on = inline.node.type_condition.as_ref().map_or(on, |condition| &condition.node.on.node);
                find(on, &inline.node.selection_set.node, key, document, found);
            }
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                    let on = &fragment.node.type_condition.node.on.node;
                    find(on, &fragment.node.selection_set.node, key, document, found);
                }
            }
        }
    }
}

fn put_null(data: &mut Value, path: &[PathSegment]) {
    let mut at = data;
    for segment in path {
        // An object whose fields all failed comes as null; its fields are put back one by one.
        if let (PathSegment::Field(_), Value::Null) = (segment, &*at) {
            *at = Value::Object(Default::default());
        }
        at = match (segment, at) {
            (PathSegment::Field(key), Value::Object(fields)) => {
                fields.entry(Name::new(key)).or_insert(Value::Null)
            }
            (PathSegment::Index(index), Value::List(items)) => match items.get_mut(*index) {
                Some(item) => item,
                None => return,
            },
            _ => return,
        };
    }
    *at = Value::Null;
}
