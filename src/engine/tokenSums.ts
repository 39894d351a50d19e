import { matmul } from '../graph/algebra';
import { add } from '../graph/elementwise';
import { input, type Tensor } from '../graph/tensor';

/** Sums over tokens that losses are functions of, in nats. A sum that a loss does not read is not part of the graph. */
export interface TokenSums {
  /** [2, pairs, 1] log-probs of answers, weighted by the batch's `emphasis`. */
  readonly sequences: Tensor;
  /** [2, pairs, 1] log-probs of answers, with weight 1 for each token. */
  readonly completions: Tensor;
  /** [1, pairs, 1] log-probs of prompts. */
  readonly prompts: Tensor;
  /** [2, pairs, 1] agreements of answers; null if the head does not compute them. */
  readonly agreements: Tensor | null;
}

/**
 * @param logps one tensor for each chunk of the head, [predictions of the chunk, 1]
 * @param agreements likewise; empty if the head does not compute them
 */
export function tokenSums(logps: readonly Tensor[], agreements: readonly Tensor[]): TokenSums {
  return {
    sequences: sumBy('emphasis', 2, logps),
    completions: sumBy('segments', 2, logps),
    prompts: sumBy('prompts', 1, logps),
    agreements: agreements.length > 0 ? sumBy('segments', 2, agreements) : null,
  };
}

function sumBy(mask: string, parts: number, chunks: readonly Tensor[]): Tensor {
  const sums = chunks.map((chunk, i) =>
    matmul(input(`${mask}${i}`, 'f32', [parts, 'pairs', `predictions${i}`]), chunk),
  );
  return sums.reduce((left, right) => add(left, right));
}
