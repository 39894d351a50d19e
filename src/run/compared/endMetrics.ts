import { nullIfMissing } from '../../base/node/jsonFile';
import { readEnd } from '../../base/node/smallFile';
import { parseEvents } from '../eventLines';
import { eventsStart, readEvents } from '../events';
import { runPaths } from '../folder';
import type { Metrics, RunEvent } from '../types';

/** The first and the newest value of each metric of a run. */
export interface EndMetrics {
  readonly first: Metrics;
  readonly last: Metrics;
  /** Seconds from the first point to the last; null: its points have no times. */
  readonly seconds: number | null;
  /** Lines that hold no event, among those that were read. */
  readonly damaged: number;
}

/**
 * The bytes at the end of the file that are searched for an evaluation, one after the other. A point has 1 KB, so an
 * evaluation each 15,000 steps is found.
 */
const endBytes = [1 << 17, 1 << 20, 1 << 24] as const;

/**
 * Reads only the start and the end of a run's events, so that a table of many long runs appears soon.
 *
 * @param evaluates whether the run has evaluations, whose last one is searched for
 * @throws MarginError as {@link readEvents}
 */
export async function endMetrics(folder: string, evaluates: boolean): Promise<EndMetrics> {
  const start = await readEvents(folder, eventsStart);
  const end = start.more ? await lastPoints(folder, evaluates) : { events: start.events, damaged: 0 };
  const points = start.events.filter(isPoint);
  const lastPoint = end.events.findLast(isPoint);
  const firstPoint = points[0];
  return {
    first: joined(points.toReversed()),
    last: joined(end.events.filter(isPoint)),
    seconds: firstPoint && lastPoint ? (lastPoint.t - firstPoint.t) / 1000 : 0,
    damaged: start.place.damaged + end.damaged,
  };
}

type Point = Extract<RunEvent, { readonly kind: 'train' | 'eval' }>;

function isPoint(event: RunEvent): event is Point {
  return event.kind === 'train' || event.kind === 'eval';
}

/** The first and the newest values of the points of a whole run. */
export function endsOf(points: readonly Point[]): EndMetrics {
  const [start, end] = [points[0], points.at(-1)];
  const seconds = start && end ? (end.t - start.t) / 1000 : 0;
  return { first: joined(points.toReversed()), last: joined(points), seconds, damaged: 0 };
}

/** Of each metric the value of the last point that has it. */
function joined(points: readonly Point[]): Metrics {
  return Object.assign({}, ...points.map(({ metrics }) => metrics)) as Metrics;
}

async function lastPoints(folder: string, evaluates: boolean): Promise<ReturnType<typeof parseEvents>> {
  let near: ReturnType<typeof parseEvents> | null = null;
  for (const bytes of endBytes) {
    const text = (await nullIfMissing(readEnd(runPaths.events(folder), bytes))) ?? '';
    // The last line may still be written.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    const hasEvaluation = whole.includes('"kind":"eval"');
    if (near === null) {
      near = parseEvents(whole);
      if (!evaluates || hasEvaluation) return near;
    } else if (hasEvaluation) {
      const lines = whole.split('\n').filter((line) => line.includes('"kind":"eval"'));
      return { events: [...parseEvents(lines.slice(-1).join('\n')).events, ...near.events], damaged: near.damaged };
    }
  }
  return near ?? { events: [], damaged: 0 };
}
