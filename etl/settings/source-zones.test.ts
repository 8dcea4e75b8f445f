import { describe, expect, it } from "vitest";
import { describeError } from "../../shared/errors.ts";
import { queryRows, withDuckDB } from "../../shared/duckdb.ts";
import { parseRunSettings } from "./run-settings.ts";
import { createSourceZones, requireTimeZone } from "./source-zones.ts";

describe("the zone of a system that writes wall-clock times", () => {
  it("is asked for with the line to add, and only of systems that need it", () => {
    const none = parseRunSettings("");
    let told = "";
    try {
      requireTimeZone("freshdesk", none);
    } catch (error) {
      told = describeError(error);
    }
    expect(told).toContain("has times without a zone");
    expect(told).toContain("Add this line to aftersight.yml");
    expect(told).toContain("time_zones: { freshdesk: Europe/Berlin }");
    expect(() => requireTimeZone("zendesk", none)).not.toThrow();
    const line = /`(time_zones: [^`]*)`/.exec(told)?.[1] ?? "";
    expect(() => requireTimeZone("freshdesk", parseRunSettings(line))).not.toThrow();
  });

  it("is an IANA name, or the settings are refused", () => {
    expect(() => parseRunSettings("time_zones: { freshdesk: Berlin time }")).toThrow(
      /time_zones\.freshdesk is not an IANA time zone such as Europe\/Berlin, got "Berlin time"/,
    );
  });

  it("reaches the staging models as a table, again when it is set anew", async () => {
    await withDuckDB(":memory:", {}, async (connection) => {
      await connection.run("create schema staging");
      await createSourceZones(connection, parseRunSettings(""));
      await createSourceZones(
        connection,
        parseRunSettings("time_zones: { freshdesk: Europe/Berlin, other: Asia/Tokyo }"),
      );
      expect(await queryRows(connection, "select * from staging.source_zones order by 1")).toEqual([
        { source_system: "freshdesk", time_zone: "Europe/Berlin" },
        { source_system: "other", time_zone: "Asia/Tokyo" },
      ]);
    });
  });
});
