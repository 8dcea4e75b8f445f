// The command as a user runs it, on a published file and a real SMTP server.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import PostalMime from "postal-mime";
import type { SMTPServerOptions } from "smtp-server";
import { afterAll, beforeAll, expect, it } from "vitest";
import { publishMartsFixture } from "../cube/testing/marts-fixture.ts";
import { dataDirectory, PROJECT_ROOT } from "../shared/data-directory.ts";
import { withSmtpCatcher } from "./testing/smtp-catcher.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "aftersight-alerts-"));
  await publishMartsFixture(dataDirectory(folder).published);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(given: readonly string[], environment: Record<string, string> = {}): Promise<Ended> {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith("AFTERSIGHT_"));
  const child = spawn(process.execPath, ["--import", "tsx", "alerts/main.ts", ...given], {
    cwd: PROJECT_ROOT,
    env: { ...Object.fromEntries(others), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, stdout, stderr };
}

function mailTo(port: number, to: string): Record<string, string> {
  return {
    AFTERSIGHT_SMTP_URL: `smtp://127.0.0.1:${port}`,
    AFTERSIGHT_MAIL_FROM: "alerts@shop.example",
    AFTERSIGHT_MAIL_TO: to,
  };
}

it("ends with 1 and says what to do where no way to send is set", async () => {
  const { code, stderr } = await run(["--once"]);
  expect(stderr).toMatch(
    /AFTERSIGHT_SMTP_URL is not set[\s\S]*State: no mail was sent\.[\s\S]*What to do: Set AFTERSIGHT_SMTP_URL/,
  );
  expect(code).toBe(1);
});

it("ends with 1 where nothing is published", async () => {
  const { code, stderr } = await run(["--once", "--out", folder, "--data-dir", path.join(folder, "empty")]);
  expect(stderr).toMatch(/no published data in .*empty[\s\S]*State: no mail was sent\.[\s\S]*npm run pipeline/);
  expect(code).toBe(1);
});

it("does not stay without --once", async () => {
  const { code, stderr } = await run([]);
  expect(stderr).toContain("--once is missing");
  expect(code).toBe(1);
});

it("ends with 0 when the mail of the published findings is sent", async () => {
  await withSmtpCatcher({}, async ({ port, mails }) => {
    const { code, stdout } = await run(["--once", "--data-dir", folder], mailTo(port, "ann@shop.example"));
    expect(stdout).toContain("Sent to ann@shop.example");
    expect(code).toBe(0);
    const parsed = await PostalMime.parse(mails[0]?.raw ?? "");
    expect(parsed.subject).toContain("[High]");
    expect(parsed.text).toContain(
      "12 units returned as defective from 1 Feb to 6 Feb where 4.5 were expected: 2.7×, 7.5 more than usual.",
    );
    expect(parsed.attachments).toHaveLength(1);
  });
});

it("ends with 1 when a recipient is refused, and says who got the mail", async () => {
  const onRcptTo: SMTPServerOptions["onRcptTo"] = ({ address }, _session, done) => {
    done(address.startsWith("bo@") ? Object.assign(new Error("unknown"), { responseCode: 550 }) : null);
  };
  await withSmtpCatcher({ onRcptTo }, async ({ port }) => {
    const { code, stderr } = await run(
      ["--once", "--data-dir", folder],
      mailTo(port, "ann@shop.example,bo@shop.example"),
    );
    expect(stderr).toContain("refused 1 of 2 recipients: bo@shop.example (550 unknown)");
    expect(stderr).toContain("State: the mail was sent to ann@shop.example only.");
    expect(code).toBe(1);
  });
});
