import { createHash } from 'node:crypto';
import { access, mkdir, open, rename, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { GraphError } from '../../graph/graphError';
import { readText } from '../readText';
import { writeTensors, type WrittenTensor } from '../safetensors';
import { ggufArchitectures, ownNames, type GgufArchitecture } from './architectures';
import { dequantize } from './blocks';
import { configOf, Metadata, type RopeFactors } from './config';
import { readGgufHeader, type GgufHeader, type GgufTensor } from './header';
import { tokenizerOf } from './tokenizer';
import { turned } from './turns';

const maxTokenizerBytes = 1 << 28;

/**
 * A GGUF file as a Hugging Face checkpoint folder in f32 (config.json, model.safetensors, tokenizer), made once for a
 * file as it is now. Gradients need W as it is multiplied, and training reads each weight twice a step, so the blocks are
 * unpacked once and not at each use.
 *
 * @param cache the folder in which converted models lie; they can be deleted at any time
 * @returns the checkpoint's folder
 * @throws GraphError `bad-gguf` | `unsupported-dtype` | `unknown-architecture` | `unsupported-rope` | `unsupported-tokenizer`
 */
export async function convertedGguf(file: string, cache: string): Promise<string> {
  const header = await readGgufHeader(file);
  const { size, mtimeMs } = await stat(file);
  const mark = createHash('sha256').update(`1 ${file} ${size} ${mtimeMs}`).digest('hex').slice(0, 12);
  const folder = join(cache, `${basename(file, '.gguf')}-${mark}`);
  if (await access(folder).then(() => true, () => false)) return folder;
  const temporary = `${folder}.tmp-${process.pid}`;
  try {
    await mkdir(temporary, { recursive: true });
    await convert(file, header, temporary);
    await rename(temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return folder;
}

async function convert(file: string, header: GgufHeader, folder: string): Promise<void> {
  const metadata = new Metadata(header, file);
  const name = metadata.text('general.architecture') ?? 'none';
  const architecture = Object.hasOwn(ggufArchitectures, name) ? ggufArchitectures[name] : undefined;
  if (!architecture) throw new GraphError('unknown-architecture', `${file}: architecture "${name}" is not supported; supported: ${Object.keys(ggufArchitectures).join(', ')}`);
  // What can fail without reading weights comes first.
  await writeTokenizer(metadata, dirname(file), folder);
  const handle = await open(file, 'r');
  try {
    const config = configOf(metadata, architecture, vocabSize(header, file), await ropeFactors(handle, header));
    await writeFile(join(folder, 'config.json'), JSON.stringify(config, null, 2));
    await writeTensors(join(folder, 'model.safetensors'), tensorsOf(handle, header, architecture, metadata));
  } finally {
    await handle.close();
  }
}

/** Files beside the GGUF file count more than what is in it: they are what the model came with. */
async function writeTokenizer(metadata: Metadata, beside: string, folder: string): Promise<void> {
  const names = ['tokenizer.json', 'tokenizer_config.json'];
  const [own, ownConfig] = await Promise.all(names.map((name) => readText(join(beside, name), maxTokenizerBytes)));
  if (own) {
    await writeFile(join(folder, 'tokenizer.json'), own);
    if (ownConfig) await writeFile(join(folder, 'tokenizer_config.json'), ownConfig);
    return;
  }
  const { tokenizer, config } = tokenizerOf(metadata);
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer));
  await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify(config));
}

function vocabSize({ tensors }: GgufHeader, file: string): number {
  const rows = tensors.get('token_embd.weight')?.shape[0];
  if (rows === undefined) throw new GraphError('missing-weight', `${file} holds no token_embd.weight; is it a part of a split model?`);
  return rows;
}

async function ropeFactors(handle: FileHandle, { tensors }: GgufHeader): Promise<RopeFactors> {
  const read = async (name: string): Promise<number[] | null> => {
    const tensor = tensors.get(name);
    return tensor ? Array.from(await values(handle, tensor)) : null;
  };
  return { all: await read('rope_freqs.weight'), short: await read('rope_factors_short.weight'), long: await read('rope_factors_long.weight') };
}

function tensorsOf(handle: FileHandle, header: GgufHeader, architecture: GgufArchitecture, metadata: Metadata): WrittenTensor[] {
  const prefix = String(metadata.get('general.architecture'));
  const count = metadata.need(`${prefix}.attention.head_count`);
  const heads = { heads: count, kvHeads: metadata.number(`${prefix}.attention.head_count_kv`) ?? count };
  return [...ownNames(architecture, header)].map(([name, own]) => {
    const tensor = header.tensors.get(name);
    if (own === null || !tensor) throw new GraphError('unsupported-config', `${metadata.file}: the tensor ${name} belongs to no layer that ${architecture.modelType} has`);
    const turn = architecture.turn(name);
    const shape = turn === 'transpose' ? tensor.shape.toReversed() : tensor.shape;
    return { name: own, shape, read: async () => turned(turn, await values(handle, tensor), tensor.shape, heads).data };
  });
}

async function values(handle: FileHandle, { type, offset, bytes }: GgufTensor): Promise<Float32Array> {
  const raw = new Uint8Array(bytes);
  // One read call gives at most 2 GiB.
  for (let at = 0; at < bytes; ) {
    const { bytesRead } = await handle.read(raw, at, Math.min(bytes - at, 2 ** 30), offset + at);
    if (bytesRead === 0) throw new GraphError('bad-gguf', 'The file shrank while it was read');
    at += bytesRead;
  }
  return dequantize(raw, type);
}
