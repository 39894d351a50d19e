import { gradients } from '../graph/gradients';
import type { Tensor } from '../graph/tensor';
import { GraphError } from '../graph/graphError';
import { readWeights } from '../model/readWeights';
import type { Parameter } from '../model/types';
import { batchFeeds, parameterFeeds } from './feeds';
import { packedHidden } from './forward';
import { headChunks, trainHead } from './head';
import { pairFeeds, pairSymbols } from './pairSymbols';
import { Program } from './runtime';
import type { LossFunction, SessionOptions, TrainSession } from './types';
import { GraphWeights } from './weights';

export interface TrainOptions extends SessionOptions {
  readonly loss: LossFunction;
  /** Train every weight; else the adapter's. */
  readonly full: boolean;
}

/**
 * Forward and backward pass in one graph. Gradients come out as arrays; the optimizer is the caller's.
 *
 * @throws GraphError `nothing-to-train` without an adapter and without `full`
 */
export async function openTrainSession({ checkpoint, adapter, weights, threads, loss, full }: TrainOptions): Promise<TrainSession> {
  const trained: ReadonlyMap<string, Parameter> = full ? (weights ?? (await readWeights(checkpoint))) : new Map();
  const graph = new GraphWeights(checkpoint, adapter, trained);
  const { sequenceLogps, ...rest } = trainHead(checkpoint.config, graph, packedHidden(checkpoint.config, graph), full);
  const scalarLoss = loss(pairSymbols(sequenceLogps));
  const wanted = [...graph.inputs];
  if (wanted.length === 0) throw new GraphError('nothing-to-train', 'Neither an adapter nor full-weight training was asked for');

  const symbols = gradients(scalarLoss, wanted.map(([, tensor]) => tensor));
  // Upper layers' gradients first: the emission keeps the order in which they become available.
  const named = wanted.map(([name], i) => [`gradient:${name}`, symbols[i]] as const).reverse();
  const outputs = { loss: scalarLoss, sequenceLogps, ...rest, ...Object.fromEntries(named) } as Record<string, Tensor>;
  const program = await Program.compile(outputs, { threads });

  const parameters = new Map([...trained, ...(adapter?.parameters ?? [])].filter(([name]) => graph.inputs.has(name)));
  const chunks = headChunks(checkpoint.config);
  return {
    parameters,
    async step(batch, reference) {
      const results = await program.run({
        ...batchFeeds(batch, chunks),
        ...parameterFeeds(graph.inputs, parameters),
        ...pairFeeds(reference, batch.lengths),
      });
      const result = (name: string): Float32Array => results[name] ?? new Float32Array();
      return {
        loss: result('loss')[0] ?? Number.NaN,
        sequenceLogps: result('sequenceLogps'),
        tokenLogps: result('tokenLogps'),
        entropy: result('entropy'),
        meanLogit: result('meanLogit'),
        top1: result('top1'),
        gradients: new Map(wanted.map(([name]) => [name, result(`gradient:${name}`)])),
      };
    },
    release: () => program.release(),
  };
}
