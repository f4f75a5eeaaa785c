use crate::vocabulary;

vocabulary! {
    /// What happened around signing in, as the audit tells it.
    pub enum IdentityEvent {
        /// Somebody signed in.
        SignedIn = "SIGNED_IN" => "登录", "Signed in";
        /// An attempt to sign in, or to prove a right by a secret, failed.
        Failed = "FAILED" => "验证失败", "Failed";
        /// A failure that brought a lock.
        Locked = "LOCKED" => "验证失败并锁定", "Failed and locked";
        /// A session ended.
        SessionEnded = "SESSION_ENDED" => "会话终止", "Session ended";
        /// A one-time code was asked for.
        CodeRequested = "CODE_REQUESTED" => "请求验证码", "One-time code asked for";
        /// A one-time code was accepted.
        CodeAccepted = "CODE_ACCEPTED" => "验证码通过", "One-time code accepted";
        /// The holder chose a password.
        PasswordChanged = "PASSWORD_CHANGED" => "修改密码", "Password changed";
        /// Somebody else set an initial password.
        PasswordIssued = "PASSWORD_ISSUED" => "签发初始密码", "Initial password issued";
        /// An authenticator's set-up was begun.
        SecondFactorEnrolled = "SECOND_FACTOR_ENROLLED" => "开始绑定动态口令", "Second factor enrolled";
        /// The set-up was ended by a first code.
        SecondFactorConfirmed = "SECOND_FACTOR_CONFIRMED" => "完成绑定动态口令", "Second factor confirmed";
        /// The second factor was proved.
        SecondFactorUsed = "SECOND_FACTOR_USED" => "二次验证通过", "Second factor used";
        /// The recovery codes were replaced.
        RecoveryCodesRenewed = "RECOVERY_CODES_RENEWED" => "更换恢复码", "Recovery codes renewed";
        /// The second factor was removed.
        SecondFactorDisabled = "SECOND_FACTOR_DISABLED" => "解绑动态口令", "Second factor removed";
        /// A WeChat account was bound.
        WeChatBound = "WECHAT_BOUND" => "绑定微信", "WeChat bound";
        /// A binding to a WeChat account has ended, or moved to another account.
        WeChatUnbound = "WECHAT_UNBOUND" => "解绑微信", "WeChat unbound";
        /// A code was issued to a member, to bind WeChat by.
        BindingCodeIssued = "BINDING_CODE_ISSUED" => "签发绑定码", "Binding code issued";
    }
}
