// What a watched series counts, told from its name: returned units, tickets, or cases of another kind.
import type { WatchUnit } from "./catalogue/catalogue.ts";

/** The unit of a watch; unknown watches count cases. */
export function unitOfWatch(watch: string): WatchUnit {
  if (/return/i.test(watch)) return "returns";
  if (/ticket|contact|complaint/i.test(watch)) return "tickets";
  return "cases";
}
