import { at, must } from '../base/pure/must';
import { emissionOrder } from './emission';
import { ProtoWriter } from './protobuf';
import { entryOf, type NodeForm } from './ops';
import { nodeLikeFirst, type Attribute, type Dtype, type Tensor } from './tensor';

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

/**
 * The bytes of an ONNX model (onnx.proto, IR version 10, opset 21) that computes `outputs`. Weights are external data.
 *
 * @param location turns a weight's file into the path that ONNX Runtime resolves
 * @throws MarginError `missing`: a defect in the graph
 */
export function onnxBytes(
  outputs: Readonly<Record<string, Tensor>>,
  location: (file: string) => string = (file) => file,
): Uint8Array {
  const names = new Map<Tensor, string>();
  const outputNames = new Map<Tensor, string>();
  for (const [name, tensor] of Object.entries(outputs)) {
    // A value has one name in ONNX. So an output that is an input, or the same value as another output, is a copy.
    const own =
      outputNames.has(tensor) || tensor.inputs.length === 0
        ? nodeLikeFirst('Identity', [tensor], {}, tensor.dtype)
        : tensor;
    outputNames.set(own, name);
  }
  const graph = new ProtoWriter().string(2, 'margin');
  for (const tensor of emissionOrder([...outputNames.keys()])) {
    emit(graph, tensor, outputNames.get(tensor) ?? tensor.name ?? `t${names.size}`, names, location);
    // ONNX Runtime reuses a freed buffer for the next value of the same size, and looks through all buffers that it has
    // freed. Sizes that it cannot infer never match. Written here, they halve the time to open a training session.
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
  const { onnx: form = {} } = entryOf(tensor.op);
  switch (form) {
    case 'further output':
      names.set(tensor, `${nameOf(at(tensor.inputs, 0), names)}.${Number(tensor.attributes.index)}`);
      return;
    case 'input':
      graph.message(11, valueInfo(name, tensor));
      break;
    case 'initializer':
      graph.message(5, tensorProto(name, tensor, location));
      break;
    default:
      graph.message(1, nodeProto(tensor, form, name, names));
  }
  names.set(tensor, name);
}

function nameOf(tensor: Tensor, names: ReadonlyMap<Tensor, string>): string {
  return must(names.get(tensor), `the name of a ${tensor.op} that another op reads`);
}

/** NodeProto. Its first output has the node's own name, which profiles and error messages show. */
function nodeProto(
  tensor: Tensor,
  { name: operator = tensor.op, domain, inputs, outputs = 1, attributes }: NodeForm,
  name: string,
  names: ReadonlyMap<Tensor, string>,
): ProtoWriter {
  const proto = new ProtoWriter();
  for (const input of tensor.inputs.slice(0, inputs)) proto.string(1, nameOf(input, names));
  for (let i = 0; i < outputs; i++) proto.string(2, i === 0 ? name : `${name}.${i}`);
  proto.string(3, name).string(4, operator);
  if (attributes !== false)
    for (const [key, value] of Object.entries(tensor.attributes)) proto.message(5, attributeProto(key, value));
  return domain === undefined ? proto : proto.string(7, domain);
}

/** AttributeProto: FLOAT 1, INT 2, STRING 3, INTS 7. Of the ops' numbers only `alpha` and `epsilon` are floats. */
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
