//! Rows of one file that contradict or repeat each other. Who is meant must not depend on luck.

use std::collections::{HashMap, HashSet};

use super::{
    super::PhoneNumber,
    RosterColumn as Column, RosterRowError as Error,
    entry::{Entry, Reader},
};

/// Marks them.
pub(super) fn mark(entries: &mut [Entry<'_>], reader: &mut Reader<'_>) {
    mark_shared_phones(entries, reader);
    mark_repeated_people(entries, reader);
}

/// A phone of two names condemns all its rows; of one name, all but the first.
fn mark_shared_phones(entries: &mut [Entry<'_>], reader: &mut Reader<'_>) {
    let mut rows_of: HashMap<PhoneNumber, Vec<usize>> = HashMap::new();
    for (index, entry) in entries.iter().enumerate() {
        if let Some(phone) = &entry.phone {
            rows_of.entry(phone.clone()).or_default().push(index);
        }
    }
    let mut shared: Vec<_> = rows_of.into_values().filter(|rows| rows.len() > 1).collect();
    shared.sort_unstable();
    for rows in shared {
        let all: Vec<(u32, Option<String>)> =
            rows.iter().filter_map(|i| entries.get(*i)).map(|e| (e.row, e.name.clone())).collect();
        let Some((first_row, first_name)) = all.first() else { continue };
        let stranger = all.iter().find(|(_, name)| name != first_name).map(|(row, _)| *row);
        for index in rows {
            let Some(entry) = entries.get_mut(index) else { continue };
            let is_first = entry.row == *first_row;
            let (error, other) = match stranger {
                Some(stranger) => (Error::PhoneTwice, if is_first { stranger } else { *first_row }),
                None if is_first => continue,
                None => {
                    entry.repeats = true;
                    (Error::SamePersonTwice, *first_row)
                }
            };
            entry.bad = true;
            reader.note(entry.row, Column::Phone, error, Some(other));
        }
    }
}

/// What the earlier rows of one name and unit have shown.
#[derive(Default)]
struct Namesakes {
    first_row: u32,
    phones: HashSet<PhoneNumber>,
    births: HashSet<(i32, u32)>,
    without_phone: bool,
    without_birth: bool,
}

/// Namesakes of one unit are two people only if their phones or their birth months differ.
fn mark_repeated_people(entries: &mut [Entry<'_>], reader: &mut Reader<'_>) {
    let mut seen: HashMap<(String, uuid::Uuid), Namesakes> = HashMap::new();
    for entry in entries.iter_mut().filter(|entry| !entry.repeats) {
        let (Some(name), Some(unit)) = (&entry.name, entry.unit) else { continue };
        let mut first = false;
        let namesakes = seen.entry((name.clone(), unit.id.0)).or_insert_with(|| {
            first = true;
            Namesakes { first_row: entry.row, ..Namesakes::default() }
        });
        let birth = entry.birth.map(|b| (b.year, b.month));
        let phone_tells =
            entry.phone.as_ref().is_some_and(|p| !namesakes.without_phone && !namesakes.phones.contains(p));
        let birth_tells = birth.is_some_and(|b| !namesakes.without_birth && !namesakes.births.contains(&b));
        namesakes.without_phone |= entry.phone.is_none();
        namesakes.without_birth |= birth.is_none();
        namesakes.phones.extend(entry.phone.clone());
        namesakes.births.extend(birth);
        if !(first || phone_tells || birth_tells) {
            entry.repeats = true;
            entry.bad = true;
            reader.note(entry.row, Column::Name, Error::SamePersonTwice, Some(namesakes.first_row));
        }
    }
}
