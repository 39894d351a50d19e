import { emissionOrder } from './emission';
import { ProtoWriter } from './protobuf';
import { node, type Attribute, type Dtype, type Tensor } from './tensor';

/** TensorProto.DataType of onnx.proto. */
const dataTypes: Readonly<Record<Dtype, number>> = {
  f32: 1,
  u8: 2,
  i8: 3,
  i64: 7,
  bool: 9,
  f16: 10,
  bf16: 16,
  u4: 21,
  i4: 22,
};

/** Ops of ONNX Runtime's own domain; all others are ONNX's. */
const microsoft = new Set(['MatMulNBits', 'QuickGelu', 'RotaryEmbedding']);

/** Symbols whose kernel has another name, and how many of their inputs the kernel takes. */
const kernels: Readonly<Record<string, { op: string; inputs: number }>> = {
  PermuteRows: { op: 'Gather', inputs: 2 },
  WithDirection: { op: 'Identity', inputs: 1 },
  Detach: { op: 'Identity', inputs: 1 },
  RotaryEmbedding: { op: 'RotaryEmbedding', inputs: 4 },
};

/** Attributes that are ours alone: Slice's and Pad's places are inputs in ONNX. */
const withoutAttributes = new Set(['Slice', 'Pad', 'PermuteRows', 'WithDirection']);

/** Kernels with more outputs than the first, which symbols reach as `Output`. */
const outputCounts: Readonly<Record<string, number>> = { LayerNormalization: 3, Split: 2 };

/**
 * The bytes of an ONNX model (onnx.proto, IR version 10, opset 21) that computes `outputs`. Weights are external data:
 * `location` turns a weight's file into the path that ONNX Runtime resolves.
 */
export function onnxBytes(
  outputs: Readonly<Record<string, Tensor>>,
  location: (file: string) => string = (file) => file,
): Uint8Array {
  const names = new Map<Tensor, string>();
  const outputNames = new Map<Tensor, string>();
  for (const [name, tensor] of Object.entries(outputs)) {
    // ONNX gives a value one name, so a second output of the same value, or an input's, is a copy.
    const own =
      outputNames.has(tensor) || tensor.inputs.length === 0
        ? node('Identity', [tensor], tensor.shape, {}, tensor.dtype)
        : tensor;
    outputNames.set(own, name);
  }
  const graph = new ProtoWriter().string(2, 'margin');
  for (const tensor of emissionOrder([...outputNames.keys()])) {
    emit(graph, tensor, outputNames.get(tensor) ?? tensor.name ?? `t${names.size}`, names, location);
    // ONNX Runtime gives a buffer on to the next value of its size, but looks for one among all it ever let go. Sizes
    // that it cannot work out never match: told to it, they halve the time to open a training session.
    if (isComputed(tensor) && !outputNames.has(tensor)) graph.message(13, valueInfo(nameOf(tensor, names), tensor));
  }
  for (const [name, tensor] of Object.entries(outputs)) graph.message(12, valueInfo(name, tensor));
  const opset = (domain: string, version: number): ProtoWriter =>
    new ProtoWriter().string(1, domain).varint(2, version);
  return new ProtoWriter()
    .varint(1, 10)
    .string(2, 'margin')
    .message(7, graph)
    .message(8, opset('', 21))
    .message(8, opset('com.microsoft', 1))
    .finish();
}

const isComputed = ({ inputs }: Tensor): boolean => inputs.length > 0;

function emit(
  graph: ProtoWriter,
  tensor: Tensor,
  name: string,
  names: Map<Tensor, string>,
  location: (file: string) => string,
): void {
  switch (tensor.op) {
    case 'Output':
      names.set(tensor, `${nameOf(tensor.inputs[0] ?? tensor, names)}.${Number(tensor.attributes.index)}`);
      return;
    case 'Input':
      graph.message(11, valueInfo(name, tensor));
      break;
    case 'Weight':
    case 'Constant':
      graph.message(5, tensorProto(name, tensor, location));
      break;
    default: {
      const inputs = tensor.inputs.slice(0, kernels[tensor.op]?.inputs).map((input) => nameOf(input, names));
      const outputs = Array.from({ length: outputCounts[tensor.op] ?? 1 }, (_, i) => (i === 0 ? name : `${name}.${i}`));
      const attributes = withoutAttributes.has(tensor.op) ? {} : tensor.attributes;
      graph.message(1, nodeProto(kernels[tensor.op]?.op ?? tensor.op, inputs, outputs, attributes));
    }
  }
  names.set(tensor, name);
}

function nameOf(tensor: Tensor, names: ReadonlyMap<Tensor, string>): string {
  return names.get(tensor) ?? '';
}

function nodeProto(
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>>,
): ProtoWriter {
  const proto = new ProtoWriter();
  for (const name of inputs) proto.string(1, name);
  for (const name of outputs) proto.string(2, name);
  // The first output's name is the node's, by which profiles and error messages speak of it.
  proto.string(3, outputs[0] ?? op).string(4, op);
  for (const [name, value] of Object.entries(attributes)) proto.message(5, attributeProto(name, value));
  return microsoft.has(op) ? proto.string(7, 'com.microsoft') : proto;
}

/** AttributeProto: FLOAT 1, INT 2, STRING 3, INTS 7. Only `alpha` and `epsilon` are floats in the ops in use. */
function attributeProto(name: string, value: Attribute): ProtoWriter {
  const proto = new ProtoWriter().string(1, name);
  if (typeof value === 'string') return proto.string(4, value).varint(20, 3);
  if (typeof value !== 'number') {
    for (const item of value) proto.varint(8, item);
    return proto.varint(20, 7);
  }
  return name === 'alpha' || name === 'epsilon'
    ? proto.float(2, value).varint(20, 1)
    : proto.varint(3, value).varint(20, 2);
}

function valueInfo(name: string, { dtype, shape }: Tensor): ProtoWriter {
  const dims = new ProtoWriter();
  for (const dim of shape) {
    dims.message(1, typeof dim === 'number' ? new ProtoWriter().varint(1, dim) : new ProtoWriter().string(2, dim));
  }
  const type = new ProtoWriter().message(1, new ProtoWriter().varint(1, dataTypes[dtype]).message(2, dims));
  return new ProtoWriter().string(1, name).message(2, type);
}

function tensorProto(
  name: string,
  { dtype, shape, value, external }: Tensor,
  location: (file: string) => string,
): ProtoWriter {
  const proto = new ProtoWriter();
  for (const dim of shape) proto.varint(1, typeof dim === 'number' ? dim : 0);
  proto.varint(2, dataTypes[dtype]).string(8, name);
  if (value) proto.bytes(9, new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  if (!external) return proto;
  const entries = {
    location: location(external.file),
    offset: String(external.offset),
    length: String(external.bytes),
  };
  for (const [key, text] of Object.entries(entries))
    proto.message(13, new ProtoWriter().string(1, key).string(2, text));
  return proto.varint(14, 1);
}
