use std::borrow::Cow;

use async_graphql::{
    ContainerType, ContextSelectionSet, Name, OutputType, Positioned, ServerResult, Value,
    indexmap::IndexMap,
    parser::types::{Field, Selection},
    registry::Registry,
};
use async_trait::async_trait;
use futures_util::{StreamExt, poll, stream::FuturesUnordered};

/// An object of a long list, whose fields are mostly at hand: each is tried once, and only those
/// that wait are joined. The library makes a task of every single field: a page of a hundred lines
/// with ten fields costs a thousand of them, and several times the memory and the time.
pub struct Eager<T>(pub T);

/// The fields of a selection that has nothing but fields, each under a name of its own.
fn plain<'a>(ctx: &ContextSelectionSet<'a>) -> Option<Vec<(&'a Name, &'a Positioned<Field>)>> {
    let mut fields: Vec<(&Name, &Positioned<Field>)> = Vec::with_capacity(ctx.item.node.items.len());
    for selection in &ctx.item.node.items {
        let Selection::Field(field) = &selection.node else { return None };
        let name = &field.node.response_key().node;
        if !field.node.directives.is_empty() || fields.iter().any(|(other, _)| *other == name) {
            return None;
        }
        fields.push((name, field));
    }
    Some(fields)
}

#[async_trait]
impl<T: ContainerType + Send + Sync> OutputType for Eager<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let Some(fields) = plain(ctx) else { return self.0.resolve(ctx, field).await };
        let mut values: Vec<ServerResult<Option<Value>>> = Vec::with_capacity(fields.len());
        let waiting = FuturesUnordered::new();
        for (place, (_, field)) in fields.iter().enumerate() {
            if field.node.name.node == "__typename" {
                values.push(Ok(Some(Value::from(self.0.introspection_type_name()))));
                continue;
            }
            let mut work = Box::pin(async move { self.0.resolve_field(&ctx.with_field(field)).await });
            match poll!(&mut work) {
                std::task::Poll::Ready(value) => values.push(value),
                std::task::Poll::Pending => {
                    values.push(Ok(None));
                    waiting.push(async move { (place, work.await) });
                }
            }
        }
        let late: Vec<_> = waiting.collect().await;
        for (place, value) in late {
            if let Some(at) = values.get_mut(place) {
                *at = value;
            }
        }
        let mut object = IndexMap::with_capacity(fields.len());
        for ((name, _), value) in fields.into_iter().zip(values) {
            match value {
                Ok(value) => drop(object.insert(name.clone(), value.unwrap_or_default())),
                Err(error) => ctx.add_error(error),
            }
        }
        Ok(if object.is_empty() { Value::Null } else { Value::Object(object) })
    }
}
