import { readWeights } from '../model/readWeights';
import type { Parameter } from '../model/types';
import { Dropout } from './dropout';
import { batchFeeds, parameterFeeds } from './feeds';
import { headChunks } from './head';
import { pairFeeds } from './pairSymbols';
import { Program } from './runtime';
import { gradientName, lossValue, trainGraph } from './trainGraph';
import type { Loss, SessionOptions, TrainSession } from './types';

export interface TrainOptions extends SessionOptions {
  readonly loss: Loss;
  /** Train every weight; else the adapter's. */
  readonly full: boolean;
  /** Drop what the adapter takes, by its own rate. */
  readonly drops?: boolean;
}

/**
 * Forward and backward pass in one graph. Gradients come out as arrays; the optimizer is the caller's.
 *
 * @throws MarginError `nothing-to-train` without an adapter and without `full`
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
  const dropout = new Dropout(drops ? (adapter?.settings.dropout ?? 0) : 0);
  const { outputs, trained } = trainGraph(checkpoint, adapter, replaced, loss, dropout);
  const program = await Program.compile(outputs, { threads, device });
  const parameters = new Map([...replaced, ...(adapter?.parameters ?? [])].filter(([name]) => trained.has(name)));
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
      const result = (name: string): Float32Array => results[name] ?? new Float32Array();
      return {
        ...lossValue(results),
        sequenceLogps: result('sequenceLogps'),
        tokenLogps: result('tokenLogps'),
        entropy: result('entropy'),
        meanLogit: result('meanLogit'),
        top1: result('top1'),
        agreement: result('agreement'),
        gradients: new Map([...trained.keys()].map((name) => [name, result(gradientName(name))])),
      };
    },
    release: () => program.release(),
  };
}
