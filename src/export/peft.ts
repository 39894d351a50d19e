import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSmallText } from '../base/node/smallFile';
import { isRecord } from '../base/pure/isRecord';
import { writeLine } from '../pairs/writeLine';

/** Configs of models and adapters are 1 to 50 KB long; one with a rank for each of thousands of modules is longer. */
export const maxConfigBytes = 4 << 20;

/**
 * Copies a PEFT adapter as it is, with all that another program may have put into its config, onto `base` as the name
 * of its base.
 */
export async function writePeft(folder: string, adapterFolder: string, base: string): Promise<void> {
  await copyFile(join(adapterFolder, 'adapter_model.safetensors'), join(folder, 'adapter_model.safetensors'));
  const config = await readSmallText(join(adapterFolder, 'adapter_config.json'), maxConfigBytes);
  await writeFile(join(folder, 'adapter_config.json'), withKeys(config, { base_model_name_or_path: base }));
}

/**
 * The text of a JSON object with some keys of other values. All else keeps its text: to Python 1.0 and 1 are not the
 * same, and `transformers` refuses a whole number where a config wants a fraction.
 */
export function withKeys(json: string, values: Readonly<Record<string, unknown>>): string {
  const old: unknown = JSON.parse(json);
  return writeLine(json, { ...(isRecord(old) ? old : {}), ...values });
}
