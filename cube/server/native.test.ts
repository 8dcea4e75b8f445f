// Whether Cube's native addon is there: the package's own loader, run on copies of the package with and without a binary.
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { PROJECT_ROOT } from "../../shared/data-directory.ts";
import { CubeServer } from "./cube-server.ts";
import { detectNativeAddon, FETCH_NATIVE_ADDON, hasNativeAddon, nativeAddonWarning } from "./native.ts";

const PACKAGE = path.join(PROJECT_ROOT, "node_modules", "@cubejs-backend", "native");
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "native-"));
  await cp(path.join(PACKAGE, "dist"), path.join(folder, "dist"), { recursive: true });
  await cp(path.join(PACKAGE, "package.json"), path.join(folder, "package.json"));
  await symlink(path.join(PROJECT_ROOT, "node_modules"), path.join(folder, "node_modules"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const loader = () =>
  (createRequire(import.meta.url)(path.join(folder, "dist", "js", "index.js")) as { loadNative: () => unknown })
    .loadNative;

/** Where the package's own installer unpacks the download. */
async function install(binary: Uint8Array | string): Promise<void> {
  await mkdir(path.join(folder, "native"));
  await writeFile(path.join(folder, "native", "index.node"), binary);
}

test("without a binary it is absent, and nobody is warned", () => {
  expect(detectNativeAddon(loader())).toEqual({ state: "absent", problem: null });
  expect(nativeAddonWarning({ state: "absent", problem: null })).toBeNull();
});

test("a binary that this Node loads is present", async () => {
  // Any addon will do: what is tested is that the place is looked at and the file loaded.
  const require = createRequire(createRequire(import.meta.url).resolve("@resvg/resvg-js"));
  const name = `@resvg/resvg-js-${process.platform}-${process.arch}${process.platform === "linux" ? "-gnu" : ""}`;
  await install(await readFile(require.resolve(name)));
  expect(detectNativeAddon(loader())).toEqual({ state: "present", problem: null });
});

test("a binary that can't be loaded is said, with the command that fetches it anew", async () => {
  await install("cut short");
  const addon = detectNativeAddon(loader());
  expect(addon.state).toBe("unusable");
  expect(nativeAddonWarning(addon)).toContain(addon.problem);
  expect(nativeAddonWarning(addon)).toContain(FETCH_NATIVE_ADDON);
});

test("Cube's own classes are used exactly where the addon is present", () => {
  const { core } = new CubeServer({
    routes: () => {},
    maxCachedCells: 10,
    apiSecret: "s".repeat(32),
    checkAuth: () => {},
  });
  expect(core.runsPureJs).toBe(!hasNativeAddon());
});

test("the command that fetches it is documented, and runs the package's own installer", async () => {
  const read = (file: string) => readFile(path.join(PROJECT_ROOT, file), "utf8");
  expect(await read("docs/api.md")).toContain(FETCH_NATIVE_ADDON);
  // This project installs nothing by scripts; the command has to say otherwise.
  expect(await read(".npmrc")).toContain("ignore-scripts=true");
  const { scripts } = JSON.parse(await readFile(path.join(PACKAGE, "package.json"), "utf8")) as {
    scripts: { postinstall: string };
  };
  expect(scripts.postinstall).toContain("post-installer");
});
