"""Reads the calendars that the tests were answered with a parser that we did not write."""

import sys
from datetime import timedelta, timezone
from pathlib import Path

from icalendar import Calendar

files = sorted(Path(sys.argv[1]).glob("*.ics"))
assert files, "the tests have left calendars"
events = cancelled = 0
for file in files:
    calendar = Calendar.from_ical(file.read_bytes())
    assert calendar.errors == [], (file, calendar.errors)
    assert str(calendar["VERSION"]) == "2.0" and calendar["PRODID"], file
    assert str(calendar["X-WR-TIMEZONE"]) == "Asia/Shanghai", file
    uids = set()
    for event in calendar.events:
        assert event.errors == [], (file, event.errors)
        uids.add(str(event["UID"]))
        assert event["DTSTAMP"].dt.tzinfo is not None
        start, end = event.decoded("DTSTART"), event.decoded("DTEND")
        assert start.utcoffset() == timedelta(0) and start < end, file
        assert start.astimezone(timezone(timedelta(hours=8))).hour == 19, "as it was planned"
        assert int(event["SEQUENCE"]) >= 1 and str(event["SUMMARY"]), file
        cancelled += str(event["STATUS"]) == "CANCELLED"
        events += 1
    assert len(uids) == len(calendar.events), "each is there once"
assert events and cancelled, (events, cancelled)
print(f"{len(files)} calendars, {events} events, {cancelled} of them cancelled")
