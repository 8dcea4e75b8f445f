import type { Oracle } from "./oracle.ts";

export const product_catalog: Oracle = {
  from: "products",
  time: "first_sold_at",
  timeColumn: "first_sold_at",
  groups: ["category"],
  measures: { products: "count(*)" },
};
