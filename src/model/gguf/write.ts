import { open } from 'node:fs/promises';
import { at } from '../../base/pure/must';

/*
 * Writes GGUF version 3 (ggml `docs/gguf.md`; `header.ts` shows the layout). Tensors are read while they are written,
 * so no model has to fit in memory.
 */

/** The specification's default, in bytes. */
const alignment = 32;
const version = 3;
/** `gguf_metadata_value_type` */
const valueTypes = { u32: 4, i32: 5, f32: 6, bool: 7, text: 8, list: 9 } as const;
/** `ggml_type`, and the bytes of a block of so many values. */
const tensorTypes = {
  F32: { id: 0, values: 1, bytes: 4 },
  F16: { id: 1, values: 1, bytes: 2 },
  Q8_0: { id: 8, values: 32, bytes: 34 },
  BF16: { id: 30, values: 1, bytes: 2 },
} as const;

export type GgufType = keyof typeof tensorTypes;

/** A metadata value with its type. */
export type WrittenValue =
  | { readonly u32: number }
  | { readonly f32: number }
  | { readonly bool: boolean }
  | { readonly text: string }
  | { readonly texts: readonly string[] }
  | { readonly i32s: Int32Array }
  | { readonly f32s: Float32Array };

export interface WrittenGgufTensor {
  readonly name: string;
  readonly type: GgufType;
  /** Outermost dimension first; the file has the innermost first. Rows are whole blocks of the type. */
  readonly shape: readonly number[];
  /** The bytes, in pieces: as many as {@link ggufBytes} says. */
  readonly read: () => Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** Bytes that a tensor takes in a file, without padding. */
export function ggufBytes({ type, shape }: Pick<WrittenGgufTensor, 'type' | 'shape'>): number {
  const { values, bytes } = tensorTypes[type];
  return (shape.reduce((product, n) => product * n, 1) / values) * bytes;
}

/** Whether rows of this shape are whole blocks of the type. */
export const fitsBlocks = (type: GgufType, shape: readonly number[]): boolean =>
  at(shape, shape.length - 1) % tensorTypes[type].values === 0;

/** Writes a whole file. Errors are Node's file errors, and those of `read`. */
export async function writeGguf(
  file: string,
  metadata: ReadonlyMap<string, WrittenValue>,
  tensors: readonly WrittenGgufTensor[],
): Promise<void> {
  const handle = await open(file, 'w');
  try {
    const head = headOf(metadata, tensors);
    await handle.writeFile(Buffer.concat([head, padding(head.length)]));
    for (const tensor of tensors) {
      for await (const piece of tensor.read()) await handle.writeFile(piece);
      await handle.writeFile(padding(ggufBytes(tensor)));
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function headOf(metadata: ReadonlyMap<string, WrittenValue>, tensors: readonly WrittenGgufTensor[]): Buffer {
  const parts = [Buffer.from('GGUF'), u32(version), u64(tensors.length), u64(metadata.size)];
  for (const [key, value] of metadata) parts.push(text(key), ...valueOf(value));
  let offset = 0;
  for (const tensor of tensors) {
    const { name, type, shape } = tensor;
    const id = u32(tensorTypes[type].id);
    parts.push(text(name), u32(shape.length), ...shape.toReversed().map(u64), id, u64(offset));
    const bytes = ggufBytes(tensor);
    offset += bytes + padding(bytes).length;
  }
  return Buffer.concat(parts);
}

function valueOf(value: WrittenValue): Buffer[] {
  if ('text' in value) return [u32(valueTypes.text), text(value.text)];
  if ('u32' in value) return [u32(valueTypes.u32), u32(value.u32)];
  if ('bool' in value) return [u32(valueTypes.bool), Buffer.of(Number(value.bool))];
  if ('f32' in value) return [u32(valueTypes.f32), bytesOf(Float32Array.of(value.f32))];
  if ('texts' in value) return [...listOf(valueTypes.text, value.texts.length), Buffer.concat(value.texts.map(text))];
  if ('i32s' in value) return [...listOf(valueTypes.i32, value.i32s.length), bytesOf(value.i32s)];
  return [...listOf(valueTypes.f32, value.f32s.length), bytesOf(value.f32s)];
}

const listOf = (type: number, length: number): Buffer[] => [u32(valueTypes.list), u32(type), u64(length)];
const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
const padding = (length: number): Buffer => Buffer.alloc((alignment - (length % alignment)) % alignment);

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
