// Reads iCalendar objects with npm's ical.js, and prints what they say as JSON.
// Argument: a JSON file with an array of { text, after }; of each event, the first five starts from `after` on are told, in UTC.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const STARTS = 5;

/** A moment as `2026-11-24T23:00:00Z`. */
const utc = (time) => new Date(time.toUnixTime() * 1000).toISOString().replace(".000Z", "Z");

function starts(event, after) {
  const [found, all] = [[], event.iterator()];
  for (let time = all.next(); time && found.length < STARTS; time = all.next()) {
    if (utc(time) >= after) {
      found.push(utc(time));
    }
  }
  return found;
}

function read({ text, after }) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const zones = calendar.getAllSubcomponents("vtimezone");
  ICAL.TimezoneService.reset();
  zones.forEach((zone) => ICAL.TimezoneService.register(zone));
  const events = calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    const organizer = component.getFirstProperty("organizer");
    const last = component.getFirstPropertyValue("rrule").until;
    return {
      uid: event.uid,
      sequence: event.sequence,
      status: component.getFirstPropertyValue("status"),
      summary: event.summary,
      description: event.description,
      url: component.getFirstPropertyValue("url"),
      organizer: [organizer.getFirstValue(), organizer.getParameter("cn")],
      stamp: utc(component.getFirstPropertyValue("dtstamp")),
      until: last ? utc(last) : null,
      minutes: event.duration.toSeconds() / 60,
      properties: component.getAllProperties().map(({ name }) => name).sort(),
      starts: starts(event, after),
    };
  });
  return {
    method: calendar.getFirstPropertyValue("method"),
    components: calendar.getAllSubcomponents().map(({ name }) => name),
    zones: zones.map((zone) => zone.getFirstPropertyValue("tzid")),
    events,
  };
}

const objects = JSON.parse(readFileSync(process.argv.at(-1), "utf8"));
console.log(JSON.stringify(objects.map(read)));
