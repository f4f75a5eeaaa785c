use chrono::NaiveDate;

use crate::member::{Post, PostKind};

/// Who answers for a unit, the first of these whose post is in force.
const HEADS: [PostKind; 8] = [
    PostKind::Secretary,
    PostKind::GroupLeader,
    PostKind::OfficeStaff,
    PostKind::DeputySecretary,
    PostKind::OrganizationCommissioner,
    PostKind::Instructor,
    PostKind::GridWorker,
    PostKind::GridAssistant,
];

/// The post on a unit whose holder answers for it on `day`; of two of a kind the one held longer.
pub fn head(posts: &[Post], day: NaiveDate) -> Option<&Post> {
    let rank = |post: &Post| HEADS.iter().position(|kind| *kind == post.kind);
    let in_force = posts.iter().filter(|post| post.in_force(day));
    in_force
        .filter_map(|post| Some((rank(post)?, post.starts_on, post)))
        .min_by_key(|one| (one.0, one.1))
        .map(|one| one.2)
}
