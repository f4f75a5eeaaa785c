//! The sheet on paper: A4 upright, the two kinds of services apart, a code to look it up on every page.

use qrcode::{Color, EcLevel, QrCode};
use zhibu_domain::{
    vocabulary::{Language, Vocabulary},
    volunteering::HourOrigin,
};

use super::{
    super::service_row::{ServiceRow, hours},
    ops::Printed,
};
use crate::print::{Fonts, Imprint, Ink, PAGE_HEIGHT, PAGE_WIDTH, Paper, PrintError};

/// What it is not (R31), in both languages.
pub(super) const NOTICE: [&str; 2] = [
    "本单由本系统的时长台账生成，不是《志愿服务记录证明》，不能代替其使用。",
    "This sheet is printed from the ledger of this system. It is not the national certificate of volunteer service.",
];

/// What there is no record of (R28).
pub(super) const NOT_KEPT: &str = "培训、表彰奖励、服务质量评价：本系统未作记录。";

const MARGIN: f32 = 40.0;
const BOTTOM: f32 = PAGE_HEIGHT - 62.0;
const TABLE: Ink = Ink::plain(8.0);
const LEADING: f32 = 11.0;
const QR: f32 = 84.0;
/// Above the sentence below the last table.
const CLOSING: f32 = 16.0;

struct TableColumn {
    heading: &'static str,
    width: f32,
    value: fn(&ServiceRow) -> String,
}

const COLUMNS: [TableColumn; 7] = [
    TableColumn { heading: "服务时间", width: 66.0, value: when },
    TableColumn {
        heading: "服务名称及内容", width: 130.0, value: |row| row.entry.service.content.clone()
    },
    TableColumn { heading: "地点", width: 72.0, value: |row| row.entry.service.place.clone() },
    TableColumn { heading: "服务对象", width: 70.0, value: beneficiary },
    TableColumn { heading: "小时数", width: 34.0, value: |row| format!("{:.2}", hours(row.minutes)) },
    TableColumn { heading: "组织单位", width: 78.5, value: |row| row.unit.clone() },
    TableColumn { heading: "负责人／记录人", width: 64.5, value: responsible },
];

fn when(row: &ServiceRow) -> String {
    let window = row.entry.service.window;
    let (from, to) = (row.local(window.starts_at), row.local(window.ends_at));
    format!("{} {}-{}", row.entry.served_on, from.format("%H:%M"), to.format("%H:%M"))
}

fn beneficiary(row: &ServiceRow) -> String {
    let service = &row.entry.service;
    match service.beneficiary_count {
        Some(count) => format!("{}（{count}人）", service.beneficiary),
        None => service.beneficiary.clone(),
    }
}

fn responsible(row: &ServiceRow) -> String {
    format!("{}／{}", row.verifier.as_deref().unwrap_or("—"), row.recorder())
}

/// Prints a sheet.
pub(super) fn print(printed: &Printed, fonts: &Fonts) -> Result<Vec<u8>, PrintError> {
    let mut sheet = Sheet { paper: Paper::new(fonts)?, y: 0.0 };
    sheet.turn_over();
    sheet.head(printed)?;
    let of = |origin| (origin, printed.rows.iter().filter(|row| row.entry.origin == origin).collect());
    let mut sections: Vec<(_, Vec<_>)> = [HourOrigin::Shift, HourOrigin::SelfReported].map(of).into();
    sections.retain(|(_, rows)| !rows.is_empty());
    let last = sections.len();
    for ((place, (origin, rows)), number) in (1..).zip(&sections).zip(["一", "二"]) {
        // What stands below the last table goes with its last row.
        sheet.section(number, *origin, rows, if place == last { CLOSING } else { 0.0 });
    }
    sheet.y += CLOSING;
    sheet.paper.text(MARGIN, sheet.y, Ink::plain(9.0), NOT_KEPT);
    sheet.feet(printed);
    let title = format!("志愿服务记录单 {}", printed.sheet.number);
    let imprint = Imprint { title: &title, author: &printed.issuer, at: printed.issued_at };
    sheet.paper.finish(&imprint)
}

/// A row of a table, set in lines.
struct Row {
    lines: Vec<Vec<String>>,
    height: f32,
    ink: Ink,
}

struct Sheet<'a> {
    paper: Paper<'a>,
    /// The baseline of what was written last.
    y: f32,
}

impl Sheet<'_> {
    fn turn_over(&mut self) {
        self.paper.add_page();
        self.y = MARGIN + 10.0;
    }

    /// Begins a page where the rest of this one is too short; answers whether it did.
    fn room_for(&mut self, height: f32) -> bool {
        let full = self.y + height > BOTTOM;
        if full {
            self.turn_over();
        }
        full
    }

    fn centered(&mut self, y: f32, ink: Ink, text: &str) {
        let x = (PAGE_WIDTH - self.paper.width(text, ink)) / 2.0;
        self.paper.text(x, y, ink, text);
    }

    fn head(&mut self, printed: &Printed) -> Result<(), PrintError> {
        self.centered(62.0, Ink::bold(22.0), "志愿服务记录单");
        self.centered(78.0, Ink::plain(9.0), "Volunteer Service Record Sheet");
        self.paper.fill((MARGIN, 90.0), (PAGE_WIDTH - 2.0 * MARGIN, 34.0), 0.92);
        self.centered(104.0, Ink::bold(9.5), NOTICE[0]);
        self.centered(117.0, Ink::plain(8.0), NOTICE[1]);
        self.qr(printed)?;
        self.y = 146.0;
        let width = PAGE_WIDTH - 2.0 * MARGIN - QR - 70.0;
        for (label, value) in facts(printed) {
            self.paper.text(MARGIN, self.y, Ink::bold(9.5), label);
            for line in self.paper.wrap(&value, Ink::plain(9.5), width) {
                self.paper.text(MARGIN + 62.0, self.y, Ink::plain(9.5), &line);
                self.y += 15.0;
            }
        }
        self.y = self.y.max(146.0 + QR + 12.0);
        Ok(())
    }

    fn qr(&mut self, printed: &Printed) -> Result<(), PrintError> {
        let code = QrCode::with_error_correction_level(&printed.look_up_url, EcLevel::M)
            .map_err(|error| PrintError(error.to_string()))?;
        let (left, top) = (PAGE_WIDTH - MARGIN - QR, 136.0);
        #[expect(clippy::cast_precision_loss, reason = "a code has a hundred modules a side")]
        let (width, side) = (code.width(), QR / code.width() as f32);
        for (at, _) in code.to_colors().iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
            #[expect(clippy::cast_precision_loss, reason = "a code has a hundred modules a side")]
            let (x, y) = ((at % width) as f32 * side, (at / width) as f32 * side);
            self.paper.fill((left + x, top + y), (side, side), 0.0);
        }
        self.paper.text(left + 18.0, top + QR + 10.0, Ink::plain(7.5), "扫码查验真伪");
        Ok(())
    }

    /// A table; below its last row there is to be room for `after`.
    fn section(&mut self, number: &str, origin: HourOrigin, services: &[&ServiceRow], after: f32) {
        let headings = self.set(&COLUMNS.each_ref().map(|c| c.heading.to_owned()), Ink::bold(8.0));
        let set = |row: &&ServiceRow| self.set(&COLUMNS.each_ref().map(|c| (c.value)(row)), TABLE);
        let rows: Vec<_> = services.iter().map(set).collect();
        let needed = |place: usize, row: &Row| row.height + if place == rows.len() { after } else { 0.0 };
        // A heading doesn't stand alone.
        let first = rows.first().map_or(0.0, |row| needed(1, row));
        self.y += 20.0;
        self.room_for(6.0 + headings.height + first);
        let minutes: i64 = services.iter().map(|row| row.minutes).sum();
        let of = origin.say(Language::Zh);
        let text = format!("{number}、{of}（{}次，{:.2}小时）", rows.len(), hours(minutes));
        self.paper.text(MARGIN, self.y, Ink::bold(10.5), &text);
        self.y += 6.0;
        self.row(&headings);
        for (place, row) in (1..).zip(&rows) {
            if self.room_for(needed(place, row)) {
                self.row(&headings);
            }
            self.row(row);
        }
    }

    /// Sets the cells of a row in lines.
    fn set(&self, cells: &[String; COLUMNS.len()], ink: Ink) -> Row {
        let wrap = |(cell, column): (&String, &TableColumn)| self.paper.wrap(cell, ink, column.width - 6.0);
        let lines: Vec<_> = cells.iter().zip(&COLUMNS).map(wrap).collect();
        let tallest = lines.iter().map(Vec::len).max().unwrap_or(1);
        #[expect(clippy::cast_precision_loss, reason = "a cell has a few lines")]
        let height = tallest as f32 * LEADING + 4.0;
        Row { lines, height, ink }
    }

    fn row(&mut self, row: &Row) {
        if row.ink.bold {
            self.paper.fill((MARGIN, self.y), (PAGE_WIDTH - 2.0 * MARGIN, row.height), 0.92);
        }
        let mut x = MARGIN;
        for (cell, column) in row.lines.iter().zip(&COLUMNS) {
            let mut y = self.y + LEADING - 1.0;
            for line in cell {
                self.paper.text(x + 3.0, y, row.ink, line);
                y += LEADING;
            }
            x += column.width;
        }
        self.y += row.height;
        self.paper.line((MARGIN, self.y), (PAGE_WIDTH - MARGIN, self.y), 0.4);
    }

    /// What stands below every page.
    fn feet(&mut self, printed: &Printed) {
        let pages = self.paper.pages();
        for page in 0..pages {
            self.paper.turn_to(page);
            let y = PAGE_HEIGHT - 44.0;
            self.paper.line((MARGIN, y), (PAGE_WIDTH - MARGIN, y), 0.4);
            let text = format!("编号 {}　查验码 {}", printed.sheet.number, printed.code);
            self.paper.text(MARGIN, y + 12.0, Ink::plain(8.0), &text);
            let count = format!("第 {} 页，共 {pages} 页", page + 1);
            let x = PAGE_WIDTH - MARGIN - self.paper.width(&count, Ink::plain(8.0));
            self.paper.text(x, y + 12.0, Ink::plain(8.0), &count);
            self.paper.text(
                MARGIN,
                y + 23.0,
                Ink::plain(7.0),
                "不是《志愿服务记录证明》 Not the national certificate",
            );
        }
    }
}

/// Who, by whom, when, how much; in the order in which they are printed.
pub(super) fn facts(printed: &Printed) -> Vec<(&'static str, String)> {
    let sheet = &printed.sheet;
    let mut facts = vec![("姓　　名", sheet.name.clone())];
    if let Some(member) = printed.rows.first().map(|row| &row.member) {
        facts.extend(member.sex.map(|sex| ("性　　别", sex.say(Language::Zh).to_owned())));
        facts.extend(member.birth.map(|b| ("出生年月", format!("{}年{}月", b.year, b.month))));
    }
    let period = match sheet.year {
        Some(year) => format!("{year}年"),
        None => format!("{} 至 {}", sheet.first_on, sheet.last_on),
    };
    let star = sheet.star_level.map_or("未达到", |level| level.say(Language::Zh));
    let total = |minutes| format!("{:.2}小时（{minutes}分钟）", hours(minutes));
    facts.extend([
        ("服务期间", period),
        ("服务时长", format!("{}，共{}次", total(sheet.minutes), sheet.services)),
        ("班次签到", total(sheet.shift_minutes)),
        ("本人填报", total(sheet.minutes - sheet.shift_minutes)),
        ("星　　级", format!("{star}（按全部年度已入账时长）")),
        ("出具单位", format!("{}（{}）", printed.issuer, printed.district)),
        ("出具日期", sheet.issued_on.format("%Y年%-m月%-d日").to_string()),
        ("编　　号", sheet.number.clone()),
        ("查 验 码", printed.code.clone()),
        ("查验地址", printed.look_up_url.clone()),
    ]);
    facts
}
