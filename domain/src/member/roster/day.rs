//! Days and months, as people and spreadsheets write them.

use chrono::{Days, NaiveDate};

use super::{
    Cell,
    clean::{compact, is_placeholder},
};

/// A year and month, and the day where it's given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ymd {
    pub year: i32,
    pub month: u32,
    pub day: Option<u32>,
}

impl Ymd {
    fn new(year: i32, month: u32, day: Option<u32>) -> Option<Self> {
        let ymd = Self { year, month, day };
        ((1900..=2100).contains(&year) && ymd.date().is_some()).then_some(ymd)
    }

    /// The day; the first of the month where none is given.
    pub fn date(self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year, self.month, self.day.unwrap_or(1))
    }

    fn of(date: NaiveDate) -> Option<Self> {
        use chrono::Datelike;
        Self::new(date.year(), date.month(), Some(date.day()))
    }
}

/// Reads a cell: `Ok(None)` when nothing is said, `Err` when it can't be understood.
pub(super) fn read(cell: &Cell) -> Result<Option<Ymd>, ()> {
    let read = match cell {
        Cell::Empty => return Ok(None),
        Cell::Date(date) => Ymd::of(*date),
        Cell::Number(number) => of_number(*number),
        Cell::Text(text) => {
            if is_placeholder(&compact(text)) {
                return Ok(None);
            }
            of_text(text)
        }
        Cell::Bool(_) | Cell::Error(_) => None,
    };
    read.map(Some).ok_or(())
}

/// `20100701`, `201007`, `2010.07`, or a spreadsheet's count of days since 1899-12-30.
fn of_number(number: f64) -> Option<Ymd> {
    if !(1.0..30_000_000.0).contains(&number) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 ..= 30,000,000")]
    let whole = number.trunc() as u32;
    let year = |y: u32| i32::try_from(y).ok();
    match whole {
        19_000_000..=21_991_231 => Ymd::new(year(whole / 10_000)?, whole / 100 % 100, Some(whole % 100)),
        190_000..=210_012 => Ymd::new(year(whole / 100)?, whole % 100, None),
        1900..=2100 => of_year_and_fraction(whole, number),
        // Before March 1900 spreadsheets count a day that never was.
        61..=80_000 => Ymd::of(NaiveDate::from_ymd_opt(1899, 12, 30)? + Days::new(u64::from(whole))),
        _ => None,
    }
}

/// `2010.07` typed into a spreadsheet becomes a number. `2010.1` may have been January or
/// October: nobody can tell, so it isn't read. A bare year isn't a date.
fn of_year_and_fraction(year: u32, number: f64) -> Option<Ymd> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 ..= 100")]
    let hundredths = (number.fract() * 100.0).round() as u32;
    let off = (number.fract() * 100.0 - f64::from(hundredths)).abs() > 1e-6;
    let month = match hundredths {
        1..=9 | 11 | 12 => hundredths,
        20 | 30 | 40 | 50 | 60 | 70 | 80 | 90 => hundredths / 10,
        _ => return None,
    };
    if off { None } else { Ymd::new(i32::try_from(year).ok()?, month, None) }
}

fn of_text(text: &str) -> Option<Ymd> {
    // A time of day after the date says nothing more.
    let without_time =
        text.trim().split_once([' ', 'T', '\u{3000}']).filter(|(_, time)| time.contains([':', '：']));
    let text = compact(without_time.map_or(text, |(day, _)| day));
    if text.is_empty() || text.len() > 40 {
        return None;
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return of_digits(&text);
    }
    let separator =
        |c: char| matches!(c, '-' | '/' | '.' | '年' | '月' | '日' | '号' | '、' | '—' | '–' | '。');
    let mut parts = text.trim_end_matches(separator).split(separator);
    let year = parts.next().filter(|y| y.len() == 4)?.parse().ok()?;
    let month = parts.next().filter(|m| (1..=2).contains(&m.len()))?.parse().ok()?;
    let day = match parts.next() {
        Some(day) if (1..=2).contains(&day.len()) => Some(day.parse().ok()?),
        Some(_) => return None,
        None => None,
    };
    if parts.next().is_some() { None } else { Ymd::new(year, month, day) }
}

/// Eight digits are a day, six a month, five what a spreadsheet left when it became text.
fn of_digits(text: &str) -> Option<Ymd> {
    let number: u32 = text.parse().ok()?;
    match text.len() {
        5 | 6 | 8 => of_number(f64::from(number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Result<Option<String>, ()> {
        read(&Cell::Text(text.into())).map(|ymd| ymd.and_then(Ymd::date).map(|d| d.to_string()))
    }

    #[test]
    fn reads_the_ways_in_which_days_are_typed() {
        for typed in [
            "2010-07-01",
            "2010/7/1",
            "2010.7.1",
            "2010年7月1日",
            "20100701",
            "２０１０年７月１日",
            "2010年07月",
            "2010.07",
            "2010-7",
            "201007",
            " 2010 年 7 月 1 日 ",
            "2010-07-01 00:00:00",
            "2010/7/1 0:00",
            "2010.07.01.",
            "2010年7月1号",
            "40360",
            "2010-07-01T08:00:00",
        ] {
            assert_eq!(text(typed), Ok(Some("2010-07-01".into())), "{typed}");
        }
        for typed in [
            "2010",
            "7/1/2010",
            "10-07-01",
            "2010-13-01",
            "2010-02-30",
            "昨天",
            "1800-01-01",
            "2010-7-1-1",
            "99999999",
        ] {
            assert_eq!(text(typed), Err(()), "{typed}");
        }
        for nothing in ["", " ", "无", "/", "—"] {
            assert_eq!(text(nothing), Ok(None), "{nothing}");
        }
    }

    #[test]
    fn reads_the_numbers_that_spreadsheets_make_of_days() {
        let number =
            |n: f64| read(&Cell::Number(n)).ok().flatten().and_then(Ymd::date).map(|d| d.to_string());
        for n in [40360.0, 40360.75, 20_100_701.0, 201_007.0, 2010.07, 2010.7] {
            assert_eq!(number(n).as_deref(), Some("2010-07-01"), "{n}");
        }
        assert_eq!(number(2010.12).as_deref(), Some("2010-12-01"));
        for n in [2010.0, 2010.1, 2010.075, -1.0, 0.0, 60.0, 13_800_001_234.0, f64::NAN, f64::INFINITY] {
            assert_eq!(number(n), None, "{n}");
        }
    }
}
