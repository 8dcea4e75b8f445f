import { type Oracle, share } from "./oracle.ts";
import { OUTBOUND } from "./outbound.ts";

const tracked = "tracking = 'tracked'";

/** Anchor: the day the shipment was sent. */
export const shipping: Oracle = {
  from: OUTBOUND,
  time: "sent_at",
  timeColumn: "sent_at_local",
  groups: ["carrier", "market"],
  measures: {
    shipments: "count(*)",
    tracked_shipments: `count(*) filter (${tracked})`,
    tracking_coverage: share(tracked, "true"),
    pending_shipments: "count(*) filter (tracking = 'pending')",
    expired_shipments: "count(*) filter (tracking = 'expired')",
    untracked_shipments: "count(*) filter (tracking = 'untracked')",
    late_rate_of_tracked: share(
      `${tracked} and (first_attempted_date > promised_delivery_date or is_overdue)`,
      tracked,
    ),
    lost_shipments: `count(*) filter (${tracked} and is_lost)`,
    lost_rate: share(`${tracked} and is_lost`, tracked),
    damaged_shipments: `count(*) filter (${tracked} and is_damaged)`,
    damaged_rate: share(`${tracked} and is_damaged`, tracked),
    returned_to_sender_shipments: `count(*) filter (${tracked} and is_returned_to_sender)`,
    returned_to_sender_rate: share(`${tracked} and is_returned_to_sender`, tracked),
    attempted_shipments: "count(first_attempt)",
    attempt_coverage: share(`${tracked} and first_attempt is not null`, tracked),
    first_attempt_rate: share("first_attempt = 'delivered'", "first_attempt in ('delivered', 'failed')"),
  },
};
