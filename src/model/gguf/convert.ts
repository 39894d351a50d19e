import { writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MarginError } from '../../base/pure/marginError';
import { fingerprintOf, makeOnce } from '../makeOnce';
import { readText } from '../readText';
import { writeTensors, type WrittenTensor } from '../safetensors';
import { ggufArchitectures, ownNames, type GgufArchitecture } from './architectures';
import { configOf, Metadata, type RopeFactors, tokenIds } from './config';
import type { GgufHeader } from './header';
import { ggufParts, readParts } from './parts';
import { converted, values } from './tensors';
import { tokenizerOf } from './tokenizer';

const maxTokenizerBytes = 1 << 28;
/** Python tells 30 from 30.0, and `transformers` refuses the former for a number that may be a fraction. */
const wholeFractions = /"(attn|final)_logit_softcapping": \d+(?=,?$)/gm;

/**
 * A GGUF file, or all parts of a split one, as a Hugging Face checkpoint folder (config.json, model.safetensors,
 * tokenizer), made once for files as they are now. Weights keep their precision: quantised ones lie there as whole
 * numbers and scales, which a graph can map and unpack, as it cannot a file's own blocks, in which both take turns.
 *
 * @param cache the folder in which converted models lie; they can be deleted at any time
 * @returns the checkpoint's folder
 * @throws MarginError `missing-file` | `bad-gguf` | `unsupported-dtype` | `unknown-architecture` | `unsupported-rope` |
 *   `unsupported-tokenizer`
 */
export async function convertedGguf(file: string, cache: string): Promise<string> {
  const parts = await ggufParts(file);
  const [first = file] = parts;
  const header = await readParts(parts);
  const folder = join(cache, `${basename(first, '.gguf')}-${await fingerprintOf(parts, '4')}`);
  await makeOnce(folder, (temporary) => convert(first, header, temporary));
  return folder;
}

async function convert(file: string, header: GgufHeader, folder: string): Promise<void> {
  const metadata = new Metadata(header, file);
  const name = metadata.text('general.architecture') ?? 'none';
  const architecture = Object.hasOwn(ggufArchitectures, name) ? ggufArchitectures[name] : undefined;
  if (!architecture)
    throw new MarginError(
      'unknown-architecture',
      `${file}: architecture "${name}" is not supported; supported: ${Object.keys(ggufArchitectures).join(', ')}`,
    );
  // What can fail without reading weights comes first.
  await writeTokenizer(metadata, dirname(file), folder);
  const config = {
    architectures: [architecture.className],
    ...configOf(metadata, architecture, vocabSize(header, file), await ropeFactors(header)),
    ...tokenIds(metadata),
  };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config, null, 2).replaceAll(wholeFractions, '$&.0'));
  await writeTensors(join(folder, 'model.safetensors'), tensorsOf(header, architecture, metadata));
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
  if (rows === undefined)
    throw new MarginError('missing-weight', `${file} holds no token_embd.weight; is it a language model?`);
  return rows;
}

async function ropeFactors({ tensors }: GgufHeader): Promise<RopeFactors> {
  const read = async (name: string): Promise<number[] | null> => {
    const tensor = tensors.get(name);
    return tensor ? Array.from(await values(tensor)) : null;
  };
  return {
    all: await read('rope_freqs.weight'),
    short: await read('rope_factors_short.weight'),
    long: await read('rope_factors_long.weight'),
  };
}

function tensorsOf(header: GgufHeader, architecture: GgufArchitecture, metadata: Metadata): WrittenTensor[] {
  const prefix = String(metadata.get('general.architecture'));
  const count = metadata.need(`${prefix}.attention.head_count`);
  const heads = { heads: count, kvHeads: metadata.number(`${prefix}.attention.head_count_kv`) ?? count };
  return [...ownNames(architecture, header)].flatMap(([name, own]) => {
    const tensor = header.tensors.get(name);
    if (own === null || !tensor)
      throw new MarginError(
        'unsupported-config',
        `${metadata.file}: the tensor ${name} belongs to no layer that ${architecture.modelType} has`,
      );
    return converted(tensor, own, architecture.layoutChange(name), heads);
  });
}
