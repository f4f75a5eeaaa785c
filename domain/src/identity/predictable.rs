//! Which passwords are guessed first.

/// Words that passwords are built around, in small letters.
const COMMON_WORDS: &str = "aaa abc abcd access account admin administrator aini aiwo aliyun alipay asdfgh \
    asdfghjkl baidu baobao baseball batman beijing changeme charlie china chushixin computer dangjian \
    dangyuan dangzhibu default donald dragon flower football freedom gongchandang guest guoqing hello hockey \
    huawei iloveyou internet jiayou jordan killer letmein login lovely loveme manager master michael mima \
    monkey mysql nihao ninja oracle pass passwd password pokemon princess qazwsx qqww qweasd qweasdzxc qwer \
    qwert qwerty qwertyuiop renmin root secret server shadow shanghai shuji solo starwars summer sunshine \
    superman system taobao temp tencent test tiancai trustno user wechat weixin welcome wenzhou whatever \
    winter woaini woaiwojia woaizhongguo wodemima woshishei xuexi xuexiqiangguo zaijian zhejiang zhibu \
    zhongguo zhonghua zxcvbn zxcvbnm 中国 党员 党支部 密码 我爱你 我爱中国";

/// Digits that stand for a phrase, or a figure on the keypad.
const COMMON_DIGITS: &str = "110120 112233 123123 123321 1314 1314520 147258 147258369 159357 159753 258369 \
    456123 5201314 520520 5211314 521521 7758258 7758521 789456";

/// Rows and columns of a keyboard, and the alphabet.
const PATHS: &str = "01234567890 abcdefghijklmnopqrstuvwxyz qwertyuiop asdfghjkl zxcvbnm !@#$%^&*() \
    1qaz 2wsx 3edc 4rfv 5tgb 6yhn 7ujm";

/// Fewest units, and fewest different characters, of a password that isn't predictable.
const FEWEST: usize = 5;

/// Whether a password is a common word with decorations (`P@ssw0rd123`), or made of few units.
pub(super) fn too_common(plain: &str) -> bool {
    let lower = plain.to_lowercase();
    let core = lower.trim_matches(|c: char| !c.is_alphabetic());
    let spelled: String = core.chars().map(spelled).collect();
    let letters: String = lower.chars().filter(|c| c.is_alphabetic()).collect();
    if COMMON_WORDS.split_whitespace().any(|word| word == spelled || word == letters) {
        return true;
    }
    let chars: Vec<char> = lower.chars().collect();
    let distinct: std::collections::BTreeSet<char> = chars.iter().copied().collect();
    units(&chars) < FEWEST || distinct.len() < FEWEST
}

fn spelled(c: char) -> char {
    match c {
        '@' | '4' => 'a',
        '0' => 'o',
        '1' | '!' | '|' => 'i',
        '3' => 'e',
        '$' | '5' => 's',
        '7' => 't',
        other => other,
    }
}

/// Counts what a guesser strings together: characters, repetitions, words, dates, walks along the
/// keyboard count one each.
fn units(mut rest: &[char]) -> usize {
    let mut count = 0;
    while !rest.is_empty() {
        rest = rest.get(unit(rest)..).unwrap_or_default();
        count += 1;
    }
    count
}

/// How many characters at the start are one unit.
fn unit(chars: &[char]) -> usize {
    let repeated = chars.iter().take_while(|c| Some(*c) == chars.first()).count();
    let walks = PATHS.split_whitespace();
    let walked = walks.flat_map(|path| [walk(chars, path.chars()), walk(chars, path.chars().rev())]);
    // Two neighbours stand side by side in many words; three are a walk.
    let walked = walked.max().filter(|n| *n >= 3).unwrap_or(1);
    let common = COMMON_WORDS.split_whitespace().chain(COMMON_DIGITS.split_whitespace());
    let listed = common.map(|word| prefix(chars, word)).max().unwrap_or(1);
    repeated.max(walked).max(listed).max(date(chars)).max(1)
}

fn walk(chars: &[char], path: impl Iterator<Item = char>) -> usize {
    let ahead = path.skip_while(|step| Some(step) != chars.first());
    chars.iter().zip(ahead).take_while(|(c, step)| *c == step).count()
}

fn prefix(chars: &[char], word: &str) -> usize {
    let length = word.chars().count();
    let same = chars.len() >= length && chars.iter().copied().zip(word.chars()).all(|(a, b)| a == b);
    if same { length } else { 0 }
}

/// A year of a lifetime, or a whole date: 4 or 8 digits.
fn date(chars: &[char]) -> usize {
    let digits: Vec<u32> = chars.iter().take(8).map_while(|c| c.to_digit(10)).collect();
    match digits.as_slice() {
        [1, 9, _, _, 0 | 1, _, 0..=3, _] | [2, 0, _, _, 0 | 1, _, 0..=3, _] => 8,
        [1, 9, _, _, ..] | [2, 0, _, _, ..] => 4,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_is_guessed_first() {
        let bad = "123456aA! Aa123456 Aa123456! Password1! P@ssw0rd Pa$$word123 Admin@123 Qwer1234! 1qaz@WSX \
            1qaz2wsx!A Abc12345 Abc@1234 Qwe123!@# Woaini1314! Aa5201314! Aa1!Aa1! AAaa11!! Zhibu2026! \
            Test@2026 Wenzhou#1 Dangyuan1921! Aa147258369 987654Ab Welcome1 Aa1我爱你我爱你 QAZwsx123! \
            123qweASD! Li19900101 Woaini19900101!";
        for bad in bad.split_whitespace() {
            assert!(too_common(bad), "{bad}");
        }
        for good in ["kR9-plume", "Tree.were9", "Lv8yun!ge", "9Maple-Root", "Hi-2u7no"] {
            assert!(!too_common(good), "{good}");
        }
    }
}
