// npm test: installs what is missing, then types, lint, format, unit and whole-way tests. Ends with "N passed, N failed".
// Arguments after -- go to vitest, e.g. npm test -- etl
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { ensureBrowser } from "./browser.mjs";
import { buildDashboard, checkNode, installPackages, ROOT, run, seconds } from "./prepare.mjs";

checkNode();
await installPackages();
const browser = await ensureBrowser();
await buildDashboard();

const bin = (name, file) => path.join(ROOT, "node_modules", name, ...file.split("/"));
const totals = { passed: 0, failed: 0, skipped: 0 };

await check("types", bin("typescript", "bin/tsc"), ["-p", ROOT]);
await check("lint", bin("oxlint", "bin/oxlint"), ["--type-aware", "--deny-warnings"]);
await check("format", bin("oxfmt", "bin/oxfmt"), ["--check"]);
await vitest(process.argv.slice(2));

const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : "";
console.log(`\n${totals.passed} passed, ${totals.failed} failed${skipped}`);
process.exit(totals.failed > 0 ? 1 : 0);

async function check(name, program, args) {
  const started = Date.now();
  const code = await run(process.execPath, [program, ...args]);
  console.log(`${code === 0 ? "ok  " : "FAIL"} ${name} (${seconds(started)})`);
  totals[code === 0 ? "passed" : "failed"] += 1;
}

async function vitest(args) {
  const scratch = mkdtempSync(path.join(os.tmpdir(), "aftersight-test-"));
  const report = path.join(scratch, "report.json");
  try {
    const code = await run(
      process.execPath,
      [
        bin("vitest", "vitest.mjs"),
        "run",
        "--reporter=default",
        "--reporter=json",
        `--outputFile.json=${report}`,
        ...args,
      ],
      { env: { AFTERSIGHT_CHROMIUM: browser, UV_THREADPOOL_SIZE: "16" } },
    );
    count(report, code);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A run that ends badly without a failed test (a file that can't load, an unhandled error) counts as one failure. */
function count(report, code) {
  try {
    const result = JSON.parse(readFileSync(report, "utf8"));
    totals.passed += result.numPassedTests;
    totals.failed += result.numFailedTests || (code === 0 ? 0 : 1);
    totals.skipped += result.numPendingTests + result.numTodoTests;
  } catch {
    console.error("vitest left no report.");
    totals.failed += 1;
  }
}
