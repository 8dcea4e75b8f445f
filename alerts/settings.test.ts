import { describe, expect, it } from "vitest";
import { describeError } from "../shared/errors.ts";
import { readSettings, SettingsError, type AlertOptions } from "./settings.ts";

const GOOD = {
  AFTERSIGHT_SMTP_URL: "smtps://shop:secret-7@mail.example",
  AFTERSIGHT_MAIL_FROM: "Aftersight <alerts@shop.example>",
  AFTERSIGHT_MAIL_TO: "ann@shop.example, bo@shop.example,ann@shop.example,",
};

function failureOf(options: AlertOptions, environment: Record<string, string>): string {
  try {
    readSettings(options, environment);
  } catch (error) {
    if (error instanceof SettingsError) return describeError(error);
    throw error;
  }
  throw new Error("the settings were taken");
}

describe("the settings", () => {
  it("come from the environment, with defaults", () => {
    expect(readSettings({}, GOOD)).toEqual({
      smtp: { host: "mail.example", port: 465, secure: true, auth: { user: "shop", pass: "secret-7" } },
      outDirectory: null,
      from: "Aftersight <alerts@shop.example>",
      to: ["ann@shop.example", "bo@shop.example"],
      baseUrl: "http://localhost:4000",
      language: "en",
      minSeverity: "medium",
      maxAgeHours: 48,
      always: false,
    });
  });

  it("are overruled by options; --out wins over SMTP", () => {
    const environment = { ...GOOD, AFTERSIGHT_MAIL_LANGUAGE: "en", AFTERSIGHT_BASE_URL: "https://a.example" };
    const options = {
      out: "mails",
      lang: "zh",
      to: "cy@x.example",
      baseUrl: "https://b.example/aftersight/?x#y",
      maxAgeHours: "6",
      minSeverity: "high",
    };
    expect(readSettings(options, environment)).toMatchObject({
      smtp: null,
      outDirectory: "mails",
      to: ["cy@x.example"],
      language: "zh",
      baseUrl: "https://b.example/aftersight",
      maxAgeHours: 6,
      minSeverity: "high",
    });
  });

  it("need a way to send", () => {
    const said = failureOf({}, {});
    expect(said).toContain("AFTERSIGHT_SMTP_URL is not set and --out is not given");
    expect(said).toContain("no mail was sent");
    expect(said).toContain("What to do");
  });

  it("are all named when wrong, without secrets", () => {
    const said = failureOf(
      { lang: "de", minSeverity: "urgent", maxAgeHours: "-1" },
      {
        AFTERSIGHT_SMTP_URL: "smtp://shop:secret#7@mail.example",
        AFTERSIGHT_MAIL_TO: "ann@shop.example;bo",
        AFTERSIGHT_BASE_URL: "javascript:alert(1)",
      },
    );
    for (const name of [
      "AFTERSIGHT_SMTP_URL",
      "AFTERSIGHT_MAIL_FROM is not set",
      "AFTERSIGHT_MAIL_TO",
      "AFTERSIGHT_BASE_URL",
      "--lang",
      "--min-severity",
      "--max-age-hours",
    ]) {
      expect(said).toContain(name);
    }
    expect(said).toContain("7 settings are wrong");
    expect(said).not.toContain("secret");
  });

  it.each(["a@b\r\nBcc: x@y.example", "nobody", "A <>", "a@b.example, c@d.example"])("refuse the sender %j", (from) => {
    expect(failureOf({}, { ...GOOD, AFTERSIGHT_MAIL_FROM: from })).toContain("AFTERSIGHT_MAIL_FROM");
  });
});
