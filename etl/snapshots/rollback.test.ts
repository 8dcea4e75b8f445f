// A rollback and the pipeline: it lasts while the inbox stays as it is, and no longer.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { dataDirectory } from "../../shared/data-directory.ts";
import { rememberInbox } from "../../shared/remembered-inbox.ts";
import { runPipeline } from "../pipeline.ts";
import { readPin } from "./pin.ts";
import { useSnapshot } from "./snapshots.ts";

const MAPPING = `
entity: orders
system: shop
files: "orders*.csv"
time_zone: UTC
columns: { order_id: Order, ordered_at: Date, total_amount: Total, currency: { constant: USD } }
`;

it("is not undone by a run over the same inbox, and ends with the next build", { timeout: 180_000 }, async () => {
  const root = await mkdtemp(path.join(os.tmpdir(), "rollback-"));
  try {
    const data = dataDirectory(path.join(root, "data"));
    const shop = path.join(root, "inbox", "shop");
    const told: string[] = [];
    const run = (force = false) =>
      runPipeline({ inbox: path.dirname(shop), data, force, report: ({ message }) => told.push(message) });
    const addOrders = (name: string) =>
      writeFile(path.join(shop, name), `Order,Date,Total\n${name},2026-05-01 10:00:00,1.50\n`);
    await mkdir(shop, { recursive: true });
    await writeFile(path.join(shop, "orders.mapping.yml"), MAPPING);
    await addOrders("orders-1.csv");
    const good = await run();
    await rememberInbox(data, path.dirname(shop));
    await addOrders("orders-2.csv");
    await run();

    await useSnapshot(data, good.versionName);
    expect(await run()).toEqual({ status: "unchanged", versionName: good.versionName, counts: [] });
    expect(told.at(-1)).toContain(`version ${good.versionName} was put in place by hand`);
    await addOrders("orders-3.csv");
    const next = await run();
    expect(next.status).toBe("published");
    expect(next.counts.find((count) => count.entity === "orders")).toBeDefined();
    expect(told).toContain(`the rollback to version ${good.versionName} is over`);
    expect(await readPin(data)).toBeUndefined();

    await useSnapshot(data, good.versionName);
    expect((await run(true)).status).toBe("published");
    expect(await readPin(data)).toBeUndefined();
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
