//! Puts the fields of an answer in the order in which they were asked for, as the specification has it
//! (§ 7.2.2, Serialized Map Ordering). async-graphql answers them in the order in which they were ready.

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use async_graphql::{Name, Value};

/// The fields of an object in their order, each with what is asked of it.
type Fields<'a> = IndexMap<&'a Name, Vec<&'a SelectionSet>>;

/// Orders what was answered to these selections of a document, at any depth.
pub fn order(answered: &mut Value, asked: &[&SelectionSet], document: &ExecutableDocument) {
    if !matches!(answered, Value::Object(_) | Value::List(_)) {
        return;
    }
    let mut fields = Fields::new();
    asked.iter().for_each(|set| collect(set, document, &mut fields));
    sort(answered, &fields, document);
}

fn sort(answered: &mut Value, fields: &Fields<'_>, document: &ExecutableDocument) {
    match answered {
        Value::List(items) => items.iter_mut().for_each(|item| sort(item, fields, document)),
        Value::Object(object) => {
            if !object.keys().is_sorted_by_key(|key| fields.get_index_of(key)) {
                object.sort_by_cached_key(|key, _| fields.get_index_of(key));
            }
            for (key, value) in object {
                // What a scalar holds has an order of its own.
                if let Some(asked) = fields.get(key).filter(|asked| !asked.is_empty()) {
                    order(value, asked, document);
                }
            }
        }
        _ => {}
    }
}

/// Follows fragments whatever type they are of: an object has none of the others' fields.
fn collect<'a>(set: &'a SelectionSet, document: &'a ExecutableDocument, fields: &mut Fields<'a>) {
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => {
                let asked = fields.entry(&field.node.response_key().node).or_default();
                asked.extend(Some(&field.node.selection_set.node).filter(|set| !set.items.is_empty()));
            }
            Selection::InlineFragment(inline) => collect(&inline.node.selection_set.node, document, fields),
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                    collect(&fragment.node.selection_set.node, document, fields);
                }
            }
        }
    }
}
