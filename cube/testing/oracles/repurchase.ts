import { type Oracle, customers } from "./oracle.ts";

const window = (days: number) => {
  const matured = (kind: string) => customers(`kind = '${kind}' and is_matured_${days}d`);
  const again = (kind: string) => customers(`kind = '${kind}' and is_matured_${days}d and is_repurchased_${days}d`);
  const rate = (kind: string) => `${again(kind)} / nullif(${matured(kind)}, 0)`;
  const unmatured = (kind: string) => `1 - ${matured(kind)} / nullif(${customers(`kind = '${kind}'`)}, 0)`;
  return {
    [`returning_customers_${days}d`]: matured("return"),
    [`returning_repurchase_rate_${days}d`]: rate("return"),
    [`baseline_customers_${days}d`]: matured("delivery"),
    [`baseline_repurchase_rate_${days}d`]: rate("delivery"),
    [`returning_unmatured_share_${days}d`]: unmatured("return"),
    [`baseline_unmatured_share_${days}d`]: unmatured("delivery"),
    [`repurchase_uplift_${days}d`]: `${rate("return")} - ${rate("delivery")}`,
  };
};

export const repurchase: Oracle = {
  from: "repurchase_occasions",
  time: "occurred_at",
  timeColumn: "occurred_at_local",
  groups: ["sales_channel", "market"],
  measures: {
    occasions: "count(*)",
    returning_customers: customers("kind = 'return'"),
    baseline_customers: customers("kind = 'delivery'"),
    ...window(30),
    ...window(60),
    ...window(90),
  },
};
