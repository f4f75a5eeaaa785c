use async_graphql::Object;
use chrono::{DateTime, Duration, Utc};
use zhibu_domain::{board::BoardPhase, policy::Denied, rule::RuleKey};

use super::ops::Shown;
use crate::{
    attendance::{CheckInCode, TallyObject},
    check_in::Room,
    error::OpError,
    graphql::Term,
};

/// How long a code is left standing at most while the next one is on its way.
const ON_ITS_WAY: Duration = Duration::seconds(1);

/// What a room's screen shows at a moment: no names. For that screen.
pub struct BoardObject {
    /// What it shows.
    pub shown: Shown,
    /// The time zone of its host.
    pub zone: String,
    /// The moment.
    pub now: DateTime<Utc>,
}

impl BoardObject {
    fn room(&self) -> Result<&Room, OpError> {
        self.shown.room.as_ref().as_ref().ok_or(Denied::Hidden.into())
    }
}

/// What a room's screen shows at a moment: no names. For that screen.
#[Object(name = "Board")]
impl BoardObject {
    /// The activity's title.
    async fn title(&self) -> Result<&str, OpError> {
        Ok(&self.room()?.activity.title)
    }

    /// When it begins.
    async fn starts_at(&self) -> Result<DateTime<Utc>, OpError> {
        Ok(self.room()?.activity.window.starts_at)
    }

    /// From when one can check in.
    async fn opens_at(&self) -> Result<DateTime<Utc>, OpError> {
        Ok(self.room()?.activity.check_in_window().starts_at)
    }

    /// The IANA name of the host's time zone, in which times are shown.
    async fn time_zone(&self) -> &str {
        &self.zone
    }

    /// What there is to show.
    async fn phase(&self) -> Term<BoardPhase> {
        Term(self.shown.phase)
    }

    /// The code; null while one can't check in.
    async fn code(&self) -> Option<CheckInCode> {
        self.shown.code.clone().map(Into::into)
    }

    /// Until when the code may stand on the screen should no other come: its end, and of its grace a second
    /// at most. Null where there is no code.
    async fn show_until(&self) -> Result<Option<DateTime<Utc>>, OpError> {
        let grace = self.room()?.rules.seconds(RuleKey::CodeGraceSeconds).min(ON_ITS_WAY);
        Ok(self.shown.code.as_ref().map(|code| code.valid_until + grace))
    }

    /// The counts.
    async fn tally(&self) -> TallyObject {
        TallyObject(self.shown.tally)
    }

    /// The server's time, by which the screen knows how long a code lasts whatever its own clock says.
    async fn now(&self) -> DateTime<Utc> {
        self.now
    }
}
