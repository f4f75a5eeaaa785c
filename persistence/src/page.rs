use sea_orm::Value;
use uuid::Uuid;

/// A stretch of a list ordered by id: `limit` rows after (or before) a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// Starts after this row.
    pub after: Option<Uuid>,
    /// Ends before this row.
    pub before: Option<Uuid>,
    /// At most so many rows.
    pub limit: u64,
    /// Counts from the end: the last `limit` rows.
    pub backwards: bool,
}

/// A page, in the list's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Whether the list goes on beyond the page in the direction of reading.
    pub has_more: bool,
}

impl PageRequest {
    /// The first `limit` rows.
    pub fn first(limit: u64) -> Self {
        Self { after: None, before: None, limit, backwards: false }
    }

    /// Adds the page's bounds, order and limit to a statement. `descending` is the list's order.
    pub(crate) fn append(self, text: &mut String, values: &mut Vec<Value>, column: &str, descending: bool) {
        let (later, earlier) = if descending { ("<", ">") } else { (">", "<") };
        for (bound, comparison) in [(self.after, later), (self.before, earlier)] {
            if let Some(bound) = bound {
                values.push(bound.into());
                text.push_str(&format!(" AND {column} {comparison} ${}", values.len()));
            }
        }
        let order = if descending == self.backwards { "ASC" } else { "DESC" };
        text.push_str(&format!(" ORDER BY {column} {order} LIMIT {}", self.limit + 1));
    }

    /// As [`append`](Self::append), for a list of `table AS t` ordered by a column and then by id.
    pub(crate) fn append_by(
        self,
        text: &mut String,
        values: &mut Vec<Value>,
        table: &str,
        column: &str,
        descending: bool,
    ) {
        let (later, earlier) = if descending { ("<", ">") } else { (">", "<") };
        for (bound, comparison) in [(self.after, later), (self.before, earlier)] {
            if let Some(bound) = bound {
                values.push(bound.into());
                text.push_str(&format!(
                    " AND (t.{column}, t.id) {comparison} (SELECT {column}, id FROM {table} WHERE district_id = $1 AND id = ${})",
                    values.len()
                ));
            }
        }
        let order = if descending == self.backwards { "ASC" } else { "DESC" };
        text.push_str(&format!(" ORDER BY t.{column} {order}, t.id {order} LIMIT {}", self.limit + 1));
    }

    /// Makes a page of `limit + 1` rows read in the direction of reading.
    pub(crate) fn page<T>(self, mut rows: Vec<T>) -> Page<T> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        if self.backwards {
            rows.reverse();
        }
        Page { rows, has_more }
    }
}
