// Targets of figures: read, and set by whoever may.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import * as z from "zod/mini";
import type { Language } from "../lib/format.ts";
import { requestJson } from "./http.ts";
import { nullableText } from "./parse.ts";

const targetSchema = z.object({
  measure: z.string(),
  kind: z.enum(["target", "reference"]),
  value: z.number(),
  direction: z.enum(["at_most", "at_least"]),
  origin: z.enum(["delivered", "own"]),
  wording: nullableText,
  changed_at: nullableText,
  changed_by: nullableText,
});

export type Target = z.output<typeof targetSchema>;
export type Direction = Target["direction"];

const listSchema = z.object({ source: z.string(), targets: z.array(targetSchema) });

export function useTargets(language: Language) {
  return useQuery({
    queryKey: ["targets", language],
    queryFn: async ({ signal }) => listSchema.parse(await requestJson(`/api/targets?lang=${language}`, { signal })),
  });
}

export interface TargetChange {
  readonly measure: string;
  /** Null: back to the one delivered. */
  readonly target: { readonly value: number; readonly direction: Direction } | null;
}

/** Sets a target; everything that shows one is read again. */
export function useSetTarget() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ measure, target }: TargetChange) =>
      requestJson(`/api/targets/${encodeURIComponent(measure)}`, {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ target }),
      }),
    onSettled: () => client.invalidateQueries({ queryKey: ["targets"] }),
  });
}
