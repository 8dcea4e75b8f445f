// What a view's measures must answer, as plain SQL over the marts, written from the metric dictionary and not from the model.

export interface Oracle {
  /** Rows with the dimensions of `groups` as columns. */
  readonly from: string;
  /** The view's time dimension and the column behind it. */
  readonly time: string;
  readonly timeColumn: string;
  readonly groups: readonly string[];
  readonly measures: Readonly<Record<string, string>>;
}

export const withProducts = (mart: string) =>
  `(select ${mart}.*, category, brand from ${mart} left join products using (product_id))`;
export const share = (part: string, whole: string) =>
  `count(*) filter (${part}) / nullif(count(*) filter (${whole}), 0)`;
export const customers = (condition: string) => `count(distinct customer_id) filter (${condition})`;
