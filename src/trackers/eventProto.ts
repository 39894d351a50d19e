import { PbfReader, PbfWriter } from 'pbf';

/**
 * The messages `Event` and `Summary` of TensorBoard, as far as they carry numbers and texts. Field numbers are those of
 * tensorboard/compat/proto/event.proto, summary.proto and tensor.proto.
 */

/** A value of a summary. `value` null: an image, a histogram or another kind that is not read. */
export interface SummaryValue {
  readonly tag: string;
  readonly value: number | string | null;
}

export interface SummaryEvent {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step: number;
  readonly values: readonly SummaryValue[];
}

type Open<T> = { -readonly [K in keyof T]: T[K] };

/** What `DataType` says of a tensor with one number or text. */
const dtypes = { float: 1, double: 2, int32: 3, string: 7, int64: 9 } as const;

/** @throws Error if the bytes are not such a message */
export function readEvent(data: Uint8Array): SummaryEvent {
  const event: Open<SummaryEvent> & { values: SummaryValue[] } = { wallTime: 0, step: 0, values: [] };
  return new PbfReader(data).readFields((field, to, reader) => {
    if (field === 1) to.wallTime = reader.readDouble();
    else if (field === 2) to.step = reader.readVarint(true);
    else if (field === 5) reader.readMessage(readSummary, to.values);
  }, event);
}

function readSummary(field: number, values: SummaryValue[], reader: PbfReader): void {
  if (field === 1) values.push(reader.readMessage(readValue, { tag: '', value: null }));
}

function readValue(field: number, value: Open<SummaryValue>, reader: PbfReader): void {
  if (field === 1) value.tag = reader.readString();
  else if (field === 2) value.value = reader.readFloat();
  else if (field === 8) value.value = scalarOf(reader.readMessage(readTensor, new Tensor()));
}

class Tensor {
  dtype = 0;
  content: Uint8Array | null = null;
  readonly numbers: number[] = [];
  readonly texts: string[] = [];
}

function readTensor(field: number, tensor: Tensor, reader: PbfReader): void {
  if (field === 1) tensor.dtype = reader.readVarint();
  else if (field === 4) tensor.content = reader.readBytes();
  else if (field === 5) reader.readPackedFloat(tensor.numbers);
  else if (field === 6) reader.readPackedDouble(tensor.numbers);
  else if (field === 7 || field === 10) reader.readPackedVarint(tensor.numbers, true);
  else if (field === 8) tensor.texts.push(reader.readString());
}

/** The value of a tensor with one element; null if it has none, more, or another type. */
function scalarOf({ dtype, content, numbers, texts }: Tensor): number | string | null {
  if (dtype === dtypes.string) return texts.length === 1 ? (texts[0] ?? null) : null;
  if (numbers.length === 1) return numbers[0] ?? null;
  if (content === null) return null;
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  if (dtype === dtypes.float && content.length === 4) return view.getFloat32(0, true);
  if (dtype === dtypes.double && content.length === 8) return view.getFloat64(0, true);
  if (dtype === dtypes.int32 && content.length === 4) return view.getInt32(0, true);
  if (dtype === dtypes.int64 && content.length === 8) return Number(view.getBigInt64(0, true));
  return null;
}

/** The bytes of the first event of a file. @param wallTime seconds since 1970 */
export function versionEvent(wallTime: number): Uint8Array {
  const writer = new PbfWriter();
  writer.writeDoubleField(1, wallTime);
  writer.writeStringField(3, 'brain.Event:2');
  return writer.finish();
}

/** The bytes of an event with numbers (`simple_value`, 32 bits) and texts (a tensor for the plugin `text`). */
export function writeEvent({ wallTime, step, values }: SummaryEvent): Uint8Array {
  const writer = new PbfWriter();
  writer.writeDoubleField(1, wallTime);
  writer.writeVarintField(2, step);
  writer.writeMessage(5, writeSummary, values);
  return writer.finish();
}

function writeSummary(values: readonly SummaryValue[], writer: PbfWriter): void {
  for (const value of values) writer.writeMessage(1, writeValue, value);
}

function writeValue({ tag, value }: SummaryValue, writer: PbfWriter): void {
  writer.writeStringField(1, tag);
  if (typeof value === 'number') writer.writeFloatField(2, value);
  if (typeof value !== 'string') return;
  writer.writeMessage(8, writeText, value);
  writer.writeMessage(9, writeTextPlugin, 'text');
}

function writeText(text: string, writer: PbfWriter): void {
  writer.writeVarintField(1, dtypes.string);
  // A shape of one dimension with one element.
  writer.writeMessage(2, (size: number, shape: PbfWriter) => shape.writeMessage(2, writeSize, size), 1);
  writer.writeStringField(8, text);
}

const writeSize = (size: number, writer: PbfWriter): void => writer.writeVarintField(1, size);

function writeTextPlugin(name: string, writer: PbfWriter): void {
  writer.writeMessage(1, (plugin: string, data: PbfWriter) => data.writeStringField(1, plugin), name);
}
