import { MarginError } from '../base/pure/marginError';
import { at } from '../base/pure/must';
import { gradients } from '../graph/gradients';
import type { Tensor } from '../graph/tensor';
import type { Adapter, Checkpoint, Parameter } from '../model/types';
import { Dropout } from './dropout';
import { packedHidden } from './forward';
import { trainHead } from './head';
import { pairSymbols } from './pairSymbols';
import { resultOf, type Results } from './results';
import type { Loss, LossValue, PairSymbols } from './types';
import { GraphWeights } from './weights';

/** A training step as a graph. */
export interface TrainGraph {
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** The trained parameters by name; they are inputs of the graph. */
  readonly trained: ReadonlyMap<string, Tensor>;
}

/** The output that holds the gradient of a parameter. */
export const gradientName = (parameter: string): string => `gradient:${parameter}`;

/**
 * Builds the graph of a training step: forward pass, loss and gradients.
 *
 * @param weights all weights if they are trained; empty if only the adapter is trained
 * @throws MarginError `nothing-to-train` without an adapter and without weights; `no-rule` and `no-gradient` if a
 *   gradient cannot be derived
 */
export function trainGraph(
  checkpoint: Checkpoint,
  adapter: Adapter | null,
  weights: ReadonlyMap<string, Parameter>,
  loss: Loss,
  dropout = new Dropout(0),
): TrainGraph {
  const graph = new GraphWeights(checkpoint, adapter, weights, dropout);
  const options = { full: weights.size > 0, agreement: loss.readsAgreement === true };
  const { measured, sums } = trainHead(checkpoint.model, graph, packedHidden(checkpoint.model, graph), options);
  const { loss: scalarLoss, ...metrics } = lossOutputs(loss, pairSymbols(sums));
  const trained = graph.inputs;
  if (trained.size === 0)
    throw new MarginError('nothing-to-train', 'There is nothing to train: no adapter, and no weights');
  const symbols = gradients(scalarLoss, [...trained.values()]);
  // The backward pass reaches the upper layers first, and outputs are in the order in which they become available.
  const named = [...trained.keys()].map((name, i) => [gradientName(name), at(symbols, i)] as const).reverse();
  return { outputs: { loss: scalarLoss, ...metrics, ...measured, ...Object.fromEntries(named) }, trained };
}

const metricPrefix = 'metric:';

/** A loss and its metrics as outputs of a graph, scalars. */
export function lossOutputs(
  loss: Loss,
  symbols: PairSymbols,
): { readonly loss: Tensor } & Readonly<Record<string, Tensor>> {
  const metrics = loss.metrics
    ? Object.entries(loss.metrics(symbols)).map(([name, value]) => [metricPrefix + name, value])
    : [];
  return { ...Object.fromEntries(metrics), loss: loss.loss(symbols) };
}

/** Reads the results of {@link lossOutputs}. */
export function lossValue(results: Results): LossValue {
  const metrics = Object.entries(results).flatMap(([name, value]) =>
    name.startsWith(metricPrefix) ? [[name.slice(metricPrefix.length), at(value, 0)]] : [],
  );
  return { loss: at(resultOf(results, 'loss'), 0), metrics: Object.fromEntries(metrics) };
}
