// Looks at a 17TRACK file before it is loaded: refuses forged webhooks and the layout of API version 1.
// 17TRACK signs a webhook with sha256(body + "/" + key), told in the header `sign`; only the body as it came can be checked.
import { createHash, timingSafeEqual } from "node:crypto";
import { FileRefusedError, readText } from "../../files/file-text.ts";
import { splitJson } from "../../load/json-records.ts";
import type { InspectedFile, JsonFeed } from "../source.ts";

/** Environment variable with the account's API key; several (an older one, another account's) with commas between. */
export const KEY_VARIABLE = "AFTERSIGHT_17TRACK_KEY";

/** Keys a webhook may be signed with; none: nothing is checked. */
export function webhookKeys(environment: NodeJS.ProcessEnv = process.env): string[] {
  return (environment[KEY_VARIABLE] ?? "").split(/[\s,]+/).filter(Boolean);
}

/** @throws FileRefusedError when a webhook of the file does not prove where it comes from, or its layout is version 1's. */
export async function inspectFile(
  file: InspectedFile,
  feeds: readonly JsonFeed[],
  keys: readonly string[] = webhookKeys(),
): Promise<void> {
  // Told after the chunk: an error thrown inside the splitter makes it give out the record once more.
  let refusal: FileRefusedError | undefined;
  const settle = () => {
    if (refusal) throw refusal;
  };
  await splitJson(file.path, readText(file.absolute, file.text), feeds, {
    onRecord: (feed, rowNo, bytes) => (refusal ??= whyRefused(feed, rowNo, bytes, keys)),
    onProblem: () => {},
    afterChunk: async () => settle(),
  });
  settle();
}

function whyRefused(feed: string, rowNo: number, bytes: Buffer, keys: readonly string[]): FileRefusedError | undefined {
  if (feed === "webhooks") return whyWebhookRefused(rowNo, bytes, keys);
  if (feed === "pushes" && keys.length > 0) return unsigned(rowNo);
  return feed !== "rejected" && isVersion1(bytes) ? version1(rowNo) : undefined;
}

function whyWebhookRefused(rowNo: number, bytes: Buffer, keys: readonly string[]): FileRefusedError | undefined {
  const webhook = parsed(bytes);
  const body = bodyText(webhook);
  if (isVersion1(Buffer.from(body ?? JSON.stringify(webhook.body ?? null)))) throw version1(rowNo);
  if (keys.length === 0) return undefined;
  const sign = header(webhook.headers, "sign");
  if (sign === undefined) return unsigned(rowNo);
  if (body === undefined) {
    return new FileRefusedError(`holds a webhook whose body is not the text that was signed (record ${rowNo})`, {
      advice:
        "Let what receives the webhooks keep the raw body, as text: read again and written anew it proves nothing.",
    });
  }
  if (keys.some((key) => isEqual(webhookSign(body, key), sign))) return undefined;
  return new FileRefusedError(`holds a webhook whose sign is wrong (record ${rowNo})`, {
    advice: `Either 17TRACK did not send it, or ${KEY_VARIABLE} is another account's or a newer key (several: commas between).`,
  });
}

/** What 17TRACK writes into the header `sign` of a webhook. */
export function webhookSign(body: string, key: string): string {
  return createHash("sha256").update(`${body}/${key}`).digest("hex");
}

/** Undefined when the body was parsed before it was kept. */
function bodyText(webhook: Record<string, unknown>): string | undefined {
  if (typeof webhook.body !== "string") return undefined;
  return webhook.isBase64Encoded === true ? Buffer.from(webhook.body, "base64").toString("utf8") : webhook.body;
}

function header(headers: unknown, name: string): string | undefined {
  if (typeof headers !== "object" || headers === null) return undefined;
  for (const [key, value] of Object.entries(headers)) {
    if (key.toLowerCase() === name && typeof value === "string") return value.trim().toLowerCase();
  }
  return undefined;
}

function isEqual(expected: string, given: string): boolean {
  return expected.length === given.length && timingSafeEqual(Buffer.from(expected), Buffer.from(given));
}

/** Version 1 tells a parcel's way in `track` with lists z0, z1, z2 of {a, c, d, z}. */
function isVersion1(bytes: Buffer): boolean {
  if (bytes.includes('"track_info"') || !bytes.includes('"track"')) return false;
  const record = parsed(bytes);
  const { track } = (record.data ?? record) as { track?: unknown };
  return typeof track === "object" && track !== null && ["z0", "z1", "z2", "z9"].some((key) => key in track);
}

/** An object without keys where the text is not a JSON object: the loader tells what is wrong with it. */
function parsed(bytes: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function unsigned(rowNo: number): FileRefusedError {
  return new FileRefusedError(`holds a webhook without the sign that proves who sent it (record ${rowNo})`, {
    advice:
      `${KEY_VARIABLE} is set, so webhooks must be kept as {"headers": {"sign": "..."}, "body": "..."} with the raw body as text. ` +
      "Answers fetched from the API need no sign.",
  });
}

function version1(rowNo: number): FileRefusedError {
  return new FileRefusedError(
    `is of 17TRACK's API version 1 (record ${rowNo}: "track" with z0, z1), which is not read`,
    {
      advice:
        "Fetch it anew from /track/v2.2/gettrackinfo or v2.4, or set the webhook's version to 2.4 in 17TRACK's settings.",
    },
  );
}
