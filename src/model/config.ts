import { GraphError } from '../graph/graphError';
import type { ModelConfig } from './types';

/** The `model_type`s of config.json that Margin has an architecture for. */
export const supportedModels = ['llama'] as const;

/** RoPE scalings and the numbers each needs (transformers `modeling_rope_utils.py`). */
const ropeNeeds: Readonly<Record<string, readonly string[]>> = {
  default: [],
  linear: ['factor'],
  llama3: ['factor', 'low_freq_factor', 'high_freq_factor', 'original_max_position_embeddings'],
};

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

  integer(name: string, fallback?: number): number {
    const value = this.number(name, fallback);
    if (Number.isSafeInteger(value)) return value;
    throw new GraphError('bad-config', `${this.file}: "${name}" must be a whole number, found ${value}`);
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
 * @throws GraphError `bad-config` | `unknown-architecture` | `unsupported-config` | `unsupported-rope`
 */
export function parseModelConfig(text: string, file: string): ModelConfig {
  const json = parseObject(text, file);
  const modelType = String(json.model_type);
  if (!supportedModels.some((known) => known === modelType)) {
    throw new GraphError('unknown-architecture', `${file}: model_type "${modelType}" is not supported; supported: ${supportedModels.join(', ')}`);
  }
  refuseUnsupported(json, file);
  const fields = new Fields(file, json);
  const rope = fields.record('rope_parameters');
  const ropeScaling = rope ?? fields.record('rope_scaling');
  checkRope(ropeScaling, file);
  const heads = fields.integer('num_attention_heads');
  const hiddenSize = fields.integer('hidden_size');
  const kvHeads = fields.integer('num_key_value_heads', heads);
  const headDim = fields.integer('head_dim', hiddenSize / heads);
  if (heads % kvHeads !== 0 || headDim % 2 !== 0) {
    throw new GraphError('bad-config', `${file}: ${heads} heads do not share ${kvHeads} key heads evenly, or head_dim ${headDim} is odd`);
  }
  return {
    modelType,
    hiddenSize,
    intermediateSize: fields.integer('intermediate_size'),
    layers: fields.integer('num_hidden_layers'),
    heads,
    kvHeads,
    headDim,
    vocabSize: fields.integer('vocab_size'),
    maxPositions: fields.integer('max_position_embeddings', 2048),
    normEps: fields.number('rms_norm_eps', 1e-6),
    ropeTheta: typeof rope?.rope_theta === 'number' ? rope.rope_theta : fields.number('rope_theta', 10_000),
    ropeScaling,
    tiedHead: fields.boolean('tie_word_embeddings', false),
    attentionBias: fields.boolean('attention_bias', false),
    mlpBias: fields.boolean('mlp_bias', false),
  };
}

/** What would otherwise be computed as something else. */
function refuseUnsupported(json: Json, file: string): void {
  const act = json.hidden_act ?? 'silu';
  if (act !== 'silu') throw new GraphError('unsupported-config', `${file}: "hidden_act" is ${JSON.stringify(act)}; supported is "silu"`);
  if (isRecord(json.quantization_config)) {
    throw new GraphError('unsupported-config', `${file}: the weights are quantised ("quantization_config"). Use the model's f32, f16 or bf16 files.`);
  }
}

function checkRope(scaling: Json | null, file: string): void {
  if (scaling === null) return;
  const kind = String(scaling.rope_type ?? scaling.type ?? 'default');
  const needs = Object.hasOwn(ropeNeeds, kind) ? ropeNeeds[kind] : undefined;
  if (!needs) throw new GraphError('unsupported-rope', `${file}: rope scaling "${kind}" is not supported; supported are ${Object.keys(ropeNeeds).join(', ')}`);
  for (const name of needs) new Fields(file, scaling).number(name);
  if ((scaling.partial_rotary_factor ?? 1) !== 1) throw new GraphError('unsupported-rope', `${file}: "partial_rotary_factor" is not supported`);
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
