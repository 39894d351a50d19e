import { GraphError } from '../graph/graphError';
import type { ModelConfig } from './types';

/** `model_type` of config.json → whether Margin has its architecture. */
export const supportedModels = ['llama'] as const;

type Json = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads one field after another and names the file and field of what is wrong. */
class Fields {
  constructor(
    private readonly file: string,
    private readonly json: Json,
  ) {}

  number(name: string, fallback?: number): number {
    const value = this.json[name] ?? fallback;
    if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
    throw new GraphError('bad-config', `${this.file}: "${name}" must be a positive number, found ${JSON.stringify(value)}`);
  }

  boolean(name: string, fallback: boolean): boolean {
    const value = this.json[name] ?? fallback;
    if (typeof value === 'boolean') return value;
    throw new GraphError('bad-config', `${this.file}: "${name}" must be true or false, found ${JSON.stringify(value)}`);
  }

  record(name: string): Json | null {
    const value = this.json[name] ?? null;
    if (value === null || isRecord(value)) return value;
    throw new GraphError('bad-config', `${this.file}: "${name}" must be an object, found ${JSON.stringify(value)}`);
  }
}

/**
 * config.json of a Hugging Face checkpoint, with transformers' defaults for the Llama family. Takes the spellings of
 * transformers 4 (`rope_theta`, `rope_scaling`) and 5 (`rope_parameters`).
 *
 * @throws GraphError `bad-config` | `unknown-architecture`
 */
export function parseModelConfig(text: string, file: string): ModelConfig {
  const json = parseObject(text, file);
  const modelType = String(json.model_type);
  if (!supportedModels.some((known) => known === modelType)) {
    throw new GraphError('unknown-architecture', `${file}: model_type "${modelType}" is not supported; supported: ${supportedModels.join(', ')}`);
  }
  const fields = new Fields(file, json);
  const rope = fields.record('rope_parameters');
  const heads = fields.number('num_attention_heads');
  const hiddenSize = fields.number('hidden_size');
  const kvHeads = fields.number('num_key_value_heads', heads);
  const headDim = fields.number('head_dim', hiddenSize / heads);
  if (heads % kvHeads !== 0 || headDim % 2 !== 0) {
    throw new GraphError('bad-config', `${file}: ${heads} heads do not share ${kvHeads} key heads evenly, or head_dim ${headDim} is odd`);
  }
  return {
    modelType,
    hiddenSize,
    intermediateSize: fields.number('intermediate_size'),
    layers: fields.number('num_hidden_layers'),
    heads,
    kvHeads,
    headDim,
    vocabSize: fields.number('vocab_size'),
    maxPositions: fields.number('max_position_embeddings', 2048),
    normEps: fields.number('rms_norm_eps', 1e-6),
    ropeTheta: typeof rope?.rope_theta === 'number' ? rope.rope_theta : fields.number('rope_theta', 10_000),
    ropeScaling: rope ?? fields.record('rope_scaling'),
    tiedHead: fields.boolean('tie_word_embeddings', false),
    attentionBias: fields.boolean('attention_bias', false),
    mlpBias: fields.boolean('mlp_bias', false),
  };
}

/** @throws GraphError `bad-config` if the text is no JSON object */
export function parseObject(text: string, file: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new GraphError('bad-config', `${file} is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (isRecord(value)) return value;
  throw new GraphError('bad-config', `${file} must hold a JSON object`);
}
