// npm start: from a fresh clone to a served dashboard. Installs, builds, writes the demo seller where there is no data yet,
// runs the pipeline when the inbox changed, then serves and watches the inbox.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { parseArgs } from "node:util";
import { buildDashboard, checkNode, fail, installPackages, ROOT, runTypeScript } from "./prepare.mjs";

const HELP = `npm start -- [options]

  --inbox DIR      load your own exports from DIR in place of the demo (remembered for the next start)
  --demo           go back to the demo seller in the data folder's inbox
  --no-watch       don't load by itself what changes in the inbox while it runs
  --accept-losses  publish even though the exports lost most rows of something (see what the run says)
  --port N         port to serve on (default 4000, or PORT)
  --host H         address to bind to (default 127.0.0.1: this machine only)
  --data-dir DIR   where inbox, published versions and state live (default data/, or AFTERSIGHT_DATA_DIR)
  --no-serve       prepare and load, but don't serve
  --help           this text`;

checkNode();
const options = readOptions();
// npm runs us in the project's folder; relative paths mean the folder the user is in.
const fromHere = (folder) => path.resolve(process.env.INIT_CWD ?? process.cwd(), folder);
const data = fromHere(options["data-dir"] ?? process.env.AFTERSIGHT_DATA_DIR ?? path.join(ROOT, "data"));
const ownInbox = path.join(data, "inbox");
const settingsFile = path.join(data, "state", "settings.json");

if (!options["no-serve"]) await requireFreePort(options.host, options.port);
const inbox = chooseInbox();
await installPackages();
await buildDashboard();
if (needsDemo()) await writeDemo();
// Before loading: after a failed load the next start still means the user's own exports.
rememberInbox();
await load();
if (options["no-serve"]) process.exit(0);
process.exit(await serve());

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        inbox: { type: "string" },
        demo: { type: "boolean" },
        "accept-losses": { type: "boolean" },
        port: { type: "string", default: process.env.PORT ?? "4000" },
        host: { type: "string", default: "127.0.0.1" },
        "data-dir": { type: "string" },
        "no-serve": { type: "boolean" },
        "no-watch": { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help) {
      console.log(HELP);
      process.exit(0);
    }
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      throw new Error(`--port ${values.port} is not a port number`);
    if (values.demo && values.inbox) throw new Error("--demo and --inbox exclude each other");
    return { ...values, port };
  } catch (error) {
    console.error(`${error.message}\n\n${HELP}`);
    return process.exit(2);
  }
}

/** Tried before the long work, so that nobody waits a minute to learn it. */
function requireFreePort(host, port) {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once("error", (error) => {
      const reason = error.code === "EADDRINUSE" ? "is in use by another program" : `can't be used (${error.message})`;
      fail(`Port ${port} on ${host} ${reason}.`, {
        state: "Nothing was started; data and the published version are unchanged.",
        advice: `Stop that program (perhaps another Aftersight), or choose a port: npm start -- --port ${port + 1}`,
      });
    });
    probe.listen(port, host, () => probe.close(resolve));
  });
}

/** The folder given now, else the one remembered from the last start or pipeline run, else the data folder's own. */
function chooseInbox() {
  if (options.demo) return ownInbox;
  const chosen = options.inbox === undefined ? (readSettings().inbox ?? ownInbox) : fromHere(options.inbox);
  if (chosen === ownInbox || statSync(chosen, { throwIfNoEntry: false })?.isDirectory()) return chosen;
  return fail(`The inbox ${chosen} ${existsSync(chosen) ? "is not a folder" : "doesn't exist"}.`, {
    state: "Nothing was started; the published version is unchanged.",
    advice: "Give the folder that holds your exports with --inbox DIR, or use --demo to see the demo seller.",
  });
}

/** A version made of somebody's own exports is never replaced by the demo unasked. */
function needsDemo() {
  if (inbox !== ownInbox || !isEmpty(ownInbox)) return false;
  if (options.demo || !hasPublished()) return true;
  return fail(`The inbox ${ownInbox} is empty, but a version of other exports is published.`, {
    state: "Nothing was changed.",
    advice: "Say which exports to load: npm start -- --inbox DIR, or npm start -- --demo for the demo seller.",
  });
}

function hasPublished() {
  return existsSync(path.join(data, "published", "current"));
}

function readSettings() {
  if (!existsSync(settingsFile)) return {};
  try {
    return JSON.parse(readFileSync(settingsFile, "utf8"));
  } catch (error) {
    return fail(`The settings in ${settingsFile} can't be read: ${error.message}.`, {
      state: "Nothing was started.",
      advice: "Mend or delete that file; it only remembers which inbox to load.",
    });
  }
}

function rememberInbox() {
  const settings = { ...readSettings(), inbox };
  try {
    mkdirSync(path.dirname(settingsFile), { recursive: true, mode: 0o700 });
    writeFileSync(`${settingsFile}.tmp`, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${settingsFile}.tmp`, settingsFile);
  } catch (error) {
    fail(`The data folder ${data} can't be written: ${error.message}.`, {
      state: "Nothing was loaded or started.",
      advice: "Make it writable, free some space, or name another folder with --data-dir DIR.",
    });
  }
}

function isEmpty(folder) {
  return !existsSync(folder) || readdirSync(folder).every((name) => name.startsWith("."));
}

async function writeDemo() {
  console.log("The inbox is empty: writing the exports of a demo seller ...");
  const code = await runTypeScript("etl/demo/main.ts", ["--out", ownInbox]);
  if (code !== 0) process.exit(code);
}

/** The pipeline decides itself whether the inbox changed. A failure is fatal unless an older version of the same inbox can be served. */
async function load() {
  const losses = options["accept-losses"] ? ["--accept-losses"] : [];
  const how = ["--wait", "--trigger", "start", ...losses];
  const code = await runTypeScript("etl/main.ts", ["--inbox", inbox, "--data-dir", data, ...how]);
  if (code === 0) return;
  const servesSameInbox = hasPublished() && readSettings().servedInbox === inbox;
  if (code >= 128 || options["no-serve"] || !servesSameInbox) process.exit(code);
  console.error("\nThe new exports could not be loaded (see above). Serving the last good version instead.\n");
}

function serve() {
  const watch = options["no-watch"] ? [] : ["--watch", inbox];
  const args = ["--data-dir", data, "--port", String(options.port), "--host", options.host, ...watch];
  return runTypeScript("server/main.ts", args, { env: { UV_THREADPOOL_SIZE: "16" } });
}
