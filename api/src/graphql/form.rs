//! Forms with files, as the GraphQL multipart request specification writes them: a part
//! `operations`, a part `map` that says which variables the files stand for, then the files.
//! Works on the whole body, of which the files are slices: nothing is copied.

use std::collections::HashMap;

use actix_web::web::Bytes;
use async_graphql::UploadValue;
use zhibu_domain::error_code::ErrorCode;

use super::operation::Operation;
use super::rejection::Rejection;
use super::upload::File;

/// Longest head of a part.
const MAX_HEAD: usize = 4096;

/// Most variables that the map may name for one file.
const MAX_PATHS: usize = 10;

/// What one part of a form holds.
struct Part {
    name: String,
    filename: Option<String>,
    content_type: Option<String>,
    content: Bytes,
}

/// Reads an operation and its files.
pub fn read(body: &Bytes, boundary: &str, max_files: usize, max_json: usize) -> Result<Operation, Rejection> {
    let mut operations = None;
    let mut map: Option<HashMap<String, Vec<String>>> = None;
    let mut files = HashMap::new();
    for part in split(body, boundary, max_files + 2)? {
        match part.name.as_str() {
            "operations" | "map" if part.content.len() > max_json => {
                return Err(Rejection::new(ErrorCode::PayloadTooLarge)
                    .detail(format!("{} is limited to {max_json} bytes", part.name)));
            }
            "operations" => operations = Some(Operation::from_json(&part.content)?),
            "map" => {
                let parsed = serde_json::from_slice(&part.content);
                map = Some(parsed.map_err(|error| bad(format!("map: {error}")))?);
            }
            _ => {
                files.insert(part.name.clone(), part);
            }
        }
    }
    let mut operation = operations.ok_or_else(|| bad("the form has no part named operations"))?;
    for (name, paths) in map.ok_or_else(|| bad("the form has no part named map"))? {
        let part = files.remove(&name).ok_or_else(|| bad("the map names a file that is not in the form"))?;
        if paths.is_empty() || paths.len() > MAX_PATHS {
            return Err(bad("the map must name one to ten variables for each file"));
        }
        let content = UploadValue {
            filename: part.filename.unwrap_or(name),
            content_type: part.content_type,
            content: part.content,
        };
        operation.files.push(File { paths, content });
    }
    if !files.is_empty() {
        return Err(bad("the form has a file that the map does not name"));
    }
    Ok(operation)
}

fn bad(why: impl Into<std::borrow::Cow<'static, str>>) -> Rejection {
    Rejection::new(ErrorCode::BadRequest).detail(why)
}

/// Cuts the body at its boundaries.
fn split(body: &Bytes, boundary: &str, max_parts: usize) -> Result<Vec<Part>, Rejection> {
    let cut_short = || bad("the form is cut short");
    let delimiter = format!("\r\n--{boundary}");
    let first = delimiter.get(2..).unwrap_or_default();
    // What stands before the first boundary means nothing.
    let mut at = match body.starts_with(first.as_bytes()) {
        true => first.len(),
        false => find(body, 0, delimiter.as_bytes()).ok_or_else(cut_short)? + delimiter.len(),
    };
    let mut parts = Vec::new();
    loop {
        let rest = body.get(at..).unwrap_or_default();
        if rest.starts_with(b"--") {
            return Ok(parts);
        }
        if parts.len() == max_parts {
            return Err(bad("the form has too many parts"));
        }
        let spaces = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let head = at + spaces;
        if !body.get(head..).unwrap_or_default().starts_with(b"\r\n") {
            return Err(cut_short());
        }
        let window = body.get(head..body.len().min(head + MAX_HEAD)).unwrap_or_default();
        let head_end = head + find(window, 0, b"\r\n\r\n").ok_or_else(|| bad("a part has no head"))?;
        let content = head_end + 4;
        // The empty line may itself begin the next boundary, when a part is empty.
        let end = find(body, head_end + 2, delimiter.as_bytes()).ok_or_else(cut_short)?;
        parts.push(part(body.get(head..head_end).unwrap_or_default(), body.slice(content.min(end)..end))?);
        at = end + delimiter.len();
    }
}

/// Where `needle`, which begins with a carriage return, first stands from `from` on.
fn find(bytes: &[u8], from: usize, needle: &[u8]) -> Option<usize> {
    let mut at = from;
    loop {
        let rest = bytes.get(at..)?;
        let next = at + rest.iter().position(|&byte| byte == b'\r')?;
        if bytes.get(next..)?.starts_with(needle) {
            return Some(next);
        }
        at = next + 1;
    }
}

fn part(head: &[u8], content: Bytes) -> Result<Part, Rejection> {
    let head = std::str::from_utf8(head).map_err(|_| bad("the head of a part is not UTF-8"))?;
    let mut found = Part { name: String::new(), filename: None, content_type: None, content };
    for line in head.split("\r\n") {
        let Some((name, value)) = line.split_once(':') else { continue };
        if name.eq_ignore_ascii_case("content-disposition") {
            found.name = parameter(value, "name").unwrap_or_default();
            found.filename = parameter(value, "filename");
        } else if name.eq_ignore_ascii_case("content-type") {
            found.content_type = Some(value.trim().to_owned());
        }
    }
    match found.name.is_empty() {
        true => Err(bad("a part has no name")),
        false => Ok(found),
    }
}

/// The value of a parameter such as `filename="名册.xlsx"`; browsers write a quotation mark in it
/// as `%22`, others as `\"`.
fn parameter(header: &str, name: &str) -> Option<String> {
    let mut rest = header;
    loop {
        let (_, tail) = rest.split_once(';')?;
        let (key, value) = tail.split_once('=')?;
        let (value, after) = unquote(value.trim_start());
        if key.trim().eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = after;
    }
}

fn unquote(value: &str) -> (String, &str) {
    let Some(quoted) = value.strip_prefix('"') else {
        let end = value.find(';').unwrap_or(value.len());
        let (plain, rest) = value.split_at(end);
        return (plain.trim().to_owned(), rest);
    };
    let mut text = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (text.replace("%22", "\""), quoted.get(at + 1..).unwrap_or_default()),
            '\\' if quoted.get(at + 1..).is_some_and(|next| next.starts_with(['"', '\\'])) => {
                text.extend(characters.next().map(|(_, escaped)| escaped));
            }
            other => text.push(other),
        }
    }
    (text, "")
}
