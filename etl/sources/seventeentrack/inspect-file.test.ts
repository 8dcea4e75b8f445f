// Webhooks are signed in these tests as 17TRACK documents it, by code of the test's own.
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { FileRefusedError } from "../../files/file-text.ts";
import { inspectFile, webhookKeys } from "./inspect-file.ts";
import { SEVENTEENTRACK_FEEDS } from "./seventeentrack.ts";

const KEY = "0123456789ABCDEF";
const BODY =
  '{"event":"TRACKING_UPDATED", "data":{"number":"RR1","track_info":{"latest_status":{"status":"Delivered"}},"tag":"Ü 包"}}';
const sign = (body: string, key = KEY) => createHash("sha256").update(body).update("/").update(key).digest("hex");

/** The message of the refusal; undefined when the file is fine. */
async function refusal(
  text: string,
  keys: readonly string[] = [KEY],
  name = "webhook.json",
): Promise<string | undefined> {
  const folder = await mkdtemp(path.join(tmpdir(), "aftersight-sign-"));
  try {
    const absolute = path.join(folder, name);
    await writeFile(absolute, text);
    await inspectFile({ path: `seventeentrack/${name}`, absolute }, SEVENTEENTRACK_FEEDS, keys);
    return undefined;
  } catch (error) {
    if (!(error instanceof FileRefusedError)) throw error;
    return `${error.message} | ${error.advice ?? ""}`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const kept = (headers: object, body: unknown, more: object = {}) => JSON.stringify({ headers, body, ...more });

describe("with a key", () => {
  test("a webhook as it was signed passes, whatever the case of the header and however the body was kept", async () => {
    expect(await refusal(kept({ sign: sign(BODY) }, BODY))).toBeUndefined();
    expect(await refusal(kept({ Host: "example.com", SIGN: sign(BODY).toUpperCase() }, BODY))).toBeUndefined();
    const coded = Buffer.from(BODY).toString("base64");
    expect(await refusal(kept({ Sign: sign(BODY) }, coded, { isBase64Encoded: true }))).toBeUndefined();
  });

  test("one changed letter, another key or another webhook's sign is refused", async () => {
    const wrong = /^holds a webhook whose sign is wrong \(record 1\) \| .*AFTERSIGHT_17TRACK_KEY/;
    expect(await refusal(kept({ sign: sign(BODY) }, BODY.replace("Delivered", "InTransit")))).toMatch(wrong);
    expect(await refusal(kept({ sign: sign(BODY, "another") }, BODY))).toMatch(wrong);
    expect(await refusal(kept({ sign: sign(`${BODY} `) }, BODY))).toMatch(wrong);
    expect(await refusal(kept({ sign: "" }, BODY))).toMatch(wrong);
    expect(await refusal(kept({ sign: sign(BODY).slice(0, 63) }, BODY))).toMatch(wrong);
  });

  test("one forged webhook among many refuses the file and is named", async () => {
    const good = kept({ sign: sign(BODY) }, BODY);
    const forged = kept({ sign: sign(BODY, "guess") }, BODY);
    expect(await refusal([good, good, forged, good].join("\n"), [KEY], "day.jsonl")).toMatch(
      /sign is wrong \(record 3\)/,
    );
    expect(await refusal([good, good].join("\n"), [KEY], "day.jsonl")).toBeUndefined();
  });

  test("a webhook that proves nothing is refused: no header kept, no sign among them, a body parsed and written anew", async () => {
    expect(await refusal(BODY)).toMatch(
      /^holds a webhook without the sign that proves who sent it \(record 1\) \| .*"body"/,
    );
    expect(await refusal(kept({ host: "example.com" }, BODY))).toMatch(/without the sign/);
    expect(await refusal(kept({ sign: sign(BODY) }, JSON.parse(BODY)))).toMatch(
      /^holds a webhook whose body is not the text/,
    );
  });

  test("answers the seller fetched need no sign", async () => {
    const answer = { code: 0, data: { accepted: [{ number: "RR1", track_info: {} }], rejected: [] } };
    expect(await refusal(JSON.stringify(answer))).toBeUndefined();
  });

  test("any of several keys will do: a key was changed, or there are two accounts", async () => {
    expect(webhookKeys({ AFTERSIGHT_17TRACK_KEY: ` new, ${KEY} ` })).toEqual(["new", KEY]);
    expect(await refusal(kept({ sign: sign(BODY) }, BODY), ["new", KEY])).toBeUndefined();
  });
});

test("without a key nothing is checked", async () => {
  expect(webhookKeys({})).toEqual([]);
  expect(webhookKeys({ AFTERSIGHT_17TRACK_KEY: " " })).toEqual([]);
  expect(await refusal(kept({ sign: "forged" }, BODY), [])).toBeUndefined();
  expect(await refusal(BODY, [])).toBeUndefined();
});

test("version 1 of the API is refused by name, fetched, pushed or kept with its headers", async () => {
  const track = { b: 301, c: 2105, e: 40, z0: { a: "2020-01-01 10:00", c: "", d: "", z: "Delivered" }, z1: [], z2: [] };
  const version1 = /^is of 17TRACK's API version 1 \(record 1: "track" with z0, z1\), which is not read \| .*v2\.2/;
  const fetched = { code: 0, data: { accepted: [{ number: "RR1", carrier: 3011, track }], rejected: [] } };
  const pushed = { sign: "f", event: "TRACKING_UPDATED", data: { number: "RR1", carrier: 3011, tag: "", track } };
  expect(await refusal(JSON.stringify(fetched), [])).toMatch(version1);
  expect(await refusal(JSON.stringify(pushed), [])).toMatch(version1);
  expect(await refusal(kept({}, JSON.stringify(pushed)), [])).toMatch(version1);
});

test("what is no webhook at all is left to the loader to tell", async () => {
  expect(await refusal("[1, 2", [KEY])).toBeUndefined();
  expect(await refusal(kept({ sign: sign("no json") }, "no json"))).toBeUndefined();
});
