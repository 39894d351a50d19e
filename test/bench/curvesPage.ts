import '../../webview/runPanel/soundLanguage';
import { seededRandom } from '../../src/base/pure/seededRandom';
import { Chart } from '../../webview/shared/chart/chart';
import { ChartGroup } from '../../webview/shared/chart/group';
import { type ChartOptions, plainOptions, type Series } from '../../webview/shared/chart/series';

/** Milliseconds of script of the charts of `npm run bench -- --curves`. */
export interface FrameTimes {
  /** Taking all series for the first time. */
  readonly first: number;
  /** Other smoothing of all series, with the draw. */
  readonly smoothing: number;
  /** Each frame of a zoom into the lines, and out again, and those after it until the picture is complete. */
  readonly zoom: readonly number[];
  /** From one of these frames to the next: also what the browser does to paint. */
  readonly between: readonly number[];
  /** From the end of the zoom to the complete picture. */
  readonly complete: number;
  /** Each move of the crosshair. */
  readonly crosshair: readonly number[];
}

declare global {
  interface Window {
    measureCurves(runs: number, points: number, width: number): Promise<FrameTimes>;
  }
}

const frames = 120;
/** Milliseconds of script in the callbacks of frames. */
let script = 0;
const nextFrame = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (draw) =>
  nextFrame((time) => {
    const from = performance.now();
    draw(time);
    // uPlot draws in a microtask, which was asked for before this one.
    queueMicrotask(() => queueMicrotask(() => (script += performance.now() - from)));
  });
const colours = ['red', 'blue', 'green', 'orange', 'purple', 'yellow'];

/** Draws runs into one chart, and measures what a person does with it. */
window.measureCurves = async (runs, points, width) => {
  const random = seededRandom(1);
  const series = Array.from({ length: runs }, (_, run): Series => {
    const x = Float64Array.from({ length: points }, (_value, i) => i + 1);
    const y = x.map((step) => Math.exp(-step / points) + 0.05 * run + 0.2 * (random() - 0.5));
    return { label: `run ${run}`, x, y, colour: `--vscode-charts-${colours[run % colours.length]}` };
  });
  const group = new ChartGroup();
  const chart = new Chart({ title: 'loss' }, group);
  document.body.replaceChildren(chart.element);
  const options = (smoothing: number): ChartOptions => ({ ...plainOptions, smoothing });
  const show = (smoothing: number): void => {
    chart.show(series, options(smoothing));
    chart.draw({ width, height: 320 });
  };
  const first = await timed(() => show(0.6));
  const smoothing = await timed(() => show(0.9));
  const zoom: number[] = [];
  const between: number[] = [];
  const frame = async (): Promise<void> => {
    script = 0;
    const from = performance.now();
    await new Promise((done) => nextFrame(done));
    between.push(performance.now() - from);
    zoom.push(script);
  };
  await frame();
  for (let i = 0; i < frames; i++) {
    // In to a thousandth of the points and out again; each frame is another range.
    const share = 0.001 ** Math.sin((Math.PI * (i + 1)) / (frames + 1));
    const from = 0.37 * points * (1 - share);
    group.zoomTo([1 + from, 1 + from + share * points]);
    await frame();
  }
  const end = performance.now();
  while (!group.slices.isIdle) await frame();
  const complete = performance.now() - end;
  group.zoomOut();
  const crosshair: number[] = [];
  for (let i = 0; i < frames; i++) crosshair.push(await timed(() => group.pointAt(1 + i * 700)));
  return { first, smoothing, zoom, between, complete, crosshair };
};

/** uPlot draws in a microtask of its own, which counts too. */
async function timed(work: () => void): Promise<number> {
  const from = performance.now();
  work();
  await Promise.resolve();
  await Promise.resolve();
  return performance.now() - from;
}
