import { createServer, type AddressInfo } from "node:net";
import type { SMTPServerOptions } from "smtp-server";
import { describe, expect, it } from "vitest";
import { withSmtpCatcher } from "../../testing/smtp-catcher.ts";
import { ChannelSendError, type Mail } from "../channel.ts";
import { smtpChannel, type SmtpTimeouts } from "./smtp.ts";
import { parseSmtpUrl, type SmtpServer } from "./smtp-server.ts";

const PASSWORD = "geheim#7";
const AUTH = { user: "shop", pass: PASSWORD };
const MAIL: Mail = {
  from: "Aftersight <alerts@shop.example>",
  to: ["ann@shop.example", "bo@shop.example"],
  subject: "Finding",
  html: "<p>Finding</p>",
  text: "Finding",
  images: [],
  messageId: "<aftersight.1@shop.example>",
  date: new Date("2026-11-22T08:00:00Z"),
  headers: {},
  versionName: "v1",
};

async function failureOf(server: Partial<SmtpServer>, timeouts?: SmtpTimeouts): Promise<ChannelSendError> {
  const channel = smtpChannel({ host: "127.0.0.1", port: 25, secure: false, auth: null, ...server }, timeouts);
  const error = await channel.send(MAIL).then(
    (sent) => new Error(`it was sent: ${sent}`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ChannelSendError)) throw error;
  return error;
}

const failureWith = (options: SMTPServerOptions, server: Partial<SmtpServer> = {}) =>
  withSmtpCatcher(options, ({ port }) => failureOf({ port, ...server }));

function refusal(message: string, responseCode: number): Error {
  return Object.assign(new Error(message), { responseCode });
}

describe("sending by SMTP", () => {
  it("signs in and delivers", async () => {
    const seen: unknown[] = [];
    const options: SMTPServerOptions = {
      authOptional: false,
      onAuth: (auth, _session, done) => {
        seen.push([auth.username, auth.password]);
        done(null, { user: auth.username });
      },
    };
    await withSmtpCatcher(options, async ({ port, mails }) => {
      const said = await smtpChannel({ host: "127.0.0.1", port, secure: false, auth: AUTH }).send(MAIL);
      expect(said).toContain("Sent to ann@shop.example, bo@shop.example");
      expect(mails).toHaveLength(1);
    });
    expect(seen).toEqual([["shop", PASSWORD]]);
  });

  it("says that nobody listens", async () => {
    const port = await freePort();
    const error = await failureOf({ port });
    expect(error.message).toMatch(`no connection to the mail server 127.0.0.1:${port}`);
    expect(error).toMatchObject({ retryable: true, state: "no mail was sent." });
  });

  it("says that the server keeps silent", async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = silent.address() as AddressInfo;
      const error = await failureOf({ port }, { connectMs: 200, idleMs: 200 });
      expect(error.message).toContain("did not answer in time");
      expect(error.retryable).toBe(true);
    } finally {
      silent.close();
    }
  });

  it("says that the password is wrong, without the password", async () => {
    const onAuth: SMTPServerOptions["onAuth"] = (auth, _session, done) => {
      done(
        refusal(
          `bad login for ${auth.username} with ${auth.password} (${Buffer.from(`${auth.password}`).toString("base64")})`,
          535,
        ),
      );
    };
    const error = await failureWith({ authOptional: false, onAuth }, { auth: AUTH });
    expect(error.message).toContain("refused the user or the password");
    expect(error.message).toContain("***");
    expect(JSON.stringify([error.message, error.advice, error.state, error.cause])).not.toContain(PASSWORD);
    expect(error.message).not.toContain(Buffer.from(PASSWORD).toString("base64"));
    expect(error.retryable).toBe(false);
  });

  it("names the one refused recipient and who got the mail", async () => {
    const onRcptTo: SMTPServerOptions["onRcptTo"] = ({ address }, _session, done) => {
      done(address.startsWith("bo@") ? refusal("mailbox unknown", 550) : null);
    };
    const error = await failureWith({ onRcptTo });
    expect(error.message).toContain("refused 1 of 2 recipients: bo@shop.example (550 mailbox unknown)");
    expect(error).toMatchObject({ retryable: false, state: "the mail was sent to ann@shop.example only." });
  });

  it.each([
    [550, false],
    [450, true],
  ])("says that every recipient was refused; with %i trying again helps: %s", async (code, retryable) => {
    const error = await failureWith({ onRcptTo: (_address, _session, done) => done(refusal("not now", code)) });
    expect(error.message).toContain("refused every recipient");
    expect(error).toMatchObject({ retryable, state: "no mail was sent." });
  });

  it("says that the sender was refused", async () => {
    const error = await failureWith({ onMailFrom: (_address, _session, done) => done(refusal("not yours", 553)) });
    expect(error.message).toContain("refused the sender");
    expect(error.advice).toContain("AFTERSIGHT_MAIL_FROM");
  });

  it("says that the content was refused", async () => {
    const onData: SMTPServerOptions["onData"] = (stream, _session, done) => {
      stream.resume();
      stream.on("end", () => done(refusal("looks like spam", 554)));
    };
    const error = await failureWith({ onData });
    expect(error.message).toContain("refused the mail's content");
    expect(error.message).toContain("looks like spam");
    expect(error.retryable).toBe(false);
  });

  it("does not try again when the line breaks after the content, as the mail may have left", async () => {
    const onData: SMTPServerOptions["onData"] = (stream) => {
      stream.resume();
    };
    const error = await withSmtpCatcher({ onData }, ({ port }) => failureOf({ port }, { connectMs: 500, idleMs: 300 }));
    expect(error.state).toBe("it is not known whether the mail was sent.");
    expect(error.retryable).toBe(false);
  });
});

describe("reading the SMTP address", () => {
  it("decodes user and password and knows the usual ports", () => {
    expect(parseSmtpUrl("smtp://a%40b.c:p%23w@mail.example")).toEqual({
      host: "mail.example",
      port: 587,
      secure: false,
      auth: { user: "a@b.c", pass: "p#w" },
    });
    expect(parseSmtpUrl("smtps://mail.example:2465")).toEqual({
      host: "mail.example",
      port: 2465,
      secure: true,
      auth: null,
    });
    expect(parseSmtpUrl("smtps://mail.example")).toMatchObject({ port: 465 });
  });

  it.each([
    ["mail.example", "is not a URL"],
    ["http://mail.example", "smtp:// or smtps://"],
    ["smtp://a:b#c@mail.example", "is not a URL"],
    ["smtp://u:p@h/x", "behind host and port"],
    ["smtp://u@h", "without password"],
    ["smtp://u:%zz@h", "write %25"],
  ])("refuses %s: it %s", (url, reason) => expect(() => parseSmtpUrl(url)).toThrow(reason));
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
