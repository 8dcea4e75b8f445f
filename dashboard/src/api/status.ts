// Which data version is served, how complete it is and whose it is.
import { useQuery } from "@tanstack/react-query";
import { createContext, use } from "react";
import * as z from "zod/mini";
import { setWeekStart } from "../lib/day.ts";
import { requestJson } from "./http.ts";
import { nullableText } from "./parse.ts";

const statusSchema = z.object({
  version: z.number(),
  versionName: z.string(),
  builtAt: nullableText,
  /** ISO timestamp in the reporting zone. */
  dataCompleteTo: nullableText,
  reportingTimeZone: z.string(),
  reportingCurrency: z.string(),
  sellerName: nullableText,
  weekStart: z.enum(["monday", "saturday", "sunday"]),
  isDemo: z.boolean(),
  switchError: nullableText,
});

type RawStatus = z.output<typeof statusSchema>;

/** A status with data in it: pages below the gate may rely on a watermark. */
export interface Status extends RawStatus {
  readonly dataCompleteTo: string;
}

const POLL_INTERVAL_MS = 15_000;

export function useStatusQuery() {
  return useQuery({
    queryKey: ["status"],
    queryFn: async ({ signal }) => {
      const status = statusSchema.parse(await requestJson("/api/status", { signal }));
      setWeekStart(status.weekStart);
      return status;
    },
    refetchInterval: POLL_INTERVAL_MS,
    retry: 1,
  });
}

export function hasData(status: RawStatus | undefined): status is Status {
  return status !== undefined && status.version > 0 && status.dataCompleteTo !== null;
}

const StatusContext = createContext<Status | null>(null);
export const StatusProvider = StatusContext.Provider;

/** The served status; only below the status gate. */
export function useStatus(): Status {
  const status = use(StatusContext);
  if (status === null) throw new Error("useStatus is used outside the status gate.");
  return status;
}
