// Reads a PNG's pixels (8-bit RGB or RGBA, not interlaced) so that a test can say what a picture shows.
import { inflateSync } from "node:zlib";

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** How many pixels have each colour, keyed `#rrggbb`. */
  readonly colours: ReadonlyMap<string, number>;
}

/** Throws where the bytes are no PNG of that kind. */
export function readPng(bytes: Uint8Array): Pixels {
  const data = Buffer.from(bytes);
  if (data.subarray(0, 8).toString("hex") !== "89504e470d0a1a0a") throw new Error("not a PNG: the signature is wrong");
  const [width, height, depth, type] = [data.readUInt32BE(16), data.readUInt32BE(20), data[24], data[25]];
  const channels = type === 6 ? 4 : type === 2 ? 3 : 0;
  if (depth !== 8 || channels === 0)
    throw new Error(`a PNG of depth ${depth} and colour type ${type} is not read here`);
  const parts: Buffer[] = [];
  for (let at = 8; at < data.length; at += 12 + data.readUInt32BE(at)) {
    if (data.toString("latin1", at + 4, at + 8) === "IDAT")
      parts.push(data.subarray(at + 8, at + 8 + data.readUInt32BE(at)));
  }
  return { width, height, colours: countColours(inflateSync(Buffer.concat(parts)), width, height, channels) };
}

function countColours(raw: Buffer, width: number, height: number, channels: number): Map<string, number> {
  const stride = width * channels;
  const colours = new Map<string, number>();
  let above = Buffer.alloc(stride);
  for (let row = 0; row < height; row += 1) {
    const start = row * (stride + 1);
    const line = Buffer.from(raw.subarray(start + 1, start + 1 + stride));
    unfilter(line, above, raw[start] ?? 0, channels);
    for (let at = 0; at < stride; at += channels) {
      const colour = `#${line.toString("hex", at, at + 3)}`;
      colours.set(colour, (colours.get(colour) ?? 0) + 1);
    }
    above = line;
  }
  return colours;
}

function unfilter(line: Buffer, above: Buffer, filter: number, channels: number): void {
  for (let at = 0; at < line.length; at += 1) {
    const left = at >= channels ? (line[at - channels] ?? 0) : 0;
    const up = above[at] ?? 0;
    const corner = at >= channels ? (above[at - channels] ?? 0) : 0;
    const predicted = [0, left, up, Math.floor((left + up) / 2), paeth(left, up, corner)][filter] ?? 0;
    line[at] = ((line[at] ?? 0) + predicted) & 0xff;
  }
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [dLeft, dUp, dCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (dLeft <= dUp && dLeft <= dCorner) return left;
  return dUp <= dCorner ? up : corner;
}
