import { stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { createFile } from '../../base/node/createFile';
import { readSmallFile } from '../../base/node/smallFile';
import { stemOf } from '../datasets/mayHold';
import { pathFrom } from './pathFrom';

/** Names of files beside a dataset that hold evaluation pairs. */
const heldOutNames = ['heldout', 'eval', 'validation', 'valid', 'test'];

/**
 * Writes `NAME.train.json` beside the dataset, with paths relative to it; a far model has its own path. If a config of
 * that name has other content, it stays, and the new one becomes `NAME-2.train.json`, and so on.
 *
 * @returns path of the config
 * @throws MarginError as {@link createFile}
 */
export async function writeConfig(
  dataset: string,
  model: string,
  keys: Readonly<Record<string, unknown>>,
): Promise<string> {
  const folder = dirname(dataset);
  const from = (path: string): string => relative(folder, path).replaceAll('\\', '/') || '.';
  const heldOut = await heldOutBeside(dataset);
  const config = {
    model_name_or_path: pathFrom(folder, model),
    train_file: from(dataset),
    ...(heldOut === null ? {} : { eval_file: from(heldOut) }),
    ...keys,
  };
  const text = `${JSON.stringify(config, null, 2)}\n`;
  const stem = stemOf(dataset);
  for (let n = 1; ; n++) {
    const file = join(folder, `${stem}${n === 1 ? '' : `-${n}`}.train.json`);
    if ((await createFile(file, text)) || (await holds(file, text))) return file;
  }
}

/** Whether a file has this text. A file that cannot be read does not, and keeps its name. */
async function holds(file: string, text: string): Promise<boolean> {
  const bytes = await readSmallFile(file, Buffer.byteLength(text)).catch(() => null);
  return bytes?.toString('utf8') === text;
}

async function heldOutBeside(dataset: string): Promise<string | null> {
  for (const name of heldOutNames) {
    const file = join(dirname(dataset), `${name}.jsonl`);
    // A missing file leads to the next name.
    if (
      file !== dataset &&
      (await stat(file).then(
        (found) => found.isFile(),
        () => false,
      ))
    )
      return file;
  }
  return null;
}
