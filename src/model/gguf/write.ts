import { open } from 'node:fs/promises';

/*
 * Writes GGUF version 3 (ggml `docs/gguf.md`; `header.ts` shows the layout), as far as an adapter needs it: metadata of
 * strings, u32 and f32, and tensors in f32.
 */

/** The specification's default, in bytes. */
const alignment = 32;
const version = 3;
/** `gguf_metadata_value_type` */
const valueTypes = { u32: 4, f32: 6, text: 8 } as const;
/** `GGML_TYPE_F32` */
const f32Tensor = 0;

/** A metadata value with its type. */
export type WrittenValue = { readonly u32: number } | { readonly f32: number } | { readonly text: string };

export interface WrittenGgufTensor {
  readonly name: string;
  /** Outermost dimension first; the file has the innermost first. */
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Writes a whole file. Errors are Node's file errors. */
export async function writeGguf(
  file: string,
  metadata: ReadonlyMap<string, WrittenValue>,
  tensors: readonly WrittenGgufTensor[],
): Promise<void> {
  const handle = await open(file, 'w');
  try {
    const head = headOf(metadata, tensors);
    await handle.writeFile(Buffer.concat([head, padding(head.length)]));
    for (const { data } of tensors) {
      await handle.writeFile(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      await handle.writeFile(padding(data.byteLength));
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function headOf(metadata: ReadonlyMap<string, WrittenValue>, tensors: readonly WrittenGgufTensor[]): Buffer {
  const parts = [Buffer.from('GGUF'), u32(version), u64(tensors.length), u64(metadata.size)];
  for (const [key, value] of metadata) parts.push(text(key), valueOf(value));
  let at = 0;
  for (const { name, shape, data } of tensors) {
    parts.push(text(name), u32(shape.length), ...shape.toReversed().map(u64), u32(f32Tensor), u64(at));
    at += data.byteLength + padding(data.byteLength).length;
  }
  return Buffer.concat(parts);
}

function valueOf(value: WrittenValue): Buffer {
  if ('text' in value) return Buffer.concat([u32(valueTypes.text), text(value.text)]);
  if ('u32' in value) return Buffer.concat([u32(valueTypes.u32), u32(value.u32)]);
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value.f32);
  return Buffer.concat([u32(valueTypes.f32), bytes]);
}

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
