import { expect, test } from "vitest";
import { accessWorld } from "../testing/access-world.ts";
import { ALL_SEEING } from "./claims.ts";
import { streamRows } from "./row-stream.ts";

test("a stream that is left early holds no version back", async () => {
  const world = await accessWorld();
  const { columns, rows } = await streamRows(world.service, { dimensions: ["service.ticket_id"] }, ALL_SEEING);
  expect(columns).toEqual([{ member: "service.ticket_id", title: "Ticket", type: "string" }]);
  const stream = rows();
  expect((await stream.next()).value).toHaveLength(1);
  await stream.return(undefined);
  // Closing waits for whoever still reads.
  await world.close();
});
