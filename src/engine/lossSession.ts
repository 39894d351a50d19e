import { input, type Tensor } from '../graph/tensor';
import { batchFeeds, chunkSpan } from './feeds';
import type { HeadChunks } from './head';
import { pairFeeds, pairSymbols } from './pairSymbols';
import { f32, Program, type Feeds } from './runtime';
import { tokenSums } from './tokenSums';
import { lossOutputs, lossValue } from './trainGraph';
import type { BatchMeasures, Loss, LossValue, PackedBatch, PairSymbols } from './types';

export interface LossSession {
  /** @param reference [2·pairs] */
  value(batch: PackedBatch, measures: BatchMeasures, reference: Float32Array): Promise<LossValue>;
  release(): Promise<void>;
}

/** A loss by itself, of log-probs already at hand: what an evaluation needs. The same bits as in a training step. */
export async function openLossSession(loss: Loss, chunks: HeadChunks): Promise<LossSession> {
  const program = await Program.compile(lossOutputs(loss, givenSymbols(loss, chunks.count)), { threads: 1 });
  return {
    async value(batch, measures, reference) {
      return lossValue(
        await program.run({
          ...batchFeeds(batch, chunks),
          ...pairFeeds(batch, reference),
          ...tokenFeeds(batch, measures, chunks),
        }),
      );
    },
    release: () => program.release(),
  };
}

/** Names of what a loss logs besides itself. */
export function lossMetricNames(loss: Loss): string[] {
  return Object.keys(loss.metrics?.(givenSymbols(loss, 1)) ?? {});
}

/** What a loss sees of log-probs that come in so many chunks. */
function givenSymbols({ readsAgreement }: Loss, chunks: number): PairSymbols {
  const chunked = (name: string): Tensor[] =>
    Array.from({ length: chunks }, (_, i) => input(`${name}${i}`, 'f32', [`predictions${i}`, 1]));
  return pairSymbols(tokenSums(chunked('tokenLogps'), readsAgreement ? chunked('agreement') : []));
}

function tokenFeeds({ predictions }: PackedBatch, { tokenLogps, agreement }: BatchMeasures, chunks: HeadChunks): Feeds {
  const feeds: Feeds = {};
  for (let i = 0; i < chunks.count; i++) {
    const { start, end } = chunkSpan(predictions, chunks, i);
    feeds[`tokenLogps${i}`] = f32(tokenLogps.slice(start, end), [end - start, 1]);
    if (agreement.length > 0) feeds[`agreement${i}`] = f32(agreement.slice(start, end), [end - start, 1]);
  }
  return feeds;
}
