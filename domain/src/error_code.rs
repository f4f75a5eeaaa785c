//! Why a request as a whole, or one field of it, could not be answered. An operation's own
//! "no" is its refusal; these words stand in `extensions.code` of a GraphQL error and in the
//! `code` of an HTTP problem.

use crate::vocabulary;

vocabulary! {
    /// Why a request, or a field of it, was not answered.
    pub enum ErrorCode {
        /// Nobody is signed in, or the token is expired, revoked or forged.
        Unauthenticated = "UNAUTHENTICATED" => "请先登录。", "Please sign in.";
        /// The actor may see the thing but not do this.
        Forbidden = "FORBIDDEN" => "您没有此项权限。", "You may not do this.";
        /// The token wasn't given the scope that this needs, or no token may do this.
        InsufficientScope = "INSUFFICIENT_SCOPE" => "该令牌未获此项授权。", "The token was not given the scope for this.";
        /// It doesn't exist, or the actor may not see it.
        NotFound = "NOT_FOUND" => "未找到该内容。", "It was not found.";
        /// The post asks for the second factor first.
        SecondFactorRequired = "SECOND_FACTOR_REQUIRED" => "请先完成二次验证。", "Please pass the second factor first.";
        /// The password is initial or too old and must be changed first.
        PasswordChangeRequired = "PASSWORD_CHANGE_REQUIRED" => "请先修改密码。", "Please change your password first.";
        /// Too many requests from this account or address.
        RateLimited = "RATE_LIMITED" => "操作过于频繁，请稍后再试。", "Too many requests; please try again later.";
        /// The server has more to do than it can; the same request will work in a moment.
        Overloaded = "OVERLOADED" => "系统繁忙，请稍后再试。", "The server is busy; please try again in a moment.";
        /// Something that the server needs, such as the database, does not answer.
        Unavailable = "UNAVAILABLE" => "服务暂时不可用，请稍后再试。", "The service is unavailable; please try again later.";
        /// A fault of the server. The log has the cause under the request id.
        Internal = "INTERNAL" => "系统出错，请稍后再试。", "Something went wrong on the server.";
        /// The id isn't one that this server gave out for this kind of thing.
        BadId = "BAD_ID" => "编号无效。", "This is not a valid id.";
        /// An argument or a variable doesn't have the form that its type asks for.
        BadUserInput = "BAD_USER_INPUT" => "填写的内容格式有误。", "An input does not have the right form.";
        /// The key of an earlier request came with another request.
        IdempotencyKeyReused = "IDEMPOTENCY_KEY_REUSED" => "该请求编号已用于另一请求。", "This key was used for another request.";
        /// The request isn't one that a GraphQL client sends.
        BadRequest = "BAD_REQUEST" => "请求格式有误。", "The request is malformed.";
        /// The body, or a file in it, is larger than the server takes.
        PayloadTooLarge = "PAYLOAD_TOO_LARGE" => "提交的内容过大。", "The request is too large.";
        /// The body's type isn't one that the server reads.
        UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE" => "不支持此内容类型。", "This type of content is not supported.";
        /// The server has no answer of a type that the client accepts.
        NotAcceptable = "NOT_ACCEPTABLE" => "无法按所要求的类型返回。", "No accepted type of answer is available.";
        /// The method isn't allowed here; a mutation must be sent by POST.
        MethodNotAllowed = "METHOD_NOT_ALLOWED" => "不允许使用此请求方法。", "This method is not allowed here.";
        /// The body didn't arrive in time.
        RequestTimeout = "REQUEST_TIMEOUT" => "请求超时，请重试。", "The request did not arrive in time.";
        /// A form must carry the header `GraphQL-Require-Preflight`, which no foreign page can set unasked.
        PreflightRequired = "PREFLIGHT_REQUIRED" => "请求缺少必需的安全标头。", "A required safety header is missing.";
        /// The document isn't GraphQL.
        GraphqlParseFailed = "GRAPHQL_PARSE_FAILED" => "查询语法有误。", "The document is not valid GraphQL.";
        /// The document doesn't fit the schema.
        GraphqlValidationFailed = "GRAPHQL_VALIDATION_FAILED" => "查询与接口定义不符。", "The document does not fit the schema.";
        /// The document holds several operations and none, or an unknown one, was named.
        OperationResolutionFailure = "OPERATION_RESOLUTION_FAILURE" => "未能确定要执行的操作。", "The operation to run is not clear.";
        /// The server doesn't know this hash; send the document with it.
        PersistedQueryNotFound = "PERSISTED_QUERY_NOT_FOUND" => "未找到已登记的查询。", "The persisted query was not found.";
        /// This server runs documents from its list alone.
        PersistedQueryOnly = "PERSISTED_QUERY_ONLY" => "本服务只接受已登记的查询。", "Only registered documents may be run here.";
        /// The document is longer than the server reads.
        QueryTooLong = "QUERY_TOO_LONG" => "查询过长。", "The document is too long.";
        /// The document is nested deeper than the server follows.
        QueryTooDeep = "QUERY_TOO_DEEP" => "查询嵌套过深。", "The query is nested too deeply.";
        /// The query asks for more than the server gives at once.
        QueryTooComplex = "QUERY_TOO_COMPLEX" => "一次查询的内容过多。", "The query asks for too much at once.";
        /// The document has more aliases than the server allows.
        TooManyAliases = "TOO_MANY_ALIASES" => "查询中的别名过多。", "The query has too many aliases.";
        /// An operation has more fields at its root than the server allows.
        TooManyRootFields = "TOO_MANY_ROOT_FIELDS" => "一次请求的操作过多。", "The query has too many root fields.";
        /// The document has more directives than the server allows.
        TooManyDirectives = "TOO_MANY_DIRECTIVES" => "查询中的指令过多。", "The query has too many directives.";
        /// The socket has as many subscriptions as the server allows.
        TooManySubscriptions = "TOO_MANY_SUBSCRIPTIONS" => "订阅过多。", "There are too many subscriptions.";
        /// The link to a file has come to its end; ask for a new one.
        LinkExpired = "LINK_EXPIRED" => "链接已失效，请重新获取。", "This link has expired; please ask for a new one.";
        /// The file tells of hours that have changed since, or was revoked; issue a new one.
        Superseded = "SUPERSEDED" => "该记录单已失效，请重新出具。", "This sheet is no longer valid; please issue a new one.";
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Vocabulary;

    #[test]
    fn every_code_is_written_once_and_says_something() {
        let mut codes: Vec<_> = ErrorCode::words().iter().map(|w| w.code).collect();
        codes.sort_unstable();
        let all = codes.len();
        codes.dedup();
        assert_eq!(codes.len(), all);
        assert!(ErrorCode::words().iter().all(|w| w.zh.ends_with('。') && w.en.ends_with('.')));
    }
}
