import type { Fields } from '../fields';
import { windows, type DecoderSizes } from './decoder';

/**
 * The sliding window of each layer of Qwen 2 and 3; null: none. Without `use_sliding_window` no layer has one; with it,
 * the layers from `max_window_layers` on do.
 */
export function qwenWindows(fields: Fields, sizes: DecoderSizes): (number | null)[] {
  const window = fields.boolean('use_sliding_window', false) ? fields.optionalNumber('sliding_window', 4096) : null;
  const first = Number(fields.json.max_window_layers ?? 28);
  return windows(fields, sizes, window, (layer) => window !== null && layer >= first);
}
