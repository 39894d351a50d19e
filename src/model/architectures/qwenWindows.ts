import type { Fields } from '../fields';
import { windows, type DecoderSizes } from './decoder';

/** Qwen's windows are off unless asked for, and then on from layer `max_window_layers` up. */
export function qwenWindows(fields: Fields, sizes: DecoderSizes): (number | null)[] {
  const window = fields.boolean('use_sliding_window', false) ? fields.optionalNumber('sliding_window', 4096) : null;
  const first = Number(fields.json.max_window_layers ?? 28);
  return windows(fields, sizes, window, (layer) => window !== null && layer >= first);
}
