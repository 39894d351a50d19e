import { at } from '../../base/pure/must';

/** Up to this many items are drawn one by one. */
const drawnEach = 5000;
/** A binomial number with a larger variance is drawn as a normal one. */
const normalVariance = 100;

/**
 * Draws as many items as there are, with replacement: how often each pattern is drawn.
 *
 * @param counts [patterns] the number of items of each pattern
 * @param random in [0, 1)
 */
export function resampled(counts: readonly number[], random: () => number): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return total <= drawnEach ? drawn(counts, total, random) : multinomial(counts, total, random);
}

function drawn(counts: readonly number[], total: number, random: () => number): Float64Array {
  const patternOf = new Uint32Array(total);
  let end = 0;
  for (const [pattern, count] of counts.entries()) {
    patternOf.fill(pattern, end, end + count);
    end += count;
  }
  const times = new Float64Array(counts.length);
  for (let i = 0; i < total; i++) {
    const pattern = at(patternOf, Math.floor(random() * total));
    times[pattern] = at(times, pattern) + 1;
  }
  return times;
}

/** Each pattern's number is binomial, given those before it. */
function multinomial(counts: readonly number[], total: number, random: () => number): Float64Array {
  let [left, leftCount] = [total, total];
  return Float64Array.from(counts, (count) => {
    const number = leftCount === 0 ? 0 : binomial(left, count / leftCount, random);
    left -= number;
    leftCount -= count;
    return number;
  });
}

function binomial(trials: number, probability: number, random: () => number): number {
  if (probability >= 1) return trials;
  if (probability > 0.5) return trials - binomial(trials, 1 - probability, random);
  const variance = trials * probability * (1 - probability);
  if (variance > normalVariance) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const number = Math.round(trials * probability + normal * Math.sqrt(variance));
    return Math.min(trials, Math.max(0, number));
  }
  if (probability === 0) return 0;
  // Jumps from one success to the next: the gaps are geometric.
  const scale = Math.log(1 - probability);
  let successes = -1;
  for (let trial = 0; trial <= trials; successes++) trial += Math.floor(Math.log(1 - random()) / scale) + 1;
  return successes;
}
