// The doors of a run, closed to the world: what it says is kept, time stands still, sleeping takes no time.
import type { Channel, Mail } from "../channels/channel.ts";
import { runAlerts, type AlertEffects } from "../run-alerts.ts";
import { readSettings, type AlertOptions } from "../settings.ts";
import { worldLoad, type WorldOptions } from "./world.ts";

export const NOW = new Date("2026-11-22T08:00:00Z");

export interface Kept {
  readonly lines: string[];
  readonly warnings: string[];
  readonly sleeps: number[];
  readonly mails: Mail[];
}

export function keptEffects(world: WorldOptions, channel?: Channel): AlertEffects & Kept {
  const kept: Kept = { lines: [], warnings: [], sleeps: [], mails: [] };
  return {
    ...kept,
    load: worldLoad(world),
    channel: channel ?? {
      send: async (mail) => {
        kept.mails.push(mail);
        return "kept";
      },
    },
    now: () => NOW,
    log: (line) => void kept.lines.push(line),
    warn: (line) => void kept.warnings.push(line),
    sleep: async (milliseconds) => void kept.sleeps.push(milliseconds),
  };
}

/** The mail that a run makes of this world. */
export async function mailOf(world: WorldOptions, options: AlertOptions = {}): Promise<Mail> {
  const effects = keptEffects(world);
  await runAlerts(readSettings({ out: "unused", minSeverity: "low", ...options }, {}), effects);
  const mail = effects.mails[0];
  if (!mail) throw new Error(`no mail was made: ${effects.lines.join(" ")}`);
  return mail;
}
