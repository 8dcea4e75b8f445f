import { describe, expect, it } from "vitest";
import { describeError } from "../../shared/errors.ts";
import { parseRunSettings } from "../settings/run-settings.ts";

function told(text: string): string {
  try {
    parseRunSettings(text);
  } catch (error) {
    return describeError(error);
  }
  return "";
}

describe("calendars as one writes them", () => {
  it("are read", () => {
    const { calendars, calendar_of, holidays } = parseRunSettings(`
holidays:
  germany: [2026-01-01, 12-25]
calendars:
  berlin:
    time_zone: Europe/Berlin
    hours: { mon-thu: 9:00-18:00, Fri: [09:00-12:00, 13:00-17:00], sun: 22:00-06:00 }
    holidays: [germany, 2026-12-31]
calendar_of:
  teams: { EU support: berlin }
  markets: { DE: berlin }
`);
    const nine = { from: 540, to: 1080 };
    expect(calendars.berlin).toEqual({
      time_zone: "Europe/Berlin",
      hours: [
        ...[1, 2, 3, 4].map((weekday) => ({ weekday, ...nine })),
        { weekday: 5, from: 540, to: 720 },
        { weekday: 5, from: 780, to: 1020 },
        { weekday: 7, from: 1320, to: 1800 },
      ],
      holidays: ["germany", "2026-12-31"],
    });
    expect(calendar_of).toEqual({ default: "default", teams: { "EU support": "berlin" }, markets: { DE: "berlin" } });
    expect(holidays).toEqual({ germany: ["2026-01-01", "12-25"] });
  });

  const berlin = (more: string) => `calendars: { berlin: { ${more} } }`;
  const hours = "hours: { mon: 09:00-18:00 }";
  const cases: [string, string, string][] = [
    ["no hours", berlin("time_zone: Europe/Berlin"), "calendars.berlin.hours is missing"],
    ["empty hours", berlin("hours: {}"), "calendars.berlin.hours must have opening hours on one day at least"],
    ["a slip of a day", berlin("hours: { mo-fri: 09:00-18:00 }"), "calendars.berlin.hours.mo-fri is no weekday"],
    ["no time", berlin("hours: { mon: 9-18 }"), "calendars.berlin.hours.mon must be times such as 09:00-18:00"],
    ["25 o'clock", berlin("hours: { mon: 09:00-25:00 }"), "calendars.berlin.hours.mon must be times"],
    ["nothing", berlin("hours: { mon: 09:00-09:00 }"), "calendars.berlin.hours.mon must be times"],
    ["a zone", berlin(`${hours}, time_zone: Berlin`), "calendars.berlin.time_zone is not an IANA time zone"],
    [
      "an unknown list",
      berlin(`${hours}, holidays: [germany]`),
      'calendars.berlin.holidays[0] is neither a day nor a list of `holidays` (there is none), got "germany"',
    ],
    [
      "30 February",
      berlin(`${hours}, holidays: [2026-02-30]`),
      "calendars.berlin.holidays[0] is no day; write 2026-12-25",
    ],
    [
      "a list's 30 February",
      "holidays: { x: [02-30] }",
      'holidays.x[0] is no day; write 2026-12-25, or 12-25 for every year, got "02-30"',
    ],
    [
      "an unknown calendar",
      `${berlin(hours)}\ncalendar_of: { teams: { EU: berln } }`,
      'calendar_of.teams.EU is no calendar of `calendars` (there are: berlin), got "berln"',
    ],
    [
      "a default that is none",
      "calendar_of: { default: berlin }",
      "calendar_of.default is no calendar of `calendars` (there is none)",
    ],
    ["a country", "calendar_of: { markets: { Germany: default } }", "must be an ISO 3166-1 country code in upper case"],
    ["a slip of a key", berlin(`${hours}, holiday: []`), "calendars.berlin.holiday is not a known key"],
  ];
  it.each(cases)("%s is told", (_name, text, expected) => expect(told(text)).toContain(expected));
});
