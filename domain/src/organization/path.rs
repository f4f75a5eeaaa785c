use serde::{Deserialize, Serialize};
use uuid::Uuid;

const SEGMENT: usize = 10;
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A unit's place in the tree: the segments of all its superiors and its own, each closed by
/// `/`. All units below have it as a prefix, so a subtree is one range of an index.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrgUnitPath(String);

impl OrgUnitPath {
    /// How long the path of a unit right below the root is, a subdistrict's mostly: the path of each unit
    /// below begins with it.
    pub const SUBDISTRICT: usize = 1 + 2 * (SEGMENT + 1);

    /// The path of a unit below `parent` (or of the root). The segment is drawn from the
    /// random bits of the unit's own id, so that it stays the same when the unit moves.
    pub fn of(parent: Option<&Self>, unit: Uuid) -> Self {
        let mut bits = unit.as_u128();
        let mut path = parent.map_or_else(|| "/".to_owned(), |p| p.0.clone());
        for _ in 0..SEGMENT {
            let digit = ALPHABET.get((bits & 31) as usize).copied().unwrap_or(b'0');
            path.push(char::from(digit));
            bits >>= 5;
        }
        path.push('/');
        Self(path)
    }

    /// Reads a stored path.
    pub fn from_stored(path: String) -> Self {
        Self(path)
    }

    /// The text, as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `self` is `ancestor` or below it.
    pub fn is_within(&self, ancestor: &Self) -> bool {
        self.0.starts_with(&ancestor.0)
    }

    /// The first text after the whole subtree, for a half-open index range `[path, end)`.
    pub fn range_end(&self) -> String {
        // '0' follows '/' in ASCII, so every descendant sorts below it.
        let mut end = self.0.clone();
        end.pop();
        end.push('0');
        end
    }

    /// The paths of all superiors, from the root down, without the unit itself.
    pub fn superiors(&self) -> Vec<Self> {
        self.0
            .char_indices()
            .skip(1)
            .filter(|&(at, c)| c == '/' && at + 1 < self.0.len())
            .filter_map(|(at, _)| self.0.get(..=at).map(|p| Self(p.to_owned())))
            .collect()
    }

    /// The same path after its ancestor `from` has become `to`.
    pub fn moved(&self, from: &Self, to: &Self) -> Self {
        match self.0.strip_prefix(&from.0) {
            Some(rest) => Self(format!("{}{rest}", to.0)),
            None => self.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subtree_is_a_prefix_and_a_range() {
        let root = OrgUnitPath::of(None, Uuid::from_u128(7));
        let street = OrgUnitPath::of(Some(&root), Uuid::from_u128(8));
        let branch = OrgUnitPath::of(Some(&street), Uuid::from_u128(9));
        let other = OrgUnitPath::of(Some(&root), Uuid::from_u128(1 << 20));
        assert!(branch.is_within(&root) && branch.is_within(&branch) && !street.is_within(&branch));
        assert!(branch.as_str() > street.as_str() && branch.as_str() < street.range_end().as_str());
        assert!(other.as_str() >= street.range_end().as_str() || other.as_str() < street.as_str());
        assert_eq!(branch.superiors(), vec![root, street.clone()]);
        assert_eq!(branch.as_str().get(..OrgUnitPath::SUBDISTRICT), Some(street.as_str()));
        assert_eq!(branch.moved(&street, &other), OrgUnitPath::of(Some(&other), Uuid::from_u128(9)));
    }
}
