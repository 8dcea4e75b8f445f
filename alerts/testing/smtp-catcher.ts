// A real SMTP server on a loopback port that keeps what it gets.
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

export interface CaughtMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: Buffer;
}

export interface SmtpCatcher {
  readonly port: number;
  readonly mails: readonly CaughtMail[];
}

/** Runs `work` with a server and stops it afterwards; `options` let it refuse. Signing in is off unless they ask for it. */
export async function withSmtpCatcher<T>(
  options: SMTPServerOptions,
  work: (catcher: SmtpCatcher) => Promise<T>,
): Promise<T> {
  const mails: CaughtMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom ? mailFrom.address : "",
          to: rcptTo.map((each) => each.address),
          raw: Buffer.concat(chunks),
        });
        done();
      });
    },
    ...options,
  });
  // A client that gives up mid-way is part of the tests.
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  try {
    return await work({ port: (server.server.address() as AddressInfo).port, mails });
  } finally {
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}
