// What went wrong on the way to the mail server, by kind, in words that say what to do; never with credentials.
import type { SMTPSentMessageInfo } from "nodemailer/lib/smtp-transport";
import { messageOf } from "../../../shared/errors.ts";
import { ChannelSendError } from "../channel.ts";
import type { SmtpServer } from "./smtp-server.ts";

interface SmtpFailure {
  readonly code?: string;
  readonly command?: string;
  readonly response?: string;
  readonly responseCode?: number;
  readonly rejectedErrors?: readonly SmtpRefusal[];
}

interface SmtpRefusal {
  readonly recipient?: string | undefined;
  readonly response?: string | undefined;
}

type Redact = (text: string) => string;
const NOT_SENT = "no mail was sent.";

/** A function that blackens the server's credentials, plain or in base64, in any text. */
export function redactor(server: SmtpServer): Redact {
  if (!server.auth) return (text) => text;
  const { user, pass } = server.auth;
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const secrets = [pass, encodeURIComponent(pass), base64(pass), base64(`\0${user}\0${pass}`), base64(user)];
  return (text) =>
    secrets.filter((secret) => secret.length > 2).reduce((clean, secret) => clean.replaceAll(secret, "***"), text);
}

/** The error for a mail that some, not all, recipients got. Not retryable: the others would get it twice. */
export function explainRefusals(info: SMTPSentMessageInfo, recipients: number, redact: Redact): ChannelSendError {
  return new ChannelSendError(
    `the mail server refused ${info.rejected.length} of ${recipients} recipients: ${refusals(info.rejectedErrors ?? [], redact) || info.rejected.join(", ")}`,
    {
      retryable: false,
      state: `the mail was sent to ${info.accepted.join(", ")} only.`,
      advice: "Correct or remove the refused addresses in AFTERSIGHT_MAIL_TO (or --to).",
    },
  );
}

export interface SmtpConversation {
  readonly server: SmtpServer;
  readonly redact: Redact;
  /** The server had asked for the content when it broke. */
  readonly contentUnderWay: boolean;
}

/** The error for a mail that nobody got, or of which that is not known. */
export function explainSmtpError(error: unknown, conversation: SmtpConversation): ChannelSendError {
  const { server, redact, contentUnderWay } = conversation;
  const failure = (typeof error === "object" && error !== null ? error : {}) as SmtpFailure;
  const {
    what,
    advice,
    retryable,
    state = NOT_SENT,
  } = contentUnderWay ? contentKind(failure, `${server.host}:${server.port}`) : kindOf(failure, server, redact);
  const said = redact(failure.response ?? messageOf(error))
    .replace(/\s+/g, " ")
    .trim();
  return new ChannelSendError(`${what} (${said})`, { retryable, state, advice });
}

interface Kind {
  readonly what: string;
  readonly advice: string;
  readonly retryable: boolean;
  readonly state?: string;
}

function kindOf(failure: SmtpFailure, server: SmtpServer, redact: Redact): Kind {
  const place = `${server.host}:${server.port}`;
  const temporary = (failure.responseCode ?? 500) < 500;
  if (failure.code === "EDNS") {
    return {
      what: `the mail server's name ${server.host} can't be resolved`,
      advice: "Check the host in AFTERSIGHT_SMTP_URL and this machine's network.",
      retryable: true,
    };
  }
  if (failure.code === "EAUTH" || failure.code === "ENOAUTH") {
    return {
      what: `the mail server ${place} refused the user or the password`,
      advice: "Check user and password in AFTERSIGHT_SMTP_URL; many providers want an app password.",
      retryable: temporary,
    };
  }
  if (failure.code === "ETLS") {
    return {
      what: `no encrypted connection to ${place} came about, and the password is not sent without one`,
      advice:
        "Use smtps:// if the server speaks TLS from the start (often port 465), or give Node the server's CA by NODE_EXTRA_CA_CERTS.",
      retryable: false,
    };
  }
  if (failure.code === "EENVELOPE" && failure.rejectedErrors?.length) {
    return {
      what: `the mail server ${place} refused every recipient: ${refusals(failure.rejectedErrors, redact)}`,
      advice: "Check AFTERSIGHT_MAIL_TO (or --to), and that this server may send to them.",
      retryable: temporary,
    };
  }
  if (failure.command === "MAIL FROM") {
    return {
      what: `the mail server ${place} refused the sender`,
      advice: "Check AFTERSIGHT_MAIL_FROM: most servers only take addresses of the account that signs in.",
      retryable: temporary,
    };
  }
  if (failure.command === "DATA" && failure.responseCode !== undefined) return contentKind(failure, place);
  if (failure.code === "ETIMEDOUT") {
    return {
      what: `the mail server ${place} did not answer in time`,
      advice: "Check host and port in AFTERSIGHT_SMTP_URL and that a firewall lets this machine through.",
      retryable: true,
    };
  }
  return {
    what: `no connection to the mail server ${place}`,
    advice: "Check that the mail server runs, and host, port and smtp/smtps in AFTERSIGHT_SMTP_URL.",
    retryable: failure.responseCode === undefined || temporary,
  };
}

// Once the content is under way the server may have taken it although we never heard so.
function contentKind(failure: SmtpFailure, place: string): Kind {
  if (failure.responseCode !== undefined) {
    return {
      what: `the mail server ${place} refused the mail's content`,
      advice: "Read the server's answer; size and spam rules are the usual causes.",
      retryable: failure.responseCode < 500,
    };
  }
  return {
    what: `the connection to ${place} broke while the mail was handed over`,
    state: "it is not known whether the mail was sent.",
    advice: "Look into a recipient's inbox before you send again.",
    retryable: false,
  };
}

function refusals(errors: readonly SmtpRefusal[], redact: Redact): string {
  return errors
    .map(
      (each) =>
        `${each.recipient ?? "?"} (${redact(each.response ?? "no reason given")
          .replace(/\s+/g, " ")
          .trim()})`,
    )
    .join(", ");
}
