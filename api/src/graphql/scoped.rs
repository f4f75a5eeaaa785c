use std::borrow::Cow;

use async_graphql::{
    ContainerType, Context, ContextSelectionSet, Data, ObjectType, OutputType, Positioned, ServerResult,
    Value,
    parser::types::Field,
    registry::Registry,
    resolver_utils::{self, Fields},
};
use async_trait::async_trait;

/// What was done, whose fields are resolved with data of its own: who has just signed in reads the
/// rest of the answer as themselves, though the request came from nobody.
pub struct Scoped<D> {
    done: D,
    data: Data,
}

impl<D> Scoped<D> {
    /// `done`, with what its fields find before the request's own data.
    pub fn new(done: D, data: Data) -> Self {
        Self { done, data }
    }
}

#[async_trait]
impl<D: ObjectType> ContainerType for Scoped<D> {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        let mut ctx = ctx.clone();
        ctx.execute_data = Some(&self.data);
        self.done.resolve_field(&ctx).await
    }

    fn collect_all_fields<'a>(
        &'a self,
        ctx: &ContextSelectionSet<'a>,
        fields: &mut Fields<'a>,
    ) -> ServerResult<()> {
        let mut ctx = ctx.clone();
        ctx.execute_data = Some(&self.data);
        self.done.collect_all_fields(&ctx, fields)
    }
}

#[async_trait]
impl<D: ObjectType> OutputType for Scoped<D> {
    fn type_name() -> Cow<'static, str> {
        D::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        D::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        resolver_utils::resolve_container(ctx, self).await
    }
}

impl<D: ObjectType> ObjectType for Scoped<D> {}
