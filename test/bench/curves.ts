import { monitorEventLoopDelay } from 'node:perf_hooks';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { must } from '../../src/base/pure/must';
import { seededRandom } from '../../src/base/pure/seededRandom';
import { launchBrowser } from '../../src/dev/workbench/browser';
import { EventThread } from '../../src/host/runPanel/parsing';
import { unseen } from '../../src/host/runPanel/rewards/slowReading';
import { SharedFollowers } from '../../src/host/runPanel/sharedFollowers';
import { eventLine } from '../../src/run/eventLines';
import { createRunFolder, runPaths, writeState } from '../../src/run/folder';
import type { RunConfig, RunState } from '../../src/run/types';
import { numbersHere } from '../unit/host/runPanel/numbersHere';
import { runConfig, runState } from '../unit/run/samples';
import type { FrameTimes } from './curvesPage';

const runs = 20;
/** Pixels of a chart beside others, and of one that fills a window. */
const widths = [300, 1400];
const metrics = 24;

/**
 * Measures the curves of a long run: how soon the host can show it, how long it blocks, and the script of a frame with
 * many runs in the browser that the tests use.
 */
export async function measureCurves(folder: string, steps: number, say: (text: string) => void): Promise<void> {
  say(await measureHost(folder, steps));
  say(await measureFrames(join(folder, 'browser'), steps));
}

async function measureHost(folder: string, steps: number): Promise<string> {
  const run = await longRun(folder, steps);
  const path = runPaths.events(run);
  const { size } = await stat(path);
  const thread = new EventThread(resolve('dist/eventsThread.js'));
  const followers = new SharedFollowers({ of: async () => null }, thread, unseen, numbersHere());
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const from = performance.now();
  const { follower, release } = await followers.follow(run, () => undefined);
  follower.sketch.thin(300, 30_000, ['loss', 'grad_norm', 'rewards/margins']);
  const preview = performance.now() - from;
  while (follower.reading !== null) await new Promise((done) => setTimeout(done, 5));
  const all = performance.now() - from;
  delay.disable();
  const points = follower.curves.length;
  release();
  thread.close();
  const plainFrom = performance.now();
  for (const line of (await readFile(path, 'utf8')).split('\n')) if (line !== '') JSON.parse(line);
  const plain = performance.now() - plainFrom;
  return [
    `run of ${points} steps with ${metrics} metrics, ${(size / 1e6).toFixed(0)} MB`,
    `  the host can draw it after ${preview.toFixed(0)} ms (${(preview / plain).toFixed(3)} x JSON.parse of all lines)`,
    `  all points are there after ${all.toFixed(0)} ms (${(all / plain).toFixed(2)} x), in a thread`,
    `  longest block of the extension host: ${(delay.max / 1e6).toFixed(1)} ms, 99th percentile ${(delay.percentile(99) / 1e6).toFixed(1)} ms`,
  ].join('\n');
}

async function longRun(folder: string, steps: number): Promise<string> {
  const config: RunConfig = runConfig();
  const state: RunState = runState({ status: 'done', step: steps, steps });
  const run = await createRunFolder(folder, config);
  const random = seededRandom(3);
  const names = [
    'loss',
    'grad_norm',
    'rewards/margins',
    ...Array.from({ length: metrics - 3 }, (_, i) => `metric_${i}`),
  ];
  const lines = Array.from({ length: steps }, (_, i) =>
    eventLine({
      t: 1e12 + 100 * i,
      step: i + 1,
      kind: 'train',
      metrics: Object.fromEntries(names.map((name) => [name, random()])),
    }),
  );
  await writeFile(runPaths.events(run), `${lines.join('\n')}\n`);
  writeState(run, state);
  return run;
}

async function measureFrames(profile: string, points: number): Promise<string> {
  const { context, page } = await launchBrowser(profile);
  try {
    const found: string[] = [];
    for (const width of widths) {
      page.on('pageerror', (error) => console.error(error));
      await page.setContent('<!doctype html><body style="font: 13px sans-serif">');
      await page.addScriptTag({ path: resolve('dist/test/curvesPage.js') });
      const times: FrameTimes = await page.evaluate(
        ([count, length, pixels]) => window.measureCurves(count, length, pixels),
        [runs, points, width] as const,
      );
      const line = (name: string, values: readonly number[]): string => {
        const sorted = values.toSorted((a, b) => a - b);
        const at = (share: number): string =>
          must(sorted[Math.floor(share * (sorted.length - 1))], 'a time').toFixed(1);
        return `  ${name}: median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms, longest ${at(1)} ms`;
      };
      found.push(
        `${runs} runs x ${points} points in a chart of ${width} pixels`,
        line('frame of a zoom', times.zoom),
        line('from frame to frame, with what the browser paints', times.between),
        `  the picture is complete ${times.complete.toFixed(0)} ms after the zoom`,
        line('move of the crosshair', times.crosshair),
        `  all series for the first time ${times.first.toFixed(0)} ms, other smoothing ${times.smoothing.toFixed(0)} ms`,
      );
    }
    return found.join('\n');
  } finally {
    await context.close();
  }
}
