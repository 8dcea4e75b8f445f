// A product manager's way in a real browser: overview, the finding, the product, the rows behind it.
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { cubeSession } from "./support/cube-query.ts";
import { launchBrowser } from "./support/browser.ts";

const url = inject("demoServerUrl");
let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser.close());

async function open(path: string, options: Parameters<Browser["newPage"]>[0] = {}): Promise<Page> {
  const page = await browser.newPage({ locale: "en-US", viewport: { width: 1440, height: 900 }, ...options });
  page.setDefaultTimeout(60_000);
  await page.goto(`${url}${path}`);
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await page.waitForLoadState("networkidle");
  return page;
}

test("from the overview to a product's finding to the rows behind it, by mouse", async () => {
  const page = await open("/");
  await page
    .getByRole("link", { name: /Earbuds/ })
    .first()
    .click();
  await page.waitForURL(/\/products\/EB-1001/);
  const sentence = page.getByText(/returned units for .Quality defect. since/);
  await sentence.waitFor();

  const load = await cubeSession(url);
  const [finding] = await load({
    dimensions: ["anomaly_report.observed", "anomaly_report.expected"],
    filters: [
      { member: "anomaly_report.product_id", operator: "equals", values: ["EB-1001"] },
      { member: "anomaly_report.watch", operator: "equals", values: ["returns"] },
      { member: "anomaly_report.is_open", operator: "equals", values: ["true"] },
    ],
  });
  const observed = Number(finding?.["anomaly_report.observed"]);
  const expected = Number(finding?.["anomaly_report.expected"]).toFixed(1);
  expect(await sentence.textContent()).toContain(`${observed} returned units`);
  expect(await sentence.textContent()).toContain(`where ${expected} were expected`);

  const rows = page.getByRole("region", { name: /Rows behind/ });
  await rows.getByText("Quality defect", { exact: true }).first().waitFor();
  const download = page.waitForEvent("download");
  await rows.getByRole("button", { name: /CSV/ }).click();
  expect((await download).suggestedFilename()).toMatch(/\.csv$/);
  await page.close();
});

test("the address holds the state: a reload and the back button show the same period", async () => {
  const page = await open("/?from=2026-07-01&to=2026-08-01&market=DE");
  const orders = await page.getByRole("main").textContent();
  await page.reload();
  await page.waitForLoadState("networkidle");
  expect(await page.getByRole("main").textContent()).toBe(orders);
  await page.getByRole("link", { name: "Products" }).first().click();
  await page.waitForURL(/products.*market=DE/);
  await page.goBack();
  await page.waitForURL(/from=2026-07-01/);
  await page.close();
});

test("everything can be reached by keyboard, and a skip link comes first", async () => {
  const page = await open("/");
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.textContent ?? "")).toMatch(/skip/i);
  await page.close();
});

test.each([
  ["/", "light", "en-US"],
  ["/", "dark", "zh-CN"],
  ["/products", "light", "zh-CN"],
  ["/products/EB-1001", "dark", "en-US"],
  ["/products/EB-1001", "light", "zh-CN"],
] as const)("%s has no accessibility violation (%s, %s)", async (path, colorScheme, locale) => {
  const page = await open(path, { colorScheme, locale, bypassCSP: true });
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { axe: engine } = window as unknown as { axe: typeof axe };
    const { violations: found } = await engine.run();
    return found.map((each) => `${each.id}: ${each.nodes.map((node) => node.target.join(" ")).join(", ")}`);
  });
  expect(violations).toEqual([]);
  await page.close();
});

test("a page asks no other host for anything and logs no error", async () => {
  const page = await browser.newPage({ locale: "en-US" });
  const foreign: string[] = [];
  const errors: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) foreign.push(request.url());
  });
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(error.message));
  for (const path of ["/", "/products", "/products/EB-1001", "/nowhere"]) {
    await page.goto(`${url}${path}`);
    await page.waitForLoadState("networkidle");
  }
  expect({ foreign, errors }).toEqual({ foreign: [], errors: [] });
  await page.close();
});

test("a phone shows the overview without sideways scrolling", async () => {
  const page = await open("/", { viewport: { width: 390, height: 844 } });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  await page.close();
});
