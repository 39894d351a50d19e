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
import { reshape } from '../../graph/structure';
import { constant, scalar, type Tensor } from '../../graph/tensor';
import { isRecord } from '../../base/pure/isRecord';
import { Fields, type Json } from '../fields';
import type { Block, Pass } from './architecture';
import type { DecoderSizes } from './decoder';

/** Rotary position embedding of one kind of layer. */
export interface Rope {
  /** How many of a head's dimensions are turned, the first ones. */
  readonly dims: number;
  /** Turns per position, [dims / 2] or one row a token, [tokens, dims / 2]. */
  readonly frequencies: (pass: Pass) => Tensor;
  /** On cos and sin: what yarn and longrope do to attention. */
  readonly factor: number;
}

export interface RopeDefaults {
  readonly theta?: number;
  /** GPT-NeoX has names of its own. */
  readonly thetaName?: string;
  readonly partial?: number;
  readonly partialName?: string;
}

/** transformers' `modeling_rope_utils.py`, each rounding to f32 where it does. */
const kinds: Readonly<Record<string, (base: readonly number[], settings: Settings) => Omit<Rope, 'dims'>>> = {
  default: (base) => fixed(base),
  linear: (base, { fields }) => fixed(base.map((frequency) => frequency / fields.number('factor'))),
  dynamic,
  llama3,
  yarn,
  longrope,
  // What Phi-3's first configs called it.
  su: longrope,
};

interface Settings {
  readonly fields: Fields;
  readonly theta: number;
  readonly dims: number;
  readonly maxPositions: number;
  /** Length the model was trained at before its context was stretched. */
  readonly original: number;
}

/**
 * RoPE as config.json has it, in the spelling of transformers 5 (`rope_parameters`) or 4 (`rope_theta`,
 * `rope_scaling`).
 *
 * @throws MarginError `unsupported-rope` | `bad-config`
 */
export function readRope(fields: Fields, sizes: DecoderSizes, defaults: RopeDefaults = {}): Rope {
  const parameters = fields.record('rope_parameters') ?? fields.record('rope_scaling') ?? {};
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

/** @param parameters one rope's own settings */
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
      `${fields.file}: RoPE turns ${dims} dimensions of a head of ${headDim}; it turns an even number of them`,
    );
  const own = new Fields(fields.file, parameters);
  // Phi-3 has the length outside; there it counts before the one inside.
  const original = fields.integer(
    'original_max_position_embeddings',
    own.integer('original_max_position_embeddings', maxPositions),
  );
  const base = Array.from({ length: dims / 2 }, (_, i) =>
    Math.fround(1 / Math.fround(theta ** Math.fround((2 * i) / dims))),
  );
  return { dims, ...make(base, { fields: own, theta, dims, maxPositions, original }) };
}

/** Parameters of gemma3's two ropes, and of nobody else's so far. */
export function nestedRope(fields: Fields, kind: string): Json | null {
  const nested = fields.record('rope_parameters')?.[kind] ?? null;
  if (nested === null || isRecord(nested)) return nested;
  throw fields.bad(`rope_parameters.${kind}`, 'an object', nested);
}

function fixed(frequencies: readonly number[], factor = 1): Omit<Rope, 'dims'> {
  const table = row(frequencies);
  return { frequencies: () => table, factor };
}

const row = (values: readonly number[]): Tensor => constant(Float32Array.from(values), [values.length]);

/**
 * Beyond the trained length n the base grows by (f·n/max − f + 1)^(d/(d−2)), so that frequency i shrinks by that to the
 * −2i/d-th power. Below it the factor is 1, and exp(0) is exact.
 */
function dynamic(base: readonly number[], { fields, dims, maxPositions }: Settings): Omit<Rope, 'dims'> {
  const factor = fields.number('factor');
  const powers = row(base.map((_, i) => (-2 * i) / (dims - 2)));
  return {
    frequencies: ({ spans }) => {
      const growth = add(scale(relu(scalarSub(div(spans, scalar(maxPositions)), 1)), factor), scalar(1));
      return mul(exp(mul(log(growth), powers)), row(base));
    },
    factor: 1,
  };
}

/** Long wavelengths are divided, short ones kept, those between blended. */
function llama3(base: readonly number[], { fields, original }: Settings): Omit<Rope, 'dims'> {
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

/** YaRN (Peng et al. 2023, arXiv:2309.00071): slow dimensions are divided, fast ones kept, with a ramp between. */
function yarn(base: readonly number[], { fields, theta, dims, original, maxPositions }: Settings): Omit<Rope, 'dims'> {
  const factor = fields.number('factor', maxPositions / original);
  const dimensionOf = (turns: number): number =>
    (dims * Math.log(original / (turns * 2 * Math.PI))) / (2 * Math.log(theta));
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

function yarnFactor(fields: Fields, factor: number): number {
  const magnitude = (weight: number): number => (factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1);
  const [own, all] = [fields.json.mscale, fields.json.mscale_all_dim];
  const ratio =
    own && all ? magnitude(fields.number('mscale')) / magnitude(fields.number('mscale_all_dim')) : magnitude(1);
  return fields.number('attention_factor', ratio);
}

/**
 * LongRoPE (Ding et al. 2024, arXiv:2402.13753): each frequency has its own divisor, another one for sequences longer
 * than the trained length. transformers decides for a whole batch, Margin for each pair: what shares a batch must not
 * matter.
 */
function longrope(base: readonly number[], { fields, maxPositions, original }: Settings): Omit<Rope, 'dims'> {
  const divided = (name: string): Tensor => {
    const divisors = fields.numbers(name, base.length);
    return row(base.map((frequency, i) => frequency / (divisors[i] ?? 1)));
  };
  const [short, long] = [divided('short_factor'), divided('long_factor')];
  const stretch = fields.number('factor', maxPositions / original);
  return {
    frequencies: ({ spans }) => where(greater(spans, scalar(original)), long, short),
    factor: fields.number('attention_factor', stretch <= 1 ? 1 : Math.sqrt(1 + Math.log(stretch) / Math.log(original))),
  };
}

/** Turns queries or keys [tokens, heads·headDim] by their places. */
export function rotation({ dims, frequencies, factor }: Rope, headDim: number): Block {
  // All layers of a pass share one set of tables.
  const made = new WeakMap<Pass, RotaryTables>();
  const tablesOf = (pass: Pass): RotaryTables => {
    const angles = mul(pass.places, frequencies(pass));
    const scaled = (table: Tensor): Tensor => (factor === 1 ? table : scale(table, factor));
    const turned = scaled(sin(angles));
    return { cos: scaled(cos(angles)), sin: turned, negativeSin: neg(turned) };
  };
  return (x, pass) => {
    const tables = made.get(pass) ?? tablesOf(pass);
    made.set(pass, tables);
    const [tokens = 1, width = 1] = x.shape;
    const partial = dims < headDim ? { heads: Number(width) / headDim, dims } : undefined;
    return reshape(rotary(reshape(x, [1, tokens, width]), tables, partial), [tokens, width]);
  };
}
