import { expect, it } from "vitest";
import { StageClock } from "./stage-clock.ts";

const timed = () => {
  let now = 0;
  const clock = new StageClock(() => now);
  return {
    clock,
    after: (seconds: number) => {
      now += seconds * 1000;
      return clock;
    },
  };
};
const said = (stage: "extract" | "load" | "build" | "warning") => ({ stage, message: "" });

it("gives the time before a message to the stage that tells it", () => {
  const { after } = timed();
  after(1).tell(said("extract"));
  after(4).tell(said("load"));
  after(5).tell(said("load"));
  after(1).tell(said("warning"));
  after(2).tell(said("build"));
  expect(after(0.5).stop()).toEqual({ extract: 1, load: 9, build: 3.5 });
});

it("gives the time before a beginning to the stage that was", () => {
  const { clock, after } = timed();
  after(1).tell(said("extract"));
  after(2).tell({ ...said("load"), progress: { done: 0, total: 9, unit: "bytes" } });
  after(4).tell({ ...said("load"), progress: { done: 9, total: 9, unit: "bytes" } });
  after(1);
  clock.enter("build");
  after(2).tell(said("build"));
  expect(after(3).stop()).toEqual({ extract: 3, load: 5, build: 5 });
});
