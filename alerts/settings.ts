// The command's options and the environment, checked as one; every wrong setting is named at once.
import { z } from "zod";
import { AppError, messageOf } from "../shared/errors.ts";
import { parseSmtpUrl, type SmtpServer } from "./channels/smtp/smtp-server.ts";
import type { Language, Severity } from "./message.ts";

export interface AlertSettings {
  readonly smtp: SmtpServer | null;
  /** Where .eml files go; wins over SMTP. */
  readonly outDirectory: string | null;
  readonly from: string;
  readonly to: readonly string[];
  /** Without trailing slash. */
  readonly baseUrl: string;
  readonly language: Language;
  readonly minSeverity: Severity;
  readonly maxAgeHours: number;
  /** Send an all-clear when nothing is open. */
  readonly always: boolean;
}

/** As commander gives them: text or absent. */
export interface AlertOptions {
  readonly out?: string;
  readonly lang?: string;
  readonly to?: string;
  readonly minSeverity?: string;
  readonly baseUrl?: string;
  readonly maxAgeHours?: string;
  readonly always?: boolean;
}

export class SettingsError extends AppError {}

type Environment = Readonly<Record<string, string | undefined>>;

const ADDRESS = /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:"]+$/;
// `name <address>` or the address alone.
const SENDER = /^(?:[^<>\p{Cc}]*<([^<>]+)>|([^<>]+))$/u;
const FILE_SENDER = "Aftersight <aftersight@localhost>";
const FILE_RECIPIENT = "undisclosed@localhost";

const smtpUrl = z.string().transform((value, context): SmtpServer => {
  try {
    return parseSmtpUrl(value);
  } catch (error) {
    context.addIssue({ code: "custom", message: messageOf(error) });
    return z.NEVER;
  }
});

const sender = z
  .string()
  .trim()
  .refine(
    (value) => ADDRESS.test(senderAddress(value)),
    'must be an address such as alerts@example.com or "Aftersight <alerts@example.com>"',
  );

const recipients = z
  .string()
  .transform((value) => [
    ...new Set(
      value
        .split(",")
        .map((each) => each.trim())
        .filter(Boolean),
    ),
  ])
  .refine((list) => list.length > 0, "names no address")
  .refine((list) => list.every((each) => ADDRESS.test(each)), {
    error: (issue) =>
      `has a wrong address: ${(issue.input as string[]).filter((each) => !ADDRESS.test(each)).join(", ")}`,
  });

const baseUrl = z
  .string()
  .refine(
    (value) => /^https?:\/\/[^\s]+$/i.test(value) && URL.canParse(value),
    "must be an address such as https://aftersight.example.com",
  )
  .transform((value) => value.replace(/[?#].*$/, "").replace(/\/+$/, ""));

/** The address in a sender such as `Aftersight <alerts@example.com>`. */
export function senderAddress(sender: string): string {
  const match = SENDER.exec(sender);
  return (match?.[1] ?? match?.[2] ?? "").trim();
}

/**
 * Reads and checks options and environment; an option wins over its variable.
 * @throws SettingsError naming every wrong setting, never with a password
 */
export function readSettings(options: AlertOptions, environment: Environment): AlertSettings {
  const wrong: string[] = [];
  const read = <Schema extends z.ZodType>(
    name: string,
    value: string | undefined,
    schema: Schema,
  ): z.infer<Schema> | undefined => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const missing = value === undefined || value === "";
    wrong.push(`${name} ${missing ? "is not set" : parsed.error.issues.map((issue) => issue.message).join("; ")}`);
    return undefined;
  };
  const variable = (name: string) => environment[name]?.trim() || undefined;
  const named = (option: string | undefined, flag: string, name: string) =>
    [option === undefined ? name : flag, option ?? variable(name)] as const;

  const outDirectory = options.out ?? null;
  const url = variable("AFTERSIGHT_SMTP_URL");
  if (outDirectory === null && url === undefined) throw noWay();
  const [toName, toValue] = named(options.to, "--to", "AFTERSIGHT_MAIL_TO");
  const [baseName, base = "http://localhost:4000"] = named(options.baseUrl, "--base-url", "AFTERSIGHT_BASE_URL");
  const [languageName, language = "en"] = named(options.lang, "--lang", "AFTERSIGHT_MAIL_LANGUAGE");
  const toFile = outDirectory !== null;
  const settings = {
    smtp: toFile || url === undefined ? null : read("AFTERSIGHT_SMTP_URL", url, smtpUrl),
    outDirectory,
    from: read("AFTERSIGHT_MAIL_FROM", variable("AFTERSIGHT_MAIL_FROM") ?? (toFile ? FILE_SENDER : undefined), sender),
    to: read(toName, toValue ?? (toFile ? FILE_RECIPIENT : undefined), recipients),
    baseUrl: read(baseName, base, baseUrl),
    language: read(languageName, language, z.enum(["en", "zh"], "must be en or zh")),
    minSeverity: read(
      "--min-severity",
      options.minSeverity ?? "medium",
      z.enum(["low", "medium", "high"], "must be low, medium or high"),
    ),
    maxAgeHours: read(
      "--max-age-hours",
      options.maxAgeHours ?? "48",
      z.coerce.number("must be a number of hours").positive("must be above 0"),
    ),
    always: options.always ?? false,
  };
  if (wrong.length > 0) {
    throw new SettingsError(
      `${wrong.length} setting${wrong.length === 1 ? " is" : "s are"} wrong:\n    ${wrong.join("\n    ")}`,
      {
        state: "no mail was sent.",
        advice: "Correct them and run the command again; alerts/README.md lists every setting.",
      },
    );
  }
  return settings as AlertSettings;
}

function noWay(): SettingsError {
  return new SettingsError("there is no way to send the mail: AFTERSIGHT_SMTP_URL is not set and --out is not given.", {
    state: "no mail was sent.",
    advice:
      "Set AFTERSIGHT_SMTP_URL, AFTERSIGHT_MAIL_FROM and AFTERSIGHT_MAIL_TO, or give --out DIR to get the mail as a file.",
  });
}
