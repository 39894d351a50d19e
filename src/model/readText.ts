import { readSmallFile } from '../base/node/smallFile';
import { errorCode, errorMessage, MarginError } from '../base/pure/marginError';

/**
 * Reads a text file of a model's folder; null: it does not exist.
 *
 * @param maxBytes the file may come from anybody, so a larger one is not read into memory
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

/** As {@link readText}, but a missing file is an error: `missing-file`. */
export async function requireText(file: string, maxBytes: number): Promise<string> {
  const text = await readText(file, maxBytes);
  if (text === null) throw missing(file);
  return text;
}

/** A file error of a model's file as `missing-file` or `unreadable-file`. Any other MarginError stays as it is. */
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
  // Node has the first two, base/node the last two.
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'missing' || code === 'not-a-folder';
}

function unreadable(error: unknown, file: string): MarginError {
  if (error instanceof MarginError) return error;
  return new MarginError('unreadable-file', `Cannot read ${file}: ${errorMessage(error)}`, { file });
}
