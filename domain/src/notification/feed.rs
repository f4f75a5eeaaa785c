use crate::vocabulary;

vocabulary! {
    /// What somebody follows.
    pub enum FeedKind {
        /// A person's inbox.
        Inbox = "INBOX" => "消息", "Inbox";
        /// The assignments that concern a person.
        Assignments = "ASSIGNMENTS" => "我的任务", "My assignments";
        /// What there is to do in a unit and all below it.
        WorkBoard = "WORK_BOARD" => "工作看板", "Work board";
    }
}
