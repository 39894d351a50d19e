import { freeMemory } from '../../base/node/freeMemory';
import { models } from '../../hub/suggestedModels.json';
import { type Fit, fitOf } from '../../train/estimate/fitOf';
import type { Output } from '../output';
import { table } from '../table';

/** A model to begin with, and what of it fits in the free memory by the size of its weights alone. */
export interface SuggestedModel {
  readonly id: string;
  /** Of the weights, as of the revision in suggestedModels.json; the Hub is not asked. */
  readonly bytes: number;
  readonly licence: string;
  readonly fit: Fit;
}

const fits: Readonly<Record<Fit, string>> = { all: 'all weights, LoRA', lora: 'LoRA', none: 'no' };

/** Prints the models to begin with. */
export async function printSuggested(json: boolean, output: Output): Promise<void> {
  const free = await freeMemory();
  const suggested = models.map(({ id, bytes, parameters, licence }): SuggestedModel => ({
    id,
    bytes,
    licence,
    fit: fitOf(bytes, parameters, free),
  }));
  if (json) return output.json({ suggested, free });
  const rows = suggested.map(({ id, bytes, licence, fit }) => [id, (bytes / 1e9).toFixed(2), licence, fits[fit]]);
  output.line(table(['model', 'about GB', 'licence', 'fits'], rows));
}
