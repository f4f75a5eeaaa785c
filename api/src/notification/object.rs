use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::{DateTime, NaiveTime, Utc};
use zhibu_domain::{
    id::NotificationId,
    notification::{Message, Notification, NotificationKind, Preferences, QuietHours},
    vocabulary::Vocabulary,
};

use super::ops;
use crate::{
    call::request,
    error::OpExt,
    graphql::{GlobalId, Term},
    node::{self, Node},
    reads::Loading,
};

/// Something that a person is told: one message for each need, however often it comes up. For the person
/// told.
pub struct NotificationObject(pub Notification);

/// A notification as a node: the caller's own alone.
pub async fn notification_node(ctx: &Context<'_>, id: NotificationId) -> Result<Option<NotificationObject>> {
    let (_, call) = request(ctx)?;
    ops::permit(call).op()?;
    Ok(ctx.data::<Loading>()?.load_one(id).await.op()?.map(NotificationObject))
}

impl NotificationObject {
    async fn message(&self, ctx: &Context<'_>) -> Result<Message> {
        let (app, call) = request(ctx)?;
        let district = app.district(call.district().op()?).await?;
        Ok(self.0.say(call.language, &district.time_zone))
    }
}

/// Something that a person is told: one message for each need, however often it comes up. For the person
/// told.
#[Object(name = "Notification")]
impl NotificationObject {
    /// Global id.
    pub async fn id(&self) -> GlobalId<NotificationId> {
        GlobalId(self.0.id)
    }

    /// What it tells. Treat an unknown kind as any: `title` and `body` say it.
    async fn kind(&self) -> Term<NotificationKind> {
        Term(self.0.kind)
    }

    /// A few words to stand above, zh-CN or en by `Accept-Language`.
    async fn title(&self, ctx: &Context<'_>) -> Result<&'static str> {
        Ok(self.message(ctx).await?.title)
    }

    /// What happened, as it was then: a few sentences, zh-CN or en by `Accept-Language`.
    async fn body(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(self.message(ctx).await?.body)
    }

    /// What it is about, to be opened; null where the caller may not see it any more.
    async fn subject(&self, ctx: &Context<'_>) -> Result<Option<Node>> {
        node::by_kind(ctx, &self.0.subject_kind, self.0.subject_id).await
    }

    /// When it came.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// From when on the phone may make itself heard of it: at once, or when the quiet hours in which it
    /// came are over. The inbox has it at once.
    async fn alert_at(&self) -> DateTime<Utc> {
        self.0.alert_at
    }

    /// When it was read; null while it isn't.
    async fn read_at(&self) -> Option<DateTime<Utc>> {
        self.0.read_at
    }
}

/// What the caller wants to be told, and when. For that person.
pub struct PreferencesObject(pub Preferences);

/// The hours of each day in which the phone stays silent, in the district's time zone.
#[derive(SimpleObject)]
#[graphql(name = "QuietHours")]
pub struct QuietHoursObject {
    /// When they begin, `HH:MM`.
    from: String,
    /// When they end, `HH:MM`; before `from` where they last over midnight.
    until: String,
}

impl From<QuietHours> for QuietHoursObject {
    fn from(quiet: QuietHours) -> Self {
        let text = |time: NaiveTime| time.format("%H:%M").to_string();
        Self { from: text(quiet.from()), until: text(quiet.until()) }
    }
}

/// A kind of notification, for the screen on which a person chooses.
#[derive(SimpleObject)]
#[graphql(name = "NotificationKindChoice")]
pub struct NotificationKindObject {
    /// The kind.
    kind: Term<NotificationKind>,
    /// What it is called, zh-CN or en by `Accept-Language`.
    label: &'static str,
    /// Whether it may be muted. The others begin a duty, change a record of the person's or who can sign in as
    /// them, or spare a way in vain.
    can_be_muted: bool,
    /// Whether the caller has muted it.
    muted: bool,
}

/// What the caller wants to be told, and when. For that person.
#[Object(name = "NotificationPreferences")]
impl PreferencesObject {
    /// All kinds, with what the caller has chosen.
    #[graphql(complexity = "5 + 20 * child_complexity")]
    async fn kinds(&self, ctx: &Context<'_>) -> Result<Vec<NotificationKindObject>> {
        let (_, call) = request(ctx)?;
        let describe = |kind: NotificationKind| NotificationKindObject {
            kind: Term(kind),
            label: kind.say(call.language),
            can_be_muted: kind.can_be_muted(),
            muted: !self.0.wants(kind),
        };
        Ok(NotificationKind::words().iter().map(|word| describe(word.value)).collect())
    }

    /// The kinds that the caller has muted: they don't come into the inbox.
    async fn muted_kinds(&self) -> Vec<Term<NotificationKind>> {
        self.0.muted().map(Term).collect()
    }

    /// The quiet hours; null where the phone may always make itself heard.
    async fn quiet_hours(&self) -> Option<QuietHoursObject> {
        self.0.quiet().map(Into::into)
    }
}
