import type { RotaryTables } from '../graph/algebra';
import { input, type Tensor } from '../graph/tensor';
import { rotaryTables } from '../model/architectures/rotaryTables';
import { llamaBody } from '../model/architectures/llama';
import type { ModelConfig } from '../model/types';
import { packedAttention } from './attention';
import type { GraphWeights } from './weights';

/** Inputs of the body of a packed batch, named as in `PackedBatch`. */
export function packedHidden(config: ModelConfig, weights: GraphWeights): Tensor {
  const tables: RotaryTables = rotaryTables(config, config.maxPositions);
  const attend = packedAttention(
    config,
    {
      positions: input('positions', 'i64', ['tokens', 1]),
      unpack: input('unpack', 'i64', ['groups', 'width']),
      pack: input('pack', 'i64', ['tokens']),
      mask: input('mask', 'f32', ['groups', 1, 1, 'width', 'width']),
    },
    tables,
  );
  return llamaBody(config, weights, input('ids', 'i64', ['tokens']), attend);
}
