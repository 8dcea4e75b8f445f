// Shopify returns out of the GraphQL Admin API: saved answers (of orders or returns, by nodes or edges), bulk operations (one object
// a line, children with `__parentId`), or a plain list.
import type { Source } from "../source.ts";

export const shopifyReturns: Source = {
  system: "shopify_returns",
  title: "Shopify returns",
  feeds: [
    {
      kind: "json",
      name: "records",
      extensions: [".json", ".jsonl", ".ndjson"],
      arrays: [
        "returns",
        "returns.nodes",
        "returns.edges",
        "orders",
        "orders.nodes",
        "orders.edges",
        "data.returns",
        "data.returns.nodes",
        "data.returns.edges",
        "data.orders",
        "data.orders.nodes",
        "data.orders.edges",
        "data.nodes",
      ],
      objects: ["return", "order", "data.return", "data.order", "data.node"],
      // What stands alone: an object of a bulk operation, a return, an order.
      lineKeys: ["id"],
    },
  ],
  bases: ["returns", "lines"],
  entities: ["returns"],
};
