import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../base/pure/marginError';

/** What a model's folder holds besides weights, by the names that `transformers` gives; no model has all of them. */
const companions = [
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'tokenizer.model',
  'vocab.json',
  'merges.txt',
  'chat_template.jinja',
  'preprocessor_config.json',
  'processor_config.json',
];

/** Copies what a folder of weights needs besides them to be a model of its own. */
export async function copyCompanions(from: string, to: string): Promise<void> {
  for (const name of companions) {
    await copyFile(join(from, name), join(to, name)).catch((error: unknown) => {
      // Not every model has every one of them.
      if (errorCode(error) !== 'ENOENT') throw error;
    });
  }
}
