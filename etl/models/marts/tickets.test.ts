// What a ticket is about and how fast it was answered; what a survey rates.
import { describe, expect, test } from "vitest";
import { withMarts, type Row } from "../testing/model-world.ts";
import { line, order } from "./test-rows.ts";

describe("tickets", () => {
  const ticket = (ticket_id: string, created_at: string, more: Row = {}): Row => ({
    ticket_id,
    created_at,
    status: "open",
    customer_ref: "ann",
    ...more,
  });

  test("a ticket on an order of several products has no product, on an order of one it has that", async () => {
    const staging = {
      orders: [order("1", "2026-01-01T10:00:00"), order("2", "2026-01-01T10:00:00", { market: "FR" })],
      order_items: [line("1:1", "1", "A"), line("1:2", "1", "B"), line("2:1", "2", "A"), line("2:2", "2", "A")],
      tickets: [
        ticket("many", "2026-01-10T10:00:00", { order_id: "#1", reason_raw: "产品质量" }),
        ticket("one", "2026-01-10T10:00:00", { order_id: "2", reason_raw: " Defective " }),
        ticket("own", "2026-01-10T10:00:00", { order_id: "1", product_id: "B", reason_raw: "flux capacitor" }),
        ticket("none", "2026-01-10T10:00:00"),
      ],
    };
    await withMarts({ staging }, async (query) => {
      const sql =
        "select ticket_id, order_id, product_id, market, reason, is_quality_complaint from tickets order by 1";
      expect(await query(sql)).toEqual([
        {
          ticket_id: "many",
          order_id: "1",
          product_id: "unknown",
          market: "DE",
          reason: "quality_defect",
          is_quality_complaint: true,
        },
        {
          ticket_id: "none",
          order_id: null,
          product_id: "unknown",
          market: "unknown",
          reason: "no_reason",
          is_quality_complaint: false,
        },
        {
          ticket_id: "one",
          order_id: "2",
          product_id: "A",
          market: "FR",
          reason: "quality_defect",
          is_quality_complaint: true,
        },
        {
          ticket_id: "own",
          order_id: "1",
          product_id: "B",
          market: "DE",
          reason: "unmapped",
          is_quality_complaint: false,
        },
      ]);
      expect(await query("select order_item_id, has_product_complaint from order_items order by 1")).toEqual([
        { order_item_id: "1:1", has_product_complaint: false },
        { order_item_id: "1:2", has_product_complaint: false },
        { order_item_id: "2:1", has_product_complaint: true },
        { order_item_id: "2:2", has_product_complaint: true },
      ]);
      expect(await query("select * from unmapped_values")).toEqual([
        { kind: "reason", source_system: "shop", raw_value: "flux capacitor", row_count: 1 },
      ]);
      expect(await query("select product_id, product_name from products order by 1")).toEqual([
        { product_id: "A", product_name: "A" },
        { product_id: "B", product_name: "B" },
        { product_id: "unknown", product_name: "unknown" },
      ]);
    });
  });

  test("the 24 h clock: answered counts, unanswered counts once 24 h are over, younger is pending", async () => {
    const staging = {
      tickets: [
        ticket("a fast", "2026-01-10T10:00:00", { first_replied_at: "2026-01-11T10:00:00" }),
        ticket("b slow", "2026-01-10T10:00:00", { first_replied_at: "2026-01-11T10:00:01" }),
        ticket("c silent", "2026-01-10T12:00:00"),
        ticket("d pending", "2026-01-10T12:00:01"),
        ticket("e ours", "2026-01-01T10:00:00", { is_agent_initiated: true, first_replied_at: "2026-01-01T11:00:00" }),
        ticket("f before", "2026-01-05T10:00:00", { first_replied_at: "2026-01-05T09:00:00" }),
        ticket("g reported", "2026-01-05T10:00:00", { first_reply_minutes_reported: 90, status: "closed" }),
        ticket("h deleted", "2026-01-05T10:00:00", { status: "deleted" }),
        ticket("i merged", "2026-01-05T10:00:00", { status: "merged" }),
        ticket("j closed", "2026-01-05T10:00:00", { status: "closed" }),
      ],
    };
    await withMarts({ staging, asOf: "2026-01-11 12:00:00" }, async (query) => {
      const sql = `select ticket_id, round(first_reply_minutes, 3) as minutes, is_answered, is_reply_due as due,
        is_replied_within_24h as hit, is_awaiting_first_reply as awaiting from tickets order by 1`;
      expect(await query(sql)).toEqual([
        { ticket_id: "a fast", minutes: 1440, is_answered: true, due: true, hit: true, awaiting: false },
        { ticket_id: "b slow", minutes: 1440.017, is_answered: true, due: true, hit: false, awaiting: false },
        { ticket_id: "c silent", minutes: null, is_answered: false, due: true, hit: false, awaiting: true },
        { ticket_id: "d pending", minutes: null, is_answered: false, due: false, hit: false, awaiting: true },
        { ticket_id: "e ours", minutes: null, is_answered: true, due: false, hit: false, awaiting: false },
        { ticket_id: "f before", minutes: null, is_answered: true, due: false, hit: false, awaiting: false },
        { ticket_id: "g reported", minutes: 90, is_answered: true, due: true, hit: true, awaiting: false },
        { ticket_id: "j closed", minutes: null, is_answered: false, due: true, hit: false, awaiting: false },
      ]);
    });
  });

  test("desks name a status in their own words; an unknown word is told, and a solved time counts beside it", async () => {
    const solved = { solved_at: "2026-01-11T10:00:00" };
    const at = "2026-01-10T10:00:00";
    const staging = {
      tickets: [
        ticket("resolved", at, { status: "Resolved", ...solved }),
        ticket("zh", at, { status: "已解决", ...solved }),
        ticket("reopened", at, { status: "In Progress", ...solved }),
        ticket("odd", at, { status: "Wontfix", ...solved }),
        ticket("odd-open", at, { status: "Wontfix" }),
        ticket("spam", at, { status: "Spam" }),
      ],
    };
    await withMarts({ staging }, async (query) => {
      expect(await query("select ticket_id, status, is_solved from tickets order by 1")).toEqual([
        { ticket_id: "odd", status: "wontfix", is_solved: true },
        { ticket_id: "odd-open", status: "wontfix", is_solved: false },
        { ticket_id: "reopened", status: "open", is_solved: false },
        { ticket_id: "resolved", status: "solved", is_solved: true },
        { ticket_id: "zh", status: "solved", is_solved: true },
      ]);
      const unmapped = "select raw_value, row_count from unmapped_values where kind = 'ticket_status'";
      expect(await query(unmapped)).toEqual([{ raw_value: "Wontfix", row_count: 2 }]);
    });
  });

  test("no minutes lie between a day and a time, neither to a reply nor to a solution", async () => {
    const solved = { status: "solved", first_solved_at: "2026-01-11T00:00:00", solved_at: "2026-01-12T10:00:00" };
    const staging = {
      tickets: [
        ticket("both times", "2026-01-10T10:00:00", solved),
        ticket("first by day", "2026-01-10T10:00:00", { ...solved, first_solved_at_precision: "date" }),
        ticket("opened by day", "2026-01-10T00:00:00", { ...solved, created_at_precision: "date" }),
      ],
    };
    await withMarts({ staging }, async (query) => {
      const sql = `select ticket_id as id, first_resolution_minutes as first, full_resolution_minutes as last
        from tickets order by 1`;
      expect(await query(sql)).toEqual([
        { id: "both times", first: 840, last: 2880 },
        { id: "first by day", first: null, last: 2880 },
        { id: "opened by day", first: null, last: null },
      ]);
    });
  });

  test("two desks may use one ticket number, and each survey finds its own", async () => {
    const staging = {
      tickets: [
        ticket("7", "2026-01-10T10:00:00", { source_system: "desk_a", product_id: "A", channel: "native_messaging" }),
        ticket("7", "2026-01-10T10:00:00", { source_system: "desk_b", product_id: "B", channel: "fax" }),
      ],
      survey_responses: [
        {
          source_system: "desk_b",
          survey_response_id: "1",
          ticket_id: "7",
          scale: "1-5",
          score: "4",
          sent_at: "2026-01-11T10:00:00",
        },
        {
          source_system: "desk_a",
          survey_response_id: "2",
          ticket_id: "7",
          scale: "good_bad",
          score: "bad",
          sent_at: "2026-01-11T10:00:00",
        },
        { source_system: "desk_a", survey_response_id: "3", scale: "good_bad", sent_at: "2026-01-12T10:00:00" },
        { source_system: "desk_a", survey_response_id: "4", scale: "1-5", score: "9", sent_at: "2026-01-12T10:00:00" },
      ],
    };
    await withMarts({ staging }, async (query) => {
      expect(await query("select ticket_id, product_id, channel from tickets order by 1")).toEqual([
        { ticket_id: "7", product_id: "A", channel: "chat" },
        { ticket_id: "desk_b/7", product_id: "B", channel: "fax" },
      ]);
      const sql = `select survey_response_id as id, ticket_id, product_id, score, is_rated, is_satisfied, responded_at
        from survey_responses order by 1`;
      const unrated = {
        ticket_id: null,
        product_id: "unknown",
        score: null,
        is_rated: false,
        is_satisfied: null,
        responded_at: null,
      };
      expect(await query(sql)).toEqual([
        {
          id: "1",
          ticket_id: "desk_b/7",
          product_id: "B",
          score: 4,
          is_rated: true,
          is_satisfied: true,
          responded_at: "2026-01-11T10:00:00",
        },
        {
          id: "2",
          ticket_id: "7",
          product_id: "A",
          score: 1,
          is_rated: true,
          is_satisfied: false,
          responded_at: "2026-01-11T10:00:00",
        },
        { id: "3", ...unrated },
        { id: "4", ...unrated },
      ]);
      expect(await query("select kind, raw_value from unmapped_values")).toEqual([
        { kind: "contact_channel", raw_value: "fax" },
      ]);
    });
  });
});
