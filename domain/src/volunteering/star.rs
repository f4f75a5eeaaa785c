use crate::{
    rule::{RuleKey, Rules},
    vocabulary,
};

vocabulary! {
    /// A volunteer's star level, by verified hours (R32).
    pub enum VolunteerStarLevel {
        /// 100 hours, or the district's rule.
        One = "ONE_STAR" => "一星志愿者", "One star";
        /// 300 hours, or the district's rule.
        Two = "TWO_STARS" => "二星志愿者", "Two stars";
        /// 600 hours, or the district's rule.
        Three = "THREE_STARS" => "三星志愿者", "Three stars";
        /// 1,000 hours, or the district's rule.
        Four = "FOUR_STARS" => "四星志愿者", "Four stars";
        /// 1,500 hours, or the district's rule.
        Five = "FIVE_STARS" => "五星志愿者", "Five stars";
    }
}

/// The level that counted minutes come to; none below the first.
pub fn star_level(minutes: i64, rules: &Rules) -> Option<VolunteerStarLevel> {
    use VolunteerStarLevel::*;
    [
        (Five, RuleKey::StarFiveHours),
        (Four, RuleKey::StarFourHours),
        (Three, RuleKey::StarThreeHours),
        (Two, RuleKey::StarTwoHours),
        (One, RuleKey::StarOneHours),
    ]
    .into_iter()
    .find(|(_, hours)| minutes >= rules.get(*hours) * 60)
    .map(|(level, _)| level)
}
