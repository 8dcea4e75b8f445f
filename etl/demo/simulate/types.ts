// The demo's own picture of an order's life, before any system's export puts it into its own shape. All times: ms UTC.
import type { Product } from "../catalogue.ts";
import type { Lane } from "../carriers.ts";
import type { LanguageCode, Market } from "../markets.ts";
import type { ReturnReason, Topic } from "../reasons.ts";

export type Channel = "own_shop" | "amazon";

/** A buyer of the own shop; everything else about the person follows from the number. */
export interface Customer {
  readonly number: number;
  readonly market: Market;
  readonly language: LanguageCode;
}

export interface DraftLine {
  readonly product: Product;
  readonly variant: string;
  readonly quantity: number;
}

/** An order that will be placed; `key` seeds everything random about it. */
export interface Draft {
  readonly key: number;
  readonly kind: "new" | "repeat" | "exchange" | "bulk";
  readonly at: number;
  readonly channel: Channel;
  readonly market: Market;
  readonly customer: Customer | null;
  readonly lines: readonly DraftLine[];
}

export interface Line extends DraftLine {
  readonly unitPrice: number;
  readonly discount: number;
  readonly lot: string;
}

export interface Delivery {
  /** null: fulfilled by Amazon, no parcel of ours. */
  readonly lane: Lane | null;
  readonly trackingNumber: string;
  readonly shippedAt: number;
  readonly outcome: "delivered" | "lost" | "returned_to_sender" | "no_scans";
  /** Wall-clock day at the destination, as ms of its midnight. */
  readonly promisedDay: number;
  readonly attemptedAt: number | null;
  readonly deliveredAt: number | null;
  readonly isDamaged: boolean;
  /** Episode without which the parcel would have been intact, on its way or in time. */
  readonly episodeId: string | null;
  /** What an episode added to this parcel's chances, whether it struck or not. */
  readonly added: { readonly episodeId: string; readonly lost: number; readonly damaged: number } | null;
  readonly transitDays: number;
}

export interface Order {
  readonly key: number;
  readonly sequence: number;
  readonly number: string;
  readonly kind: Draft["kind"];
  readonly channel: Channel;
  readonly market: Market;
  readonly language: LanguageCode;
  readonly customer: Customer | null;
  readonly orderedAt: number;
  readonly cancelledAt: number | null;
  readonly currency: string;
  readonly lines: readonly Line[];
  readonly shipping: number;
  readonly delivery: Delivery;
}

export type Resolution = "refund" | "exchange" | "store_credit" | "partial_refund" | "keep_item";

export interface ReturnCase {
  readonly key: number;
  readonly order: Order;
  readonly line: Line;
  readonly lineNumber: number;
  readonly reason: ReturnReason;
  readonly quantity: number;
  readonly requestedAt: number;
  /** Goods received and booked, or settled where nothing comes back. */
  readonly bookedAt: number;
  readonly resolution: Resolution;
  readonly refund: number;
  readonly episodeId: string | null;
}

/** A letter to the help desk, before anybody read it. */
export interface Contact {
  readonly key: number;
  readonly at: number;
  readonly topic: Topic;
  readonly order: Order | null;
  readonly product: Product | null;
  readonly market: Market;
  readonly language: LanguageCode;
  readonly customer: Customer | null;
  readonly isOpenedByAgent: boolean;
}

export interface Rating {
  readonly sentAt: number;
  readonly respondedAt: number | null;
  readonly isGood: boolean;
}

/** A contact with what the service team made of it. */
export interface Ticket extends Contact {
  readonly id: number;
  readonly teamId: "english" | "europe" | "asia";
  readonly agent: number;
  readonly viaChannel: "email" | "web" | "chat" | "whatsapp" | "api";
  readonly priority: "low" | "normal" | "high" | "urgent";
  readonly firstReplyAt: number | null;
  readonly businessMinutes: number | null;
  readonly replies: number;
  readonly solvedAt: number | null;
  readonly firstSolvedAt: number | null;
  readonly reopens: number;
  readonly fate: "kept" | "deleted" | "merged";
  readonly rating: Rating | null;
}

export interface Survey {
  readonly key: number;
  readonly order: Order;
  readonly product: Product;
  readonly sentAt: number;
  readonly respondedAt: number | null;
  readonly scores: readonly (readonly [
    question: "order_handling" | "product_quality" | "after_sales",
    score: number,
  ])[];
}
