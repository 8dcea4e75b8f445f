// The values the filters offer: what occurs in the data, whatever the period.
import { useQuery } from "@tanstack/react-query";
import * as z from "zod/mini";
import { cubeOptions } from "./cube.ts";
import { text } from "./parse.ts";
import { useStatus } from "./status.ts";

function useValues(view: string, dimension: string, measure: string): readonly string[] {
  const { version } = useStatus();
  const { data } = useQuery({
    ...cubeOptions(
      version,
      {
        dimensions: [`${view}.${dimension}`],
        measures: [`${view}.${measure}`],
        order: { [`${view}.${measure}`]: "desc" },
        limit: 300,
      },
      z.object({ [dimension]: text }),
    ),
    select: (rows) => rows.map((row) => row[dimension] ?? "unknown"),
  });
  return data ?? NONE;
}

const NONE: readonly string[] = [];

export interface FilterOptions {
  readonly markets: readonly string[];
  readonly salesChannels: readonly string[];
  readonly contactChannels: readonly string[];
}

/** Most frequent first. */
export function useFilterOptions(): FilterOptions {
  const sold = useValues("sales", "market", "orders");
  const contacted = useValues("service", "market", "tickets");
  return {
    markets: [...new Set([...sold, ...contacted])],
    salesChannels: useValues("sales", "sales_channel", "orders"),
    contactChannels: useValues("service", "channel", "tickets"),
  };
}
