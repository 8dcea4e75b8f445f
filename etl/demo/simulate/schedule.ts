// What is known now but happens later, in one bucket a day. Holds only the days to come.
import { DAY_MS } from "../zones.ts";

export class Schedule<T> {
  private readonly buckets = new Map<number, T[]>();

  add(ms: number, item: T): void {
    const day = Math.floor(ms / DAY_MS);
    const bucket = this.buckets.get(day);
    if (bucket) bucket.push(item);
    else this.buckets.set(day, [item]);
  }

  /** Items of the day and forgets them. */
  take(dayMs: number): T[] {
    const day = Math.floor(dayMs / DAY_MS);
    const bucket = this.buckets.get(day) ?? [];
    this.buckets.delete(day);
    return bucket;
  }
}
