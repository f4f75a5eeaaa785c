//! The way to an activity's page: a link, for any QR code, and a mini-program code. Neither proves
//! anybody's presence; that is the changing code's matter.

use actix_web::{HttpResponse, http::header, web};
use async_graphql::{ComplexObject, Context, Object, Result, SimpleObject};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use qrcode::{EcLevel, QrCode, render::svg};
use zhibu_domain::{error_code::ErrorCode, id::ActivityId, policy::Denied};

use super::client::picture_type;
use crate::{
    activity::visible_activity,
    app::App,
    auth::ticket::FileKind,
    call::{Call, request},
    download::{self, DownloadLink, File},
    error::{OpError, OpExt},
    graphql::GlobalId,
};

/// Where the link of a QR code leads.
pub const PATH: &str = "/open/{scene}";

/// The way to an activity's page, to be hung up or printed. It tells nothing of the activity, and proves
/// nobody's presence.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ActivityCode {
    /// A link, to be registered with WeChat as one that opens the mini-program.
    link: String,
    /// The mini-program code as a picture; null where this server has no mini-program.
    mini_program_code: Option<DownloadLink>,
}

#[ComplexObject]
impl ActivityCode {
    /// The link as a QR code, an SVG image.
    async fn link_svg(&self) -> Result<String> {
        let code = QrCode::with_error_correction_level(self.link.as_bytes(), EcLevel::M);
        let code = code.map_err(|_| OpError::internal("the code can't be drawn"))?;
        Ok(code.render::<svg::Color<'_>>().min_dimensions(240, 240).build())
    }
}

/// What the mini-program reads in a code: 24 of WeChat's 32 characters, none of which it changes.
fn scene(id: ActivityId) -> String {
    format!("a.{}", URL_SAFE_NO_PAD.encode(id.0))
}

/// Queries of codes.
#[derive(Default)]
pub struct CodeQuery;

#[Object]
impl CodeQuery {
    /// The way to an activity's page, as a link and as a mini-program code. For who sees the activity.
    async fn activity_code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which activity.")] activity_id: GlobalId<ActivityId>,
    ) -> Result<Option<ActivityCode>> {
        let (app, call) = request(ctx)?;
        call.person().op()?;
        let id = visible_activity(ctx, activity_id.0).await?.ok_or(Denied::Hidden).op()?.id;
        let picture = app.wechat.as_ref().map(|_| download::link(app, call, FileKind::ActivityCode, id.0));
        let link = PATH.replace("{scene}", &scene(id));
        Ok(Some(ActivityCode {
            link: format!("{}{link}", app.config.public_url.trim_end_matches('/')),
            mini_program_code: picture.transpose()?,
        }))
    }
}

/// The picture behind a link, which was given only to who sees the activity; it tells no more than its name.
pub async fn file(app: &App, call: &Call, id: ActivityId) -> Result<File, OpError> {
    call.person()?;
    let wechat = app.wechat.as_ref().ok_or(Denied::Hidden)?;
    let scene = scene(id);
    let key = format!("{} {scene}", wechat.settings.appid);
    let content = match app.memo.codes.get(&key) {
        Some(kept) => kept.as_ref().clone(),
        None => {
            let drawn = wechat.code(&scene).await?;
            app.memo.codes.insert(key, std::sync::Arc::new(drawn.clone()));
            drawn
        }
    };
    let media = picture_type(&content).ok_or(OpError::Code(ErrorCode::Unavailable, "WeChat"))?;
    let ending = if media == "image/png" { "png" } else { "jpg" };
    Ok(File { name: format!("activity.{ending}"), title: format!("小程序码.{ending}"), media, content })
}

/// Tells whoever has opened the link in a browser what to open it with.
pub async fn open(_scene: web::Path<String>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        ))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(PAGE)
}

const PAGE: &str = "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\">\
<meta name=\"viewport\" content=\"width=device-width\"><title>支部</title>\
<style>body{font:1.25rem/1.6 sans-serif;max-width:30rem;margin:15vh auto;padding:0 1rem}</style>\
<p>请用微信扫一扫打开。<p lang=\"en\">Please scan this code with WeChat.";
