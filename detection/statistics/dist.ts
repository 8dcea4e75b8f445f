// Distribution functions and quantiles of the counts and rates detection works with.
// Accuracy about 1e-12 relative in the bodies (tests hold 1e-9 against independent formulas).

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** log Γ(x) for x > 0. Lanczos 1964 with g = 7, n = 9 (coefficients by Godfrey 2001). */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - logGamma(1 - x);
  const z = x - 1;
  let sum = LANCZOS[0] ?? 0;
  for (let i = 1; i < LANCZOS.length; i++) sum += (LANCZOS[i] ?? 0) / (z + i);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** P(X <= x) of a gamma variable with this shape and scale 1. Series and continued fraction: Press et al. 2007, §6.2. */
export function gammaCdf(x: number, shape: number): number {
  if (!(x > 0)) return 0;
  if (!Number.isFinite(x)) return 1;
  return x < shape + 1 ? gammaSeries(x, shape) : 1 - gammaFraction(x, shape);
}

function gammaUpperTail(x: number, shape: number): number {
  if (!(x > 0)) return 1;
  return x < shape + 1 ? 1 - gammaSeries(x, shape) : gammaFraction(x, shape);
}

function gammaSeries(x: number, shape: number): number {
  let term = 1 / shape;
  let sum = term;
  for (let n = 1; n < 100_000; n++) {
    term *= x / (shape + n);
    sum += term;
    if (term < sum * 1e-16) break;
  }
  return sum * Math.exp(-x + shape * Math.log(x) - logGamma(shape));
}

function gammaFraction(x: number, shape: number): number {
  const tiny = 1e-300;
  let b = x + 1 - shape;
  let c = 1 / tiny;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 100_000; i++) {
    const an = -i * (i - shape);
    b += 2;
    d = an * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + an / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return h * Math.exp(-x + shape * Math.log(x) - logGamma(shape));
}

/** P(Z <= z) of the standard normal, tails included, through the incomplete gamma function. */
export function normalCdf(z: number): number {
  const half = 0.5 * gammaUpperTail((z * z) / 2, 0.5);
  return z < 0 ? half : 1 - half;
}

/** The z with P(Z <= z) = p, 0 < p < 1. Abramowitz & Stegun 1964, 26.2.23 as the start, then Halley steps. */
export function normalQuantile(p: number): number {
  if (!(p > 0)) return Number.NEGATIVE_INFINITY;
  if (!(p < 1)) return Number.POSITIVE_INFINITY;
  const tail = Math.min(p, 1 - p);
  const t = Math.sqrt(-2 * Math.log(tail));
  const start = t - (2.515517 + t * (0.802853 + 0.010328 * t)) / (1 + t * (1.432788 + t * (0.189269 + 0.001308 * t)));
  let z = -start;
  for (let i = 0; i < 4; i++) {
    const step = ((normalCdf(z) - tail) * Math.sqrt(2 * Math.PI)) / Math.exp((-z * z) / 2);
    z -= step / (1 + (z * step) / 2);
  }
  return p < 0.5 ? z : -z;
}

/** The x with P(X <= x) = p of a gamma variable with this shape and scale 1. Wilson & Hilferty 1931, then bracketed Newton. */
export function gammaQuantile(p: number, shape: number): number {
  if (!(p > 0)) return 0;
  if (!(p < 1)) return Number.POSITIVE_INFINITY;
  const cube = 1 - 1 / (9 * shape) + normalQuantile(p) / (3 * Math.sqrt(shape));
  let x = shape * cube ** 3;
  if (!(x > 0) || shape < 0.5) x = Math.exp((Math.log(p) + logGamma(shape + 1)) / shape);
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 200; i++) {
    const excess = gammaCdf(x, shape) - p;
    if (excess > 0) high = x;
    else low = x;
    const density = Math.exp((shape - 1) * Math.log(x) - x - logGamma(shape));
    let next = x - excess / density;
    if (!(next > low && next < high)) next = Number.isFinite(high) ? (low + high) / 2 : x * 2;
    if (Math.abs(next - x) <= 1e-14 * x) return next;
    x = next;
  }
  return x;
}

/** P(N <= n) of a Poisson variable, through the incomplete gamma function. */
export function poissonCdf(n: number, mean: number): number {
  if (n < 0) return 0;
  return mean > 0 ? gammaUpperTail(mean, Math.floor(n) + 1) : 1;
}

/**
 * P(N <= n) of a negative binomial count with this mean and `dispersion` = variance / mean (>= 1; 1 is Poisson).
 * Size = mean / (dispersion - 1); incomplete beta function by Lentz's continued fraction (Press et al. 2007, §6.4).
 */
export function negativeBinomialCdf(n: number, mean: number, dispersion: number): number {
  if (n < 0) return 0;
  if (!(mean > 0)) return 1;
  if (dispersion < 1 + 1e-9) return poissonCdf(n, mean);
  return betaCdf(1 / dispersion, mean / (dispersion - 1), Math.floor(n) + 1);
}

/** P(X <= x) of a beta variable. */
export function betaCdf(x: number, a: number, b: number): number {
  if (!(x > 0)) return 0;
  if (!(x < 1)) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1), tiny);
  let h = d;
  for (let m = 1; m < 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d, tiny);
    c = nonZero(1 + even / c, tiny);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d, tiny);
    c = nonZero(1 + odd / c, tiny);
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return h;
}

function nonZero(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}

/** Smallest n with P(N <= n) >= p of a Poisson variable. */
export function poissonQuantile(p: number, mean: number): number {
  return negativeBinomialQuantile(p, mean, 1);
}

/** Smallest n with P(N <= n) >= p of a negative binomial count (mean, variance / mean), by bisection from a normal bracket. */
export function negativeBinomialQuantile(p: number, mean: number, dispersion: number): number {
  if (!(p > 0) || !(mean > 0)) return 0;
  if (!(p < 1)) return Number.POSITIVE_INFINITY;
  const spread = Math.sqrt(mean * Math.max(1, dispersion));
  let low = -1;
  let high = Math.max(1, Math.ceil(mean + normalQuantile(p) * spread));
  while (negativeBinomialCdf(high, mean, dispersion) < p) {
    low = high;
    high = Math.ceil(high + spread + 1);
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (negativeBinomialCdf(middle, mean, dispersion) >= p) high = middle;
    else low = middle;
  }
  return high;
}
