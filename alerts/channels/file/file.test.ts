import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import PostalMime from "postal-mime";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mailOf } from "../../testing/effects.ts";
import { anomalyRow } from "../../testing/world.ts";
import { ChannelSendError } from "../channel.ts";
import { fileChannel } from "./file.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "aftersight-file-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it("writes one whole file that a mail program can read, also when sent twice", async () => {
  const mail = await mailOf({ anomalies: [anomalyRow(0)] }, { lang: "zh" });
  const target = path.join(folder, "new", "mails");
  await fileChannel(target).send(mail);
  const said = await fileChannel(target).send(mail);
  const names = await readdir(target);
  expect(names).toEqual([expect.stringMatching(/^20261121T230000000Z-[0-9a-f]{12}\.eml$/)]);
  expect(said).toContain(`${names[0]} (no mail was sent)`);
  const parsed = await PostalMime.parse(await readFile(path.join(target, names[0] ?? "")));
  expect(parsed.subject).toBe(mail.subject);
  expect(parsed.messageId).toBe(mail.messageId);
  expect(parsed.html?.trim()).toBe(mail.html.trim());
  expect(parsed.text?.replaceAll("\r\n", "\n").trim()).toBe(mail.text.trim());
  expect(new Uint8Array(parsed.attachments[0]?.content as ArrayBuffer)).toEqual(
    new Uint8Array(mail.images[0]?.png ?? []),
  );
});

it("says where it could not write", async () => {
  const inTheWay = path.join(folder, "a-file");
  await writeFile(inTheWay, "");
  const sending = fileChannel(inTheWay).send(await mailOf({ anomalies: [anomalyRow(0)] }));
  await expect(sending).rejects.toThrow(ChannelSendError);
  await expect(sending).rejects.toThrow(inTheWay);
});
