import { must } from '../../base/pure/must';
import type { Checkpoint } from '../../model/types';
import type { TrainConfig } from '../../run/types';
import type { ModelSizes } from '../../trl/estimate/types';
import { sizesOf } from '../estimate/sizes';
import { parametersOf } from './targetRate';

/** Bytes of a number in {@link sizesOf}. */
const f32Bytes = 4;

/**
 * What the memory of a run of TRL depends on, from a model's config.json and the headers of its weights.
 *
 * @throws MarginError those of {@link sizesOf}; `missing` for a linear layer outside the model's layers, which no
 *   architecture has
 */
export async function modelSizes(config: TrainConfig, checkpoint: Checkpoint): Promise<ModelSizes> {
  const { model } = checkpoint;
  const layers = linearLayers(model.linears.values());
  return {
    parameters: parametersOf(checkpoint),
    linear: layers.reduce((sum, { values }) => sum + values, 0),
    largestLayer: Math.max(...layers.map(({ values }) => values)),
    trained: (await sizesOf(config, checkpoint)).trained / f32Bytes,
    layers: model.attention.length,
    hidden: model.hiddenSize,
    vocabulary: model.vocabSize,
    perToken: layers.reduce((sum, { perToken }) => sum + perToken, 0),
    perTokenOfLayer: Math.max(...layers.map(({ perToken }) => perToken)),
  };
}

/** The linear layers of one layer of the model, together. */
interface LayerSize {
  /** Values of their weights. */
  values: number;
  /** Their inputs and outputs for a token, in numbers. */
  perToken: number;
}

function linearLayers(
  linears: Iterable<{ readonly module: string; readonly inFeatures: number; readonly outFeatures: number }>,
): readonly LayerSize[] {
  const sizes = new Map<string, LayerSize>();
  for (const { module, inFeatures, outFeatures } of linears) {
    const layer = layerOf(module);
    const size = sizes.get(layer) ?? { values: 0, perToken: 0 };
    sizes.set(layer, size);
    size.values += inFeatures * outFeatures;
    size.perToken += inFeatures + outFeatures;
  }
  return [...sizes.values()];
}

/** The number of the layer that a module is in: `4` of `model.layers.4.mlp.up_proj`. */
function layerOf(module: string): string {
  return must(/\.(\d+)\./.exec(module)?.[1], `the layer of ${module}`);
}
