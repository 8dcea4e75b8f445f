import { expect, test } from "vitest";
import { defaultBytes, memoryLimit } from "./memory-limit.ts";

const GIB = 2 ** 30;

test("the default is 60 % of what the machine or its container has, at most 3 GiB", () => {
  expect(defaultBytes(4 * GIB, 0)).toBeCloseTo(2.4 * GIB, -3);
  expect(defaultBytes(10 * GIB, 2 ** 63)).toBe(3 * GIB);
  expect(defaultBytes(10 * GIB, 4 * GIB)).toBeCloseTo(2.4 * GIB, -3);
  expect(defaultBytes(64 * GIB, 0)).toBe(3 * GIB);
  expect(memoryLimit({})).toMatch(/^\d+MiB$/);
});

test("a size told by the environment wins; what is no size is an error that says so", () => {
  expect(memoryLimit({ AFTERSIGHT_MEMORY_LIMIT: " 2GB " })).toBe("2GB");
  expect(() => memoryLimit({ AFTERSIGHT_MEMORY_LIMIT: "lots" })).toThrow(/AFTERSIGHT_MEMORY_LIMIT is "lots"/);
});
