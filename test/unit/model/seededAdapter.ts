import { createAdapter } from '../../../src/model/lora';
import type { Adapter, Checkpoint, LoraSettings } from '../../../src/model/types';
import { seededWeight } from '../engine/seededWeights';

/** Settings under which ranks and scales differ between modules. */
export const unevenSettings: LoraSettings = {
  r: 3,
  alpha: 5,
  rslora: true,
  dropout: 0,
  targets: 'all-linear',
  rankPattern: { 'layers\\.1\\..*': 2, 'h\\.1\\..*': 2 },
  alphaPattern: { 'v_proj|c_proj|o_proj': 7 },
};

/** An adapter with an effect; its values depend on its parameter names alone. */
export function seededAdapter(checkpoint: Checkpoint, settings: LoraSettings = unevenSettings): Adapter {
  const adapter = createAdapter(checkpoint, settings, () => 0);
  for (const { name, shape, data } of adapter.parameters.values())
    data.set(seededWeight(name, shape, false).map((value) => value * 0.3));
  return adapter;
}
