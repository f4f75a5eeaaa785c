use std::{borrow::Cow, io::Write};

use chrono::{DateTime, Datelike, FixedOffset, Timelike};
use flate2::{Compression, write::ZlibEncoder};
use pdf_writer::{
    Content, Date, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr,
    types::{CidFontType, FontFlags, SystemInfo, TextRenderingMode, UnicodeCmap},
};

use super::{
    PrintError,
    font::{Face, Fonts},
};

/// The width of A4, in points.
pub const PAGE_WIDTH: f32 = 595.28;
/// The height of A4, in points.
pub const PAGE_HEIGHT: f32 = 841.89;

const IDENTITY: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// How text is set.
#[derive(Clone, Copy, Debug)]
pub struct Ink {
    /// The size, in points.
    pub size: f32,
    /// Whether the strokes are thickened.
    pub bold: bool,
}

impl Ink {
    /// Plain text.
    pub const fn plain(size: f32) -> Self {
        Self { size, bold: false }
    }

    /// Thickened text.
    pub const fn bold(size: f32) -> Self {
        Self { size, bold: true }
    }
}

/// What a document says of itself.
pub struct Imprint<'a> {
    /// Its title.
    pub title: &'a str,
    /// Who made it.
    pub author: &'a str,
    /// When it was made, with the offset of the clocks there.
    pub at: DateTime<FixedOffset>,
}

/// Pages of A4. Places are in points from the upper left corner; the page written on is the last, or
/// one that was turned back to.
pub struct Paper<'a> {
    faces: Vec<Face<'a>>,
    pages: Vec<Content>,
    at: usize,
}

impl<'a> Paper<'a> {
    /// No page yet.
    pub fn new(fonts: &'a Fonts) -> Result<Self, PrintError> {
        Ok(Self { faces: fonts.faces()?, pages: Vec::new(), at: 0 })
    }

    /// Adds a page, to be written on.
    pub fn add_page(&mut self) {
        self.at = self.pages.len();
        self.pages.push(Content::new());
    }

    /// How many pages there are.
    pub fn pages(&self) -> usize {
        self.pages.len()
    }

    /// Turns to a page, counted from 0.
    pub fn turn_to(&mut self, page: usize) {
        self.at = page;
    }

    fn width_of(&self, c: char) -> Option<f32> {
        self.faces.iter().find_map(|face| face.width(c))
    }

    /// The text with each character that no face has written as its code: `[U+20BB7]`.
    pub fn visible<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if text.chars().all(|c| self.width_of(c).is_some()) {
            return Cow::Borrowed(text);
        }
        let shown = |c: char| match self.width_of(c) {
            Some(_) => c.to_string(),
            None => format!("[U+{:04X}]", u32::from(c)),
        };
        Cow::Owned(text.chars().map(shown).collect())
    }

    /// How wide a text is.
    pub fn width(&self, text: &str, ink: Ink) -> f32 {
        let visible = self.visible(text);
        visible.chars().filter_map(|c| self.width_of(c)).sum::<f32>() * ink.size / 1_000.0
    }

    /// The text in lines no wider than `width`. Latin words and numbers are kept whole where they fit.
    pub fn wrap(&self, text: &str, ink: Ink, width: f32) -> Vec<String> {
        let (mut lines, mut line, mut filled) = (Vec::new(), String::new(), 0.0);
        for word in words(&self.visible(text)) {
            let whole = self.width(word, ink) <= width;
            let parts: Vec<&str> = if whole { vec![word] } else { word.split_inclusive(|_| true).collect() };
            for part in parts {
                let needed = self.width(part, ink);
                if !line.is_empty() && filled + needed > width {
                    lines.push(std::mem::take(&mut line));
                    filled = 0.0;
                }
                line.push_str(part);
                filled += needed;
            }
        }
        lines.push(line);
        lines
    }

    /// Writes a line of text, whose baseline is `y`.
    pub fn text(&mut self, x: f32, y: f32, ink: Ink, text: &str) {
        let visible = self.visible(text).into_owned();
        let mut runs: Vec<(usize, Vec<u8>)> = Vec::new();
        for c in visible.chars() {
            let found = self.faces.iter_mut().enumerate().find_map(|(n, f)| Some((n, f.take(c)?)));
            let Some((face, glyph)) = found else { continue };
            match runs.last_mut() {
                Some((last, bytes)) if *last == face => bytes.extend(glyph.to_be_bytes()),
                _ => runs.push((face, glyph.to_be_bytes().to_vec())),
            }
        }
        let Some(page) = self.pages.get_mut(self.at) else { return };
        page.begin_text();
        if ink.bold {
            page.set_text_rendering_mode(TextRenderingMode::FillStroke).set_line_width(ink.size / 32.0);
        } else {
            page.set_text_rendering_mode(TextRenderingMode::Fill);
        }
        page.set_text_matrix([1.0, 0.0, 0.0, 1.0, x, PAGE_HEIGHT - y]);
        for (face, bytes) in runs {
            page.set_font(Name(name(face).as_bytes()), ink.size).show(Str(&bytes));
        }
        page.end_text();
    }

    /// Draws a line.
    pub fn line(&mut self, from: (f32, f32), to: (f32, f32), thickness: f32) {
        let Some(page) = self.pages.get_mut(self.at) else { return };
        page.set_line_width(thickness).set_stroke_gray(0.35);
        page.move_to(from.0, PAGE_HEIGHT - from.1).line_to(to.0, PAGE_HEIGHT - to.1).stroke();
        page.set_stroke_gray(0.0);
    }

    /// Fills a rectangle; 0 is black.
    pub fn fill(&mut self, (x, y): (f32, f32), (width, height): (f32, f32), gray: f32) {
        let Some(page) = self.pages.get_mut(self.at) else { return };
        page.set_fill_gray(gray).rect(x, PAGE_HEIGHT - y - height, width, height).fill_nonzero();
        page.set_fill_gray(0.0);
    }

    /// The file.
    pub fn finish(self, imprint: &Imprint<'_>) -> Result<Vec<u8>, PrintError> {
        let mut next = 0;
        let mut new = || {
            next += 1;
            Ref::new(next)
        };
        let (catalog, tree, info) = (new(), new(), new());
        let pages: Vec<_> = self.pages.into_iter().map(|page| (new(), new(), page.finish())).collect();
        let faces = self.faces.iter().enumerate().filter(|(_, face)| !face.used.is_empty());
        let fonts: Vec<_> = faces.map(|(n, face)| (n, face, [new(), new(), new(), new(), new()])).collect();
        let mut pdf = Pdf::new();
        let mut root = pdf.catalog(catalog);
        root.pages(tree).lang(TextStr("zh-CN"));
        root.viewer_preferences().display_doc_title(true);
        root.finish();
        pdf.pages(tree).kids(pages.iter().map(|(id, ..)| *id)).count(i32::try_from(pages.len()).unwrap_or(0));
        for (id, text, content) in &pages {
            let mut page = pdf.page(*id);
            page.media_box(Rect::new(0.0, 0.0, PAGE_WIDTH, PAGE_HEIGHT)).parent(tree).contents(*text);
            let mut resources = page.resources();
            let mut named = resources.fonts();
            for (n, _, [font, ..]) in &fonts {
                named.pair(Name(name(*n).as_bytes()), *font);
            }
            named.finish();
            resources.finish();
            page.finish();
            pdf.stream(*text, &deflate(content)?).filter(Filter::FlateDecode);
        }
        for (n, face, ids) in &fonts {
            embed(&mut pdf, *n, face, *ids)?;
        }
        let mut about = pdf.document_info(info);
        about.title(TextStr(imprint.title)).author(TextStr(imprint.author)).creator(TextStr("Zhibu"));
        about.creation_date(date(imprint.at));
        about.finish();
        Ok(pdf.finish())
    }
}

/// What a line doesn't begin with.
const CLOSING: &[char] = &['，', '。', '、', '；', '：', '！', '？', '）', '》', '」', '』', '”', '’'];

/// Runs of Latin letters, digits and signs; every other character by itself, with what closes it.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let latin = rest.find(|c: char| !c.is_ascii_graphic()).unwrap_or(rest.len());
        let (_, after) = rest.split_at_checked(latin.max(first.len_utf8()))?;
        let after = after.trim_start_matches(CLOSING);
        let (word, left) = rest.split_at_checked(rest.len() - after.len())?;
        rest = left;
        Some(word)
    })
}

fn date(at: DateTime<FixedOffset>) -> Date {
    let small = |number: u32| u8::try_from(number).unwrap_or(0);
    let offset = at.offset().local_minus_utc() / 60;
    Date::new(u16::try_from(at.year()).unwrap_or(0))
        .month(small(at.month()))
        .day(small(at.day()))
        .hour(small(at.hour()))
        .minute(small(at.minute()))
        .second(small(at.second()))
        .utc_offset_hour(i8::try_from(offset / 60).unwrap_or(0))
        .utc_offset_minute(small(offset.unsigned_abs() % 60))
}

fn name(face: usize) -> String {
    format!("F{face}")
}

fn deflate(data: &[u8]) -> Result<Vec<u8>, PrintError> {
    let failed = |error: std::io::Error| PrintError(error.to_string());
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(data).map_err(failed)?;
    encoder.finish().map_err(failed)
}

/// Embeds what is used of a face: glyphs by their new numbers, and what each of them means.
fn embed(pdf: &mut Pdf, n: usize, face: &Face<'_>, ids: [Ref; 5]) -> Result<(), PrintError> {
    let [font, descendant, descriptor, file, meaning] = ids;
    let (outlines, is_cff) = face.cut_down()?;
    // Six letters in front say that it is a part of a face.
    let base = format!("ZHIBU{}+Face{n}", if is_cff { 'C' } else { 'T' });
    let base = Name(base.as_bytes());
    pdf.type0_font(font)
        .base_font(base)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(descendant)
        .to_unicode(meaning);
    let mut cid = pdf.cid_font(descendant);
    cid.subtype(if is_cff { CidFontType::Type0 } else { CidFontType::Type2 });
    cid.base_font(base).system_info(IDENTITY).font_descriptor(descriptor).default_width(0.0);
    if !is_cff {
        cid.cid_to_gid_map_predefined(Name(b"Identity"));
    }
    let mut widths = cid.widths();
    for (number, used) in &face.used {
        widths.consecutive(*number, [used.width]);
    }
    widths.finish();
    cid.finish();
    let metrics = face.metrics();
    let [left, bottom, right, top] = metrics.bounds;
    let mut about = pdf.font_descriptor(descriptor);
    about.name(base).flags(FontFlags::SYMBOLIC).bbox(Rect::new(left, bottom, right, top)).italic_angle(0.0);
    about.ascent(metrics.ascent).descent(metrics.descent).cap_height(metrics.cap_height).stem_v(80.0);
    if is_cff {
        about.font_file3(file);
    } else {
        about.font_file2(file);
    }
    about.finish();
    let packed = deflate(&outlines)?;
    let mut stream = pdf.stream(file, &packed);
    stream.filter(Filter::FlateDecode);
    if is_cff {
        stream.pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
    } else {
        stream.pair(Name(b"Length1"), i32::try_from(outlines.len()).unwrap_or(i32::MAX));
    }
    stream.finish();
    let mut map = UnicodeCmap::<u16>::new(Name(b"Zhibu"), IDENTITY);
    face.used.iter().for_each(|(number, used)| map.pair(*number, used.shows));
    pdf.cmap(meaning, &map.finish());
    Ok(())
}
