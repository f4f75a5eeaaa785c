use std::borrow::Cow;

use async_graphql::{
    ContainerType, Context, ContextSelectionSet, ObjectType, OutputType, Positioned, ServerResult, UnionType,
    Value,
    indexmap::{IndexMap, IndexSet},
    parser::types::Field,
    registry::{Deprecation, MetaField, MetaType, MetaTypeId, Registry},
    resolver_utils::{self, Fields},
};
use async_trait::async_trait;
use zhibu_domain::vocabulary::Refusal;

use super::term::{Term, description};
use crate::call::Call;

/// Types of what was done: each holds the thing as it now stands, and is made of it.
macro_rules! done {
    ($($(#[$doc:meta])+ $name:ident { $field:ident: $object:ident($of:ty) };)+) => {$(
        $(#[$doc])+
        #[derive(async_graphql::SimpleObject)]
        pub struct $name {
            /// As it now stands.
            $field: $object,
        }

        impl From<$of> for $name {
            fn from(stands: $of) -> Self {
                Self { $field: $object(stands) }
            }
        }
    )+};
}
pub(crate) use done;

/// What a mutation answers: what was done, or why not. In the schema a union, named after
/// what was done: `CheckInResult = CheckInDone | CheckInRefused`.
pub enum Outcome<D, R> {
    /// What was done.
    Done(D),
    /// Why not.
    Refused(Refused<R>),
}

/// A refusal with the sentence in the client's language.
pub struct Refused<R> {
    /// The operation's own code.
    pub code: R,
    /// The path of the input field at fault, where one is.
    pub field: Option<Vec<String>>,
}

fn refused_name<R: Refusal>() -> String {
    format!("{}Refused", R::NAME.strip_suffix("Refusal").unwrap_or(R::NAME))
}

fn field(name: &str, ty: String, doc: &str) -> (String, MetaField) {
    let field = MetaField {
        name: name.to_owned(),
        description: Some(doc.to_owned()),
        args: IndexMap::new(),
        ty,
        deprecation: Deprecation::NoDeprecated,
        cache_control: Default::default(),
        external: false,
        requires: None,
        provides: None,
        visible: None,
        shareable: false,
        inaccessible: false,
        tags: Vec::new(),
        override_from: None,
        compute_complexity: None,
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    };
    (name.to_owned(), field)
}

#[async_trait]
impl<R: Refusal> ContainerType for Refused<R> {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        Ok(match ctx.item.node.name.node.as_str() {
            "code" => Some(Value::Enum(async_graphql::Name::new(self.code.code()))),
            "message" => {
                let language = ctx.data_opt::<Call>().map(|call| call.language).unwrap_or_default();
                Some(Value::from(self.code.say(language)))
            }
            "field" => Some(self.field.as_ref().map_or(Value::Null, |path| {
                Value::List(path.iter().map(|p| Value::from(p.as_str())).collect())
            })),
            _ => None,
        })
    }
}

#[async_trait]
impl<R: Refusal> OutputType for Refused<R> {
    fn type_name() -> Cow<'static, str> {
        Cow::Owned(refused_name::<R>())
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_output_type::<Self, _>(MetaTypeId::Object, |registry| {
            let code = <Term<R> as OutputType>::create_type_info(registry);
            let string = <String as OutputType>::create_type_info(registry);
            let fields = [
                field("code", code, "The reason; switch over it, and treat an unknown one as \"other\"."),
                field(
                    "message",
                    string,
                    "The reason as a sentence for people, zh-CN or en by `Accept-Language`.",
                ),
                field(
                    "field",
                    "[String!]".to_owned(),
                    "The path of the input field at fault. Mostly null: go by `code`.",
                ),
            ];
            MetaType::Object {
                name: refused_name::<R>(),
                description: description(R::DOC),
                fields: fields.into_iter().collect(),
                cache_control: Default::default(),
                extends: false,
                shareable: false,
                resolvable: true,
                inaccessible: false,
                interface_object: false,
                tags: Vec::new(),
                keys: None,
                visible: None,
                is_subscription: false,
                rust_typename: Some(std::any::type_name::<Self>()),
                directive_invocations: Vec::new(),
                requires_scopes: Vec::new(),
            }
        })
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        resolver_utils::resolve_container(ctx, self).await
    }
}

impl<R: Refusal> ObjectType for Refused<R> {}

fn result_name<D: OutputType>() -> String {
    let done = D::type_name();
    format!("{}Result", done.strip_suffix("Done").unwrap_or(&done))
}

#[async_trait]
impl<D: ObjectType, R: Refusal> ContainerType for Outcome<D, R> {
    async fn resolve_field(&self, _: &Context<'_>) -> ServerResult<Option<Value>> {
        Ok(None)
    }

    fn collect_all_fields<'a>(
        &'a self,
        ctx: &ContextSelectionSet<'a>,
        fields: &mut Fields<'a>,
    ) -> ServerResult<()> {
        match self {
            Self::Done(done) => done.collect_all_fields(ctx, fields),
            Self::Refused(refused) => refused.collect_all_fields(ctx, fields),
        }
    }
}

#[async_trait]
impl<D: ObjectType, R: Refusal> OutputType for Outcome<D, R> {
    fn type_name() -> Cow<'static, str> {
        Cow::Owned(result_name::<D>())
    }

    fn introspection_type_name(&self) -> Cow<'static, str> {
        match self {
            Self::Done(_) => D::type_name(),
            Self::Refused(_) => <Refused<R> as OutputType>::type_name(),
        }
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_output_type::<Self, _>(MetaTypeId::Union, |registry| {
            D::create_type_info(registry);
            <Refused<R> as OutputType>::create_type_info(registry);
            MetaType::Union {
                name: result_name::<D>(),
                description: Some("What was done, or why not.".to_owned()),
                possible_types: IndexSet::from_iter([D::type_name().into_owned(), refused_name::<R>()]),
                visible: None,
                inaccessible: false,
                tags: Vec::new(),
                rust_typename: Some(std::any::type_name::<Self>()),
                directive_invocations: Vec::new(),
            }
        })
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        resolver_utils::resolve_container(ctx, self).await
    }
}

impl<D: ObjectType, R: Refusal> UnionType for Outcome<D, R> {}
