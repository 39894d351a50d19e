import type { FoundModel, FoundModels } from '../../model/finder/findModels';
import { type Fit, fitOf } from './fitOf';

/** A model with what of it fits in memory; null: its size is unknown, or Margin cannot train it. */
export type ListedModel = FoundModel & { readonly fit: Fit | null };

/** What `margin models --json` prints. */
export interface ListedModels {
  readonly models: readonly ListedModel[];
  readonly problems: readonly string[];
  /** Bytes of memory. */
  readonly free: number;
}

/** Adds to found models what of them fits in the free memory. */
export function listedModels({ models, problems }: FoundModels, free: number): ListedModels {
  const listed = models.map((model): ListedModel => {
    const { bytes, parameters, why } = model;
    return {
      ...model,
      fit: why !== null || bytes === null || parameters === null ? null : fitOf(bytes, parameters, free),
    };
  });
  return { models: listed, problems, free };
}
