// Two public ticket sets: what of them can be used to measure tagging.
import type { Tagger } from "../../etl/tagging/tagger.ts";
import { publicRows } from "./public-data.ts";

const TICKETS = "support_tickets_8469/customer_support_tickets.csv";

/** Subjects of the set and the reasons that would be right for them. */
const MEANT: Readonly<Record<string, readonly string[]>> = {
  "Delivery problem": ["late_delivery", "never_arrived", "undeliverable"],
  "Hardware issue": ["quality_defect"],
  "Display issue": ["quality_defect"],
  "Battery life": ["quality_defect"],
  "Software bug": ["quality_defect"],
  "Product setup": ["usage_question"],
  "Installation support": ["usage_question"],
  "Refund request": ["return_request"],
  "Cancellation request": ["changed_mind"],
};

/** Undefined where the data is not on this machine. */
export async function measureDesks(tagger: Tagger): Promise<string | undefined> {
  const rows = await publicRows(TICKETS);
  if (!rows) return undefined;
  const tagged = rows
    .map((row) => ({
      subject: row["Ticket Subject"] ?? "",
      reason: tagger.tag(row["Ticket Description"] ?? "").reason,
    }))
    .filter(({ subject, reason }) => subject in MEANT && reason !== null);
  const right = tagged.filter(({ subject, reason }) => MEANT[subject]?.includes(reason ?? "")).length;
  // What the same tags would get if they were dealt out among the same subjects by lot.
  const byLot = tagged.reduce((sum, { reason }) => sum + shareMeaning(tagged, reason), 0);
  return `### Ticket sets without usable labels

\`support_tickets_8469\`: its subjects have nothing to do with its texts. Of ${tagged.length} texts with a tag and a subject we have a word for, the tag
fits the subject in ${percent(right / tagged.length)}; dealt out by lot it would in ${percent(byLot / tagged.length)}. \`technical_support\` has no texts. Neither measures anything.
`;
}

function shareMeaning(tickets: readonly { subject: string }[], reason: string | null): number {
  return tickets.filter(({ subject }) => MEANT[subject]?.includes(reason ?? "")).length / tickets.length;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
