import { input, type Tensor } from '../graph/tensor';
import { batchFeeds, chunkRange } from './feeds';
import type { HeadChunks } from './head';
import { pairFeeds, pairSymbols } from './pairSymbols';
import { f32, Program, type Feeds } from './runtime';
import { tokenSums } from './tokenSums';
import { lossOutputs, lossValue } from './trainGraph';
import type { BatchMeasures, Loss, LossValue, PackedBatch, PairSymbols } from './types';

/** A loss without a model. */
export interface LossSession {
  /**
   * The loss of a batch and its metrics.
   *
   * @param measures the batch's log-probs under the policy, from a measure session
   * @param reference [2·pairs] log-probs of the sequences under the reference, nats
   */
  value(batch: PackedBatch, measures: BatchMeasures, reference: Float32Array): Promise<LossValue>;
  release(): Promise<void>;
}

/**
 * Opens a session that computes a loss from log-probs, as an evaluation needs it. The results are the same bits as in a
 * training step.
 *
 * @param chunks those of the head that the log-probs come from
 */
export async function openLossSession(loss: Loss, chunks: HeadChunks): Promise<LossSession> {
  const program = await Program.compile(lossOutputs(loss, inputSymbols(loss, chunks.count)), { threads: 1 });
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

/** The names of the metrics that a loss logs. */
export function lossMetricNames(loss: Loss): string[] {
  return loss.metrics ? Object.keys(loss.metrics(inputSymbols(loss, 1))) : [];
}

/** The symbols of a loss whose log-probs are inputs of the graph. @param chunks of the head */
function inputSymbols({ readsAgreement }: Loss, chunks: number): PairSymbols {
  const chunked = (name: string): Tensor[] =>
    Array.from({ length: chunks }, (_, i) => input(`${name}${i}`, 'f32', [`predictions${i}`, 1]));
  return pairSymbols(tokenSums(chunked('tokenLogps'), readsAgreement ? chunked('agreement') : []));
}

function tokenFeeds({ predictions }: PackedBatch, { tokenLogps, agreement }: BatchMeasures, chunks: HeadChunks): Feeds {
  const feeds: Feeds = {};
  for (let i = 0; i < chunks.count; i++) {
    const { start, end } = chunkRange(predictions, chunks, i);
    feeds[`tokenLogps${i}`] = f32(tokenLogps.slice(start, end), [end - start, 1]);
    if (agreement.length > 0) feeds[`agreement${i}`] = f32(agreement.slice(start, end), [end - start, 1]);
  }
  return feeds;
}
