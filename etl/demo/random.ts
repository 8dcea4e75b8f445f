// Seeded randomness with independent sub-streams: what one product or order draws never shifts what another draws,
// so two runs that differ in one episode differ only where the episode bites.

const GOLDEN = 0x9e3779b9;

function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return (h ^ (h >>> 15)) >>> 0;
}

/** 32-bit hash of a few integers; the order matters. */
export function hashOf(...keys: readonly number[]): number {
  let h = 0x2545f491;
  for (const key of keys) {
    h = mix(h ^ mix((key >>> 0) + GOLDEN));
    h = mix(h + Math.floor(key / 4294967296));
  }
  return h >>> 0;
}

/** xoshiro128** (Blackman and Vigna 2018), seeded by splitmix32 from a hash of the given keys. */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private d: number;
  private spareNormal: number | null = null;

  constructor(...keys: readonly number[]) {
    const seed = hashOf(...keys);
    this.a = mix(seed + GOLDEN);
    this.b = mix(seed + 2 * GOLDEN);
    this.c = mix(seed + 3 * GOLDEN);
    this.d = mix(seed + 4 * GOLDEN) | 1;
  }

  /** Uniform in [0, 1). */
  next(): number {
    const x = Math.imul(this.b, 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
    const t = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= t;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result / 4294967296;
  }

  /** Integer in [0, below). */
  int(below: number): number {
    return Math.floor(this.next() * below);
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** @throws RangeError when there is nothing to pick from. */
  pick<T>(values: readonly T[]): T {
    const value = values[this.int(values.length)];
    if (value === undefined) throw new RangeError("Nothing to pick from: the list is empty");
    return value;
  }

  /** Index drawn with these weights (any positive scale). */
  weighted(weights: ArrayLike<number>): number {
    let total = 0;
    for (let i = 0; i < weights.length; i++) total += weights[i] ?? 0;
    let rest = this.next() * total;
    for (let i = 0; i < weights.length; i++) {
      rest -= weights[i] ?? 0;
      if (rest < 0) return i;
    }
    return weights.length - 1;
  }

  normal(): number {
    if (this.spareNormal !== null) {
      const spare = this.spareNormal;
      this.spareNormal = null;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    const angle = 2 * Math.PI * this.next();
    this.spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Log-normal with this median. */
  lognormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal());
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  /** Gamma with this shape and mean (Marsaglia and Tsang 2000). */
  gamma(shape: number, mean: number): number {
    if (shape < 1) return this.gamma(shape + 1, (mean * (shape + 1)) / shape) * this.next() ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(1 - this.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
        return (d * v * mean) / shape;
      }
    }
  }

  poisson(mean: number): number {
    if (mean <= 0) return 0;
    if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    const limit = Math.exp(-mean);
    let product = this.next();
    let count = 0;
    while (product > limit) {
      count++;
      product *= this.next();
    }
    return count;
  }
}

/** First keys of the streams: one number for each kind of draw. */
export const STREAM = {
  catalogue: 1,
  demand: 2,
  order: 3,
  customer: 4,
  delivery: 5,
  returns: 6,
  wobble: 7,
  tickets: 8,
  service: 9,
  text: 10,
  survey: 11,
  repurchase: 12,
  record: 13,
} as const;
