import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../base/pure/marginError';

/** The files of a model's folder besides the weights, as `transformers` names them. No model has all of them. */
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

/** Copies config, tokenizer and the other companion files of a model's weights. Errors are Node's file errors. */
export async function copyCompanions(from: string, to: string): Promise<void> {
  for (const name of companions) {
    await copyFile(join(from, name), join(to, name)).catch((error: unknown) => {
      if (errorCode(error) !== 'ENOENT') throw error;
    });
  }
}
