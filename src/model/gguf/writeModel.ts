import { join } from 'node:path';
import { readSmallText } from '../../base/node/smallFile';
import { at, must } from '../../base/pure/must';
import { parseObject } from '../fields';
import { mergedTensors } from '../merge';
import { transposeMatrix } from '../transposeMatrix';
import type { Adapter, Checkpoint } from '../types';
import { ggufArchitectureOf, ggufArchitectures, ggufTensorName, type GgufArchitecture } from './architectures';
import { encode } from './encode';
import { permuteRows } from './layout';
import { quantizationVersion } from './loraAdapter';
import { modelKeys, textConfig } from './modelKeys';
import { storedRope } from './ropeKeys';
import { tokenizerKeys } from './tokenizerKeys';
import { unsupportedGguf } from './unsupported';
import { fitsBlocks, ggufBytes, writeGguf, type GgufType, type WrittenGgufTensor, type WrittenValue } from './write';

/** The types of matrices, as the converter of llama.cpp names them (`--outtype`). */
export const outTypes = ['f32', 'f16', 'bf16', 'q8_0'] as const;
export type OutType = (typeof outTypes)[number];

/** `general.file_type` (`llama_ftype`), and the type of matrices. */
const typesOf: Readonly<Record<OutType, { readonly id: number; readonly type: GgufType }>> = {
  f32: { id: 0, type: 'F32' },
  f16: { id: 1, type: 'F16' },
  q8_0: { id: 7, type: 'Q8_0' },
  bf16: { id: 32, type: 'BF16' },
};

/** Configs of models have 1 to 100 KB. */
const maxConfigBytes = 1 << 20;
/** llama.cpp needs a head of its own for these, even if it is the embedding. */
const needsHead: ReadonlySet<string> = new Set(['gptneox', 'olmo2']);
/** Biases that llama.cpp knows. */
const biases: Readonly<Record<string, RegExp>> = {
  llama: /\.(attn_(q|k|v|output)|ffn_(gate|up|down))\.bias$/,
  qwen2: /\.attn_(q|k|v)\.bias$/,
  gpt2: /\.bias$/,
  gptneox: /\.bias$/,
};

export interface GgufModelOptions {
  readonly name: string;
  /** The label of the base model. */
  readonly base: string;
  readonly outType: OutType;
  readonly signal: AbortSignal;
  /** Called often: bytes so far, bytes in all. */
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * Writes a whole model as one GGUF file that llama.cpp loads: the base with the adapter merged into its weights, its
 * tokenizer and its chat template. Keys, names and layout are those of llama.cpp's `convert_hf_to_gguf.py`. As there,
 * vectors, norms and learned positions stay f32. In q8_0 a matrix whose rows are not whole blocks of 32 becomes f16.
 *
 * @param adapter null: the model as it is
 * @throws MarginError `unsupported-gguf` for what llama.cpp lacks, or computes in another way | `bad-weight`;
 *   AbortError
 */
export async function writeGgufModel(
  file: string,
  checkpoint: Checkpoint,
  adapter: Adapter | null,
  options: GgufModelOptions,
): Promise<void> {
  const { folder, model } = checkpoint;
  const found = ggufArchitectureOf(model.modelType);
  if (!found)
    throw unsupportedGguf(
      folder,
      `llama.cpp has no architecture for model_type "${model.modelType}"; it has ${Object.keys(ggufArchitectures).join(', ')}`,
    );
  const [name, architecture] = found;
  const configFile = join(folder, 'config.json');
  const config = textConfig(parseObject(await readSmallText(configFile, maxConfigBytes), configFile));
  const rope = storedRope(model, name, folder);
  const own: (readonly [string, WrittenValue])[] = [...modelKeys(model, name, config, folder), ...rope.keys];
  const metadata = new Map<string, WrittenValue>([
    ['general.architecture', { text: name }],
    ['general.type', { text: 'model' }],
    ['general.name', { text: options.name }],
    ['general.base_model.count', { u32: 1 }],
    ['general.base_model.0.name', { text: options.base }],
    ...own.map(([key, value]) => [`${name}.${key}`, value] as const),
    ['general.file_type', { u32: typesOf[options.outType].id }],
    ['general.quantization_version', { u32: quantizationVersion }],
    ...(await tokenizerKeys(folder, model.vocabSize, config)),
  ]);
  const divisors = rope.tensors.map(([tensor, data]) => inMemory(tensor, data));
  const tensors = [...divisors, ...weights(checkpoint, adapter, [name, architecture], options.outType)];
  await writeGguf(file, metadata, counted(tensors, options));
}

function weights(
  checkpoint: Checkpoint,
  adapter: Adapter | null,
  [name, architecture]: readonly [string, GgufArchitecture],
  outType: OutType,
): WrittenGgufTensor[] {
  const { folder, model } = checkpoint;
  const embedding = must(model.tensors.keys().next().value, 'the embedding');
  if (name.startsWith('gemma') && model.head !== embedding)
    throw unsupportedGguf(folder, `llama.cpp has no head of its own for the architecture "${name}"`);
  const stored = [...model.tensors.keys()].map((key) => must(checkpoint.weights.get(key), key));
  const merged = mergedTensors(stored, checkpoint, adapter, 'f32');
  const written = merged.map((tensor): WrittenGgufTensor => {
    const gguf = ggufTensorName(architecture, tensor.name);
    if (gguf === null || (gguf.endsWith('.bias') && tensor.shape.length === 1 && !knowsBias(name, gguf)))
      throw unsupportedGguf(folder, `llama.cpp has no tensor for ${tensor.name} in the architecture "${name}"`);
    return stream(gguf, tensor, architecture, checkpoint, typeOf(gguf, tensor.shape, architecture, outType));
  });
  const head = written.find((tensor) => tensor.name === 'token_embd.weight');
  return head && needsHead.has(name) && model.head === embedding
    ? [...written, { ...head, name: 'output.weight' }]
    : written;
}

/** Norms of GPT-2 and GPT-NeoX have a bias too. */
const knowsBias = (architecture: string, name: string): boolean => biases[architecture]?.test(name) ?? false;

/** The type of a tensor, by the rules of llama.cpp's converter (`conversion/base.py`, `prepare_tensors`). */
function typeOf(
  name: string,
  stored: readonly number[],
  { layoutChange }: GgufArchitecture,
  outType: OutType,
): GgufType {
  if (stored.length < 2 || name === 'position_embd.weight') return 'F32';
  const { type } = typesOf[outType];
  const shape = layoutChange(name) === 'transpose' ? stored.toReversed() : stored;
  return fitsBlocks(type, shape) ? type : 'F16';
}

function stream(
  name: string,
  { shape, read }: ReturnType<typeof mergedTensors>[number],
  { layoutChange }: GgufArchitecture,
  { model }: Checkpoint,
  type: GgufType,
): WrittenGgufTensor {
  const change = layoutChange(name);
  return {
    name,
    type,
    shape: change === 'transpose' ? shape.toReversed() : shape,
    read: async function* () {
      if (change === 'none') {
        for await (const piece of read()) yield encode(floats(piece), type, name);
        return;
      }
      const data = await whole(read());
      const rows = at(shape, 0);
      if (change === 'subtract-one')
        yield encode(
          data.map((gain) => gain + 1),
          type,
          name,
        );
      else if (change === 'transpose') yield encode(transposeMatrix(data, rows), type, name);
      else yield encode(permuteRows(change, data, rows, at(model.attention, 0)), type, name);
    },
  };
}

const floats = ({ buffer, byteOffset, byteLength }: Uint8Array): Float32Array =>
  new Float32Array(buffer, byteOffset, byteLength / Float32Array.BYTES_PER_ELEMENT);

/** All pieces of a tensor that is reordered as a whole. The largest such matrix known has 8,192 rows and columns. */
async function whole(pieces: AsyncIterable<Uint8Array>): Promise<Float32Array> {
  const parts: Uint8Array[] = [];
  for await (const piece of pieces) parts.push(piece);
  const bytes = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let filled = 0;
  for (const part of parts) {
    bytes.set(part, filled);
    filled += part.byteLength;
  }
  return floats(bytes);
}

const inMemory = (name: string, data: Float32Array): WrittenGgufTensor => ({
  name,
  type: 'F32',
  shape: [data.length],
  read: () => [encode(data, 'F32', name)],
});

/** The same tensors, which report progress and can be aborted while they are written. */
function counted(tensors: readonly WrittenGgufTensor[], options: GgufModelOptions): WrittenGgufTensor[] {
  const total = tensors.reduce((sum, tensor) => sum + ggufBytes(tensor), 0);
  let done = 0;
  return tensors.map((tensor) => ({
    ...tensor,
    read: async function* () {
      for await (const piece of tensor.read()) {
        options.signal.throwIfAborted();
        yield piece;
        options.onProgress((done += piece.length), total);
      }
    },
  }));
}
