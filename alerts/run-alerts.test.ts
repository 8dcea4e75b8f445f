import PostalMime from "postal-mime";
import { describe, expect, it } from "vitest";
import { smtpChannel } from "./channels/smtp/smtp.ts";
import { ChannelSendError } from "./channels/channel.ts";
import { CHART_COLOURS } from "./charts/anomaly-chart.ts";
import { runAlerts } from "./run-alerts.ts";
import { readSettings } from "./settings.ts";
import { keptEffects, mailOf } from "./testing/effects.ts";
import { readPng } from "./testing/png.ts";
import { withSmtpCatcher } from "./testing/smtp-catcher.ts";
import { anomalyRow, statusRow } from "./testing/world.ts";

const many = (count: number) => Array.from({ length: count }, (_, index) => anomalyRow(index));
const ENVIRONMENT = {
  AFTERSIGHT_MAIL_FROM: "Aftersight <alerts@shop.example>",
  AFTERSIGHT_MAIL_TO: "ann@shop.example, bo@shop.example",
  AFTERSIGHT_BASE_URL: "https://aftersight.example.com/",
};

describe("the mail over SMTP", () => {
  it("arrives with both parts, the picture and its headers", async () => {
    const parsed = await withSmtpCatcher({}, async ({ port, mails }) => {
      const environment = { ...ENVIRONMENT, AFTERSIGHT_SMTP_URL: `smtp://127.0.0.1:${port}` };
      const settings = readSettings({}, environment);
      if (!settings.smtp) throw new Error("no SMTP in the settings");
      const effects = keptEffects({ anomalies: [anomalyRow(0)] }, smtpChannel(settings.smtp));
      await runAlerts(settings, effects);
      expect(effects.lines.at(-1)).toContain("Sent to ann@shop.example, bo@shop.example");
      expect(mails).toHaveLength(1);
      expect(mails[0]?.to).toEqual(["ann@shop.example", "bo@shop.example"]);
      return PostalMime.parse(mails[0]?.raw ?? "");
    });
    expect(parsed.subject).toBe("[High] Trail Bottle 1 L, insulated: quality defect 2.8× the usual");
    expect(parsed.from).toMatchObject({ name: "Aftersight", address: "alerts@shop.example" });
    expect(parsed.messageId).toMatch(/^<aftersight\.[0-9a-f]{32}@shop\.example>$/);
    expect(new Date(parsed.date ?? "").toISOString()).toBe("2026-11-22T08:00:00.000Z");
    const headers = Object.fromEntries(parsed.headers.map(({ key, value }) => [key, value]));
    expect(headers["auto-submitted"]).toBe("auto-generated");
    expect(headers["x-aftersight-version"]).toBe("20261121T230000000Z");
    expect(headers).not.toHaveProperty("list-unsubscribe");
    expect(parsed.text).toContain(
      "32 units returned as defective from 3 Nov to 20 Nov where 11.2 were expected: 2.8×, 20.8 more than usual.",
    );

    const [picture, ...others] = parsed.attachments;
    expect(others).toHaveLength(0);
    expect(parsed.html).toContain(`src="cid:${picture?.contentId?.replace(/[<>]/g, "")}"`);
    const { width, height, colours } = readPng(new Uint8Array(picture?.content as ArrayBuffer));
    expect([width, height]).toEqual([1104, 440]);
    for (const colour of ["alarm", "observed", "expected"] as const) {
      expect(colours.get(CHART_COLOURS[colour]), `${colour} in the picture`).toBeGreaterThan(500);
    }
  });
});

describe("the mail's content", () => {
  it.each(["en", "zh"])("says every number of a finding in both parts (%s)", async (lang) => {
    const { html, text } = await mailOf({ anomalies: [anomalyRow(0)] }, { lang, baseUrl: "https://a.example" });
    const plain = html.replace(/<[^>]+>/g, "");
    for (const number of ["32", "11.2", "2.8", "20.8", "1,250 USD", "1,000", "0.0004", "75", "24", "84", "85"]) {
      expect(plain, `${number} in HTML`).toContain(number);
      expect(text, `${number} in text`).toContain(number);
    }
    for (const words of [
      lang === "en" ? "Start with lot L-2026-10." : "先从批次“L-2026-10”查起。",
      "Der Deckel schließt nicht richtig",
    ]) {
      expect(plain).toContain(words);
      expect(text).toContain(words);
    }
    expect(text).toContain(
      `https://a.example/products/SKU-0?anomaly=a0000&from=2026-09-08&to=2026-11-22&lang=${lang}&reason=quality_defect`,
    );
    expect(html).toMatch(/alt="[^"]*32[^"]*11\.2[^"]*"/);
    expect(text).not.toContain("anna@example.com");
  });

  it.each([1, 25, 120])("holds %i findings, most severe first, below 100 KB", async (count) => {
    const mail = await mailOf({ anomalies: many(count).reverse() });
    expect(Buffer.byteLength(mail.html)).toBeLessThan(100_000);
    expect(mail.images).toHaveLength(Math.min(count, 10));
    expect(mail.html).toContain(`${count} open finding`);
    expect(mail.html).not.toMatch(/<svg|data:|<script|display:\s*(flex|grid)|@font-face|position:/i);
    const named = Array.from({ length: Math.min(count, 25) }, (_, index) => mail.text.indexOf(`SKU-${index})`));
    expect(named.every((at) => at > 0)).toBe(true);
    expect(named).toEqual([...named].sort((a, b) => a - b));
    expect(mail.text.includes(`${count - 25} more, in Aftersight`)).toBe(count > 25);
    expect(mail.subject.includes(`(+${count - 1} more findings)`)).toBe(count > 1);
  });

  it("shows fewer findings in full rather than passing 100 KB", async () => {
    const comments = Array.from({ length: 3 }, (_, index) => `${index} ${"漏水的盖子让我非常失望".repeat(30)}`);
    const anomalies = many(25).map((_, index) =>
      anomalyRow(index, { product_name: `${index} ${"极长的商品名称".repeat(40)}` }),
    );
    const mail = await mailOf({ anomalies, comments }, { lang: "zh" });
    expect(Buffer.byteLength(mail.html)).toBeLessThan(100_000);
    expect(mail.images.length).toBeLessThan(10);
    expect(mail.images.length).toBeGreaterThan(3);
  });

  it("gives the same findings to the same readers under one id, other readers or findings under another", async () => {
    const world = { anomalies: many(3) };
    const first = await mailOf(world, { to: "a@x.example,b@x.example" });
    expect((await mailOf(world, { to: "b@x.example,a@x.example" })).messageId).toBe(first.messageId);
    expect((await mailOf(world, { to: "a@x.example" })).messageId).not.toBe(first.messageId);
    expect((await mailOf({ anomalies: many(2) }, { to: "a@x.example,b@x.example" })).messageId).not.toBe(
      first.messageId,
    );
  });
});

describe("hostile data", () => {
  it("can't break out of the HTML, the Subject or the links", async () => {
    const name = `"><img src=x onerror=alert(1)>\r\nBcc: evil@example.com\u202Egpj<b>&amp;`;
    const hostile = { product_name: name, product_id: `../"onx=1'<i>?a=b&reason=x`, reason: "<script>1</script>" };
    const mail = await mailOf({
      anomalies: [anomalyRow(0, hostile)],
      comments: ["<style>*{display:none}</style> </td></table> bad"],
    });
    expect(mail.html).not.toMatch(/<img src=x|<b>&amp;|<script|<style>\*|<i>|onx=1'/);
    expect(mail.html.match(/<table/g)?.length).toBe(mail.html.match(/<\/table>/g)?.length);
    expect(mail.subject).not.toMatch(/[\r\n\u202e]/);
    expect(mail.text).not.toMatch(/^Bcc:/m);
    expect(mail.text).toContain("/products/..%2F%22onx%3D1'%3Ci%3E%3Fa%3Db%26reason%3Dx?");
    await withSmtpCatcher({}, async ({ port, mails }) => {
      await smtpChannel({ host: "127.0.0.1", port, secure: false, auth: null }).send(mail);
      const parsed = await PostalMime.parse(mails[0]?.raw ?? "");
      expect(mails[0]?.to).toEqual(["undisclosed@localhost"]);
      expect(parsed.bcc ?? []).toEqual([]);
      expect(parsed.subject).toBe(mail.subject);
    });
  });
});

describe("when there is little to say", () => {
  it("sends nothing and says so", async () => {
    const effects = keptEffects({ anomalies: [] });
    expect((await runAlerts(readSettings({ out: "x" }, {}), effects)).kind).toBe("nothing-to-send");
    expect(effects.mails).toHaveLength(0);
    expect(effects.lines.join()).toContain("Nothing to send");
  });

  it("sends an all-clear when asked to", async () => {
    const mail = await mailOf({ anomalies: [] }, { always: true });
    expect(mail.subject).toBe("Aftersight: no open findings");
    expect(mail.images).toHaveLength(0);
  });

  it("leaves out what is below the least severity, and says how many", async () => {
    const mail = await mailOf({ anomalies: many(9) }, { minSeverity: "medium" });
    expect(mail.html).toContain("8 open findings");
    expect(mail.text).toContain("1 open finding below severity “medium” is left out.");
  });

  it("goes without picture where a finding has no days", async () => {
    const mail = await mailOf({ anomalies: [anomalyRow(0)], withoutDays: true });
    expect(mail.images).toHaveLength(0);
    expect(mail.html).toContain("There is no chart");
    expect(mail.html).not.toContain("<img");
  });
});

describe("late data", () => {
  // Berlin is an hour ahead: 10:00 there is 09:00 UTC, so at 08:00 UTC two days later it is 47 hours old.
  it.each([
    ["2026-11-20T10:00:00.000", false],
    ["2026-11-20T08:59:00.000", true],
    [null, true],
  ])("complete to %s is late: %s", async (completeTo, late) => {
    const mail = await mailOf({ anomalies: [anomalyRow(0)], status: statusRow({ data_complete_to: completeTo }) });
    expect(mail.subject.startsWith("[Data is late] ")).toBe(late);
    expect(mail.text.startsWith("!! Data is late")).toBe(late);
    expect(mail.html.includes("Data is late")).toBe(late);
  });

  it("is never said of demonstration data", async () => {
    const status = statusRow({ data_complete_to: "2025-01-01T00:00:00.000", is_demo: true });
    const mail = await mailOf({ anomalies: [anomalyRow(0)], status });
    expect(mail.subject).not.toContain("Data is late");
    expect(mail.text).toContain("demonstration data");
  });
});

describe("retrying", () => {
  const failing = (failures: ChannelSendError[]) => ({
    send: async () => {
      const error = failures.shift();
      if (error) throw error;
      return "sent";
    },
  });

  it("tries again what may succeed later", async () => {
    const down = () => new ChannelSendError("down", { retryable: true });
    const effects = keptEffects({ anomalies: many(1) }, failing([down(), down()]));
    expect((await runAlerts(readSettings({ out: "x" }, {}), effects)).kind).toBe("sent");
    expect(effects.sleeps).toEqual([2000, 8000]);
  });

  it("gives up after three times, and at once where it can't help", async () => {
    const down = () => new ChannelSendError("down", { retryable: true });
    const effects = keptEffects({ anomalies: many(1) }, failing([down(), down(), down(), down()]));
    await expect(runAlerts(readSettings({ out: "x" }, {}), effects)).rejects.toThrow("down");
    expect(effects.sleeps).toHaveLength(2);
    const refused = keptEffects({ anomalies: many(1) }, failing([new ChannelSendError("no", { retryable: false })]));
    await expect(runAlerts(readSettings({ out: "x" }, {}), refused)).rejects.toThrow("no");
    expect(refused.sleeps).toHaveLength(0);
  });
});

it("says which answer of Cube is not as expected", async () => {
  await expect(mailOf({ anomalies: [anomalyRow(0, { observed: "many" })] })).rejects.toThrow(
    /view anomaly_report.*[\s\S]*observed/,
  );
});
