// The seller's own targets: one line a change in data/state/targets.jsonl, never rewritten. What holds is what the lines add up to, so
// two writers at once lose nothing: each adds a line, the later one holds and both stand in the history.
import { open, readFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import type { DataDirectory } from "../../shared/data-directory.ts";
import { AppError, hasCode, messageOf } from "../../shared/errors.ts";
import { DIRECTIONS, type DeliveredTargets, type Target, type Words } from "./targets.ts";

/** Who changes things until there is a sign-in. */
export const LOCAL_USER = "local user";

const lineSchema = z.object({
  measure: z.string(),
  /** Null: back to the target as delivered. */
  target: z.object({ value: z.number(), direction: z.enum(DIRECTIONS) }).nullable(),
  who: z.string(),
  /** ISO 8601 with Z. */
  at: z.string(),
});

type Line = z.output<typeof lineSchema>;

export interface TargetChange {
  readonly at: string;
  readonly who: string;
  readonly old: Target | null;
  readonly new: Target | null;
}

export interface StandingTarget extends Target {
  readonly measure: string;
  /** `reference` is what others are said to reach; whatever the seller sets is a target. */
  readonly kind: "target" | "reference";
  readonly origin: "delivered" | "own";
  /** The wording the number was taken from; null for the seller's own. */
  readonly wording: Words | null;
  readonly changed_at: string | null;
  readonly changed_by: string | null;
}

export class TargetStore {
  readonly #file: string;
  readonly #delivered: DeliveredTargets["targets"];
  readonly #now: () => Date;

  constructor(data: DataDirectory, { targets }: DeliveredTargets, now: () => Date = () => new Date()) {
    this.#file = path.join(data.state, "targets.jsonl");
    this.#delivered = targets;
    this.#now = now;
  }

  /** Every target that holds, by measure. */
  async all(): Promise<ReadonlyMap<string, StandingTarget>> {
    const standing = new Map(
      Object.entries(this.#delivered).map(([measure, target]): [string, StandingTarget] => [
        measure,
        { measure, ...target, origin: "delivered", changed_at: null, changed_by: null },
      ]),
    );
    for (const { measure, target, at, who } of await this.#lines()) {
      const before = this.#delivered[measure];
      const changed = { measure, changed_at: at, changed_by: who } as const;
      if (target) standing.set(measure, { ...target, ...changed, kind: "target", origin: "own", wording: null });
      else if (before) standing.set(measure, { ...before, ...changed, origin: "delivered" });
      else standing.delete(measure);
    }
    return standing;
  }

  /** Oldest first. */
  async history(measure: string): Promise<TargetChange[]> {
    const delivered = this.#delivered[measure];
    const initial: Target | null = delivered ? { value: delivered.value, direction: delivered.direction } : null;
    let old = initial;
    return (await this.#lines())
      .filter((line) => line.measure === measure)
      .map(({ at, who, target }) => {
        const change = { at, who, old, new: target ?? initial };
        old = change.new;
        return change;
      });
  }

  /** On disk when it resolves. @throws AppError when it can't be written; nothing is changed then */
  async set(measure: string, target: Target | null, who: string): Promise<void> {
    const line: Line = { measure, target, who, at: this.#now().toISOString() };
    try {
      const handle = await open(this.#file, "a+", 0o600);
      try {
        const { size } = await handle.stat();
        const last = Buffer.alloc(1);
        if (size > 0) await handle.read(last, 0, 1, size - 1);
        // What a crash left unfinished stays a line of its own. One write, so that writers at once don't mix.
        const isTorn = size > 0 && last.toString() !== "\n";
        await handle.appendFile(`${isTorn ? "\n" : ""}${JSON.stringify(line)}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
    } catch (error) {
      throw new AppError(`The target of ${measure} can't be kept: ${messageOf(error)}`, {
        state: "The former target holds.",
        advice: `Make ${this.#file} writable and see that the disk has space.`,
        cause: error,
      });
    }
  }

  async #lines(): Promise<Line[]> {
    try {
      return (await readFile(this.#file, "utf8")).split("\n").flatMap(parseLine);
    } catch (error) {
      if (hasCode(error, "ENOENT")) return [];
      throw new AppError(`${this.#file} can't be read: ${messageOf(error)}`, {
        state: "Targets are unknown; figures are not touched.",
        advice: "Make it readable for this user, or restore it from a backup.",
        cause: error,
      });
    }
  }
}

/** A line that a crash cut short was never confirmed to anybody. */
function parseLine(text: string): Line[] {
  try {
    const parsed = lineSchema.safeParse(JSON.parse(text));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}
