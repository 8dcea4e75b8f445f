// What a schema found wrong, in plain words: `exchange_rates.USD must be a number, got "abc"`.
import type { z } from "zod";
import { nearest } from "./nearest.ts";

type Issue = z.core.$ZodIssue;

/** `where[0].matches` */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : `${text}${text ? "." : ""}${String(part)}`),
    "",
  );
}

/**
 * Parse with `{ reportInput: true }`, so that a problem can say what it got.
 *
 * @param knownKeys the top level's keys, told beside an unknown one
 */
export function schemaProblems(error: z.core.$ZodError, knownKeys: readonly string[]): string[] {
  return error.issues.flatMap((issue) => problemsOf(issue, [], knownKeys));
}

function problemsOf(issue: Issue, prefix: readonly PropertyKey[], knownKeys: readonly string[]): string[] {
  const path = [...prefix, ...issue.path];
  const name = pathText(path);
  const at = (words: string) => [`${name || "the file"} ${words}`];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(path, key, path.length === 0 ? knownKeys : []));
    case "invalid_type":
      return at(mustBe(article(issue.expected), issue.input));
    case "invalid_value":
      return at(mustBe(oneOf(issue.values), issue.input) + nearestOf(issue.input, issue.values));
    case "too_small":
      if (issue.origin === "string" || issue.origin === "array") return at("must not be empty");
      return at(`must be ${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}${got(issue.input)}`);
    case "invalid_key":
      return issue.issues.map((inner) => `${name}: the key ${inner.message}`);
    case "invalid_union":
      return unionProblems(issue, path, knownKeys) ?? [described(name, issue)];
    default:
      return [described(name, issue)];
  }
}

/** Of the allowed shapes the one that was meant: the only one that does not fail at its root. */
function unionProblems(
  issue: Extract<Issue, { code: "invalid_union" }>,
  path: readonly PropertyKey[],
  knownKeys: readonly string[],
): string[] | undefined {
  const meant = issue.errors.filter((inner) => inner.every((each) => !(isShape(each) && each.path.length === 0)));
  const [only] = meant;
  return meant.length === 1 ? only?.flatMap((inner) => problemsOf(inner, path, knownKeys)) : undefined;
}

function isShape(issue: Issue): boolean {
  return issue.code === "invalid_type" || issue.code === "invalid_value";
}

/** Messages of our own schemas begin with a verb: "is not an IANA time zone". */
function described(name: string, issue: Issue): string {
  const words = issue.message === "Invalid input" ? "has a value of the wrong kind" : issue.message;
  return `${name}${/^(is|must|needs) /.test(words) ? " " : ": "}${words}${got(issue.input)}`;
}

function unknownKey(path: readonly PropertyKey[], key: string, known: readonly string[]): string {
  const told = known.length > 0 ? ` (known: ${known.join(", ")})` : "";
  return `${pathText([...path, key])} is not a known key${nearest(key, known)}${told}`;
}

function mustBe(what: string, input: unknown): string {
  return input === undefined ? `is missing; it must be ${what}` : `must be ${what}${got(input)}`;
}

function got(input: unknown): string {
  if (input === undefined) return "";
  const text = input instanceof Date ? input.toISOString() : JSON.stringify(input);
  return text === undefined || text.length > 60 ? "" : `, got ${text}`;
}

const WORDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "a group of keys",
  record: "a group of keys",
  array: "a list",
  null: "null",
};

function article(expected: string): string {
  return WORDS[expected] ?? expected;
}

function oneOf(values: readonly unknown[]): string {
  const told = values.map((value) => JSON.stringify(value));
  return told.length === 1 ? (told[0] ?? "") : `one of ${told.join(", ")}`;
}

function nearestOf(input: unknown, values: readonly unknown[]): string {
  return typeof input === "string" ? nearest(input, values.map(String)) : "";
}
