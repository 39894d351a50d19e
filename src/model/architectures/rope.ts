import { rotary, type RotaryTables } from '../../graph/algebra';
import {
  add,
  cos,
  div,
  exp,
  greater,
  log,
  mul,
  neg,
  relu,
  scalarSub,
  scale,
  sin,
  where,
} from '../../graph/elementwise';
import { MarginError } from '../../base/pure/marginError';
import { at } from '../../base/pure/must';
import { reshape } from '../../graph/structure';
import { constant, scalar, type Tensor } from '../../graph/tensor';
import { isRecord } from '../../base/pure/isRecord';
import { Fields, type Json } from '../fields';
import type { Block, Pass } from './architecture';
import type { DecoderSizes } from './decoder';

/** Rotary position embedding (Su et al. 2021, arXiv:2104.09864) of one kind of layer. */
export interface Rope {
  /** How many dimensions of each head rotate: the first `dims`. */
  readonly dims: number;
  /** Radians per position: [dims / 2], the same for all tokens, or [tokens, dims / 2], a row for each token. */
  readonly frequencies: (pass: Pass) => Tensor;
  /** Factor on cos and sin (`attention_factor` of yarn and longrope); 1 for the other kinds. */
  readonly factor: number;
  /** What config.json says, from which the two above are computed; other formats store this. */
  readonly source: RopeSource;
}

/** The settings of a RoPE in config.json. */
export interface RopeSource {
  /** `rope_type`: `default`, `linear`, `llama3`, … */
  readonly kind: string;
  readonly theta: number;
  /** `rope_parameters` or `rope_scaling`. */
  readonly fields: Fields;
  /** The context length before it was extended, in tokens. */
  readonly original: number;
}

/** What a kind of scaling computes. */
type Scaled = Pick<Rope, 'frequencies' | 'factor'>;

/** The defaults and key names that differ between the classes of `transformers`. */
export interface RopeDefaults {
  /** Default 10,000. */
  readonly theta?: number;
  /** The key of theta: `rope_theta`, but `rotary_emb_base` in GPT-NeoX. */
  readonly thetaName?: string;
  /** The share of a head's dimensions that rotate; default 1. */
  readonly partial?: number;
  /** The key of that share: `partial_rotary_factor`, but `rotary_pct` in GPT-NeoX. */
  readonly partialName?: string;
}

/** The kinds of `modeling_rope_utils.py` in transformers. Each rounds to f32 where transformers does. */
const kinds: Readonly<Record<string, (base: readonly number[], settings: Settings) => Scaled>> = {
  default: (base) => fixed(base),
  linear: (base, { fields }) => fixed(base.map((frequency) => frequency / fields.number('factor'))),
  dynamic,
  llama3,
  yarn,
  longrope,
  // The first configs of Phi-3 called longrope "su".
  su: longrope,
};

/** The settings of a RoPE that config.json does not scale: kind `default`. */
export const unscaled: Json = {};

interface Settings {
  /** The RoPE settings themselves: `rope_parameters` or `rope_scaling`. */
  readonly fields: Fields;
  readonly theta: number;
  readonly dims: number;
  readonly maxPositions: number;
  /** The context length before it was extended, in tokens (`original_max_position_embeddings`). */
  readonly original: number;
}

/**
 * Reads RoPE from config.json, as transformers 5 spells it (`rope_parameters`) or as transformers 4 does (`rope_theta`
 * and `rope_scaling`).
 *
 * Without scaling, frequency i is theta^(−2i/dims).
 *
 * @example
 *   // { "rope_theta": 10000, "head_dim": 4 }: dims = 4, frequencies [1, 0.01], factor 1
 *
 * @throws MarginError `unsupported-rope` | `bad-config`
 */
export function readRope(fields: Fields, sizes: DecoderSizes, defaults: RopeDefaults = {}): Rope {
  const parameters = fields.record('rope_parameters') ?? fields.record('rope_scaling') ?? unscaled;
  const thetaName = defaults.thetaName ?? 'rope_theta';
  const theta =
    typeof parameters.rope_theta === 'number'
      ? parameters.rope_theta
      : fields.number(thetaName, defaults.theta ?? 10_000);
  const partial =
    parameters.partial_rotary_factor ??
    fields.json[defaults.partialName ?? 'partial_rotary_factor'] ??
    defaults.partial ??
    1;
  if (typeof partial !== 'number' || partial <= 0 || partial > 1)
    throw fields.bad('partial_rotary_factor', 'a number above 0 and up to 1', partial);
  return ropeOf(fields, sizes, parameters, theta, Math.floor(sizes.headDim * partial));
}

/**
 * One RoPE from its own settings.
 *
 * @param parameters `rope_parameters` or `rope_scaling`, or one of the two that Gemma 3 nests in it
 * @param dims how many dimensions of a head rotate
 * @throws MarginError `unsupported-rope` | `bad-config`
 */
export function ropeOf(
  fields: Fields,
  { maxPositions, headDim }: DecoderSizes,
  parameters: Json,
  theta: number,
  dims: number,
): Rope {
  const kind = String(parameters.rope_type ?? parameters.type ?? 'default');
  const make = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (!make)
    throw new MarginError(
      'unsupported-rope',
      `${fields.file}: rope scaling "${kind}" is not supported; supported are ${Object.keys(kinds).join(', ')}`,
    );
  if (dims % 2 !== 0 || dims > headDim)
    throw new MarginError(
      'bad-config',
      `${fields.file}: RoPE would rotate ${dims} of the ${headDim} dimensions of a head; the number must be even`,
    );
  const own = new Fields(fields.file, parameters);
  // Phi-3 has this length at the top level of config.json, where it takes precedence.
  const original = fields.integer(
    'original_max_position_embeddings',
    own.integer('original_max_position_embeddings', maxPositions),
  );
  const base = Array.from({ length: dims / 2 }, (_, i) =>
    Math.fround(1 / Math.fround(theta ** Math.fround((2 * i) / dims))),
  );
  return {
    dims,
    ...make(base, { fields: own, theta, dims, maxPositions, original }),
    source: { kind, theta, fields: own, original },
  };
}

/** The settings of one of two nested RoPEs, which only Gemma 3 has so far; null: `rope_parameters` is not nested. */
export function nestedRope(fields: Fields, kind: string): Json | null {
  const nested = fields.record('rope_parameters')?.[kind] ?? null;
  if (nested === null || isRecord(nested)) return nested;
  throw fields.bad(`rope_parameters.${kind}`, 'an object', nested);
}

function fixed(frequencies: readonly number[], factor = 1): Scaled {
  const table = row(frequencies);
  return { frequencies: () => table, factor };
}

const row = (values: readonly number[]): Tensor => constant(Float32Array.from(values), [values.length]);

/**
 * Dynamic NTK. For a sequence of n > max tokens the base grows by g^(d/(d−2)) with g = f·n/max − f + 1, so frequency i
 * is multiplied by g^(−2i/(d−2)). For shorter sequences g is 1, and exp(0) is exact.
 */
function dynamic(base: readonly number[], { fields, dims, maxPositions }: Settings): Scaled {
  const factor = fields.number('factor');
  const powers = row(base.map((_, i) => (-2 * i) / (dims - 2)));
  return {
    frequencies: ({ sequenceLengths }) => {
      const excess = relu(scalarSub(div(sequenceLengths, scalar(maxPositions)), 1));
      const growth = add(scale(excess, factor), scalar(1));
      return mul(exp(mul(log(growth), powers)), row(base));
    },
    factor: 1,
  };
}

/**
 * Llama 3: frequencies of long wavelength (in tokens) are divided by `factor`, those of short wavelength are kept, and
 * those between are a blend of both.
 */
function llama3(base: readonly number[], { fields, original }: Settings): Scaled {
  const [factor, low, high] = [
    fields.number('factor'),
    fields.number('low_freq_factor'),
    fields.number('high_freq_factor'),
  ];
  return fixed(
    base.map((frequency) => {
      const wavelength = (2 * Math.PI) / frequency;
      if (wavelength < original / high) return frequency;
      if (wavelength > original / low) return frequency / factor;
      const blend = (original / wavelength - low) / (high - low);
      return ((1 - blend) * frequency) / factor + blend * frequency;
    }),
  );
}

/**
 * YaRN (Peng et al. 2023, arXiv:2309.00071): low frequencies are divided by `factor`, high ones are kept, and a linear
 * ramp is between.
 */
function yarn(base: readonly number[], { fields, theta, dims, original, maxPositions }: Settings): Scaled {
  const factor = fields.number('factor', maxPositions / original);
  // The dimension that makes this many full rotations over the original context length.
  const dimensionOf = (rotations: number): number =>
    (dims * Math.log(original / (rotations * 2 * Math.PI))) / (2 * Math.log(theta));
  const [fast, slow] = [dimensionOf(fields.number('beta_fast', 32)), dimensionOf(fields.number('beta_slow', 1))];
  const whole = fields.boolean('truncate', true);
  const low = Math.max(whole ? Math.floor(fast) : fast, 0);
  const high = Math.min(whole ? Math.ceil(slow) : slow, dims - 1);
  const width = high === low ? 0.001 : high - low;
  const frequencies = base.map((frequency, i) => {
    const ramp = Math.min(1, Math.max(0, (i - low) / width));
    return (frequency / factor) * ramp + frequency * (1 - ramp);
  });
  return fixed(frequencies, yarnFactor(fields, factor));
}

/** `attention_factor`: as given, else from `mscale` and `mscale_all_dim`, else 0.1·ln(factor) + 1. */
function yarnFactor(fields: Fields, factor: number): number {
  const magnitude = (weight: number): number => (factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1);
  const [own, all] = [fields.json.mscale, fields.json.mscale_all_dim];
  const ratio =
    own && all ? magnitude(fields.number('mscale')) / magnitude(fields.number('mscale_all_dim')) : magnitude(1);
  return fields.number('attention_factor', ratio);
}

/**
 * LongRoPE (Ding et al. 2024, arXiv:2402.13753): each frequency has its own divisor, one for sequences up to the
 * original length and one for longer sequences. transformers chooses for a whole batch. Margin chooses for each pair,
 * so that a pair's result does not depend on the rest of its batch.
 */
function longrope(base: readonly number[], { fields, maxPositions, original }: Settings): Scaled {
  const divided = (name: string): Tensor => {
    const divisors = fields.numbers(name, base.length);
    return row(base.map((frequency, i) => frequency / at(divisors, i)));
  };
  const [short, long] = [divided('short_factor'), divided('long_factor')];
  const stretch = fields.number('factor', maxPositions / original);
  return {
    frequencies: ({ sequenceLengths }) => where(greater(sequenceLengths, scalar(original)), long, short),
    factor: fields.number('attention_factor', stretch <= 1 ? 1 : Math.sqrt(1 + Math.log(stretch) / Math.log(original))),
  };
}

/** Rotates queries or keys by their positions: [tokens, heads·headDim] in and out. */
export function rotation({ dims, frequencies, factor }: Rope, headDim: number): Block {
  // All layers of a pass share one set of tables.
  const made = new WeakMap<Pass, RotaryTables>();
  const tablesOf = (pass: Pass): RotaryTables => {
    const angles = mul(pass.floatPositions, frequencies(pass));
    const scaled = (table: Tensor): Tensor => (factor === 1 ? table : scale(table, factor));
    const sines = scaled(sin(angles));
    return { cos: scaled(cos(angles)), sin: sines, negativeSin: neg(sines) };
  };
  return (x, pass) => {
    const tables = made.get(pass) ?? tablesOf(pass);
    made.set(pass, tables);
    const [tokens, width] = [at(x.shape, 0), at(x.shape, 1)];
    const partial = dims < headDim ? { heads: Number(width) / headDim, dims } : undefined;
    return reshape(rotary(reshape(x, [1, tokens, width]), tables, partial), [tokens, width]);
  };
}
