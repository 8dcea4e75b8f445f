// How many texts a second one core tags, alone and from a table to a table.
import { LANGUAGE_PACKS } from "../../etl/demo/texts/texts.ts";
import { tagTexts } from "../../etl/tagging/tag-table.ts";
import type { Tagger } from "../../etl/tagging/tagger.ts";
import { withDuckDB } from "../../shared/duckdb.ts";

const COPIES = 40;
const TABLE_ROWS = 400_000;

/** Letters of the demo seller's customers in six languages, each with a number of its own so that no two are equal. */
function letters(): string[] {
  const texts = Object.values(LANGUAGE_PACKS).flatMap((pack) =>
    Object.values(pack.topics).flatMap(({ subjects, bodies }) =>
      bodies.map(
        (body, index) => `${subjects[index % subjects.length]}\n${pack.greetings[0]} ${body} ${pack.closings[0]}`,
      ),
    ),
  );
  return Array.from({ length: COPIES }, (_, copy) =>
    texts.map((text) => text.replaceAll(/\{\w+\}/g, String(1000 + copy))),
  ).flat();
}

function shortOnes(): string[] {
  return letters().map((letter) => letter.split("\n")[0] ?? "");
}

/** Texts a second of processor time, the better of three. */
function rate(texts: readonly string[], tagger: Tagger): number {
  for (const text of texts) tagger.tag(text);
  const rates = Array.from({ length: 3 }, () => {
    const before = process.cpuUsage();
    for (const text of texts) tagger.tag(text);
    const { user, system } = process.cpuUsage(before);
    return texts.length / ((user + system) / 1e6);
  });
  return Math.max(...rates);
}

export async function measureSpeed(tagger: Tagger): Promise<string> {
  const long = letters();
  const short = shortOnes();
  const length = (texts: readonly string[]) =>
    Math.round(texts.reduce((sum, text) => sum + text.length, 0) / texts.length);
  const table = await tableRate(long);
  const thousands = (value: number) => `${Math.round(value / 1000)},000`;
  return `### Speed

Per second of processor time, on one core, language found for each text; other work ran on the machine meanwhile.

| texts | characters each | texts/s |
|---|---|---|
| subjects | ${length(short)} | ${thousands(rate(short, tagger))} |
| letters | ${length(long)} | ${thousands(rate(long, tagger))} |
| ${TABLE_ROWS.toLocaleString("en")} letters from a DuckDB table into another (\`tagTexts\`), all different | ${length(long)} | ${thousands(table.rate)} |

Two million letters take ${Math.round(2_000_000 / table.rate)} s of processor time. Memory of the process at the end: ${table.megabytes} MB, its DuckDB limited to 512 MB.
`;
}

async function tableRate(texts: readonly string[]): Promise<{ rate: number; megabytes: number }> {
  return withDuckDB(":memory:", { memoryLimit: "512MB", threads: 1 }, async (connection) => {
    await connection.run("create table letters (text varchar)");
    const appender = await connection.createAppender("letters");
    for (const text of texts) {
      appender.appendVarchar(text);
      appender.endRow();
    }
    appender.closeSync();
    const before = process.cpuUsage();
    const { texts: count } = await tagTexts(connection, {
      from: `select row_number() over () as row_id, text || ' ' || copy as text, null as known_language
        from letters, range(${Math.ceil(TABLE_ROWS / texts.length)}) copies(copy) limit ${TABLE_ROWS}`,
      into: "tags",
    });
    const { user, system } = process.cpuUsage(before);
    return { rate: count / ((user + system) / 1e6), megabytes: Math.round(process.memoryUsage().rss / 1e6) };
  });
}
