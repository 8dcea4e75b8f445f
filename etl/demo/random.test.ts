import { expect, test } from "vitest";
import { hashOf, Random } from "./random.ts";

const many = (count: number, draw: () => number): number[] => Array.from({ length: count }, draw);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

test("a stream depends on its keys and their order, and on nothing else", () => {
  expect(new Random(1, 2).next()).toBe(new Random(1, 2).next());
  expect(new Random(1, 2).next()).not.toBe(new Random(2, 1).next());
  expect(hashOf(2 ** 40)).not.toBe(hashOf(0));
});

test("neighbouring streams are not alike", () => {
  const first = many(4000, () => 0).map((_, key) => new Random(5, key).next());
  expect(mean(first)).toBeGreaterThan(0.48);
  expect(mean(first)).toBeLessThan(0.52);
  const steps = first.slice(1).map((value, index) => (value - 0.5) * ((first[index] ?? 0) - 0.5));
  expect(Math.abs(mean(steps))).toBeLessThan(0.006);
});

test("the distributions have the means they are named for", () => {
  const random = new Random(9);
  expect(mean(many(20_000, () => random.poisson(0.4)))).toBeCloseTo(0.4, 1);
  expect(mean(many(5000, () => random.poisson(200)))).toBeCloseTo(200, -1);
  expect(mean(many(20_000, () => random.gamma(1.6, 9)))).toBeCloseTo(9, 0);
  expect(mean(many(20_000, () => random.gamma(0.5, 3)))).toBeCloseTo(3, 0);
  expect(mean(many(20_000, () => random.normal()))).toBeCloseTo(0, 1);
  expect(mean(many(20_000, () => random.weighted([1, 3])))).toBeCloseTo(0.75, 1);
});
