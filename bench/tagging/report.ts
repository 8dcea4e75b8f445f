// What tagging is worth: against labels of people where there are some, and how fast it is. Writes its section of the document.
import os from "node:os";
import { textRules } from "../../etl/tagging/rule-files.ts";
import { createTagger } from "../../etl/tagging/tagger.ts";
import { writeSection } from "../section.ts";
import { measureClothing } from "./clothing.ts";
import { measureDesks } from "./desks.ts";
import { measureOlist } from "./olist.ts";
import { measureSentences } from "./sentences.ts";
import { measureSpeed } from "./speed.ts";

const HEADING = "## Tagging free text";

export async function reportTagging(report: (line: string) => void): Promise<string> {
  const rules = await textRules();
  const tagger = createTagger(rules);
  const parts: string[] = [];
  for (const measure of [measureOlist, measureClothing, measureSentences, measureDesks, measureSpeed]) {
    const part = await measure(tagger);
    report(part ?? `${measure.name}: the data is not on this machine; its part is left out`);
    if (part !== undefined) parts.push(part);
  }
  const count = rules.languages.map(({ language, reasons }) => `${language} ${reasons.length}`).join(", ");
  const section = `${HEADING}

\`npm run bench -- tagging\` writes this section (${os.cpus().length} cores, ${os.cpus()[0]?.model ?? "unknown"}, Node ${process.versions.node}). Rules: ${count}.
Aimed at: precision 0.85, recall 0.75.

${parts.join("\n")}`;
  await writeSection(HEADING, section);
  return section;
}
