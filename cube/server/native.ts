// Cube ships its result encoder, Jinja engine and SQL API in a Rust addon that npm downloads at postinstall.
// When the addon is absent, these replacements keep the REST and GraphQL APIs working in pure JavaScript.
import "./environment.ts";
import * as native from "@cubejs-backend/native";
import { messageOf } from "../../shared/errors.ts";
import { multiResult, singleResult, type ResultHead, type Row, type TransformRequest } from "./result-encoder.ts";

/** Puts Cube's native addon for this machine and Node into node_modules; docs/api.md. */
export const FETCH_NATIVE_ADDON = "npm rebuild @cubejs-backend/native --ignore-scripts=false --foreground-scripts";

export type NativeAddon =
  | { readonly state: "present" | "absent"; readonly problem: null }
  /** A file is there, but this machine or Node can't load it. */
  | { readonly state: "unusable"; readonly problem: string };

/** @param load the package's own way to load it, which throws when there is none */
export function detectNativeAddon(load: () => unknown = native.loadNative): NativeAddon {
  try {
    load();
    return { state: "present", problem: null };
  } catch (error) {
    // Node's loader gives a code, the package's own "there is none" does not.
    const isThere = error instanceof Error && "code" in error;
    return isThere ? { state: "unusable", problem: messageOf(error) } : { state: "absent", problem: null };
  }
}

export function hasNativeAddon(): boolean {
  return detectNativeAddon().state === "present";
}

/** A sentence for the operator when an installed addon is of no use, else null. */
export function nativeAddonWarning({ state, problem }: NativeAddon = detectNativeAddon()): string | null {
  if (state !== "unusable") return null;
  return `Cube's native addon is installed but can't be loaded (${problem}); Cube runs without it. Fetch it anew: ${FETCH_NATIVE_ADDON}`;
}

interface WrappedResult {
  getArray(): Row[];
  getTransformData(): TransformRequest[];
  getRootResultObject(): ResultHead[];
}

interface WrappedResults {
  getResults(): WrappedResult[];
  rootResultObject: { queryType: string; slowQuery: boolean };
}

/** Every API path (REST, GraphQL, WebSocket) encodes its answer through getFinalResult. */
export function installJsResultEncoder(): void {
  const single = native.ResultWrapper.prototype as { getFinalResult(this: WrappedResult): Promise<Uint8Array> };
  single.getFinalResult = async function () {
    const { request, head, rows } = partOf(this);
    return encode(singleResult(request, head, rows));
  };

  const multi = native.ResultMultiWrapper.prototype as unknown as {
    getFinalResult(this: WrappedResults): Promise<Uint8Array>;
  };
  multi.getFinalResult = async function () {
    return encode(multiResult({ ...this.rootResultObject, parts: this.getResults().map(partOf) }));
  };
}

function partOf(result: WrappedResult): { request: TransformRequest; head: ResultHead; rows: Row[] } {
  const [request] = result.getTransformData();
  const [head] = result.getRootResultObject();
  if (!request || !head) throw new Error("Cube handed over a result without its query: its internals have changed");
  return { request, head, rows: result.getArray() };
}

const encoder = new TextEncoder();

function encode(value: object): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}

/** YAML models without `{{ }}` or `{% %}` never reach the template engine; those with it must fail clearly. */
export const jinjaFreeInstance = {
  newJinjaEngine: () => ({
    loadTemplate: refuseJinja,
    renderTemplate: refuseJinja,
  }),
  loadPythonContext: refuseJinja,
};

function refuseJinja(file: string): never {
  throw new Error(`${file}: Jinja and Python models need the native Cube addon, which is not installed`);
}

/** Stands in for the Postgres-wire SQL API. */
export const disabledSqlServer = {
  init: async () => {},
  close: async () => {},
  shutdown: async () => {},
  execSql: refuseSqlApi,
  sql4sql: refuseSqlApi,
  rest4sql: refuseSqlApi,
};

async function refuseSqlApi(): Promise<never> {
  throw new Error("The Cube SQL API needs the native Cube addon, which is not installed");
}
