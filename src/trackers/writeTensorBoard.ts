import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from '../base/node/fileError';
import { versionEvent, writeEvent } from './eventProto';
import { loggedName } from './metricNames';
import { writeNewFile } from './newFile';
import { tfRecord } from './tfRecords';
import type { LoggedRun } from './trackedRun';

/**
 * Writes the points of a run as an event file of TensorBoard, with the names that transformers' callback gives metrics
 * and the config as its text `args`. Numbers get 32 bits, as TensorBoard's `simple_value` has them.
 *
 * @param folder the log folder of this run; it is made where it is missing
 * @returns the path of the file
 * @throws MarginError `exists`, and those of {@link fileError}
 */
export async function writeTensorBoard(run: LoggedRun, folder: string): Promise<string> {
  const { created, config, events } = run;
  const path = join(folder, `events.out.tfevents.${Math.floor(created / 1000)}.margin`);
  const settings = { tag: 'args/text_summary', value: JSON.stringify(config, null, 2) };
  const points = events.map(({ t, step, metrics }) => ({
    wallTime: t / 1000,
    step,
    values: Object.entries(metrics).map(([name, value]) => ({ tag: loggedName(name), value })),
  }));
  const messages = [
    versionEvent(created / 1000),
    ...[{ wallTime: created / 1000, step: 0, values: [settings] }, ...points].map(writeEvent),
  ];
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw fileError(error, 'create', folder);
  }
  await writeNewFile(path, Buffer.concat(messages.map(tfRecord)));
  return path;
}
