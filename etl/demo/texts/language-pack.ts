// The form each language's phrases have. Slots: {product}, {order}, {fault}, {days}.
import type { CategoryId } from "../catalogue.ts";
import type { ReturnReason, Topic } from "../reasons.ts";

export interface Phrases {
  readonly subjects: readonly string[];
  readonly bodies: readonly string[];
}

/** Return reasons people comment on; the others stay silent. */
export type CommentedReason = Exclude<ReturnReason, "no_reason" | "undeliverable" | "unauthorized" | "never_arrived">;

export interface LanguagePack {
  readonly greetings: readonly string[];
  /** What people ask for at the end, after any complaint; the first and the fourth also suit a question. */
  readonly asks: readonly string[];
  readonly closings: readonly string[];
  /** How to reach the writer; slots {email} and {phone}. */
  readonly contacts: readonly string[];
  /** What breaks, by category; fits where {fault} stands. */
  readonly faults: Readonly<Record<CategoryId, readonly string[]>>;
  readonly topics: Readonly<Record<Topic, Phrases>>;
  readonly comments: Readonly<Record<CommentedReason, readonly string[]>>;
  readonly good: readonly string[];
  readonly bad: readonly string[];
}
