import { writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MarginError } from '../../base/pure/marginError';
import { at } from '../../base/pure/must';
import { fingerprintOf, makeOnce } from '../makeOnce';
import { readText } from '../readText';
import { writeTensors, type WrittenTensor } from '../safetensors';
import { ggufArchitectures, ownNames, type GgufArchitecture } from './architectures';
import { configOf, Metadata, type RopeFactors, tokenIds } from './config';
import type { GgufHeader } from './header';
import { ggufParts, readParts } from './parts';
import { converted, values } from './tensors';
import { tokenizerOf } from './tokenizer';

/** The largest known tokenizer.json (Gemma 3) has 33 MB. */
const maxTokenizerBytes = 1 << 28;
/** Changes when the converted files change, so that folders of an older Margin are not used. */
const conversionVersion = '4';
/** Whole numbers under keys that `transformers` requires to be floats: to Python, 30 and 30.0 differ. */
const integerSoftcaps = /"(attn|final)_logit_softcapping": \d+(?=,?$)/gm;

/**
 * Converts a GGUF file, or all parts of a split one, to a Hugging Face checkpoint folder: config.json,
 * model.safetensors, tokenizer. The conversion is done once, and again when a file changes.
 *
 * Weights keep their precision. Quantised ones become two tensors, whole numbers and scales, which a graph can map and
 * unpack (`quants.ts`). A graph cannot read the blocks of the file, in which numbers and scales alternate.
 *
 * @param cache the folder of converted models; it can be deleted at any time
 * @returns the checkpoint's folder
 * @throws MarginError `missing-file` | `bad-gguf` | `unsupported-dtype` | `unknown-architecture` | `unsupported-rope` |
 *   `unsupported-tokenizer`
 */
export async function convertedGguf(file: string, cache: string): Promise<string> {
  const parts = await ggufParts(file);
  const first = at(parts, 0);
  const header = await readParts(parts);
  const folder = join(cache, `${basename(first, '.gguf')}-${await fingerprintOf(parts, conversionVersion)}`);
  await makeOnce(folder, (temporary) => convert(first, header, temporary));
  return folder;
}

async function convert(file: string, header: GgufHeader, folder: string): Promise<void> {
  const metadata = new Metadata(header, file);
  const architecture = architectureOf(metadata);
  // The steps that need no weights come first, so that their errors come soon.
  await writeTokenizer(metadata, dirname(file), folder);
  const config = await configJson(header, metadata, architecture);
  await writeFile(join(folder, 'config.json'), config);
  await writeTensors(join(folder, 'model.safetensors'), tensorsOf(header, architecture, metadata));
}

/**
 * Makes what {@link convertedGguf} writes except the weights, and writes nothing.
 *
 * @returns the text of config.json, and the header of all parts
 * @throws MarginError those of {@link convertedGguf}
 */
export async function previewConversion(
  parts: readonly string[],
): Promise<{ readonly config: string; readonly header: GgufHeader }> {
  const header = await readParts(parts);
  const file = at(parts, 0);
  const metadata = new Metadata(header, file);
  const architecture = architectureOf(metadata);
  const own = await readText(join(dirname(file), 'tokenizer.json'), maxTokenizerBytes);
  if (own === null) tokenizerOf(metadata);
  return { config: await configJson(header, metadata, architecture), header };
}

/** @throws MarginError `unknown-architecture` */
function architectureOf(metadata: Metadata): GgufArchitecture {
  const name = metadata.text('general.architecture') ?? 'none';
  const architecture = Object.hasOwn(ggufArchitectures, name) ? ggufArchitectures[name] : undefined;
  if (architecture) return architecture;
  throw new MarginError(
    'unknown-architecture',
    `${metadata.file}: architecture "${name}" is not supported; supported: ${Object.keys(ggufArchitectures).join(', ')}`,
  );
}

async function configJson(header: GgufHeader, metadata: Metadata, architecture: GgufArchitecture): Promise<string> {
  const config = {
    architectures: [architecture.className],
    ...configOf(metadata, architecture, vocabSize(header, metadata.file), await ropeFactors(header)),
    ...tokenIds(metadata),
  };
  return JSON.stringify(config, null, 2).replaceAll(integerSoftcaps, '$&.0');
}

/** tokenizer.json beside the GGUF file takes precedence over the vocabulary inside: it is the original. */
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
    throw new MarginError('missing-weight', `${file} has no tensor token_embd.weight; is it a language model?`);
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
  const count = metadata.require(`${prefix}.attention.head_count`);
  const heads = { heads: count, kvHeads: metadata.number(`${prefix}.attention.head_count_kv`) ?? count };
  return [...ownNames(architecture, header)].flatMap(([name, own]) => {
    const tensor = header.tensors.get(name);
    if (own === null || !tensor)
      throw new MarginError(
        'unsupported-config',
        `${metadata.file}: the tensor ${name} belongs to no layer of ${architecture.modelType}`,
      );
    return converted(tensor, own, architecture.layoutChange(name), heads);
  });
}
