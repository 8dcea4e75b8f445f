// The definition cards, the same text that the API and the mails carry.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import * as z from "zod/mini";
import type { Language } from "../lib/format.ts";
import { requestJson } from "./http.ts";
import { nullableText } from "./parse.ts";
import { useStatus } from "./status.ts";

const definitionSchema = z.object({
  id: z.string(),
  name: z.string(),
  sentence: z.string(),
  formula: nullableText,
  excluded: nullableText,
  timeAnchor: nullableText,
  owner: nullableText,
  origin: nullableText,
});

export type Definition = z.output<typeof definitionSchema>;

/** Definitions by id (`service.response_rate_24h`); an empty map while loading. */
export function useDefinitions(language: Language): ReadonlyMap<string, Definition> {
  const { version } = useStatus();
  const { data } = useQuery({
    queryKey: ["definitions", version, language],
    queryFn: async ({ signal }) => {
      const list = z.array(definitionSchema).parse(await requestJson(`/api/definitions?lang=${language}`, { signal }));
      return new Map(list.map((definition) => [definition.id, definition]));
    },
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
  return data ?? EMPTY;
}

const EMPTY: ReadonlyMap<string, Definition> = new Map();
