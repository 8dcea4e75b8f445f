// The contract of a channel: it only knows how to hand over one mail. Retrying, wording and choosing are not its business.
import { AppError, type AppErrorOptions } from "../../shared/errors.ts";

/** A finished mail. */
export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly images: readonly { readonly contentId: string; readonly png: Uint8Array; readonly fileName: string }[];
  /** With angle brackets; the same content to the same readers has the same id. */
  readonly messageId: string;
  readonly date: Date;
  readonly headers: Readonly<Record<string, string>>;
  /** Of the published data the mail speaks of. */
  readonly versionName: string;
}

export interface Channel {
  /**
   * Hands the mail over; returns where it went, as a sentence for the terminal.
   * @throws ChannelSendError
   */
  send(mail: Mail): Promise<string>;
}

export interface ChannelSendErrorOptions extends AppErrorOptions {
  readonly retryable: boolean;
}

/** The mail did not reach everyone. `retryable`: the same call may succeed later and can't deliver twice. */
export class ChannelSendError extends AppError {
  readonly retryable: boolean;

  constructor(message: string, { retryable, ...options }: ChannelSendErrorOptions) {
    super(message, options);
    this.retryable = retryable;
  }
}
