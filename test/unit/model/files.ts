import { chmod, cp, open, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../../src/base/pure/marginError';
import { openCheckpoint } from '../../../src/model/checkpoint';
import { temporaryFolder } from '../run/temporaryFolder';

export interface RawSafetensors {
  /** The header's text; an object is serialised. */
  readonly header: string | object;
  readonly dataBytes: number;
  /** The length in the prefix; default: the real length of the header. */
  readonly claimed?: bigint;
}

/** Writes a .safetensors file, valid or not. */
export async function writeRaw(file: string, { header, dataBytes, claimed }: RawSafetensors): Promise<void> {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(claimed ?? BigInt(text.length));
  await writeFile(file, Buffer.concat([prefix, text, Buffer.alloc(dataBytes)]));
}

/** A copy of a model folder that a test may damage. */
export async function copyOf(model: string): Promise<string> {
  const folder = await temporaryFolder();
  await cp(model, folder, { recursive: true });
  // The original may be read-only, and a copy keeps that.
  await chmod(folder, 0o755);
  for (const name of await readdir(folder)) await chmod(join(folder, name), 0o644);
  return folder;
}

/** A copy of a model whose first layer's down_proj holds a NaN as its fourth element. */
export async function damagedModel(model: string): Promise<string> {
  const folder = await copyOf(model);
  const down = (await openCheckpoint(folder)).weights.get('model.layers.0.mlp.down_proj.weight');
  if (!down) throw new Error(`${model} has no first layer`);
  const handle = await open(down.file, 'r+');
  await handle.write(new Uint8Array(Float32Array.of(Number.NaN).buffer), 0, 4, down.offset + 12);
  await handle.close();
  return folder;
}

/** The error of a promise. The test fails if the promise does not fail. */
export async function failureOf(promise: Promise<unknown>): Promise<{ code: unknown; message: string }> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return { code: errorCode(error), message: error.message };
  }
  throw new Error('it did not fail');
}
