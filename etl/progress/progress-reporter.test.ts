import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ProgressMeter, type Progress } from "./progress.ts";
import { createReporter, duration, type Terminal } from "./progress-reporter.ts";

let written = "";
let clock = 0;
const now = () => clock;
const terminal = (isTTY: boolean, columns = 100): Terminal => ({
  isTTY,
  columns,
  write: (text) => (written += text),
});
const reporter = (out: Terminal, isVerbose = false) => createReporter({ out, isJson: false, isVerbose, now });

/** What stands on the terminal: a carriage return with an erased rest of line begins a line anew. */
const screen = () =>
  written
    .split("\n")
    // oxlint-disable-next-line no-control-regex -- the codes a terminal acts on
    .map((line) => (line.split("\r").at(-1) ?? "").replaceAll(/\u001B\[K/g, ""));

beforeEach(() => {
  written = "";
  clock = 0;
  vi.stubEnv("TERM", "xterm");
});
afterEach(() => void vi.unstubAllEnvs());

describe("progress on a terminal", () => {
  it("is one line below the messages, with stage, share, speed and time left", () => {
    const { report, close } = reporter(terminal(true));
    const meter = new ProgressMeter(report, "load", { total: 1000, unit: "bytes" }, now);
    meter.working("shopify/orders.csv");
    clock = 2000;
    meter.add(250, 5000);
    expect(screen()).toEqual(["load      25 %  2,500 rows/s  6 s left  shopify/orders.csv"]);
    report({ stage: "load", message: "shopify: 1 files" });
    expect(screen()).toEqual([
      "  2.0 s  load     shopify: 1 files",
      "load      25 %  2,500 rows/s  6 s left  shopify/orders.csv",
    ]);
    clock = 4000;
    meter.add(500, 5000);
    expect(screen().at(-1)).toBe("load      75 %  2,500 rows/s  1 s left  shopify/orders.csv");
    meter.finish();
    expect(screen().at(-1)).toBe("load     100 %  2,500 rows/s  4 s  shopify/orders.csv");
    close();
    expect(screen()).toEqual(["  2.0 s  load     shopify: 1 files", ""]);
  });

  it("starts anew with each stage and stays on one line of a narrow terminal", () => {
    const { report, close } = reporter(terminal(true, 30));
    new ProgressMeter(report, "load", { total: 10, unit: "bytes" }, now).finish();
    clock = 60_000;
    const meter = new ProgressMeter(report, "build", { total: 40, unit: "steps" }, now);
    clock = 70_000;
    meter.working("a model with a very long name");
    meter.add(4);
    close();
    expect(written).toContain("\rbuild     10 %  1 min 30 s le\u001B[K");
    for (const line of written.split("\r")) expect(line.replace("\u001B[K", "").length).toBeLessThan(30);
  });

  it("cuts names in wide characters before they wrap", () => {
    const { report } = reporter(terminal(true, 20));
    report({ stage: "load", message: "订单导出文件", progress: { done: 0, total: 0, unit: "bytes" }, isTick: true });
    expect(screen()).toEqual(["load     0 s  订单"]);
  });

  it("counts the time on while a long query tells nothing", () => {
    vi.useFakeTimers();
    try {
      const { report, close } = createReporter({ out: terminal(true), isJson: false, isVerbose: false });
      report({ stage: "build", message: "", progress: { done: 0, total: 40, unit: "steps" }, isTick: true });
      vi.advanceTimersByTime(3100);
      expect(screen().at(-1)).toBe("build      0 %  3 s");
      close();
      const before = written;
      vi.advanceTimersByTime(3000);
      expect(written).toBe(before);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("progress elsewhere", () => {
  it.each([
    ["a pipe", false, "xterm"],
    ["a dumb terminal", true, "dumb"],
  ])("on %s is plain lines of what was done", (_name, isTTY, term) => {
    vi.stubEnv("TERM", term);
    const { report, close } = reporter(terminal(isTTY));
    const meter = new ProgressMeter(report, "load", { total: 100, unit: "bytes" }, now);
    clock = 1000;
    meter.add(50, 10);
    report({ stage: "load", message: "one file", isDetail: true });
    report({ stage: "load", message: "all files", progress: { done: 100, total: 100, unit: "bytes" } });
    meter.finish();
    close();
    expect(written).toBe("  1.0 s  load     all files\n");
  });

  it("shows single files to those who asked", () => {
    reporter(terminal(false), true).report({ stage: "load", message: "one file", isDetail: true });
    expect(written).toBe("  0.0 s  load     one file\n");
  });

  it("is one JSON object a line for machines, ticks included", () => {
    const { report, close } = createReporter({ out: terminal(true), isJson: true, isVerbose: false, now });
    const event: Progress = { stage: "load", message: "x", progress: { done: 1, total: 2, unit: "bytes", rows: 7 } };
    report(event);
    report({ ...event, isTick: true });
    close();
    const lines = written.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { at: expect.stringMatching(/Z$/), ...event },
      { at: expect.stringMatching(/Z$/), ...event, isTick: true },
    ]);
  });
});

describe("a meter", () => {
  it("called for every chunk tells five times a second, the first and the last in any case", () => {
    const told: Progress[] = [];
    const meter = new ProgressMeter((each) => told.push(each), "load", { total: 1000, unit: "bytes" }, now);
    for (let chunk = 0; chunk < 1000; chunk += 1) {
      clock += 1;
      meter.add(1, 2);
    }
    meter.finish();
    expect(told.map((each) => each.progress?.done)).toEqual([0, 200, 400, 600, 800, 1000, 1000]);
    expect(told.at(-1)?.progress).toEqual({ done: 1000, total: 1000, unit: "bytes", rows: 2000 });
  });
});

it.each([
  [0.4, "0 s"],
  [59.6, "1 min 0 s"],
  [200, "3 min 20 s"],
  [7500, "2 h 5 min"],
])("%d seconds are %s", (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
