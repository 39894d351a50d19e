import { readSmallFile } from '../base/node/smallFile';
import { errorCode, errorMessage, MarginError } from '../base/pure/marginError';

/**
 * A text file of a model folder, or null where it is missing.
 *
 * @param maxBytes files come from strangers: what is far beyond any known one is not read into memory
 * @throws MarginError `too-large` | `not-a-file`, and those of {@link readSmallFile}
 */
export async function readText(file: string, maxBytes: number): Promise<string | null> {
  try {
    return (await readSmallFile(file, maxBytes)).toString('utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw unreadable(error, file);
  }
}

/** As {@link readText}, and a missing file is an error: `missing-file`. */
export async function requireText(file: string, maxBytes: number): Promise<string> {
  const text = await readText(file, maxBytes);
  if (text === null) throw missing(file);
  return text;
}

/** What a failed look at a model's file means to a person; errors that say so already pass unchanged. */
export function fileProblem(error: unknown, file: string): MarginError {
  return isMissing(error) ? missing(file) : unreadable(error, file);
}

function missing(file: string): MarginError {
  const needs = /adapter_[^/\\]*$/.test(file)
    ? 'An adapter folder holds adapter_config.json and adapter_model.safetensors.'
    : 'A model folder holds config.json, model.safetensors and tokenizer.json.';
  return new MarginError('missing-file', `${file} does not exist. ${needs}`, { file });
}

function isMissing(error: unknown): boolean {
  const code = errorCode(error);
  // `missing` and `not-a-folder`: the same, said by base/node.
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'missing' || code === 'not-a-folder';
}

function unreadable(error: unknown, file: string): MarginError {
  if (error instanceof MarginError) return error;
  return new MarginError('unreadable-file', `Cannot read ${file}: ${errorMessage(error)}`, { file });
}
