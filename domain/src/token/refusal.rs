use crate::vocabulary;

vocabulary! {
    /// Why a client or a token wasn't created, changed, rotated or revoked.
    pub refusal enum TokenRefusal {
        /// The name is empty, longer than 50 characters, or holds characters that can't be shown.
        BadName = "BAD_NAME" => "名称须为1至50个可显示的字符。", "The name must be 1 to 50 printable characters.";
        /// The purpose is longer than 200 characters or holds characters that can't be shown.
        BadPurpose = "BAD_PURPOSE" => "用途须为1至200个可显示的字符。", "The purpose must be 1 to 200 printable characters.";
        /// A scope lets names or contact data out, and it isn't said what for.
        PurposeRequired = "PURPOSE_REQUIRED" => "读取个人信息须说明用途。", "State the purpose for which personal data is read.";
        /// No scope was named.
        NoScope = "NO_SCOPE" => "请至少选择一项权限。", "Name at least one scope.";
        /// The grantor couldn't do there themselves what the scopes give.
        BeyondYours = "BEYOND_YOURS" => "不能授予超出本人权限的范围。", "You can't give what you may not do yourself.";
        /// The unit has been dissolved.
        UnitDissolved = "UNIT_DISSOLVED" => "该组织已撤销。", "The unit has been dissolved.";
        /// The end isn't in the future, or is more than 366 days ahead.
        BadExpiry = "BAD_EXPIRY" => "有效期须在今后366天之内。", "It must expire within the next 366 days.";
        /// One of the addresses isn't an address or a network like 192.0.2.0/24, or there are more than 50.
        BadAddress = "BAD_ADDRESS" => "地址须为IP地址或网段，最多50个。", "Give up to 50 addresses or networks.";
        /// The requests per minute aren't 1 to 6,000.
        BadRate = "BAD_RATE" => "每分钟请求数须为1至6000。", "The requests per minute must be 1 to 6,000.";
        /// The old secret's remaining time isn't 0 to 168 hours.
        BadOverlap = "BAD_OVERLAP" => "旧密钥保留时间须为0至168小时。", "The old secret may stay for 0 to 168 hours.";
        /// The person has as many live tokens as allowed.
        TooMany = "TOO_MANY" => "您的有效令牌已达上限，请先撤销不用的令牌。", "You have too many tokens; revoke those you don't use.";
        /// It was revoked, or has expired.
        Ended = "ENDED" => "该授权已撤销或已过期。", "It was revoked or has expired.";
        /// Somebody has changed it meanwhile.
        Stale = "STALE" => "内容已被他人修改，请刷新后重试。", "Somebody has changed it; read it again.";
    }
}
