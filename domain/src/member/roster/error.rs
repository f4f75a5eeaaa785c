use super::{super::MemberRefusal, RosterColumn};
use crate::{
    vocabulary,
    vocabulary::{Language, Vocabulary},
};

vocabulary! {
    /// Why a file can't be read as a roster.
    pub refusal enum RosterFileRefusal {
        /// The file, or what is packed in it, is too large.
        TooLarge = "TOO_LARGE" => "文件过大，请拆分后再导入。", "The file is too large; split it.";
        /// Neither a spreadsheet (.xlsx, .xls) nor comma-separated text.
        NotAWorkbook = "NOT_A_WORKBOOK" => "不是可识别的表格，请另存为 .xlsx 或 .csv 后再导入。", "This is not a spreadsheet; save it as .xlsx or .csv.";
        /// A password protects the file.
        Encrypted = "ENCRYPTED" => "文件设有打开密码，请取消密码后再导入。", "The file is protected by a password; remove it.";
        /// No row has the headings that a roster needs.
        NoHeader = "NO_HEADER" => "找不到表头，至少需要“姓名”和“所在党支部”两列。", "No heading row: a roster needs a name and a unit column.";
        /// More rows than one import takes.
        TooManyRows = "TOO_MANY_ROWS" => "行数过多，请拆分后再导入。", "Too many rows; split the file.";
        /// More columns than a roster has.
        TooManyColumns = "TOO_MANY_COLUMNS" => "列数过多，请删除名册以外的列。", "Too many columns; delete what is not part of the roster.";
        /// Nothing in it.
        Empty = "EMPTY" => "文件中没有数据。", "There is no data in the file.";
        /// The file is damaged.
        Damaged = "DAMAGED" => "文件已损坏，请用表格软件打开并另存后重试。", "The file is damaged; open it in a spreadsheet and save it again.";
        /// Others changed the same roster again and again while it was imported.
        ChangedMeanwhile = "CHANGED_MEANWHILE" => "导入期间名册正被他人更改，未导入任何数据，请稍后重试。", "Others were changing the roster; nothing was imported, please try again.";
    }
}

vocabulary! {
    /// What is wrong with a row of a roster.
    pub enum RosterRowError {
        /// No name.
        MissingName = "MISSING_NAME" => "未填姓名。", "The name is missing.";
        /// The name is longer than 50 characters, or holds what no name holds.
        BadName = "BAD_NAME" => "姓名有误，不应含数字或无法显示的字符。", "The name holds digits or characters that cannot be shown, or is too long.";
        /// No unit.
        MissingUnit = "MISSING_UNIT" => "未填所在党支部。", "The unit is missing.";
        /// No such unit, or not one of the importer's.
        UnknownUnit = "UNKNOWN_UNIT" => "没有此党组织，或不在您的管理范围内。", "There is no such unit within your reach.";
        /// Several units have this name.
        AmbiguousUnit = "AMBIGUOUS_UNIT" => "有多个同名党组织，请写全称或填支部编码。", "Several units have this name; give the full name or the code.";
        /// Name and code are of different units.
        UnitMismatch = "UNIT_MISMATCH" => "支部名称与支部编码不一致。", "Name and code are of different units.";
        /// Only a branch, a group or a member hub can be a home unit.
        NotABranch = "NOT_A_BRANCH" => "党员只能编入党支部、党小组或党员中心户。", "A member's home must be a branch, a group or a member hub.";
        /// The phone number isn't a mobile number.
        BadPhone = "BAD_PHONE" => "手机号码无效，应为一个11位手机号。", "This is not a mobile number.";
        /// Several people of the file have this phone number.
        PhoneTwice = "PHONE_TWICE" => "本表中有他人使用同一手机号码。", "Another person of the file has the same phone number.";
        /// Another member of the district has this phone number.
        PhoneOfAnother = "PHONE_OF_ANOTHER" => "该手机号码已属于本区另一名党员。", "Another member of the district has this phone number.";
        /// The file gives this person another phone, and the person's present one to somebody else.
        PhonePassedOn = "PHONE_PASSED_ON" => "此人现有手机号码在本表中归他人所有，请先核实。", "The file gives this person's present phone number to somebody else; clear this up first.";
        /// The person holds posts that the importer couldn't give, and so keeps the phone number.
        HoldsPosts = "HOLDS_POSTS" => "此人担任职务，您无权更改其手机号码，请由系统管理员办理。", "The person holds posts; their phone number isn't yours to change.";
        /// The same person stands in an earlier row.
        SamePersonTwice = "SAME_PERSON_TWICE" => "与前面的行重复，或无法与同名同支部者区分，请补充手机号码或出生年月。", "The row repeats an earlier one, or cannot be told from it; add phone or birth month.";
        /// Several members on the roster could be meant.
        SeveralMatches = "SEVERAL_MATCHES" => "无法判断是名册中的哪一位同名党员，请补充手机号码或出生年月。", "It is not clear which member of this name is meant; add phone or birth month.";
        /// The member belongs to a unit beyond the importer's reach.
        OutOfReach = "OUT_OF_REACH" => "此人在其他党组织的名册中，请办理组织关系转接。", "The person is on another organization's roster; ask for a transfer.";
        /// Not a date.
        BadDate = "BAD_DATE" => "日期无法识别，请写成如 2010-07-01。", "The date is not clear; write it like 2010-07-01.";
        /// The date lies in the future.
        DateInFuture = "DATE_IN_FUTURE" => "日期不能晚于今天。", "The date lies in the future.";
        /// Full membership before joining.
        FullBeforeJoined = "FULL_BEFORE_JOINED" => "转正日期不能早于入党日期。", "Full membership cannot begin before joining.";
        /// Probationary, with a date of full membership.
        ProbationaryButFull = "PROBATIONARY_BUT_FULL" => "预备党员不应有转正日期。", "A probationary member has no date of full membership.";
        /// The month of birth can't be read, doesn't exist, or is less than 18 years ago.
        BadBirthMonth = "BAD_BIRTH_MONTH" => "出生年月有误，请写成如 1980-05。", "The month of birth is not valid; write it like 1980-05.";
        /// Joined before the age of 18.
        TooYoung = "TOO_YOUNG" => "入党时未满18周岁。", "Joined the Party before the age of 18.";
        /// Neither stated nor evident whether the member is full or probationary.
        MissingStatus = "MISSING_STATUS" => "未填党员类别（正式党员或预备党员）。", "Say whether the member is full or probationary.";
        /// Neither full nor probationary.
        UnknownStatus = "UNKNOWN_STATUS" => "党员类别应为正式党员或预备党员。", "The status must be full or probationary.";
        /// Neither female nor male.
        UnknownSex = "UNKNOWN_SEX" => "性别应为男或女。", "The sex must be female or male.";
        /// No known level of education.
        UnknownEducation = "UNKNOWN_EDUCATION" => "学历无法识别，如：小学、初中、高中、中专、大专、本科、硕士、博士。", "This level of education is not known.";
        /// The cell holds an error or a formula without a value.
        ErrorCell = "ERROR_CELL" => "单元格是错误值或未计算的公式，请改为文字。", "The cell holds an error or a formula without a value.";
        /// The text is longer than any roster needs.
        TextTooLong = "TEXT_TOO_LONG" => "文字过长。", "The text is too long.";
        /// Characters were lost by a wrong encoding.
        BrokenText = "BROKEN_TEXT" => "文字含乱码，请重新填写。", "Characters were lost; type the text again.";
        /// The record refuses it for another reason.
        Refused = "REFUSED" => "该行不符合党员信息规定。", "The record does not allow this.";
    }
}

impl RosterRowError {
    /// The record's refusal in the words of a roster, and the column to look at.
    pub(super) fn of_refusal(refusal: MemberRefusal) -> (Self, RosterColumn) {
        match refusal {
            MemberRefusal::BadName => (Self::BadName, RosterColumn::Name),
            MemberRefusal::NotABranch => (Self::NotABranch, RosterColumn::Unit),
            MemberRefusal::DateInFuture => (Self::DateInFuture, RosterColumn::JoinedOn),
            MemberRefusal::FullBeforeJoined => (Self::FullBeforeJoined, RosterColumn::FullMemberOn),
            MemberRefusal::ProbationaryButFull => (Self::ProbationaryButFull, RosterColumn::FullMemberOn),
            MemberRefusal::TooYoung => (Self::TooYoung, RosterColumn::JoinedOn),
            _ => (Self::Refused, RosterColumn::Name),
        }
    }
}

/// Something wrong in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterIssue {
    /// The row's number in the file.
    pub row: u32,
    /// The column to look at.
    pub column: RosterColumn,
    /// The column's heading in the file; the column's own name where the file lacks it.
    pub header: String,
    /// What is wrong.
    pub error: RosterRowError,
    /// The other row of the file that is concerned.
    pub other_row: Option<u32>,
}

impl RosterIssue {
    /// The sentence for people, with the column's heading and the other row.
    pub fn sentence(&self, language: Language) -> String {
        let said = self.error.say(language);
        match (language, self.other_row) {
            (Language::Zh, None) => format!("{}：{said}", self.header),
            (Language::Zh, Some(row)) => format!("{}：{said}（见第{row}行）", self.header),
            (Language::En, None) => format!("{}: {said}", self.header),
            (Language::En, Some(row)) => format!("{}: {said} (see row {row})", self.header),
        }
    }
}
