/** Element types a graph computes with or reads from files. */
export type Dtype = 'f32' | 'f16' | 'bf16' | 'i64' | 'bool';

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
  /** Grows in order of creation, so inputs have smaller ids than what is made from them. */
  readonly id: number;
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
  /** Ops with several outputs: which one this is. */
  readonly output?: number;
}
