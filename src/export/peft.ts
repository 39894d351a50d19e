import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSmallText } from '../base/node/smallFile';
import { parseObject } from '../model/fields';
import { writeLine } from '../pairs/writeLine';

/** Configs of models and adapters have 1 to 50 KB; one with a rank for each of thousands of modules has more. */
export const maxConfigBytes = 4 << 20;

/**
 * Copies a PEFT adapter. Its config stays as it is, with keys of other programs, except that `base` becomes
 * `base_model_name_or_path`. Errors are Node's file errors.
 */
export async function writePeft(folder: string, adapterFolder: string, base: string): Promise<void> {
  await copyFile(join(adapterFolder, 'adapter_model.safetensors'), join(folder, 'adapter_model.safetensors'));
  const file = join(adapterFolder, 'adapter_config.json');
  const config = await readSmallText(file, maxConfigBytes);
  await writeFile(join(folder, 'adapter_config.json'), withKeys(config, { base_model_name_or_path: base }, file));
}

/**
 * Sets some keys in the text of a JSON object. All other keys keep their text, because to Python 1.0 and 1 differ, and
 * `transformers` refuses an integer where a config needs a float.
 *
 * @example
 *   withKeys('{"eps": 1.0, "a": 1}', { a: 2 }, 'config.json'); // '{"eps": 1.0, "a": 2}'
 *
 * @param file where the text comes from, for errors
 * @throws MarginError `bad-config` if the text is not a JSON object
 */
export function withKeys(json: string, values: Readonly<Record<string, unknown>>, file: string): string {
  return writeLine(json, { ...parseObject(json, file), ...values });
}
