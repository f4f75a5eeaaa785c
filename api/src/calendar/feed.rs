//! A calendar as RFC 5545 has it. Times are written in UTC, which needs no table of time zones and is shown
//! by every phone in its own; titles and places, and nothing more personal.

use chrono::{DateTime, Utc};
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};
use zhibu_domain::{
    activity::{Activity, Lifecycle, TimeWindow},
    id::TypedId,
    volunteering::{ShiftProgress, VolunteerShift},
};

/// Something in a calendar.
pub struct Happening {
    uid: String,
    /// Counts the changes: a phone takes what has more.
    sequence: u32,
    /// When it last changed its state, as far as that is kept: the same for the same thing.
    stamp: DateTime<Utc>,
    window: TimeWindow,
    title: String,
    place: Option<String>,
    cancelled: bool,
}

/// A calendar.
pub struct Feed {
    /// Its name.
    pub name: String,
    /// The IANA name of the time zone in which its days are meant.
    pub zone: String,
    /// What is in it.
    pub happenings: Vec<Happening>,
}

fn uid<I: TypedId>(id: I) -> String {
    format!("{}-{}@zhibu", I::KIND.to_ascii_lowercase(), id.uuid().simple())
}

impl Happening {
    /// An activity.
    pub fn of_activity(of: &Activity) -> Self {
        let stamp = match &of.lifecycle {
            Lifecycle::Draft => of.created_at,
            Lifecycle::Published { published_at } | Lifecycle::Open { published_at, .. } => *published_at,
            Lifecycle::Closed { closed_at, .. } | Lifecycle::Archived { closed_at, .. } => *closed_at,
            Lifecycle::Cancelled { cancelled_at, .. } => *cancelled_at,
        };
        let place = of.venue.as_ref().map(|venue| match &venue.address {
            Some(address) => format!("{} {address}", venue.name),
            None => venue.name.clone(),
        });
        Self {
            uid: uid(of.id),
            sequence: u32::try_from(of.version).unwrap_or(0),
            stamp,
            window: of.window,
            title: of.title.clone(),
            place,
            cancelled: matches!(of.lifecycle, Lifecycle::Cancelled { .. }),
        }
    }

    /// A shift of a project.
    pub fn of_shift(of: &VolunteerShift, project: &str) -> Self {
        let (stamp, cancelled) = match &of.progress {
            ShiftProgress::Draft => (of.window.starts_at, false),
            ShiftProgress::Published { at } => (*at, false),
            ShiftProgress::Cancelled { at, .. } => (*at, true),
        };
        Self {
            uid: uid(of.id),
            sequence: u32::try_from(of.version).unwrap_or(0),
            stamp,
            window: of.window,
            title: project.to_owned(),
            place: Some(of.place.clone()),
            cancelled,
        }
    }

    fn event(&self) -> Event {
        let mut event = Event::new();
        // All of the library's own marks, which would be others each time.
        event.uid(&self.uid).timestamp(self.stamp).sequence(self.sequence).summary(&self.title);
        event.starts(self.window.starts_at).ends(self.window.ends_at);
        if let Some(place) = &self.place {
            event.location(place);
        }
        event.status(if self.cancelled { EventStatus::Cancelled } else { EventStatus::Confirmed });
        event.done()
    }
}

impl Feed {
    /// Writes it.
    pub fn write(&self) -> String {
        let mut calendar = Calendar::empty();
        for (name, value) in [
            ("VERSION", "2.0"),
            ("PRODID", "-//Zhibu//Zhibu//ZH"),
            ("CALSCALE", "GREGORIAN"),
            ("METHOD", "PUBLISH"),
        ] {
            calendar.append_property(Property::new(name, value));
        }
        calendar.append_property(
            Property::new("REFRESH-INTERVAL", "PT1H").add_parameter("VALUE", "DURATION").done(),
        );
        calendar.append_property(Property::new("X-PUBLISHED-TTL", "PT1H"));
        calendar.name(&self.name).timezone(self.zone.as_str());
        self.happenings.iter().for_each(|happening| {
            calendar.push(happening.event());
        });
        calendar.to_string()
    }
}
