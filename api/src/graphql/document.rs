//! The documents that clients send: parsed and measured once, then kept. The apps send the same
//! few hundred again and again, and parsing costs more than most queries do.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use async_graphql::parser::{parse_query, types::ExecutableDocument};
use async_graphql::{Pos, Value};
use moka::sync::Cache;
use sha2::{Digest, Sha256};
use zhibu_domain::error_code::ErrorCode;

use super::limits::Limits;
use super::rejection::Rejection;

/// A document that may be run.
pub struct Document {
    /// Its operations and fragments.
    pub ast: ExecutableDocument,
    /// Whether it asks for the schema.
    pub introspects: bool,
}

type Parsed = Arc<Document>;
type Hash = [u8; 32];

/// The parsed documents: those of the server's own pages, those of the list of trusted ones, those
/// registered by hash, and those sent lately.
pub struct Documents {
    limits: Limits,
    sent: Cache<Arc<str>, Parsed>,
    registered: Cache<Hash, Parsed>,
    own: HashMap<Box<str>, Parsed>,
    trusted: Option<Trusted>,
}

/// The documents of the operator's list.
struct Trusted {
    by_id: HashMap<Box<str>, Parsed>,
    by_text: HashMap<Box<str>, Parsed>,
    only: bool,
}

/// Why a list of trusted documents can't be used.
#[derive(Debug, thiserror::Error)]
pub enum TrustedError {
    /// The file can't be read.
    #[error("the list of trusted documents can't be read: {0}")]
    Io(#[from] std::io::Error),
    /// The file isn't a JSON object of texts.
    #[error("the list of trusted documents is not a JSON object of hash and document: {0}")]
    Json(#[from] serde_json::Error),
    /// A document is wrong or beyond the limits.
    #[error("the trusted document {id} is not usable: {why}")]
    Document {
        /// Its key in the list.
        id: Box<str>,
        /// What is wrong with it.
        why: Box<str>,
    },
}

impl Documents {
    /// Keeps parsed documents in about `cache_bytes` for each of the texts and the hashes.
    pub fn new(limits: Limits, cache_bytes: u64) -> Self {
        Self {
            limits,
            sent: Cache::builder()
                .max_capacity(cache_bytes)
                .weigher(|text: &Arc<str>, _| in_memory(text.len()))
                .build(),
            registered: Cache::builder()
                .max_capacity(cache_bytes)
                // The hash doesn't tell the size; the longest document counts for each.
                .weigher(move |_: &Hash, _| in_memory(limits.query_bytes / 16))
                .build(),
            own: HashMap::new(),
            trusted: None,
        }
    }

    /// Vouches for a document that the server's own pages send: it is taken even where only trusted ones are.
    pub fn vouch(&mut self, text: &str) -> Result<(), TrustedError> {
        let document = self.parse(text).map_err(|rejection| unusable("of a page", &rejection))?;
        self.own.insert(text.into(), document);
        Ok(())
    }

    /// Reads the list of trusted documents, a JSON object of hash and document. With `only`,
    /// every other document is refused.
    pub fn trust(self, path: &Path, only: bool) -> Result<Self, TrustedError> {
        let list: HashMap<Box<str>, Box<str>> = serde_json::from_slice(&std::fs::read(path)?)?;
        let mut trusted = Trusted { by_id: HashMap::new(), by_text: HashMap::new(), only };
        for (id, text) in list {
            let document = self.parse(&text).map_err(|rejection| unusable(&id, &rejection))?;
            trusted.by_id.insert(id, document.clone());
            trusted.by_text.insert(text, document);
        }
        Ok(Self { trusted: Some(trusted), ..self })
    }

    /// The document that a request means: the text it carries, or the one known by its hash.
    pub fn find(&self, query: Option<&str>, persisted: Option<&Value>) -> Result<Parsed, Rejection> {
        let query = query.filter(|text| !text.is_empty());
        if let Some(document) = query.and_then(|text| self.own.get(text)) {
            return Ok(document.clone());
        }
        let id = persisted.map(hash_of).transpose()?;
        if let Some(trusted) = &self.trusted {
            let by_id = || id.and_then(|id| trusted.by_id.get(id));
            let found = query.map_or_else(by_id, |text| trusted.by_text.get(text));
            if let Some(document) = found {
                return Ok(document.clone());
            }
            if trusted.only {
                return Err(Rejection::new(ErrorCode::PersistedQueryOnly));
            }
        }
        match (query, id) {
            (None, None) => Err(Rejection::new(ErrorCode::BadRequest).detail("query is missing")),
            (Some(text), None) => self.sent(text),
            (None, Some(id)) => decode(id).and_then(|hash| self.registered.get(&hash)).ok_or_else(|| {
                Rejection::new(ErrorCode::PersistedQueryNotFound).detail("PersistedQueryNotFound")
            }),
            (Some(text), Some(id)) => {
                let hash: Hash = Sha256::digest(text.as_bytes()).into();
                if decode(id) != Some(hash) {
                    return Err(Rejection::new(ErrorCode::BadRequest)
                        .detail("persistedQuery.sha256Hash is not the hash of the query"));
                }
                let document = self.sent(text)?;
                self.registered.insert(hash, document.clone());
                Ok(document)
            }
        }
    }

    fn sent(&self, text: &str) -> Result<Parsed, Rejection> {
        if let Some(document) = self.sent.get(text) {
            return Ok(document);
        }
        let document = self.parse(text)?;
        self.sent.insert(text.into(), document.clone());
        Ok(document)
    }

    fn parse(&self, text: &str) -> Result<Parsed, Rejection> {
        if text.len() > self.limits.query_bytes {
            return Err(Rejection::new(ErrorCode::QueryTooLong)
                .detail(format!("the document has more than {} bytes", self.limits.query_bytes)));
        }
        super::scan::scan(text, self.limits.tokens)?;
        let ast = parse_query(text).map_err(|error| {
            let rejection = Rejection::new(ErrorCode::GraphqlParseFailed).detail(error.to_string());
            match error.positions().next() {
                Some(position) => rejection.at(position),
                None => rejection.at(Pos { line: 1, column: 1 }),
            }
        })?;
        let introspects = self.limits.check(&ast)?;
        Ok(Arc::new(Document { ast, introspects }))
    }
}

fn unusable(id: &str, rejection: &Rejection) -> TrustedError {
    let why = rejection.to_error(zhibu_domain::vocabulary::Language::En);
    TrustedError::Document { id: id.into(), why: format!("{why:?}").into() }
}

/// About what a parsed document takes for each byte of its text.
fn in_memory(text: usize) -> u32 {
    u32::try_from(512 + text.saturating_mul(16)).unwrap_or(u32::MAX)
}

/// The hash that a request names in `extensions.persistedQuery`.
fn hash_of(persisted: &Value) -> Result<&str, Rejection> {
    let wrong = || {
        Rejection::new(ErrorCode::BadRequest)
            .detail("extensions.persistedQuery must be { version: 1, sha256Hash: String }")
    };
    let Value::Object(fields) = persisted else { return Err(wrong()) };
    match (fields.get("version"), fields.get("sha256Hash")) {
        (Some(Value::Number(version)), Some(Value::String(hash))) if version.as_u64() == Some(1) => Ok(hash),
        _ => Err(wrong()),
    }
}

/// Reads 64 hexadecimal digits.
fn decode(hex: &str) -> Option<Hash> {
    let hex: &[u8; 64] = hex.as_bytes().try_into().ok()?;
    let mut hash = [0; 32];
    for (byte, pair) in hash.iter_mut().zip(hex.chunks_exact(2)) {
        *byte = pair.iter().try_fold(0_u8, |byte, digit| {
            let digit = char::from(*digit).to_digit(16)?;
            Some(byte << 4 | u8::try_from(digit).ok()?)
        })?;
    }
    Some(hash)
}
