import { GraphError } from '../graph/graphError';
import { gradients } from '../graph/gradients';
import type { Tensor } from '../graph/tensor';
import type { Adapter, Checkpoint, Parameter } from '../model/types';
import { packedHidden } from './forward';
import { trainHead, type Measured } from './head';
import { pairSymbols } from './pairSymbols';
import type { LossFunction } from './types';
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
 * @throws GraphError `nothing-to-train`
 */
export function trainGraph(
  checkpoint: Checkpoint,
  adapter: Adapter | null,
  weights: ReadonlyMap<string, Parameter>,
  loss: LossFunction,
): TrainGraph {
  const graph = new GraphWeights(checkpoint, adapter, weights);
  const measured: Measured = trainHead(checkpoint.model, graph, packedHidden(checkpoint.model, graph), weights.size > 0);
  const scalarLoss = loss(pairSymbols(measured.sequenceLogps));
  const trained = graph.inputs;
  if (trained.size === 0) throw new GraphError('nothing-to-train', 'Neither an adapter nor full-weight training was asked for');
  const symbols = gradients(scalarLoss, [...trained.values()]);
  // Upper layers' gradients first: the emission wants outputs in the order in which they become available.
  const named = [...trained.keys()].flatMap((name, i) => (symbols[i] ? [[gradientName(name), symbols[i]] as const] : [])).reverse();
  return { outputs: { loss: scalarLoss, ...measured, ...Object.fromEntries(named) }, trained };
}
