import { describe, expect, it } from "vitest";
import { Calm } from "./calm.ts";

const PATIENCE = { quietMs: 3000, longestMs: 60_000 };

/** Of an inbox that has been read as this. */
function calmWith(read: string): Calm {
  const calm = new Calm(PATIENCE);
  calm.handled(read);
  return calm;
}

/** Looks once a second at what the inbox holds; the seconds at which it is to be read. */
function runsAt(calm: Calm, inbox: (second: number) => string, seconds: number): number[] {
  const runs: number[] = [];
  for (let second = 0; second <= seconds; second += 1) {
    const signature = inbox(second);
    if (!calm.look(signature, second * 1000)) continue;
    calm.handled(signature);
    runs.push(second);
  }
  return runs;
}

describe("an inbox is read", () => {
  it("not at all while it is as the last run found it", () => {
    expect(runsAt(calmWith("a"), () => "a", 100)).toEqual([]);
  });

  it("once, three seconds after the last change", () => {
    const growing = (second: number) => (second < 10 ? "a" : second < 25 ? `b${second}` : "b");
    expect(runsAt(calmWith("a"), growing, 100)).toEqual([28]);
  });

  it("at the start when nobody knows what it was read as", () => {
    expect(runsAt(new Calm(PATIENCE), () => "a", 100)).toEqual([3]);
  });

  it("every minute when something in it never stops changing", () => {
    expect(runsAt(calmWith("a"), (second) => `b${second}`, 130)).toEqual([60, 121]);
  });

  it("not when a change is taken back before the run", () => {
    expect(runsAt(calmWith("a"), (second) => (second === 5 || second === 6 ? "b" : "a"), 100)).toEqual([]);
  });

  it("never after a single look, however slow the looks are", () => {
    const calm = calmWith("a");
    expect(calm.look("b", 50_000)).toBe(false);
    expect(calm.isPending).toBe(true);
    expect(calm.look("b", 90_000)).toBe(true);
  });
});
