// One run: read the open findings -> choose -> explain -> word -> format -> send.
import { createHash } from "node:crypto";
import { messageOf } from "../shared/errors.ts";
import type { Anomaly, DataStatus } from "./anomaly.ts";
import { drawCharts } from "./charts/draw-charts.ts";
import { ChannelSendError, type Channel, type Mail } from "./channels/channel.ts";
import type { ExplainedAnomaly } from "./compose-finding.ts";
import { composeMessage, isLate, MAX_FULL_FINDINGS } from "./compose-message.ts";
import type { LoadRows } from "./cube-rows.ts";
import { formatHtml, MAX_HTML_BYTES } from "./format/html.ts";
import { formatText } from "./format/text.ts";
import type { Message, Severity } from "./message.ts";
import { readAnomalyDetail, readDataStatus, readOpenAnomalies } from "./read-anomalies.ts";
import { senderAddress, type AlertSettings } from "./settings.ts";

/** The doors to the world; tests pass their own. */
export interface AlertEffects {
  readonly load: LoadRows;
  readonly channel: Channel;
  readonly now: () => Date;
  readonly log: (line: string) => void;
  readonly warn: (line: string) => void;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

export type AlertOutcome =
  | { readonly kind: "sent"; readonly mail: Mail; readonly findings: number }
  | { readonly kind: "nothing-to-send" };

const RETRY_DELAYS_MS = [2_000, 8_000];
const SEVERITY_RANK: Readonly<Record<Severity, number>> = { low: 0, medium: 1, high: 2 };

/**
 * Sends the open findings as one mail, or none when nothing is open.
 * @throws ChannelSendError, CubeAnswerError
 */
export async function runAlerts(settings: AlertSettings, effects: AlertEffects): Promise<AlertOutcome> {
  const status = await readDataStatus(effects.load);
  const open = await readOpenAnomalies(effects.load);
  const chosen = open.filter((anomaly) => SEVERITY_RANK[anomaly.severity] >= SEVERITY_RANK[settings.minSeverity]);
  const left = open.length - chosen.length;
  if (left > 0) effects.log(`${left} open finding(s) below severity ${settings.minSeverity} are left out.`);
  if (chosen.length === 0 && !settings.always) {
    if (isLate(status, effects.now(), settings.maxAgeHours)) {
      effects.warn(
        `The data is late: it ends at ${status.dataCompleteTo ?? "an unknown time"} (${status.reportingTimeZone}).`,
      );
    }
    effects.log(
      `Nothing to send: no open findings${left > 0 ? " of that severity" : ""} in ${status.versionName}. No mail was sent.`,
    );
    return { kind: "nothing-to-send" };
  }
  const mail = await composeMail(chosen, left, status, settings, effects);
  effects.log(await sendWithRetry(mail, effects));
  return { kind: "sent", mail, findings: chosen.length };
}

async function composeMail(
  chosen: readonly Anomaly[],
  belowSeverity: number,
  status: DataStatus,
  settings: AlertSettings,
  effects: AlertEffects,
): Promise<Mail> {
  const explained = await explain(chosen.slice(0, MAX_FULL_FINDINGS), status, settings, effects);
  const now = effects.now();
  const compose = (fullCount: number): Message =>
    composeMessage({
      language: settings.language,
      status,
      full: explained.slice(0, fullCount),
      rest: chosen.slice(Math.min(fullCount, explained.length)),
      belowSeverity,
      minSeverity: settings.minSeverity,
      baseUrl: settings.baseUrl,
      maxAgeHours: settings.maxAgeHours,
      now,
    });
  const { message, html } = fitHtml(compose, explained.length);
  return {
    from: settings.from,
    to: settings.to,
    subject: message.subject,
    html,
    text: formatText(message),
    images: message.findings.flatMap(({ chart }, index) =>
      chart ? [{ contentId: chart.contentId, png: chart.png, fileName: `finding-${index + 1}.png` }] : [],
    ),
    messageId: messageIdOf(status, chosen, settings),
    date: now,
    headers: { "X-Aftersight-Version": status.versionName, "Auto-Submitted": "auto-generated" },
    versionName: status.versionName,
  };
}

// Long names and comments could pass the size at which Gmail cuts a mail: then the last findings become lines of the table.
function fitHtml(compose: (fullCount: number) => Message, count: number): { message: Message; html: string } {
  for (let fullCount = count; ; fullCount -= 1) {
    const message = compose(fullCount);
    const html = formatHtml(message);
    if (fullCount <= 1 || Buffer.byteLength(html) < MAX_HTML_BYTES) return { message, html };
  }
}

async function explain(
  anomalies: readonly Anomaly[],
  status: DataStatus,
  { language }: AlertSettings,
  { load, warn }: AlertEffects,
): Promise<ExplainedAnomaly[]> {
  const details = await Promise.all(anomalies.map((anomaly) => readAnomalyDetail(load, anomaly, status)));
  const pictures = await drawCharts(
    anomalies.map((anomaly, index) => ({ days: details[index]?.days ?? [], startedOn: anomaly.startedOn, language })),
  );
  return anomalies.map((anomaly, index) => {
    const picture = pictures[index] ?? null;
    if (picture instanceof Error) {
      warn(
        `The chart of finding ${anomaly.anomalyId} could not be drawn: ${messageOf(picture)}. The mail goes without it and says so.`,
      );
    }
    return { anomaly, detail: details[index] ?? { days: [], concentration: [], quotes: [] }, picture };
  });
}

/** The same version, findings, language and readers give the same id, so that a repeat is known as one. */
export function messageIdOf(status: DataStatus, anomalies: readonly Anomaly[], settings: AlertSettings): string {
  const content = [
    status.version,
    settings.language,
    anomalies.map((each) => each.anomalyId).sort(),
    [...settings.to].sort(),
  ];
  const hash = createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 32);
  const domain = senderAddress(settings.from).split("@")[1] ?? "localhost";
  return `<aftersight.${hash}@${domain}>`;
}

async function sendWithRetry(mail: Mail, { channel, sleep, warn }: AlertEffects): Promise<string> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await channel.send(mail);
    } catch (error) {
      const delayMs = RETRY_DELAYS_MS[attempt];
      if (!(error instanceof ChannelSendError) || !error.retryable || delayMs === undefined) throw error;
      warn(`${error.message}. Trying again in ${delayMs / 1000} s.`);
      await sleep(delayMs);
    }
  }
}
