import { readWeights } from '../model/readWeights';
import type { Parameter } from '../model/types';
import { Dropout } from './dropout';
import { batchFeeds, parameterFeeds, parametersOf } from './feeds';
import { headChunks } from './head';
import { pairFeeds } from './pairSymbols';
import { measuresOf, resultOf } from './results';
import { Program } from './runtime';
import { gradientName, lossValue, trainGraph } from './trainGraph';
import type { Loss, SessionOptions, TrainSession } from './types';

export interface TrainOptions extends SessionOptions {
  readonly loss: Loss;
  /** Trains all weights; otherwise the adapter. */
  readonly full: boolean;
  /** Applies the adapter's dropout. False if left out. */
  readonly drops?: boolean;
}

/**
 * Opens a session whose step runs the forward and the backward pass in one graph. The caller applies the gradients.
 *
 * @throws MarginError `nothing-to-train` without an adapter and without `full`; `missing-weight`, `no-device`
 */
export async function openTrainSession({
  checkpoint,
  adapter,
  weights,
  threads,
  device,
  loss,
  full,
  drops = false,
}: TrainOptions): Promise<TrainSession> {
  const replaced: ReadonlyMap<string, Parameter> = full ? (weights ?? (await readWeights(checkpoint))) : new Map();
  // Without an adapter there is no module whose input could be dropped.
  const dropout = new Dropout(drops && adapter ? adapter.settings.dropout : 0);
  const { outputs, trained } = trainGraph(checkpoint, adapter, replaced, loss, dropout);
  const program = await Program.compile(outputs, { threads, device });
  const parameters = new Map([...parametersOf(replaced, adapter)].filter(([name]) => trained.has(name)));
  const chunks = headChunks(checkpoint.model);
  return {
    parameters,
    async step(batch, reference, seed = 0) {
      const results = await program.run({
        ...batchFeeds(batch, chunks),
        ...parameterFeeds(trained, parameters),
        ...pairFeeds(batch, reference),
        ...dropout.feeds(batch.tokens, seed),
      });
      return {
        ...lossValue(results),
        ...measuresOf(results, { agreement: loss.readsAgreement === true }),
        gradients: new Map([...trained.keys()].map((name) => [name, resultOf(results, gradientName(name))])),
      };
    },
    release: () => program.release(),
  };
}
