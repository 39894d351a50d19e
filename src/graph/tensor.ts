import { MarginError } from '../base/pure/marginError';
import type { Op, OpOfShape } from './ops';
import { broadcast } from './shapes';

/**
 * Element types a graph computes with or reads from files. A byte holds two numbers of four bits, the low half first.
 */
export type Dtype = 'f32' | 'f16' | 'bf16' | 'i64' | 'bool' | 'i8' | 'u8' | 'i4' | 'u4';

/** A known size, or the name of one that is fed at run time ("tokens", "pairs", …). */
export type Dim = number | string;

export type Attribute = number | string | readonly number[];

/** Where the bytes of a frozen weight are: ONNX external data that points into the user's own file. */
export interface ExternalData {
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
}

/**
 * A value of a graph, as a symbol: the op that makes it and the op's inputs. Immutable; a graph is everything that can
 * be reached from its outputs.
 */
export interface Tensor {
  readonly op: Op;
  readonly inputs: readonly Tensor[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly dtype: Dtype;
  readonly shape: readonly Dim[];
  /** Inputs and weights only. */
  readonly name?: string;
  /** Frozen weights only. */
  readonly external?: ExternalData;
  /** Constants only. */
  readonly value?: Float32Array | BigInt64Array;
}

/** The result of an op whose shape the caller works out. */
export function node(
  op: OpOfShape<'given'>,
  inputs: readonly Tensor[],
  shape: readonly Dim[],
  attributes: Tensor['attributes'] = {},
  dtype: Dtype = 'f32',
): Tensor {
  return { op, inputs, attributes, dtype, shape };
}

/** The result of an op that has the shape of its first input. */
export function nodeLikeFirst(
  op: OpOfShape<'first'>,
  inputs: readonly [Tensor, ...Tensor[]],
  attributes: Tensor['attributes'] = {},
  dtype: Dtype = 'f32',
): Tensor {
  return { op, inputs, attributes, dtype, shape: inputs[0].shape };
}

/**
 * The result of an op that broadcasts all its inputs.
 *
 * @throws MarginError `shape-mismatch`
 */
export function broadcastNode(op: OpOfShape<'broadcast'>, inputs: readonly Tensor[], dtype: Dtype = 'f32'): Tensor {
  const shape = inputs.map((one) => one.shape).reduceRight((right, left) => broadcast(op, left, right));
  return { op, inputs, attributes: {}, dtype, shape };
}

/** A tensor fed at each run under `name`. */
export function input(name: string, dtype: Dtype, shape: readonly Dim[]): Tensor {
  return { op: 'Input', inputs: [], attributes: {}, dtype, shape, name };
}

/** A frozen tensor. Its bytes stay in the user's file. */
export function weight(name: string, dtype: Dtype, shape: readonly number[], external: ExternalData): Tensor {
  return { op: 'Weight', inputs: [], attributes: {}, dtype, shape, name, external };
}

/** Numbers that the graph itself holds: f32, or i64 from a BigInt64Array. */
export function constant(value: Float32Array | BigInt64Array, shape: readonly number[]): Tensor {
  const dtype = value instanceof Float32Array ? 'f32' : 'i64';
  return { op: 'Constant', inputs: [], attributes: {}, dtype, shape, value };
}

/** An f32 of shape []. */
export function scalar(value: number): Tensor {
  return constant(Float32Array.of(value), []);
}

/** i64 of shape [values.length]. */
export function integers(values: readonly number[]): Tensor {
  return constant(BigInt64Array.from(values, BigInt), [values.length]);
}

/**
 * The size of an axis that must be known when the graph is built.
 *
 * @param axis counts from the end where it is negative
 * @throws MarginError `unknown-dimension`
 */
export function knownSize(tensor: Tensor, axis: number): number {
  const dim = tensor.shape.at(axis);
  if (typeof dim === 'number') return dim;
  throw new MarginError(
    'unknown-dimension',
    `${tensor.op}: the size of axis ${axis} of [${tensor.shape.join(', ')}] must be known when the graph is built`,
  );
}
