import { MarginError } from '../base/pure/marginError';
import { gradients } from '../graph/gradients';
import type { Tensor } from '../graph/tensor';
import type { Adapter, Checkpoint, Parameter } from '../model/types';
import { Dropout } from './dropout';
import { packedHidden } from './forward';
import { trainHead } from './head';
import { pairSymbols } from './pairSymbols';
import type { Loss, LossValue, PairSymbols } from './types';
import { GraphWeights } from './weights';

/** A training step as symbols. */
export interface TrainGraph {
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** What is trained, by name: inputs of the graph. */
  readonly trained: ReadonlyMap<string, Tensor>;
}

/** The output that holds the gradient of a parameter. */
export const gradientName = (parameter: string): string => `gradient:${parameter}`;

/**
 * Forward pass, loss and gradients in one graph.
 *
 * @param weights every weight, where all are trained; else empty
 * @throws MarginError `nothing-to-train`
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
    throw new MarginError('nothing-to-train', 'Neither an adapter nor full-weight training was asked for');
  const symbols = gradients(scalarLoss, [...trained.values()]);
  // Upper layers' gradients first: the emission wants outputs in the order in which they become available.
  const named = [...trained.keys()]
    .flatMap((name, i) => (symbols[i] ? [[gradientName(name), symbols[i]] as const] : []))
    .reverse();
  return { outputs: { loss: scalarLoss, ...metrics, ...measured, ...Object.fromEntries(named) }, trained };
}

const metricPrefix = 'metric:';

/** A loss and its metrics as a graph's outputs. */
export function lossOutputs(
  loss: Loss,
  symbols: PairSymbols,
): { readonly loss: Tensor } & Readonly<Record<string, Tensor>> {
  const metrics = Object.entries(loss.metrics?.(symbols) ?? {}).map(([name, value]) => [metricPrefix + name, value]);
  return { ...Object.fromEntries(metrics), loss: loss.loss(symbols) };
}

/** What a graph with {@link lossOutputs} gave for them. */
export function lossValue(results: Readonly<Record<string, Float32Array>>): LossValue {
  const metrics = Object.entries(results).flatMap(([name, value]) =>
    name.startsWith(metricPrefix) ? [[name.slice(metricPrefix.length), value[0] ?? Number.NaN]] : [],
  );
  return { loss: results.loss?.[0] ?? Number.NaN, metrics: Object.fromEntries(metrics) };
}
