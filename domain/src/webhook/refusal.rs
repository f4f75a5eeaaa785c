use crate::vocabulary;

vocabulary! {
    /// Why an endpoint wasn't registered, changed, rotated or tried, or a message not replayed.
    pub refusal enum WebhookRefusal {
        /// The address isn't an absolute URL of at most 500 characters, or holds a user name, a password or a fragment.
        BadUrl = "BAD_URL" => "网址无效，或带有用户名、密码或片段。", "The URL is invalid, or holds a user name, a password or a fragment.";
        /// The address doesn't begin with https.
        HttpsRequired = "HTTPS_REQUIRED" => "网址须以https开头。", "The URL must begin with https.";
        /// The operator doesn't allow this port.
        PortNotAllowed = "PORT_NOT_ALLOWED" => "不允许使用该端口。", "This port isn't allowed.";
        /// The host is, or stands for, a private, loopback, link-local or otherwise special address.
        AddressNotAllowed = "ADDRESS_NOT_ALLOWED" => "不允许使用内网、回环或其他特殊地址。", "Private, loopback and other special addresses aren't allowed.";
        /// The description is empty, longer than 100 characters, or holds characters that can't be shown.
        BadDescription = "BAD_DESCRIPTION" => "说明须为1至100个可显示的字符。", "The description must be 1 to 100 printable characters.";
        /// No type of events was named.
        NoEvents = "NO_EVENTS" => "请至少选择一种事件。", "Name at least one type of events.";
        /// The caller may not see in the unit themselves what the events tell.
        BeyondYours = "BEYOND_YOURS" => "不能订阅超出本人权限的事件。", "You can't subscribe to what you may not see yourself.";
        /// The unit has been dissolved.
        UnitDissolved = "UNIT_DISSOLVED" => "该组织已撤销。", "The unit has been dissolved.";
        /// The unit has as many endpoints as allowed.
        TooMany = "TOO_MANY" => "该组织的回调地址已达上限。", "The unit has too many endpoints.";
        /// Nothing is sent to the endpoint: switch it on first.
        Disabled = "DISABLED" => "该回调已停用，请先启用。", "The endpoint is disabled; enable it first.";
        /// The old secret's remaining time isn't 0 to 168 hours.
        BadOverlap = "BAD_OVERLAP" => "旧密钥保留时间须为0至168小时。", "The old secret may stay for 0 to 168 hours.";
        /// The range doesn't end after its beginning.
        BadRange = "BAD_RANGE" => "结束时间须晚于开始时间。", "The range must end after it begins.";
        /// The message waits to be sent already.
        StillPending = "STILL_PENDING" => "该消息仍在等待送达。", "The message still waits to be delivered.";
        /// Somebody has changed it meanwhile.
        Stale = "STALE" => "内容已被他人修改，请刷新后重试。", "Somebody has changed it; read it again.";
    }
}
