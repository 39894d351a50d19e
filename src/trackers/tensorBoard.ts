import { readdir } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileError } from '../base/node/fileError';
import { parseJsonObject } from '../base/node/smallFile';
import { at } from '../base/pure/must';
import { readEvent } from './eventProto';
import { configOf, metricName, skippedRemark } from './metricNames';
import { readTfRecords } from './tfRecords';
import type { ConfigValue, PointEvent, TrackedRun } from './trackedRun';

/** Whether a name is that of an event file: TensorBoard's `IsTensorFlowEventsFile` asks the same. */
export const isEventFile = (name: string): boolean => name.includes('tfevents');

/** Folders below a log folder that are looked through. */
const maxDepth = 6;
/** transformers' callback logs the arguments of a run as a text with this tag. */
const argumentsTag = 'args/text_summary';

/** What the event files of one folder say. */
class Log {
  readonly events: PointEvent[] = [];
  readonly remarks: string[] = [];
  config: Record<string, ConfigValue> = {};
  created: number | null = null;
  private skipped = 0;

  async read(path: string): Promise<void> {
    const before = this.skipped;
    const damaged = await readTfRecords(path, (data) => this.take(data, path));
    if (damaged !== null)
      this.remarks.push(`${path} is damaged at byte ${damaged}: the points that follow in it are not shown.`);
    this.remarks.push(...skippedRemark(this.skipped - before, path));
  }

  private take(data: Buffer, path: string): void {
    const { wallTime, step, values } = readEvent(data);
    const t = wallTime * 1000;
    this.created = this.created === null ? t : Math.min(this.created, t);
    for (const { tag, value } of values) {
      if (typeof value === 'number') this.add(t, step, tag, value);
      else if (tag === argumentsTag && value !== null)
        this.config = configOf(parseJsonObject(value, `${path}: ${tag}`));
      else this.skipped++;
    }
  }

  /** Metrics of one step that follow each other are one point, as a trainer logs them. Each point has its `epoch`. */
  private add(t: number, step: number, tag: string, value: number): void {
    const metric = metricName(tag);
    const kind = metric.startsWith('eval_') ? 'eval' : 'train';
    const last = this.events.at(-1);
    const isOfLast = last?.step === step && (last.kind === kind || metric === 'epoch');
    if (isOfLast && !(metric in last.metrics))
      this.events[this.events.length - 1] = { ...last, metrics: { ...last.metrics, [metric]: value } };
    else this.events.push({ t, step, kind, metrics: { [metric]: value } });
  }
}

/**
 * Reads the event files of TensorBoard in a folder and the folders in it. As in TensorBoard, each folder with such
 * files is a run, and its files follow each other by name.
 *
 * @param path a log folder, or one event file
 * @throws MarginError those of {@link fileError}
 */
export async function readTensorBoard(path: string): Promise<TrackedRun[]> {
  const isFile = isEventFile(basename(path));
  const files = isFile ? [path] : await eventFiles(path, maxDepth);
  const byFolder = new Map<string, string[]>();
  for (const file of files) byFolder.set(dirname(file), [...(byFolder.get(dirname(file)) ?? []), file]);
  const runs: TrackedRun[] = [];
  for (const [folder, its] of byFolder) runs.push(await readRun(isFile ? path : folder, its, path));
  return runs;
}

async function readRun(path: string, files: readonly string[], root: string): Promise<TrackedRun> {
  const log = new Log();
  for (const file of [...files].sort()) await log.read(file);
  const { events, config, created, remarks } = log;
  const name = relative(root, path) || basename(at(files, 0) === path ? dirname(path) : path);
  return { tracker: 'tensorboard', path, name, created, config, events, hasTimes: true, remarks };
}

async function eventFiles(folder: string, depth: number): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && isEventFile(entry.name));
    const found = files.map(({ name }) => join(folder, name));
    if (depth === 0) return found;
    for (const entry of entries.filter((one) => one.isDirectory()))
      found.push(...(await eventFiles(join(folder, entry.name), depth - 1)));
    return found;
  } catch (error) {
    throw fileError(error, 'read', folder);
  }
}
