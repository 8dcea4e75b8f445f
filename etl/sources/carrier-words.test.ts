// Carriers' own words and codes, recorded from their tracking answers, against the states karrio (github.com/karrioapi/karrio) reads
// from the same answers. Read where they lie: karrio's data is not ours.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { PROJECT_ROOT } from "../../shared/data-directory.ts";
import { withMarts } from "../models/testing/model-world.ts";

const RECORDED = path.resolve(PROJECT_ROOT, "../shared/data/karrio_tracking");
const isThere = existsSync(RECORDED);
if (!isThere) console.log(`Skipped: karrio's recorded answers are not at ${RECORDED}`);

/** What a state of karrio's may be among ours, which tell customs and hand-over apart where karrio says in transit. */
const STATES: Readonly<Record<string, readonly string[]>> = {
  pending: ["label_created"],
  picked_up: ["picked_up"],
  in_transit: ["in_transit", "picked_up", "customs_in", "customs_out", "arrived_destination_country"],
  on_hold: ["delayed", "customs_in"],
  out_for_delivery: ["out_for_delivery"],
  delivery_failed: ["attempt_failed"],
  ready_for_pickup: ["available_for_pickup"],
  delivered: ["delivered"],
};

const EVERYTHING_DELIVERED = "karrio gives each scan of a delivered parcel the parcel's own state";

/** Where we differ from karrio: carrier, the word, karrio's state, ours, and why. */
const DIFFERENCES: readonly (readonly [carrier: string, word: string, karrio: string, ours: string, why: string])[] = [
  ["australiapost", "Onboard for delivery", "delivered", "out_for_delivery", EVERYTHING_DELIVERED],
  [
    "australiapost",
    "In transit to next facility in OAKLEIGH SOUTH VIC",
    "delivered",
    "unknown",
    "a text with a place in it is not mapped",
  ],
  [
    "australiapost",
    "In transit to next facility in SUNSHINE WEST VIC",
    "delivered",
    "unknown",
    "a text with a place in it is not mapped",
  ],
  ["australiapost", "Item processed at facility", "delivered", "in_transit", EVERYTHING_DELIVERED],
  ["australiapost", "Arrived awaiting clearance (Inbound)", "delivered", "customs_in", EVERYTHING_DELIVERED],
  ["australiapost", "Cleared and awaiting international departure", "delivered", "customs_out", EVERYTHING_DELIVERED],
  ["australiapost", "Received item from Sender (Outbound)", "delivered", "picked_up", EVERYTHING_DELIVERED],
  ["australiapost", "Arrived in New Zealand", "delivered", "unknown", "a text with a place in it is not mapped"],
  ["australiapost", "Item cleared by Customs", "delivered", "customs_out", EVERYTHING_DELIVERED],
  ["australiapost", "Item is in Customs", "delivered", "customs_in", EVERYTHING_DELIVERED],
  ["australiapost", "Despatch Parcels from Export Facility", "delivered", "in_transit", EVERYTHING_DELIVERED],
  ["australiapost", "Processed at Export Facility", "delivered", "in_transit", EVERYTHING_DELIVERED],
  [
    "australiapost",
    "Shipping information approved by Australia Post",
    "delivered",
    "label_created",
    EVERYTHING_DELIVERED,
  ],
  [
    "australiapost",
    "Shipping information received by Australia Post",
    "delivered",
    "label_created",
    EVERYTHING_DELIVERED,
  ],
  ["bpost", "L00", "on_hold", "out_for_delivery", "bound to a round, out for distribution: nothing holds it"],
  ["dhl_parcel_de", "PO", "in_transit", "out_for_delivery", "loaded onto the delivery vehicle"],
  [
    "dpd",
    "ReturningFromDelivery",
    "out_for_delivery",
    "attempt_failed",
    "back at the depot after an attempt that failed",
  ],
  [
    "laposte",
    "ET1",
    "out_for_delivery",
    "in_transit",
    "being processed on the carrier's platforms, days before delivery",
  ],
  ["ups", "SR", "on_hold", "customs_out", "released by customs"],
];

/** The system a seller would name such an export after, where it isn't karrio's name. */
const SYSTEMS: Readonly<Record<string, string>> = { dhl_parcel_de: "dhl" };

interface Word {
  readonly carrier: string;
  readonly word: string;
  readonly status: string | null;
}

interface ExpectedEvent {
  readonly code?: string;
  readonly description: string;
  readonly status?: string;
}

function recordedWords(): Word[] {
  return readdirSync(RECORDED).flatMap((carrier) => {
    const folder = path.join(RECORDED, carrier);
    const expected = readdirSync(folder).filter((name) => name.endsWith(".expected.json"));
    return expected.flatMap((name) => {
      const [parcels] = JSON.parse(readFileSync(path.join(folder, name), "utf8")) as [{ events?: ExpectedEvent[] }[]];
      return parcels.flatMap(({ events = [] }) =>
        events.map((event) => ({ carrier, word: event.code ?? event.description, status: event.status ?? null })),
      );
    });
  });
}

/** What the marts make of each word, by `carrier|word`. */
async function ourStates(words: readonly Word[]): Promise<Map<string, string>> {
  const carrier_events = words.map(({ carrier, word }, index) => ({
    source_system: SYSTEMS[carrier] ?? carrier,
    carrier_event_id: String(index),
    shipment_id: `${carrier}-${index}`,
    occurred_at: "2026-01-01T00:00:00",
    state_raw: word,
  }));
  const states = new Map<string, string>();
  await withMarts({ staging: { carrier_events } }, async (query) => {
    for (const row of await query("select shipment_id, event_state from carrier_events")) {
      const [carrier, index] = String(row.shipment_id).split(/-(?=\d+$)/);
      states.set(`${carrier}|${words[Number(index)]?.word}`, String(row.event_state));
    }
  });
  return states;
}

const SEVENTEENTRACK =
  "NotFound InfoReceived InTransit Expired AvailableForPickup OutForDelivery DeliveryFailure Delivered Exception NotFound_Other " +
  "NotFound_InvalidCode InTransit_PickedUp InTransit_Other InTransit_Departure InTransit_Arrival InTransit_CustomsProcessing " +
  "InTransit_CustomsReleased InTransit_CustomsRequiringInformation Expired_Other AvailableForPickup_Other OutForDelivery_Other " +
  "DeliveryFailure_Other DeliveryFailure_NoBody DeliveryFailure_Security DeliveryFailure_Rejected DeliveryFailure_InvalidAddress " +
  "Delivered_Other Exception_Other Exception_Returning Exception_Returned Exception_NoBody Exception_Security Exception_Damage " +
  "Exception_Rejected Exception_Delayed Exception_Lost Exception_Destroyed Exception_Cancel PickedUp Departure Arrival Returning Returned";
const EASYPOST =
  "unknown pre_transit in_transit out_for_delivery delivered available_for_pickup return_to_sender failure cancelled error " +
  "address_correction arrived_at_destination arrived_at_facility arrived_at_pickup_location awaiting_information damaged delayed " +
  "delivery_exception departed_facility departed_origin_facility expired held label_created lost missorted " +
  "received_at_destination_facility received_at_origin_facility refused return transferred_to_destination_carrier transit_exception " +
  "weather_delay";

test.each([
  ["seventeentrack", SEVENTEENTRACK],
  ["easypost", EASYPOST],
])("all documented words of %s are mapped", async (system, words) => {
  const scans = words.split(" ").map((state_raw, index) => ({
    source_system: system,
    carrier_event_id: String(index),
    shipment_id: "1",
    occurred_at: "2026-01-01T00:00:00",
    state_raw,
  }));
  await withMarts({ staging: { carrier_events: scans } }, async (query) => {
    expect(await query("select count(*) as n from carrier_events")).toEqual([{ n: scans.length }]);
    expect(await query("select * from unmapped_values")).toEqual([]);
  });
});

describe.skipIf(!isThere)("carriers' words, as karrio reads them", () => {
  test("the words are the carriers' own: each stands in a recorded answer", () => {
    const words = recordedWords();
    expect(new Set(words.map(({ carrier }) => carrier)).size).toBe(13);
    const answers = new Map<string, string>();
    for (const { carrier } of words) {
      const folder = path.join(RECORDED, carrier);
      const raw = readdirSync(folder).filter((name) => name.includes(".raw."));
      answers.set(carrier, raw.map((name) => readFileSync(path.join(folder, name), "utf8")).join("\n"));
    }
    expect(words.filter(({ carrier, word }) => !answers.get(carrier)?.includes(word))).toEqual([]);
  });

  test("every word karrio gives a state means the same to us, but for the differences we stand by", async () => {
    const words = recordedWords().filter(({ status }) => status !== null);
    const states = await ourStates(words);
    const differing = words.filter(({ carrier, word, status }) => {
      const allowed = STATES[String(status)];
      if (!allowed) throw new Error(`karrio's state ${status} is not in the table`);
      return !allowed.includes(states.get(`${carrier}|${word}`) ?? "");
    });
    const told = [
      ...new Set(
        differing.map(
          ({ carrier, word, status }) => `${carrier}|${word}|${status}|${states.get(`${carrier}|${word}`)}`,
        ),
      ),
    ];
    expect(told.toSorted()).toEqual(DIFFERENCES.map((row) => row.slice(0, 4).join("|")).toSorted());
    const isArtefact = ({ carrier }: Word) => carrier === "australiapost";
    const matched = (list: readonly Word[]) => list.filter((word) => !differing.includes(word)).length;
    const plain = words.filter((word) => !isArtefact(word));
    console.log(
      `Matched with karrio: ${matched(words)} of ${words.length} scans; ${matched(plain)} of ${plain.length} ` +
        "without Australia Post, whose scans karrio does not tell apart",
    );
    expect([matched(words), words.length]).toEqual([68, 92]);
    expect([matched(plain), plain.length]).toEqual([66, 73]);
  });

  test("scans karrio gives no state have one of ours", async () => {
    const words = recordedWords().filter(({ status }) => status === null);
    const states = await ourStates(words);
    const open = words.filter(({ carrier, word }) => states.get(`${carrier}|${word}`) === "unknown");
    // "Arriving on time", "arriving early" and "signature recorded" are no step of the way.
    expect(new Set(open.map(({ carrier, word }) => `${carrier} ${word}`))).toEqual(
      new Set(["fedex AO", "fedex AE", "canadapost 20"]),
    );
  });
});
