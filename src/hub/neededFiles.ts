import { MarginError } from '../base/pure/marginError';
import { splitGguf } from '../base/pure/splitGguf';
import type { HubFile } from './hubFiles';

/** What a person may name besides the repository. */
export interface Wanted {
  /** One GGUF file of a model, or one file of a data set; null: none is named. */
  readonly file: string | null;
  /** The configuration of a data set; null: none is named. */
  readonly config: string | null;
  /** The split of a data set; null: all. */
  readonly split: string | null;
}

/** What lies beside the weights. No model has all of them. */
const companions: ReadonlySet<string> = new Set([
  'config.json',
  'generation_config.json',
  'adapter_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'tokenizer.model',
  'vocab.json',
  'merges.txt',
  'chat_template.jinja',
  'chat_template.json',
]);
const shard = /^model-\d{5}-of-\d{5}\.safetensors$/;
const shardIndex = 'model.safetensors.index.json';

/**
 * The files of a model that Margin needs: its safetensors with config, tokenizer and chat template, or one GGUF file.
 * Weights of other kinds and everything in subfolders are left out.
 *
 * @throws MarginError `hub-choose` with `details.choices` if several GGUF files are there and none is named;
 *   `hub-no-file` | `hub-no-weights`
 */
export function modelFiles(files: readonly HubFile[], { file }: Wanted, repo: string): readonly HubFile[] {
  if (file !== null) return withParts(files, file, repo);
  const root = files.filter(({ path }) => !path.includes('/'));
  const weights = weightsOf(root);
  if (weights.length > 0) return [...root.filter(({ path }) => companions.has(path)), ...weights];
  const ggufs = firstParts(files);
  const [only, ...others] = ggufs;
  if (only && others.length === 0) return withParts(files, only.path, repo);
  if (only) throw choose(`${repo} has ${ggufs.length} GGUF files`, '--file', ggufs);
  throw new MarginError(
    'hub-no-weights',
    `${repo} has neither safetensors nor a GGUF file, and Margin reads no others.`,
    {
      repo,
    },
  );
}

function weightsOf(root: readonly HubFile[]): readonly HubFile[] {
  const named = (name: string): readonly HubFile[] => root.filter(({ path }) => path === name);
  const whole = [...named('model.safetensors'), ...named('adapter_model.safetensors')];
  if (whole.length > 0) return whole;
  const shards = root.filter(({ path }) => shard.test(path));
  return shards.length === 0 ? [] : [...named(shardIndex), ...shards];
}

/** The GGUF models: of a split one its first part. Image encoders (`mmproj`) are no language models. */
function firstParts(files: readonly HubFile[]): readonly HubFile[] {
  return files.filter(({ path }) => {
    const split = splitGguf(path);
    return path.endsWith('.gguf') && !path.includes('mmproj') && (split === null || split.number === 1);
  });
}

function withParts(files: readonly HubFile[], path: string, repo: string): readonly HubFile[] {
  const names = splitGguf(path)?.parts ?? [path];
  return names.map((name) => {
    const found = files.find((one) => one.path === name);
    if (found) return found;
    throw new MarginError('hub-no-file', `${repo} has no file ${name}.`, { repo, file: name });
  });
}

/** The error that asks a person to choose one of several. */
export function choose(what: string, option: string, files: readonly Pick<HubFile, 'path' | 'bytes'>[]): MarginError {
  const shown = files.map(({ path, bytes }) => `  ${path} (${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB)`);
  return new MarginError('hub-choose', `${what}. Choose one with ${option}:\n${shown.join('\n')}`, {
    option,
    choices: files.map(({ path, bytes }) => ({ path, bytes })),
  });
}
