// The bytes of one JSON value while they arrive, and the error that tells where a text broke.

/** The text breaks off or closes wrongly; nothing after `offset` was read. */
export class JsonBreakError extends Error {
  readonly offset: number;
  readonly raw: string;
  constructor(message: string, offset: number, raw: string) {
    super(message);
    this.name = "JsonBreakError";
    this.offset = offset;
    this.raw = raw;
  }
}

export interface Capture {
  readonly depth: number;
  readonly offset: number;
  parts: Buffer[];
  size: number;
  /** Where in the current chunk it goes on. */
  from: number;
}

/** Line breaks and other control bytes mean nothing between JSON tokens; inside strings they are a writer's error. */
export function onOneLine(record: Buffer): Buffer {
  for (let at = 0; at < record.length; at += 1) if ((record[at] as number) < 32) record[at] = 32;
  return record;
}

export function rawOf(capture: Capture | undefined): string {
  return capture ? Buffer.concat(capture.parts).subarray(0, 2000).toString("utf8") : "";
}
