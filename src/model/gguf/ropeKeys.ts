import type { Rope } from '../architectures/rope';
import type { Model } from '../architectures/architecture';
import { at, must } from '../../base/pure/must';
import { unsupportedGguf } from './unsupported';
import type { WrittenValue } from './write';

/** How a GGUF file stores RoPE: keys without the architecture's name before them, and tensors of divisors. */
export interface StoredRope {
  readonly keys: readonly (readonly [key: string, value: WrittenValue])[];
  readonly tensors: readonly (readonly [name: string, divisors: Float32Array])[];
}

/** The θ of Gemma 3's layers with a window, which llama.cpp assumes (`src/models/gemma3.cpp`). */
const localTheta = 10_000;

/** The keys that change YaRN in `transformers` but not in every version of llama.cpp. */
const yarnExtras = ['attention_factor', 'mscale', 'mscale_all_dim', 'beta_fast', 'beta_slow', 'truncate'] as const;

/**
 * RoPE as llama.cpp's converters write it (`conversion/base.py`, `llama.py`, `phi.py`).
 *
 * @param folder for the error
 * @throws MarginError `unsupported-gguf` for a scaling that llama.cpp computes in another way
 */
export function storedRope({ ropes, modelType }: Model, architecture: string, folder: string): StoredRope {
  const [rope, local] = ropes;
  if (!rope) return { keys: [], tensors: [] };
  if (local && (local.source.kind !== 'default' || local.source.theta !== localTheta))
    throw unsupportedGguf(folder, `llama.cpp has another RoPE for the windows of model_type "${modelType}"`);
  const base: StoredRope['keys'] = [
    ['rope.freq_base', { f32: rope.source.theta }],
    ['rope.dimension_count', { u32: rope.dims }],
  ];
  const scaled = scaling(rope, architecture, folder);
  return { keys: [...base, ...scaled.keys], tensors: scaled.tensors };
}

function scaling(rope: Rope, architecture: string, folder: string): StoredRope {
  const { kind, fields, original } = rope.source;
  const named = (type: string): readonly [string, WrittenValue] => ['rope.scaling.type', { text: type }];
  const factor = (): readonly [string, WrittenValue] => ['rope.scaling.factor', { f32: fields.number('factor') }];
  const context: readonly [string, WrittenValue] = ['rope.scaling.original_context_length', { u32: original }];
  if (kind === 'default') return { keys: architecture === 'phi3' ? [context] : [], tensors: [] };
  if (kind === 'linear') return { keys: [named('linear'), factor()], tensors: [] };
  if (kind === 'yarn' && yarnExtras.every((name) => fields.json[name] === undefined))
    return { keys: [named('yarn'), factor(), context], tensors: [] };
  if (kind === 'llama3' && architecture === 'llama')
    return { keys: [], tensors: [['rope_freqs.weight', llama3Divisors(rope)]] };
  if (kind === 'longrope' || kind === 'su') return longRope(rope, architecture, folder);
  throw unsupportedGguf(
    folder,
    `llama.cpp computes RoPE scaling "${kind}" with these settings in another way for the architecture "${architecture}"`,
  );
}

function longRope(rope: Rope, architecture: string, folder: string): StoredRope {
  const { fields, original } = rope.source;
  const [short, long] = (['short_factor', 'long_factor'] as const).map((name) =>
    Float32Array.from(fields.numbers(name, rope.dims / 2)),
  );
  const [ofShort, ofLong] = [must(short, 'the short factors'), must(long, 'the long factors')];
  if (architecture === 'phi3')
    return {
      keys: [
        ['rope.scaling.type', { text: 'longrope' }],
        ['rope.scaling.original_context_length', { u32: original }],
        ['rope.scaling.attn_factor', { f32: rope.factor }],
      ],
      tensors: [
        ['rope_factors_long.weight', ofLong],
        ['rope_factors_short.weight', ofShort],
      ],
    };
  // What Margin's reader makes of Llama 3's scaling in a GGUF file: one list for all lengths.
  if (architecture === 'llama' && rope.factor === 1 && ofShort.every((divisor, i) => divisor === at(ofLong, i)))
    return { keys: [], tensors: [['rope_freqs.weight', ofShort]] };
  throw unsupportedGguf(folder, `llama.cpp has no LongRoPE for the architecture "${architecture}"`);
}

/** What each frequency is divided by (`conversion/llama.py`, `generate_extra_tensors`); `rope.ts` has the formula. */
function llama3Divisors({ dims, source: { theta, fields, original } }: Rope): Float32Array {
  const [factor, low, high] = [
    fields.number('factor'),
    fields.number('low_freq_factor'),
    fields.number('high_freq_factor'),
  ];
  return Float32Array.from({ length: dims / 2 }, (_, i) => {
    const wavelength = 2 * Math.PI * theta ** ((2 * i) / dims);
    if (wavelength < original / high) return 1;
    if (wavelength > original / low) return factor;
    const smooth = (original / wavelength - low) / (high - low);
    return 1 / ((1 - smooth) / factor + smooth);
  });
}
