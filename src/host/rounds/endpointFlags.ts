import { editorModelPolicy, type RoundRecord } from '../../run/rounds/types';
import type { Endpoint } from './endpointKeys';

/** The options of `margin` for the model at an endpoint. The key is none of them: it goes through the environment. */
export function endpointFlags({ model, prices }: Pick<Endpoint, 'model' | 'prices'>): readonly string[] {
  const priced = prices === null ? [] : ['--price_in', String(prices[0]), '--price_out', String(prices[1])];
  return ['--endpoint_model', model, ...priced];
}

/** The endpoint that drafts a round, or VS Code, and its model; null if a model on this machine does. */
export function endpointOf({ model, checkpoint }: RoundRecord['policy']): { url: string; model: string } | null {
  return (/^https?:/.test(model) || model === editorModelPolicy) && checkpoint !== null
    ? { url: model, model: checkpoint }
    : null;
}
