//! Whom of the existing roster a row means.
//!
//! Sure signs come before weak ones (phone and name; name, unit and birth month; name and
//! birth month; name and unit), and nobody is meant by two rows. Where a sign fits several,
//! nobody is picked, then or later. Rows with errors take part: they still mean somebody.

use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
};

use super::{
    super::{PartyMember, PhoneNumber},
    clean,
    entry::Entry,
};

/// Whom a row means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meant {
    /// Nobody yet on the roster.
    Nobody,
    /// The member with this index.
    Member(usize),
    /// One of several.
    Several,
    /// The row's phone belongs to the member with this index, who has another name.
    Stranger(usize),
}

type Month = (i32, u32);

/// Finds whom each row means.
pub(super) fn find(entries: &[Entry<'_>], existing: &[PartyMember]) -> Vec<Meant> {
    let mut matching = Matching {
        entries,
        existing,
        names: existing.iter().map(|member| clean::person(&member.name)).collect(),
        meant: vec![None; entries.len()],
        claimed: existing.iter().map(|member| member.left_on.is_some()).collect(),
        contested: HashSet::new(),
    };
    matching.by_phone();
    matching.by_key(
        |e| Some(((e.name.clone()?, e.unit?.id, month(e.birth)?), false)),
        |m, name| Some(((name.to_owned(), m.unit_id, month(m.birth)?), true)),
    );
    // A namesake of the same age elsewhere is the same person, unless both have phones.
    matching.by_key(
        |e| Some(((e.name.clone()?, month(e.birth)?), e.phone.is_some())),
        |m, name| Some(((name.to_owned(), month(m.birth)?), m.phone.is_none())),
    );
    matching.by_key(
        |e| Some(((e.name.clone()?, e.unit?.id), e.birth.is_some())),
        |m, name| Some(((name.to_owned(), m.unit_id), m.birth.is_none())),
    );
    matching.meant.into_iter().map(|meant| meant.unwrap_or(Meant::Nobody)).collect()
}

fn month(birth: Option<super::super::BirthMonth>) -> Option<Month> {
    birth.map(|b| (b.year, b.month))
}

struct Matching<'a> {
    entries: &'a [Entry<'a>],
    existing: &'a [PartyMember],
    names: Vec<String>,
    meant: Vec<Option<Meant>>,
    claimed: Vec<bool>,
    contested: HashSet<usize>,
}

/// The rows and the members that share a sign.
#[derive(Default)]
struct Group {
    rows: Vec<(usize, bool)>,
    members: Vec<usize>,
    open_members: Vec<usize>,
}

impl Matching<'_> {
    fn by_phone(&mut self) {
        let active = self.existing.iter().enumerate().filter(|(_, member)| member.left_on.is_none());
        let owners: HashMap<&PhoneNumber, usize> =
            active.filter_map(|(index, member)| Some((member.phone.as_ref()?, index))).collect();
        for (row, entry) in self.entries.iter().enumerate().filter(|(_, entry)| !entry.repeats) {
            let owner = entry.phone.as_ref().and_then(|phone| owners.get(phone)).copied();
            let (Some(owner), Some(name)) = (owner, &entry.name) else { continue };
            if self.names.get(owner) == Some(name) {
                self.claim(row, owner);
            } else if let Some(meant) = self.meant.get_mut(row) {
                *meant = Some(Meant::Stranger(owner));
            }
        }
    }

    /// Joins open rows and open members of the same key. A picky row (true) takes only a member
    /// that is open to it (true).
    fn by_key<K: Hash + Eq>(
        &mut self,
        row_key: impl Fn(&Entry<'_>) -> Option<(K, bool)>,
        member_key: impl Fn(&PartyMember, &str) -> Option<(K, bool)>,
    ) {
        let mut groups: HashMap<K, Group> = HashMap::new();
        for (row, entry) in self.entries.iter().enumerate() {
            if entry.repeats || self.meant.get(row).is_none_or(Option::is_some) {
                continue;
            }
            if let Some((key, picky)) = row_key(entry) {
                groups.entry(key).or_default().rows.push((row, picky));
            }
        }
        for (index, (member, name)) in self.existing.iter().zip(&self.names).enumerate() {
            if self.claimed.get(index) == Some(&false)
                && let Some((key, open)) = member_key(member, name)
                && let Some(group) = groups.get_mut(&key)
            {
                group.members.push(index);
                if open {
                    group.open_members.push(index);
                }
            }
        }
        groups.into_values().for_each(|group| self.settle(&group));
    }

    fn settle(&mut self, group: &Group) {
        let candidates = |picky: bool| if picky { &group.open_members } else { &group.members };
        let rows: Vec<_> = group.rows.iter().filter(|(_, picky)| !candidates(*picky).is_empty()).collect();
        if let [(row, picky)] = rows.as_slice()
            && let [member] = candidates(*picky).as_slice()
            && !self.contested.contains(member)
        {
            return self.claim(*row, *member);
        }
        if let Some((_, picky)) = rows.iter().min_by_key(|(_, picky)| *picky) {
            self.contested.extend(candidates(*picky));
        }
        for (row, _) in rows {
            if let Some(meant) = self.meant.get_mut(*row) {
                *meant = Some(Meant::Several);
            }
        }
    }

    fn claim(&mut self, row: usize, member: usize) {
        if let (Some(meant), Some(claimed)) = (self.meant.get_mut(row), self.claimed.get_mut(member))
            && !*claimed
        {
            *meant = Some(Meant::Member(member));
            *claimed = true;
        }
    }
}

/// The members whose phone some row gives to somebody of another name.
pub(super) fn robbed(meant: &[Meant]) -> HashSet<usize> {
    meant
        .iter()
        .filter_map(|meant| match meant {
            Meant::Stranger(owner) => Some(*owner),
            _ => None,
        })
        .collect()
}
