/** The most steps of a bisection: they halve an interval beyond what a double can tell. */
const halvings = 200;
const terms = 300;
const tiny = 1e-300;

/**
 * How likely |t| or more is by chance under Student's t distribution: the two-sided p-value.
 *
 * @param freedom degrees of freedom, above 0
 */
export function twoSided(t: number, freedom: number): number {
  return incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
}

/**
 * The t that is exceeded in size with a probability of `p` in (0, 1): about 1.96 for 0.05 and many degrees of freedom.
 */
export function tQuantile(p: number, freedom: number): number {
  let [low, high] = [0, 1];
  while (twoSided(high, freedom) > p) high *= 2;
  for (let i = 0; i < halvings && high - low > 1e-12 * high; i++) {
    const middle = (low + high) / 2;
    if (twoSided(middle, freedom) > p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * The regularised incomplete beta function I_x(a, b), by Lentz's continued fraction (Press et al., Numerical Recipes,
 * 3rd edition, 6.4).
 */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  if (x > (a + 1) / (a + b + 2)) return 1 - (front * betaFraction(1 - x, b, a)) / b;
  return (front * betaFraction(x, a, b)) / a;
}

function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= terms; m++) {
    for (const factor of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / nonZero(1 + factor * d);
      c = nonZero(1 + factor / c);
      fraction *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return fraction;
}

const nonZero = (value: number): number => (Math.abs(value) < tiny ? tiny : value);

/** log Γ(x) for x above 0: Stirling's series, from x = 10 on, where it is exact to 1e-14. */
function logGamma(x: number): number {
  let [shift, z] = [0, x];
  for (; z < 10; z++) shift += Math.log(z);
  const square = 1 / (z * z);
  const series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680))) / z;
  return (z - 0.5) * Math.log(z) - z + Math.log(2 * Math.PI) / 2 + series - shift;
}
