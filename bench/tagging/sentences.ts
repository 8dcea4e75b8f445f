// Sentences made up for this, where no labelled texts are public.
import { TEXT_LANGUAGES } from "../../etl/tagging/rule-files.ts";
import type { Tagger } from "../../etl/tagging/tagger.ts";
import { UNSEEN_SENTENCES } from "./unseen-sentences.ts";

export function measureSentences(tagger: Tagger): string {
  const lines = TEXT_LANGUAGES.map((language) => {
    const tagged = UNSEEN_SENTENCES[language].map(([reason, text]) => ({ reason, tag: tagger.tag(text) }));
    const right = tagged.filter(({ reason, tag }) => tag.reason === reason).length;
    const wrong = tagged.filter(({ reason, tag }) => tag.reason !== null && tag.reason !== reason).length;
    const found = tagged.filter(({ tag }) => tag.language === language).length;
    return `| ${language} | ${tagged.length} | ${right} | ${wrong} | ${found} |`;
  });
  return `### Seven languages, sentences of our own

Made up by the rules' author after the rules were done (\`bench/tagging/unseen-sentences.ts\`), complaints and harmless ones; no rule was changed for
them. The author of both being one, this shows gaps rather than what strangers' texts get. The sentences of the tests are all right: the
rules were mended until they were.

| language | sentences | reason right | reason wrong | language right |
|---|---|---|---|---|
${lines.join("\n")}
`;
}
