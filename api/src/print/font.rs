//! The faces of print-outs. `api/fonts` says where they come from; `print_font` names one of the
//! operator's own, which is asked first.

use std::{collections::BTreeMap, path::Path, sync::LazyLock};

use subsetter::GlyphRemapper;
use ttf_parser::Tag;

use super::PrintError;

const PACKED: [&[u8]; 2] = [
    include_bytes!("../../fonts/NotoSansSC-Supplement.otf.br"),
    include_bytes!("../../fonts/DroidSansFallbackFull.ttf.br"),
];

/// Unpacked when the first sheet is printed.
static BUNDLED: LazyLock<Vec<Vec<u8>>> =
    LazyLock::new(|| PACKED.iter().map(|packed| unpack(packed)).collect());

fn unpack(mut packed: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    let done = brotli_decompressor::BrotliDecompress(&mut packed, &mut plain);
    debug_assert!(done.is_ok());
    plain
}

/// The configured font can't be used.
#[derive(Debug)]
pub struct FontError(pub String);

/// The faces to print with.
#[derive(Default)]
pub struct Fonts {
    own: Option<Vec<u8>>,
}

impl Fonts {
    /// The bundled faces, behind the operator's own.
    pub fn load(own: Option<&Path>) -> Result<Self, FontError> {
        let Some(path) = own else { return Ok(Self::default()) };
        let failed = |why: String| FontError(format!("print_font: {}: {why}", path.display()));
        let data = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
        ttf_parser::Face::parse(&data, 0).map_err(|error| failed(error.to_string()))?;
        Ok(Self { own: Some(data) })
    }

    /// The faces, in the order in which they are asked for a character.
    pub(super) fn faces(&self) -> Result<Vec<Face<'_>>, PrintError> {
        self.own.iter().chain(BUNDLED.iter()).map(|data| Face::of(data)).collect()
    }
}

/// A glyph that a document uses.
pub(super) struct Used {
    /// The character that it shows.
    pub(super) shows: char,
    /// Its width, in thousandths of the size.
    pub(super) width: f32,
}

/// A face, and what a document uses of it.
pub(super) struct Face<'a> {
    data: &'a [u8],
    parsed: ttf_parser::Face<'a>,
    chosen: GlyphRemapper,
    /// By the glyphs' new numbers.
    pub(super) used: BTreeMap<u16, Used>,
}

/// What a PDF says of a face as a whole, in thousandths of the size.
pub(super) struct Metrics {
    pub(super) bounds: [f32; 4],
    pub(super) ascent: f32,
    pub(super) descent: f32,
    pub(super) cap_height: f32,
}

impl<'a> Face<'a> {
    fn of(data: &'a [u8]) -> Result<Self, PrintError> {
        let parsed =
            ttf_parser::Face::parse(data, 0).map_err(|error| PrintError(format!("a face: {error}")))?;
        Ok(Self { data, parsed, chosen: GlyphRemapper::new(), used: BTreeMap::new() })
    }

    fn thousandths(&self, units: impl Into<f32>) -> f32 {
        units.into() * 1_000.0 / f32::from(self.parsed.units_per_em().max(1))
    }

    /// The width of a character, in thousandths of the size; none where the face lacks it.
    pub(super) fn width(&self, c: char) -> Option<f32> {
        let glyph = self.parsed.glyph_index(c)?;
        Some(self.thousandths(self.parsed.glyph_hor_advance(glyph)?))
    }

    /// The number of a character's glyph in the document.
    pub(super) fn take(&mut self, c: char) -> Option<u16> {
        let glyph = self.parsed.glyph_index(c)?;
        let width = self.width(c)?;
        let number = self.chosen.remap(glyph.0);
        self.used.entry(number).or_insert(Used { shows: c, width });
        Some(number)
    }

    /// The face with no more than the glyphs that were taken, as it is embedded; and whether its
    /// outlines are CFF.
    pub(super) fn cut_down(&self) -> Result<(Vec<u8>, bool), PrintError> {
        let failed = |why: String| PrintError(format!("a face can't be cut down: {why}"));
        let cut = subsetter::subset(self.data, 0, &self.chosen).map_err(|e| failed(e.to_string()))?;
        let tables = ttf_parser::RawFace::parse(&cut, 0).map_err(|e| failed(e.to_string()))?;
        match tables.table(Tag::from_bytes(b"CFF ")) {
            Some(outlines) => Ok((outlines.to_vec(), true)),
            None => Ok((cut, false)),
        }
    }

    pub(super) fn metrics(&self) -> Metrics {
        let bounds = self.parsed.global_bounding_box();
        let scaled = |units: i16| self.thousandths(units);
        Metrics {
            bounds: [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max].map(scaled),
            ascent: scaled(self.parsed.ascender()),
            descent: scaled(self.parsed.descender()),
            cap_height: scaled(self.parsed.capital_height().unwrap_or_else(|| self.parsed.ascender())),
        }
    }
}
