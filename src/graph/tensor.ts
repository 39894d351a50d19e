import { MarginError } from '../base/pure/marginError';

/** Element types a graph computes with or reads from files. Of four bits two lie in a byte, the lower one first. */
export type Dtype = 'f32' | 'f16' | 'bf16' | 'i64' | 'bool' | 'i8' | 'u8' | 'i4' | 'u4';

/** A known size, or the name of one that is fed at run time ("tokens", "pairs", …). */
export type Dim = number | string;

export type Attribute = number | string | readonly number[];

/** Where a frozen weight's bytes lie: ONNX external data, pointing into the user's own file. */
export interface ExternalData {
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
}

/**
 * A value of a graph, as a symbol: the op that makes it and the tensors that go in. Immutable; a graph is whatever is
 * reachable from its outputs.
 */
export interface Tensor {
  readonly op: string;
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

export function node(
  op: string,
  inputs: readonly Tensor[],
  shape: readonly Dim[],
  attributes: Readonly<Record<string, Attribute>> = {},
  dtype: Dtype = 'f32',
): Tensor {
  return { op, inputs, attributes, dtype, shape };
}

/** A tensor fed at each run under `name`. */
export function input(name: string, dtype: Dtype, shape: readonly Dim[]): Tensor {
  return { op: 'Input', inputs: [], attributes: {}, dtype, shape, name };
}

/** A frozen tensor whose bytes stay in the user's file. */
export function weight(name: string, dtype: Dtype, shape: readonly number[], external: ExternalData): Tensor {
  return { op: 'Weight', inputs: [], attributes: {}, dtype, shape, name, external };
}

export function constant(value: Float32Array | BigInt64Array, shape: readonly number[]): Tensor {
  const dtype = value instanceof Float32Array ? 'f32' : 'i64';
  return { op: 'Constant', inputs: [], attributes: {}, dtype, shape, value };
}

export function scalar(value: number): Tensor {
  return constant(Float32Array.of(value), []);
}

export function integers(values: readonly number[]): Tensor {
  return constant(BigInt64Array.from(values, BigInt), [values.length]);
}

/** The size of a dimension that must be known when the graph is built. */
export function known(tensor: Tensor, axis: number): number {
  const dim = tensor.shape.at(axis);
  if (typeof dim === 'number') return dim;
  throw new MarginError(
    'unknown-dimension',
    `${tensor.op}: dimension ${axis} of [${tensor.shape.join(', ')}] must be known`,
  );
}
