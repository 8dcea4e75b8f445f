import { expect, it } from "vitest";
import { describeChanges } from "./describe-changes.ts";

const file = (path: string, bytes = 1) => ({ path, bytes, modifiedAtMs: 0 });

it("names what is new, changed and gone", () => {
  const before = [file("a"), file("b"), file("c")];
  expect(describeChanges(before, [file("b", 2), file("c"), ...["d", "e", "f", "g"].map((name) => file(name))])).toBe(
    "4 new (d, e, f and 1 more); 1 changed (b); 1 gone (a)",
  );
  expect(describeChanges(undefined, before)).toBe("3 files, not read as they are now");
});

it("keeps a name with a line break on the line", () => {
  expect(describeChanges([], [file("a\nPipeline: published")])).toBe("1 new (a?Pipeline: published)");
});
