// Every channel, in order of precedence: the first one whose settings are given carries the mail.
import type { AlertSettings } from "../settings.ts";
import type { Channel } from "./channel.ts";
import { fileChannel } from "./file/file.ts";
import { smtpChannel } from "./smtp/smtp.ts";

export interface ChannelEntry {
  readonly name: string;
  /** The channel, or null where the settings don't ask for it. */
  open(settings: AlertSettings): Channel | null;
}

export const CHANNELS: readonly ChannelEntry[] = [
  { name: "file", open: ({ outDirectory }) => (outDirectory === null ? null : fileChannel(outDirectory)) },
  { name: "smtp", open: ({ smtp }) => (smtp === null ? null : smtpChannel(smtp)) },
];
