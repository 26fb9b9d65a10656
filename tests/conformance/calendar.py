"""Reads iCalendar objects with PyPI's icalendar, and prints what they say as JSON, in the form of calendar.mjs.

Argument: a JSON file with an array of { text, after }; of each event, the first five starts from `after` on are told, in UTC.
Local times are read by the zone that the object describes, never by one that Python knows under the same name.
"""

import json
import sys
from datetime import UTC, datetime

from dateutil.rrule import rrulestr
from icalendar import Calendar, Event

STARTS = 5


def utc(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def starts(event: Event, zones: dict, after: str) -> list[str]:
    start = event["DTSTART"]
    local = start.dt.replace(tzinfo=zones[start.params["TZID"]])
    found = []
    for time in rrulestr(event["RRULE"].to_ical().decode(), dtstart=local):
        if utc(time) >= after:
            found.append(utc(time))
        if len(found) == STARTS:
            break
    return found


def read_event(event: Event, zones: dict, after: str) -> dict:
    organizer = event["ORGANIZER"]
    until = event["RRULE"].get("UNTIL")
    return {
        "uid": event["UID"],
        "sequence": event["SEQUENCE"],
        "status": event["STATUS"],
        "summary": event["SUMMARY"],
        "description": event["DESCRIPTION"],
        "url": event["URL"],
        "organizer": [organizer, organizer.params["CN"]],
        "stamp": utc(event["DTSTAMP"].dt),
        "until": utc(until[0]) if until else None,
        "minutes": (event["DTEND"].dt - event["DTSTART"].dt).total_seconds() / 60,
        "properties": sorted(name.lower() for name, _ in event.property_items(recursive=False) if name not in ("BEGIN", "END")),
        "starts": starts(event, zones, after),
    }


def read(given: dict) -> dict:
    calendar = Calendar.from_ical(given["text"])
    for component in calendar.walk():
        assert not component.errors, component.errors
    zones = {zone["TZID"]: zone.to_tz(lookup_tzid=False) for zone in calendar.walk("VTIMEZONE")}
    return {
        "method": calendar["METHOD"],
        "components": [component.name.lower() for component in calendar.subcomponents],
        "zones": [str(name) for name in zones],
        "events": [read_event(event, zones, given["after"]) for event in calendar.walk("VEVENT")],
    }


with open(sys.argv[1], encoding="utf-8") as file:
    print(json.dumps([read(given) for given in json.load(file)]))
