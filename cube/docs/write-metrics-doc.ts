// npm run docs: docs/metrics.md from the definition cards, so that the document can't say something else than the pages.
// In: cube/definitions. Out: docs/metrics.md.
import path from "node:path";
import { PROJECT_ROOT } from "../../shared/data-directory.ts";
import { describeError } from "../../shared/errors.ts";
import { writeFileAtomic } from "../../shared/files.ts";
import { loadDefinitions, type DefinitionCard } from "../server/definitions.ts";

export const METRICS_DOCUMENT = path.join(PROJECT_ROOT, "docs", "metrics.md");

const INTRODUCTION = `# Metrics

Made by \`npm run docs\` from the definition cards in \`cube/definitions\`; the same cards stand beside the numbers on the pages. Change them there.
A rate without a base is "not computable", never 0. Times are in the seller's reporting zone unless a card says otherwise.
`;

/** The whole document as Markdown. */
export async function metricsDocument(): Promise<string> {
  const { en, zh } = await loadDefinitions();
  const chinese = new Map(zh.map((card) => [card.id, card]));
  const views = new Map<string, string[]>();
  for (const card of en) {
    const view = card.id.split(".", 1).join();
    views.set(view, [...(views.get(view) ?? []), section(card, chinese.get(card.id)?.name ?? "")]);
  }
  return [INTRODUCTION, ...[...views].map(([view, sections]) => [`## ${view}\n`, ...sections].join("\n"))].join("\n");
}

function section(card: DefinitionCard, chineseName: string): string {
  return `### ${card.name} · ${chineseName}

\`${card.id}\`: ${card.sentence}

- Formula: ${card.formula}
- Left out: ${card.excluded}
- Time: ${card.timeAnchor}
- Source: ${card.source}
- Owner: ${card.owner}${card.origin ? `\n- Definition: ${card.origin}` : ""}
`;
}

if (process.argv[1] === import.meta.filename) {
  try {
    await writeFileAtomic(METRICS_DOCUMENT, await metricsDocument());
  } catch (error) {
    console.error(describeError(error));
    process.exitCode = 1;
  }
}
