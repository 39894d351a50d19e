import { batchFeeds, parameterFeeds } from '../../src/engine/feeds';
import { headChunks } from '../../src/engine/head';
import { packPairs } from '../../src/engine/packPairs';
import { pairFeeds } from '../../src/engine/pairSymbols';
import { seededRandom } from '../../src/base/pure/seededRandom';
import { trainGraph } from '../../src/engine/trainGraph';
import type { Loss, TokenizedPair } from '../../src/engine/types';
import type { Adapter, Checkpoint } from '../../src/model/types';
import { profiled, timeOf, type Kernel } from './profile';

/** Time of a training step on one pair, in milliseconds per token. */
export interface TokenCost {
  /** Tokens of the pair. */
  readonly tokens: number;
  readonly attention: number;
  /** All other kernels. */
  readonly rest: number;
}

/**
 * Measures a step on a pair of each length with ONNX Runtime's profile. The first run of each pages the weights in and
 * does not count.
 */
export async function tokenCosts(
  checkpoint: Checkpoint,
  adapter: Adapter,
  loss: Loss,
  lengths: readonly number[],
): Promise<TokenCost[]> {
  const costs: TokenCost[] = [];
  for (const length of lengths) costs.push(await tokenCost(checkpoint, adapter, loss, length));
  return costs;
}

async function tokenCost(checkpoint: Checkpoint, adapter: Adapter, loss: Loss, length: number): Promise<TokenCost> {
  const { outputs, trained } = trainGraph(checkpoint, adapter, new Map(), loss);
  const batch = packPairs([noise(length, checkpoint.model.vocabSize)]);
  const feeds = {
    ...batchFeeds(batch, headChunks(checkpoint.model)),
    ...parameterFeeds(trained, adapter.parameters),
    ...pairFeeds(batch, new Float32Array(2)),
  };
  const kernels = await profiled(outputs, feeds);
  const time = (wanted: boolean): number =>
    timeOf(kernels.filter((kernel) => isAttention(kernel) === wanted)) / batch.tokens;
  return { tokens: batch.tokens, attention: time(true), rest: time(false) };
}

/** A pair of random tokens: half prompt, a quarter for each answer. The answers share no token. */
function noise(length: number, vocabulary: number): TokenizedPair {
  const random = seededRandom(length);
  const ids = (count: number, from: number): number[] =>
    Array.from({ length: count }, () => from + Math.floor((random() * vocabulary) / 2));
  return {
    prompt: ids(length / 2, 0),
    chosen: ids(length / 4, 0),
    rejected: ids(length / 4, Math.floor(vocabulary / 2)),
  };
}

/** Only attention has values with more than three axes (`engine/attention.ts`). */
const isAttention = ({ shape }: Kernel): boolean => shape.length > 3;
