//! Files by their links, read by programs that we didn't write.

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx};
use lopdf::{Document, Object, content::Content};
use reqwest::{StatusCode, header::HeaderMap};

use crate::harness::World;

/// What a link answers.
pub struct Fetched {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub content: Vec<u8>,
}

impl Fetched {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    /// The code of a problem.
    #[track_caller]
    pub fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem: serde_json::Value = serde_json::from_slice(&self.content).expect("a problem");
        assert!(problem["title"].as_str().is_some_and(|t| !t.is_empty()), "{problem}");
        assert_eq!(problem["status"], self.status.as_u16());
        problem["code"].as_str().expect("a code").to_owned()
    }

    /// The content, which is there.
    #[track_caller]
    pub fn file(self) -> Vec<u8> {
        assert_eq!(self.status, StatusCode::OK, "{}", String::from_utf8_lossy(&self.content));
        self.content
    }
}

/// Opens a link as a browser does: without a token.
pub async fn fetch(world: &World, url: &str) -> Fetched {
    let path = url.strip_prefix("http://127.0.0.1").expect("a link to this server");
    world.heard().await;
    let response = world.http.get(world.path(path)).send().await.expect("an answer");
    let (status, headers) = (response.status(), response.headers().clone());
    Fetched { status, headers, content: response.bytes().await.expect("a body").to_vec() }
}

/// The text of a PDF, and how many pages it has; all its faces must be embedded.
pub fn read_pdf(content: &[u8]) -> (String, usize) {
    let document = Document::load_mem(content).expect("a PDF");
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    let mut faces = 0;
    for object in document.objects.values() {
        let Object::Dictionary(dictionary) = object else { continue };
        if dictionary.get_type().is_ok_and(|kind| kind == b"FontDescriptor") {
            faces += 1;
            assert!(dictionary.has(b"FontFile2") || dictionary.has(b"FontFile3"), "a face isn't embedded");
        }
    }
    assert!(faces > 0, "there are faces");
    let text = document.extract_text(&pages).expect("text");
    (text.split_whitespace().collect(), pages.len())
}

/// What a PDF says of itself.
pub fn about_pdf(content: &[u8], name: &[u8]) -> String {
    let document = Document::load_mem(content).expect("a PDF");
    let about = document.trailer.get(b"Info").and_then(Object::as_reference).expect("a document's own data");
    let value = document.get_dictionary(about).and_then(|d| d.get(name)).expect("the entry");
    lopdf::decode_text_string(value).expect("text")
}

/// The last page of a PDF.
#[derive(Debug)]
pub struct LastPage {
    pub text: String,
    /// Where its first grey ends.
    pub grey_ends: f32,
    /// Where its first line is drawn.
    pub first_line: f32,
}

/// Reads the last page of a PDF.
pub fn last_page(content: &[u8]) -> LastPage {
    let document = Document::load_mem(content).expect("a PDF");
    let (number, id) = document.get_pages().into_iter().next_back().expect("a page");
    let drawn = Content::decode(&document.get_page_content(id)).expect("its content");
    let height_of = |operator: &str| {
        let first = drawn.operations.iter().find(|one| one.operator == operator).expect("drawn");
        first.operands[1].as_float().expect("a number")
    };
    let text = document.extract_text(&[number]).expect("text").split_whitespace().collect();
    LastPage { text, grey_ends: height_of("re"), first_line: height_of("m") }
}

/// The sheets of a workbook by name.
pub fn read_xlsx(content: Vec<u8>, sheet: &str) -> Range<Data> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(content)).expect("a workbook");
    for name in book.sheet_names() {
        let formulas = book.worksheet_formula(&name).expect("a sheet");
        assert!(formulas.cells().all(|(_, _, formula)| formula.is_empty()), "nothing is a formula");
    }
    book.worksheet_range(sheet).expect("the sheet")
}

/// The cell below a heading.
#[track_caller]
pub fn cell<'a>(range: &'a Range<Data>, row: usize, heading: &str) -> &'a Data {
    let mut headings = range.rows().next().expect("headings").iter();
    let column = headings.position(|cell| cell == &Data::String(heading.to_owned()));
    let column = column.unwrap_or_else(|| panic!("no column {heading}"));
    range.get((row, column)).expect("a cell")
}
