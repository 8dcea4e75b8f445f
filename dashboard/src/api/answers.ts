// One figure with what it rests on: cases, maturity, how far the data reach. The server decides, as for every other reader.
import { useQuery } from "@tanstack/react-query";
import * as z from "zod/mini";
import type { Filters } from "../url-state/filters.ts";
import { inclusive } from "./cube.ts";
import { requestJson } from "./http.ts";
import { viewFilters } from "./metrics.ts";
import { nullableNumber, nullableText } from "./parse.ts";
import { useStatus } from "./status.ts";

const answerSchema = z.object({
  state: z.enum(["value", "no_data", "not_computable"]),
  n: nullableNumber,
  coverage: nullableNumber,
  immature_share: nullableNumber,
  data_complete_to: nullableText,
});

export type Answer = z.output<typeof answerSchema>;

/** The figure for the period and filters of the page. */
export function useAnswer(measure: string, filters: Filters) {
  const { version } = useStatus();
  const view = measure.split(".", 1).join();
  const request = {
    measures: [measure],
    dateRange: inclusive(filters.period),
    filters: viewFilters(view, filters),
  };
  return useQuery({
    queryKey: ["answers", version, request],
    queryFn: async ({ signal }) => {
      const body = await requestJson("/api/answers", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(request),
        signal,
      });
      return z.object({ answers: z.array(answerSchema) }).parse(body).answers[0];
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}
