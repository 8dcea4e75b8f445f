import { expect, test } from "vitest";
import { productIdOf, productPath } from "./routes.tsx";

/** What the router hands to a page: the path's part, decoded but for reserved signs. */
const parameterOf = (path: string) => decodeURI(path.slice("/products/".length));

test.each(["EB-1001", "LONG/1", "C#1?x", "50%", "50%25", "A.1", "a b", "耳机 1", "%2F"])(
  "the address of %s leads back to it",
  (id) => {
    expect(productPath(id).slice("/products/".length)).not.toMatch(/[/?# ]/);
    expect(productIdOf(parameterOf(productPath(id)))).toBe(id);
  },
);
