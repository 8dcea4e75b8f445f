// Sends the mail over SMTP. Credentials only travel encrypted, except to this machine itself.
import { createTransport } from "nodemailer";
import { ChannelSendError, type Channel } from "../channel.ts";
import { mimeOptions } from "../mime.ts";
import { explainRefusals, explainSmtpError, redactor } from "./smtp-errors.ts";
import type { SmtpServer } from "./smtp-server.ts";

export interface SmtpTimeouts {
  readonly connectMs: number;
  /** Silence of the server after which the connection is given up. */
  readonly idleMs: number;
}

const DEFAULT_TIMEOUTS: SmtpTimeouts = { connectMs: 10_000, idleMs: 30_000 };
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/i;

/** A channel to one SMTP server; each `send` opens and closes its own connection. */
export function smtpChannel(server: SmtpServer, timeouts: SmtpTimeouts = DEFAULT_TIMEOUTS): Channel {
  const redact = redactor(server);
  return {
    async send(mail) {
      const traffic = watchTraffic();
      const transport = createTransport({
        logger: traffic.logger,
        transactionLog: true,
        host: server.host,
        port: server.port,
        secure: server.secure,
        requireTLS: server.auth !== null && !server.secure && !LOOPBACK.test(server.host),
        ...(server.auth ? { auth: server.auth } : {}),
        connectionTimeout: timeouts.connectMs,
        dnsTimeout: timeouts.connectMs,
        greetingTimeout: timeouts.connectMs,
        socketTimeout: timeouts.idleMs,
      });
      try {
        const info = await transport.sendMail(mimeOptions(mail));
        if (info.rejected.length > 0) throw explainRefusals(info, mail.to.length, redact);
        return `Sent to ${info.accepted.join(", ")} by ${server.host}:${server.port}. The server said: ${redact(info.response)}`;
      } catch (error) {
        if (error instanceof ChannelSendError) throw error;
        throw explainSmtpError(error, { server, redact, contentUnderWay: traffic.contentAsked() });
      } finally {
        transport.close();
      }
    },
  };
}

// Nodemailer's errors don't tell how far a broken conversation got. The server's "354" asks for the content: from there on it
// may have taken the mail although we never heard so.
function watchTraffic() {
  let asked = false;
  const look = (entry: unknown, message?: unknown) => {
    const fromServer = (entry as { tnx?: string } | undefined)?.tnx === "server";
    if (fromServer && String(message).startsWith("354")) asked = true;
  };
  return { logger: { debug: look }, contentAsked: () => asked };
}
