import { constant } from '../../graph/tensor';
import type { RotaryTables } from '../../graph/algebra';
import { GraphError } from '../../graph/graphError';
import type { ModelConfig } from '../types';

/**
 * cos and sin of every position, [positions, headDim / 2]. Rounded to f32 at the frequency and at the angle, where
 * `transformers` rounds: tables in double differ from it by 5e-5 at position 2,000.
 *
 * @throws GraphError `unsupported-rope` for scalings other than none, `default`, `linear` and `llama3`
 */
export function rotaryTables(config: ModelConfig, positions: number): RotaryTables {
  const half = config.headDim / 2;
  const frequencies = Array.from({ length: half }, (_, i) => scaled(Math.fround(config.ropeTheta ** (-i / half)), config));
  const size = positions * half;
  const [cos, sin, negativeSin] = [new Float32Array(size), new Float32Array(size), new Float32Array(size)];
  for (let position = 0; position < positions; position++) {
    frequencies.forEach((frequency, i) => {
      const angle = Math.fround(position * frequency);
      const at = position * half + i;
      cos[at] = Math.cos(angle);
      sin[at] = Math.sin(angle);
      negativeSin[at] = -Math.sin(angle);
    });
  }
  const shape = [positions, half];
  return { cos: constant(cos, shape), sin: constant(sin, shape), negativeSin: constant(negativeSin, shape) };
}

/** `modeling_rope_utils.py` of transformers: linear divides, llama3 divides long wavelengths and blends the middle. */
function scaled(frequency: number, { ropeScaling }: ModelConfig): number {
  const kind = ropeScaling?.rope_type ?? ropeScaling?.type ?? 'default';
  const value = (key: string): number => Number(ropeScaling?.[key]);
  if (kind === 'default') return frequency;
  if (kind === 'linear') return Math.fround(frequency / value('factor'));
  if (kind !== 'llama3') {
    throw new GraphError('unsupported-rope', `config.json: rope scaling "${String(kind)}" is not supported; supported are default, linear and llama3`);
  }
  const wavelength = (2 * Math.PI) / frequency;
  const [low, high, context] = [value('low_freq_factor'), value('high_freq_factor'), value('original_max_position_embeddings')];
  if (wavelength < context / high) return frequency;
  const divided = frequency / value('factor');
  if (wavelength > context / low) return Math.fround(divided);
  const blend = (context / wavelength - low) / (high - low);
  return Math.fround((1 - blend) * divided + blend * frequency);
}
