import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { describeError } from "../../shared/errors.ts";
import { buildModels } from "../build/build.ts";
import { DICTIONARIES } from "../models/models.ts";
import { withMarts } from "../models/testing/model-world.ts";
import { applySellerTaxonomy, parseSellerTaxonomy, readSellerTaxonomy } from "./seller-taxonomy.ts";

let inbox: string;
beforeEach(async () => {
  inbox = await mkdtemp(path.join(os.tmpdir(), "taxonomy-"));
});
afterEach(() => rm(inbox, { recursive: true, force: true }));

const ticket = (ticket_id: string, reason_raw: string, more = {}) => ({
  ticket_id,
  reason_raw,
  created_at: "2026-05-01 10:00:00",
  ...more,
});

/** What the intermediate models make of the words, once the seller's maps stand over ours. */
async function rebuilt(connection: DuckDBConnection, taxonomy: string): Promise<void> {
  await applySellerTaxonomy(connection, await parseSellerTaxonomy(taxonomy));
  const words = new Set(["int_reasons", "int_channels", "int_event_states"]);
  await buildModels(
    connection,
    DICTIONARIES.filter((model) => words.has(model.name)),
    () => {},
  );
}

const refusal = async (content: string) =>
  parseSellerTaxonomy(content, "taxonomy.yml").then(
    () => "no error",
    (error: unknown) => describeError(error),
  );

describe("the seller's words", () => {
  test("relabel tickets of long ago, for one system or for all, over what we ship", async () => {
    const tickets = [
      ticket("1", "Motor brummt", { created_at: "2019-01-01 10:00:00" }),
      ticket("2", " MOTOR BRUMMT "),
      ticket("3", "shipping"),
      ticket("4", "shipping", { source_system: "desk" }),
      ticket("5", "refund"),
    ];
    await withMarts({ staging: { tickets } }, async (query, connection) => {
      const reasons =
        "select source_system as system, trim(reason_raw) as raw, reason from staging.int_reasons order by all";
      expect((await query(reasons)).map((row) => row.reason)).toEqual([
        "late_delivery",
        "unmapped",
        "unmapped",
        "other",
        "late_delivery",
      ]);
      await rebuilt(
        connection,
        `version: 3
reasons:
  - { raw: Motor brummt, reason: quality_defect }
  - { source: desk, raw: Shipping, reason: damaged_in_transit }
  - { source: shop, raw: refund, reason: changed_mind }`,
      );
      expect(await query(reasons)).toEqual([
        { system: "desk", raw: "shipping", reason: "damaged_in_transit" },
        { system: "shop", raw: "MOTOR BRUMMT", reason: "quality_defect" },
        { system: "shop", raw: "Motor brummt", reason: "quality_defect" },
        { system: "shop", raw: "refund", reason: "changed_mind" },
        { system: "shop", raw: "shipping", reason: "late_delivery" },
      ]);
    });
  });

  test("a word for all systems wins over what we ship for one of them", async () => {
    await withMarts(
      {
        staging: {
          shipments: [{ shipment_id: "p", status_raw: "InTransit_004", source_system: "aftership" }],
          tickets: [ticket("1", "late", { channel: "web", status: "im regal" })],
        },
      },
      async (query, connection) => {
        await rebuilt(
          connection,
          `version: spring
event_states: [{ raw: intransit_004, event_state: in_transit }]
contact_channels: [{ raw: Web, channel: chat }]
sales_channels: [{ raw: web, channel: wholesale }]
ticket_statuses: [{ raw: Im Regal, status: solved }]`,
        );
        expect(await query("select state_raw, event_state from staging.int_event_states")).toEqual([
          { state_raw: "InTransit_004", event_state: "in_transit" },
        ]);
        expect(await query("select kind, channel from staging.int_channels")).toEqual([
          { kind: "contact", channel: "chat" },
        ]);
        expect(await query("select status from staging.ticket_status_map where status_raw = 'im regal'")).toEqual([
          { status: "solved" },
        ]);
        const twice =
          "select kind, source_system, channel_raw from staging.channel_map group by all having count(*) > 1";
        expect(await query(twice)).toEqual([]);
      },
    );
  });

  test("applied twice, or not given, change nothing more", async () => {
    await withMarts({}, async (query, connection) => {
      const all = "select * from staging.reason_map order by all";
      const shipped = await query(all);
      await applySellerTaxonomy(connection, null);
      expect(await query(all)).toEqual(shipped);
      const taxonomy = await parseSellerTaxonomy("version: 1\nreasons: [{ raw: brummt, reason: quality_defect }]");
      await applySellerTaxonomy(connection, taxonomy);
      const once = await query(all);
      expect(once).toHaveLength(shipped.length + 1);
      await applySellerTaxonomy(connection, taxonomy);
      expect(await query(all)).toEqual(once);
    });
  });
});

describe("taxonomy.yml", () => {
  test("is optional; read, it carries its version and a hash that changes with it", async () => {
    expect(await readSellerTaxonomy(inbox)).toBeNull();
    const file = path.join(inbox, "taxonomy.yml");
    await writeFile(
      file,
      "version: 3\nreasons:\n  - { source: zendesk, raw: Kulanz, reason: other }\nsales_channels:\n",
    );
    const first = await readSellerTaxonomy(inbox);
    expect(first).toMatchObject({
      version: "3",
      words: { reasons: [{ source: "zendesk", raw: "kulanz", code: "other" }], sales_channels: [] },
    });
    await writeFile(file, "version: 3\nreasons:\n  - { source: zendesk, raw: Kulanz, reason: changed_mind }\n");
    expect((await readSellerTaxonomy(inbox))?.hash).not.toBe(first?.hash);
  });

  test.each([
    [
      "reasons: [{ raw: a, reason: qualty_defect }]",
      'the unknown code "qualty_defect" (did you mean "quality_defect"?)',
    ],
    ["reasons: [{ raw: a, reason: 与描述不符 }]", 'did you mean "not_as_described"?'],
    ["reasons: [{ raw: a, reason: xyz_damage }]", "known: damaged_"],
    ["reasons: [{ raw: a, reason: unmapped }]", 'the unknown code "unmapped"'],
    ["event_states: [{ raw: a, event_state: deliverd }]", 'did you mean "delivered"?'],
    ["sales_channels: [{ raw: a, channel: amazn }]", 'did you mean "amazon"?'],
    ["sales_channels: [{ raw: a, channel: Mein Laden }]", 'the unknown code "mein laden"'],
    ["ticket_statuses: [{ raw: a, status: done }]", 'the unknown code "done"'],
    [
      "reasons: [{ raw: a, reason: other }, { raw: A, reason: no_reason }]",
      "is mapped twice, to other and to no_reason",
    ],
    ["reason: []", 'reason is not a known key (did you mean "reasons"?)'],
    ["reasons: [{ raw: '', reason: other }]", "reasons[0].raw must not be empty"],
    ["reasons: { raw: a }", "reasons must be a list"],
  ])("%s is refused in plain words", async (content, words) => {
    const told = await refusal(`version: 1\n${content}`);
    expect(told).toContain(words);
    expect(told).toContain("taxonomy.yml");
    expect(told).toContain("the served version stays");
  });

  test("a version is needed, YAML has to be YAML, and the file is a list of words, not an export", async () => {
    expect(await refusal("reasons: []")).toContain("version");
    expect(await refusal("version: [1")).toContain("is not valid YAML");
    await writeFile(path.join(inbox, "taxonomy.yml"), `version: 1 # ${"x".repeat(4_000_001)}`);
    await expect(readSellerTaxonomy(inbox)).rejects.toThrow("at most 4000000");
  });

  test("a marketplace we don't know may have a code of its own", async () => {
    const taxonomy = await parseSellerTaxonomy("version: 1\nsales_channels: [{ raw: Bol.com, channel: bol }]");
    expect(taxonomy.words.sales_channels).toEqual([{ source: "*", raw: "bol.com", code: "bol" }]);
  });
});
