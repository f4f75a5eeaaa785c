use serde::{Serialize, Serializer};

use crate::{vocabulary, vocabulary::Vocabulary};

vocabulary! {
    /// How somebody was checked in.
    pub enum CheckInMethod {
        /// Scanned the QR code on the screen.
        Qr = "QR" => "扫码", "QR code";
        /// Typed the six digits on the screen.
        Digits = "DIGITS" => "数字码", "Six digits";
        /// Entered by the organizer.
        Roster = "ROSTER" => "组织者代签", "Entered by the organizer";
        /// Scanned without signal, sent later.
        OfflineQr = "OFFLINE_QR" => "离线扫码", "Scanned without signal";
        /// Scanned without signal; the organizer has decided.
        Claim = "CLAIM" => "组织者核定", "Decided by the organizer";
    }
}

vocabulary! {
    /// Whether somebody was there.
    pub enum AttendanceState {
        /// Present in time.
        Present = "PRESENT" => "出席", "Present";
        /// Present, but late.
        Late = "LATE" => "迟到", "Late";
        /// On leave.
        OnLeave = "ON_LEAVE" => "请假", "On leave";
        /// Absent.
        Absent = "ABSENT" => "缺席", "Absent";
    }
}

impl AttendanceState {
    /// Whether it says that somebody came.
    pub fn is_there(self) -> bool {
        matches!(self, Self::Present | Self::Late)
    }
}

vocabulary! {
    /// A hint for the organizer; never a reason to reject a check-in automatically.
    pub enum AttendanceFlag {
        /// The code was accepted only by its grace.
        CodeEdge = "CODE_EDGE" => "签到码临界使用", "Code used at its edge";
        /// The phone was far from the venue.
        Far = "FAR" => "距离较远", "Far from the venue";
        /// Scanned without signal.
        Offline = "OFFLINE" => "离线补传", "Sent later";
        /// The phone's clock was wrong by more than two minutes.
        ClockSkew = "CLOCK_SKEW" => "手机时间偏差", "Phone's clock is wrong";
        /// Several members checked in from one phone. Found when read, never stored.
        SharedDevice = "SHARED_DEVICE" => "多人同一设备", "Several people on one phone";
    }
}

impl AttendanceFlag {
    fn bit(self) -> i32 {
        match self {
            Self::CodeEdge => 1,
            Self::Far => 2,
            Self::Offline => 4,
            Self::ClockSkew => 8,
            Self::SharedDevice => 16,
        }
    }
}

/// A set of flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct AttendanceFlags(i32);

impl AttendanceFlags {
    /// Reads the stored bits; unknown ones are dropped.
    pub fn from_stored(bits: i32) -> Self {
        Self::words().filter(|flag| bits & flag.bit() != 0).collect::<Self>().without_derived()
    }

    /// The bits to store.
    pub fn stored(self) -> i32 {
        self.without_derived().0
    }

    /// With one more flag.
    pub fn with(self, flag: AttendanceFlag) -> Self {
        Self(self.0 | flag.bit())
    }

    /// With one more flag, if so.
    pub fn with_if(self, flag: AttendanceFlag, so: bool) -> Self {
        if so { self.with(flag) } else { self }
    }

    /// Whether the flag is set.
    pub fn contains(self, flag: AttendanceFlag) -> bool {
        self.0 & flag.bit() != 0
    }

    /// The flags that are set, in order of declaration.
    pub fn list(self) -> Vec<AttendanceFlag> {
        Self::words().filter(|flag| self.contains(*flag)).collect()
    }

    fn words() -> impl Iterator<Item = AttendanceFlag> {
        AttendanceFlag::words().iter().map(|word| word.value)
    }

    fn without_derived(self) -> Self {
        Self(self.0 & !AttendanceFlag::SharedDevice.bit())
    }
}

impl FromIterator<AttendanceFlag> for AttendanceFlags {
    fn from_iter<I: IntoIterator<Item = AttendanceFlag>>(flags: I) -> Self {
        flags.into_iter().fold(Self::default(), Self::with)
    }
}

impl Serialize for AttendanceFlags {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.list())
    }
}
