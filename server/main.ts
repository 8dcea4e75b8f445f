// `npm start`'s server half: the dashboard's files, Cube and the status routes on one port.
import { Command, InvalidArgumentError, Option } from "commander";
import { onStopSignal } from "../etl/stop-signals.ts";
import { describeError } from "../shared/errors.ts";
import { startServer } from "./start-server.ts";

interface Options {
  readonly dataDir?: string;
  readonly port: number;
  readonly host: string;
  readonly watch?: string;
}

const command = new Command("server")
  .description("Serves the dashboard and Cube's API on the published data.")
  .option("--data-dir <folder>", "where the data live (default: AFTERSIGHT_DATA_DIR or <project>/data)")
  .addOption(new Option("--port <number>", "port to listen on").env("PORT").argParser(portNumber).default(4000))
  .option("--host <address>", "address to listen on", "127.0.0.1")
  .option("--watch <inbox>", "load what changes in this inbox by itself (default: nothing is watched)")
  .parse();

try {
  const { dataDir, port, host, watch } = command.opts<Options>();
  const server = await startServer({
    ...(dataDir && { dataDir }),
    ...(watch && { watch }),
    port,
    host,
    print: console.log,
    warn: console.warn,
  });
  if (watch) console.log(`Watching ${watch}: new exports there are loaded by themselves.`);
  console.log("Open it in a browser. Your own exports: npm start -- --inbox DIR. Stop: Ctrl-C.");
  onStopSignal((signal) => {
    console.log(`${signal}: stopping, running requests may finish`);
    void server.close().then(() => process.exit(0), fail);
  });
} catch (error) {
  fail(error);
}

function fail(error: unknown): never {
  console.error(describeError(error, process.env.DEBUG !== undefined));
  process.exit(1);
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InvalidArgumentError("A port is a whole number from 0 to 65535.");
  }
  return port;
}
