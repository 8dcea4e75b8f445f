// Two projects: unit tests stand beside the code, whole-way tests in tests/. The time zone is pinned to one that is not UTC,
// so that code that leans on the machine's zone fails here.
import { defineConfig } from "vitest/config";

process.env.TZ = "America/New_York";

export default defineConfig({
  test: {
    // Vitest leaves a core free; on a machine of two that is half of it.
    maxWorkers: "100%",
    projects: [
      {
        test: {
          name: "unit",
          include: [
            "{shared,etl,detection,cube,alerts,server,scripts}/**/*.test.ts",
            "dashboard/src/**/*.test.{ts,tsx}",
          ],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "whole-way",
          include: ["tests/**/*.test.ts"],
          globalSetup: ["tests/support/global-setup.ts"],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
