import { basename, join, resolve } from 'node:path';
import { at } from '../base/pure/must';
import { readAllEvents } from '../run/events';
import { readRunConfig } from '../run/folder';
import type { LoggedRun, PointEvent } from '../trackers/trackedRun';
import { exportToTensorBoard, exportToTrackio } from '../trackers/trackers';
import { type Arguments, flag, required, UsageError } from './args';
import type { Surroundings } from './command';
import { folderOfRun } from './diffRuns';

const formats = ['tensorboard', 'trackio'] as const;

/** Writes the points and configs of runs for another program: `margin runs export RUN … --format F --out PATH`. */
export async function exportRuns(args: Arguments, { cwd, output }: Surroundings): Promise<number> {
  const [, ...named] = args.positionals;
  if (named.length === 0) throw new UsageError('export which runs? Name their folders.');
  const given = required(args, 'format');
  const format = formats.find((one) => one === given);
  if (!format) throw new UsageError(`--format must be one of ${formats.join(', ')}, not ${given}`);
  const out = resolve(cwd, required(args, 'out'));
  if (format === 'trackio' && !out.endsWith('.db'))
    throw new UsageError('--out must end in .db for trackio: the name before it is the project');
  const folders = await Promise.all(named.map((one) => folderOfRun(one, cwd)));
  const runs = await Promise.all(folders.map(loggedRun));
  if (format === 'trackio') await exportToTrackio(runs, out);
  else await eachInItsFolder(runs, folders, out);
  const points = runs.reduce((sum, { events }) => sum + events.length, 0);
  if (flag(args, 'json')) output.json({ out, format, runs: runs.map(({ name }) => name), points });
  else output.line(`${points} points of ${runs.length} ${runs.length === 1 ? 'run' : 'runs'} · ${out}`);
  return 0;
}

/** A log folder of TensorBoard is a run, so each run gets one of its own. */
async function eachInItsFolder(runs: readonly LoggedRun[], folders: readonly string[], out: string): Promise<void> {
  for (const [i, run] of runs.entries()) await exportToTensorBoard(run, join(out, basename(at(folders, i))));
}

async function loggedRun(folder: string): Promise<LoggedRun> {
  const { name, created, config } = await readRunConfig(folder);
  const events = (await readAllEvents(folder)).filter(
    (event): event is PointEvent => event.kind === 'train' || event.kind === 'eval',
  );
  return { name, created, config: { ...config }, events };
}
