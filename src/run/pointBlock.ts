import type { RunEvent } from './types';

/**
 * The points of some `train` and `eval` events as columns, so that a thread can hand them over. A metric that is NaN is
 * an entry; a metric that is missing is none.
 */
export interface PointBlock {
  readonly steps: Float64Array<ArrayBuffer>;
  /** Milliseconds since 1970. */
  readonly times: Float64Array<ArrayBuffer>;
  /** For each event, the index after its last entry. */
  readonly ends: Uint32Array<ArrayBuffer>;
  /** Names of metrics. */
  readonly names: readonly string[];
  /** For each entry, the index of its name, and its value. */
  readonly metrics: Uint16Array<ArrayBuffer>;
  readonly values: Float64Array<ArrayBuffer>;
}

/** The points of events, in their order. Other events are left out. */
export function pointBlock(events: readonly RunEvent[]): PointBlock {
  const points = events.flatMap((event) => (event.kind === 'train' || event.kind === 'eval' ? [event] : []));
  const size = points.reduce((sum, { metrics }) => sum + Object.keys(metrics).length, 0);
  const names = new Map<string, number>();
  const [metrics, values] = [new Uint16Array(size), new Float64Array(size)];
  let entry = 0;
  const ends = Uint32Array.from(points, (point) => {
    for (const [name, value] of Object.entries(point.metrics)) {
      const index = names.get(name) ?? names.size;
      names.set(name, index);
      metrics[entry] = index;
      values[entry++] = value;
    }
    return entry;
  });
  return {
    steps: Float64Array.from(points, ({ step }) => step),
    times: Float64Array.from(points, ({ t }) => t),
    ends,
    names: [...names.keys()],
    metrics,
    values,
  };
}

/** The buffers of a block, which a thread hands over. */
export function buffersOf({ steps, times, ends, metrics, values }: PointBlock): ArrayBuffer[] {
  return [steps.buffer, times.buffer, ends.buffer, metrics.buffer, values.buffer];
}
