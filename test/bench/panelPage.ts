import { seededRandom } from '../../src/base/pure/seededRandom';
import { pairNumbers } from '../../src/pairs/pairNumber';
import { Channel, type WireMessage } from '../../src/protocol/channel';
import type { CurvePage } from '../../src/run/curves';
import type { Curves, PairsPage, RunDetail, RunPanelHost, RunPanelView, Scatter } from '../../src/protocol/runPanel';

/*
 * The host of a run panel in a bare page: a run in training with 5,000 scored pairs, the most that are drawn as points.
 * It measures the script of the view: of its event listeners and of its animation frames.
 */

const pairs = 5000;
const steps = 20_000;
/** Points of one message, as the host sends them. */
const pageLength = 1300;
const metrics = ['loss', 'rewards/margins', 'rewards/accuracies', 'rewards/chosen', 'rewards/rejected', 'logps/chosen'];
const random = seededRandom(1);

/** What the bench calls in the page. */
export interface PanelPage {
  /** Begins to count; returns milliseconds of script in each frame since it was called before. */
  readonly frames: () => readonly number[];
  /** Says this many times, once a second as the host does while changes go on, that the run has changed. */
  readonly follow: (changes: number) => Promise<void>;
}

declare global {
  var panel: PanelPage;
  var acquireVsCodeApi: () => unknown;
}

let script = 0;
let depth = 0;

function timed<Args extends unknown[], Result>(work: (...args: Args) => Result): (...args: Args) => Result {
  return (...args) => {
    const from = performance.now();
    depth++;
    try {
      return work(...args);
    } finally {
      if (--depth === 0) script += performance.now() - from;
    }
  };
}

const nextFrame = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (draw) => nextFrame(timed(draw));
// Listeners of the view are added once and never removed by reference while this measures.
const listen = EventTarget.prototype.addEventListener;
EventTarget.prototype.addEventListener = function (type, listener, options) {
  const call = typeof listener === 'function' ? timed(listener.bind(this) as (event: Event) => void) : listener;
  listen.call(this, type, call, options);
};

let toHost: (message: WireMessage) => void = () => undefined;
window.acquireVsCodeApi = () => ({
  postMessage: (message: WireMessage) => queueMicrotask(() => toHost(structuredClone(message))),
  getState: () => ({ tab: location.hash.slice(1) }),
  setState: () => undefined,
});
const port = {
  post: (data: WireMessage) => window.dispatchEvent(new MessageEvent('message', { data: structuredClone(data) })),
  listen: (receive: (message: WireMessage) => void) => ((toHost = receive), () => undefined),
};

const numbers = (count: number): Float64Array => Float64Array.from({ length: count }, () => random() - 0.4);
let revision = 1;

function detail(): RunDetail {
  const run = { folder: '/run', name: 'run', status: 'running', state: null, created: 0, scoring: null } as const;
  return {
    revision,
    run,
    runs: [run],
    config: null,
    rewardSteps: [10, 20],
    rewardStep: 20,
    startsAsReference: true,
    sampleSteps: [],
    sampleStep: null,
    remarks: [],
    preparing: null,
    pinned: null,
    reveal: null,
    reading: null,
    unreadable: null,
    pins: [],
    curveMemory: null,
  };
}

/** Made once, so that making them is no part of the load: each change brings a point. */
const points = metrics.map(() => numbers(steps));
const stepsOf = Float64Array.from({ length: steps }, (_, i) => i + 1);

function curves(width: number): Curves {
  const [from, to] = [revision, revision + Math.min(2 * width, steps - 1000)];
  const at = stepsOf.subarray(from, to).slice();
  const series = Object.fromEntries(metrics.map((metric, i) => [metric, (points[i] ?? stepsOf).slice(from, to)]));
  return { steps: at, times: at, series, lastStep: to };
}

/** Points by page: most are there at first, and each change brings one more. */
function pointsOf(from: number): CurvePage {
  const length = steps - 1000 + revision;
  const to = Math.min(length, from + pageLength);
  const at = stepsOf.slice(from, to);
  const series = Object.fromEntries(metrics.map((metric, i) => [metric, (points[i] ?? stepsOf).slice(from, to)]));
  return { generation: 1, from, length, steps: at, times: at, series, notNumbers: {} };
}

const edges = Array.from({ length: 41 }, (_, i) => (i - 16) / 40);
const counts = edges.slice(1).map(() => pairs / 40);

function page(from: number, count: number): PairsPage {
  const rows = Array.from({ length: Math.min(count, pairs - from) }, (_, i) => ({
    ...(Object.fromEntries(pairNumbers.map((name) => [name, 0.1])) as Record<(typeof pairNumbers)[number], number>),
    row: from + i,
    key: String(from + i),
    prompt: 'Tell me about the sea.',
    file: {},
  }));
  return { total: pairs, shown: pairs, negative: 100, rows, histogram: { edges, counts, shown: counts }, columns: [] };
}

function scatter(): Scatter {
  const [x, y] = [numbers(pairs), numbers(pairs)];
  const index = Int32Array.from({ length: pairs }, (_, i) => i);
  return { kind: 'points', index, x, y, rangeX: [-0.4, 0.6], rangeY: [-0.4, 0.6], shade: null };
}

const trend = () => ({ steps: [10, 20], margins: numbers(2), chosen: numbers(2), rejected: numbers(2), visits: [] });
const handlers = {
  hello: detail,
  select: detail,
  curves: ({ width }: { width: number }) => curves(width),
  points: ({ from }: { from: number }) => pointsOf(from),
  remember: () => null,
  pairs: ({ from, count }: { from: number; count: number }) => page(from, count),
  scatter,
  datasetColumns: () => ({ names: [], problem: null }),
  trend,
  groups: () => [],
  movers: () => [],
  others: () => [],
  locate: () => 0,
};
// A view asks for nothing else here; an unknown request fails and is shown.
const channel = new Channel<RunPanelHost, RunPanelView>(port, handlers as never);

let frames: number[] = [];
let before = 0;
const count = (): void => {
  frames.push(script - before);
  before = script;
  nextFrame(count);
};
nextFrame(count);

window.panel = {
  frames: () => {
    const counted = frames;
    frames = [];
    return counted;
  },
  follow: async (changes) => {
    for (let change = 0; change < changes; change++) {
      revision++;
      channel.emit('changed', { revision });
      await new Promise((done) => setTimeout(done, 1000));
    }
  },
};
