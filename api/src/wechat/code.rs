//! The way to the page of an activity, or of a board for volunteers: a link, for any QR code, and a
//! mini-program code. Neither proves anybody's presence; that is the changing code's matter.

use std::sync::Arc;

use actix_web::{HttpResponse, http::header, web};
use async_graphql::{ComplexObject, Context, ID, Object, Result, SimpleObject};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use qrcode::{EcLevel, QrCode, render::svg};
use uuid::Uuid;
use zhibu_domain::{
    error_code::ErrorCode,
    id::{ActivityId, TypedId, VolunteerProjectId, VolunteerShiftId},
    policy::Denied,
};

use super::client::picture_type;
use crate::{
    app::App,
    auth::ticket::FileKind,
    call::{Call, request},
    download::{self, Content, DownloadLink, File},
    error::{OpError, OpExt},
    graphql::decode,
    node,
};

/// Where the link of a QR code leads.
pub const PATH: &str = "/open/{scene}";

/// What has a page of its own: its kind, the kind of its picture, and the letter by which the mini-program
/// knows it.
const OPENED: [(&str, FileKind, char); 3] = [
    (ActivityId::KIND, FileKind::ActivityCode, 'a'),
    (VolunteerProjectId::KIND, FileKind::ProjectCode, 'p'),
    (VolunteerShiftId::KIND, FileKind::ShiftCode, 's'),
];

/// The way to a thing's page, to be hung up or printed. It tells nothing of the thing, and proves nobody's
/// presence.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct PageCode {
    /// A link, to be registered with WeChat as one that opens the mini-program; it ends in the scene.
    link: String,
    /// The mini-program code as a picture; null where this server has no mini-program.
    mini_program_code: Option<DownloadLink>,
}

#[ComplexObject]
impl PageCode {
    /// The link as a QR code, an SVG image.
    async fn link_svg(&self) -> Result<String> {
        let code = QrCode::with_error_correction_level(self.link.as_bytes(), EcLevel::M);
        let code = code.map_err(|_| OpError::internal("the code can't be drawn"))?;
        Ok(code.render::<svg::Color<'_>>().min_dimensions(240, 240).build())
    }
}

/// What the mini-program reads in a code: 24 of WeChat's 32 characters, none of which it changes.
fn scene(letter: char, id: Uuid) -> String {
    format!("{letter}.{}", URL_SAFE_NO_PAD.encode(id))
}

/// Queries of codes.
#[derive(Default)]
pub struct CodeQuery;

#[Object]
impl CodeQuery {
    /// The way to the page of an activity, a project or a shift, as a link and as a mini-program code. For who
    /// sees it.
    async fn page_code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global id of an activity, a project or a shift.")] id: ID,
    ) -> Result<Option<PageCode>> {
        let (app, call) = request(ctx)?;
        call.person().op()?;
        let (kind, id) = decode(&id).ok_or(OpError::Code(ErrorCode::BadId, "not an id of this server"))?;
        let opened = OPENED.into_iter().find(|(opened, ..)| *opened == kind);
        let (_, file, letter) = opened.ok_or(OpError::Code(ErrorCode::BadId, "it has no page"))?;
        node::by_kind(ctx, &kind, id).await?.ok_or(Denied::Hidden).op()?;
        let picture = app.wechat.as_ref().map(|_| download::link(app, call, file, id));
        let link = PATH.replace("{scene}", &scene(letter, id));
        Ok(Some(PageCode {
            link: format!("{}{link}", app.config.public_url.trim_end_matches('/')),
            mini_program_code: picture.transpose()?,
        }))
    }
}

/// The picture behind a link, which was given only to who sees the thing; it tells no more than its id.
pub async fn file(app: &App, call: &Call, kind: FileKind, id: Uuid) -> Result<File, OpError> {
    call.person()?;
    let wechat = app.wechat.as_ref().ok_or(Denied::Hidden)?;
    let opened = OPENED.into_iter().find(|(_, file, _)| *file == kind).ok_or(Denied::Hidden)?;
    let scene = scene(opened.2, id);
    let content = match app.memo.codes.get(&scene) {
        Some(kept) => kept.as_ref().clone(),
        None => {
            let drawn = wechat.code(&scene).await?;
            app.memo.codes.insert(scene, Arc::new(drawn.clone()));
            drawn
        }
    };
    let media = picture_type(&content).ok_or(OpError::Code(ErrorCode::Unavailable, "WeChat"))?;
    let ending = if media == "image/png" { "png" } else { "jpg" };
    Ok(File {
        name: format!("code.{ending}"),
        title: format!("小程序码.{ending}"),
        media,
        content: Content::Whole(content),
    })
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
