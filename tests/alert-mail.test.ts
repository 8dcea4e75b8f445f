// The command sends the demo's open findings to a real SMTP server; numbers and picture are those of the published version.
import PostalMime from "postal-mime";
import { expect, inject, test } from "vitest";
import { readPng } from "../alerts/testing/png.ts";
import { withSmtpCatcher } from "../alerts/testing/smtp-catcher.ts";
import { runCommand } from "./support/commands.ts";
import { cubeSession } from "./support/cube-query.ts";

const root = inject("demoDataRoot");

test("npm run alerts mails every open finding with its numbers and picture", async () => {
  const { mail, output } = await withSmtpCatcher({}, async ({ port, mails }) => {
    const { code, output } = await runCommand("alerts/main.ts", ["--once", "--data-dir", root], {
      AFTERSIGHT_SMTP_URL: `smtp://127.0.0.1:${port}`,
      AFTERSIGHT_MAIL_FROM: "alerts@shop.example",
      AFTERSIGHT_MAIL_TO: "quality@shop.example",
    });
    expect(code, output).toBe(0);
    expect(mails).toHaveLength(1);
    return { mail: await PostalMime.parse(mails[0]?.raw ?? ""), output };
  });
  expect(output).toContain("quality@shop.example");

  const load = await cubeSession(inject("demoServerUrl"));
  const findings = await load({
    dimensions: ["product_name", "observed", "expected", "rate_ratio"].map((name) => `anomaly_report.${name}`),
    filters: [{ member: "anomaly_report.is_open", operator: "equals", values: ["true"] }],
  });
  expect(findings.length).toBeGreaterThan(0);
  for (const finding of findings) {
    expect(mail.text).toContain(String(finding["anomaly_report.product_name"]));
    expect(mail.text).toContain(String(Number(finding["anomaly_report.observed"])));
    expect(mail.text).toContain(Number(finding["anomaly_report.expected"]).toFixed(1));
    expect(mail.text).toContain(`${Number(finding["anomaly_report.rate_ratio"]).toFixed(1)}×`);
  }
  const pictures = mail.attachments.filter((attachment) => attachment.mimeType === "image/png");
  expect(pictures.length).toBe(findings.length);
  for (const picture of pictures) {
    const { width, colours } = readPng(new Uint8Array(picture.content as ArrayBuffer));
    expect(width).toBeGreaterThan(1000);
    expect(colours.size).toBeGreaterThan(5);
  }
});

test("without a mail server nothing is sent, and the command says so", async () => {
  const { code, output } = await runCommand("alerts/main.ts", ["--once", "--data-dir", root], {
    AFTERSIGHT_SMTP_URL: "smtp://127.0.0.1:9",
    AFTERSIGHT_MAIL_FROM: "alerts@shop.example",
    AFTERSIGHT_MAIL_TO: "quality@shop.example",
  });
  expect(code).toBe(1);
  expect(output).toMatch(/No mail was sent/i);
});
