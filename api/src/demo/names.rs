//! Made-up names. Nobody is meant by any of them.

use zhibu_domain::member::Sex;

use super::draw::Draw;

/// Common surnames, the commonest several times.
const SURNAMES: &str = "王王王王李李李李张张张刘刘陈陈陈杨杨黄黄赵吴吴周周徐徐孙马朱朱胡胡林林林郭何高罗郑郑梁谢宋唐许邓\
    冯韩曹曾彭萧蔡潘田董袁于余叶叶蒋杜苏魏程吕丁沈任姚卢姜崔钟谭陆汪范金金石廖贾夏韦付方白邹孟熊秦邱江尹薛阎段雷\
    侯龙史陶黎贺顾毛郝龚邵万钱严";
const FEMALE: &str = "芳娜敏静丽艳霞秀娟英华慧巧美玉萍红娥玲芬燕彩春菊兰凤洁梅琳素云莲真环雪荣爱妹香月莺媛瑞佳嘉琼勤珍\
    贞莉桂娣叶璧璐娅琦晶妍茜秋珊莎锦黛青倩婷姣婉娴瑾颖露瑶怡婵雁蓓";
const MALE: &str = "伟刚勇毅俊峰强军平保东文辉力明永健世广志义兴良海山仁波宁贵福生龙元全国胜学祥才发武新利清飞彬富顺信子\
    杰涛昌成康星光天达安岩中茂进林有坚和彪博诚先敬震振壮会思群豪心邦承乐绍功松善厚庆磊民友裕河哲江超浩亮政谦";
const CHARACTERS: [&str; 2] = ["瑞锦碧毅和春云新", "祥绣湖阳苑园桥江"];
const SUBDISTRICTS: [&str; 2] = ["云清安金龙", "泽川屏溪汀"];

/// A person's name.
pub fn person(draw: &mut Draw, sex: Sex) -> String {
    let given = if sex == Sex::Female { FEMALE } else { MALE };
    let mut name = String::from(draw.character(SURNAMES));
    name.push(draw.character(given));
    // Four names of five have two given characters.
    if draw.percent(80) {
        name.push(draw.character(given));
    }
    name
}

fn pair(of: [&str; 2], first: usize, second: usize) -> String {
    of.iter()
        .zip([first, second])
        .filter_map(|(text, at)| text.chars().nth(at % text.chars().count()))
        .collect()
}

/// The `n`th community's name, of 64 different ones: 瑞祥, 锦绣, 碧湖, 毅阳, …
pub fn community(n: usize) -> String {
    pair(CHARACTERS, n % 8, n + n / 8)
}

/// The `n`th subdistrict's name, of 25 different ones.
pub fn subdistrict(n: usize) -> String {
    pair(SUBDISTRICTS, n % 5, n + n / 5)
}

/// A number in Chinese, up to 99: 第一, 第十二.
pub fn ordinal(n: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |n: usize| DIGITS.get(n % 10).copied().unwrap_or_default();
    match n / 10 {
        0 => digit(n).to_owned(),
        1 => format!("十{}", digit(n)),
        tens => format!("{}十{}", digit(tens), digit(n)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_have_different_names() {
        let communities: std::collections::HashSet<_> = (0..64).map(community).collect();
        assert_eq!(communities.len(), 64);
        assert_eq!([0, 1, 2, 3].map(community), ["瑞祥", "锦绣", "碧湖", "毅阳"]);
        assert_eq!((0..25).map(subdistrict).collect::<std::collections::HashSet<_>>().len(), 25);
    }

    #[test]
    fn numbers_are_written_as_people_do() {
        assert_eq!([1, 10, 12, 20, 51].map(ordinal), ["一", "十", "十二", "二十", "五十一"]);
    }

    #[test]
    fn people_have_two_or_three_characters() {
        let mut draw = Draw::stream(1, 0);
        let names: Vec<_> = (0..200).map(|_| person(&mut draw, Sex::Female)).collect();
        assert!(names.iter().all(|n| (2..=3).contains(&n.chars().count())));
        assert!(names.iter().collect::<std::collections::HashSet<_>>().len() > 180);
    }
}
