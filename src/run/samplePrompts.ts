import { readSmallText } from '../base/node/smallFile';
import { isRecord } from '../base/pure/isRecord';
import { MarginError } from '../base/pure/marginError';
import { isMessageList, readMessages } from '../pairs/formats/messages';
import type { Message } from '../pairs/pair';
import { readPair } from '../pairs/readPair';
import { detectAll } from '../pairs/reading';
import { missing } from './fingerprint';
import type { TrainConfig } from './types';

const field = 'sample_prompts_file';
/** Each prompt costs an answer at each evaluation, so a file has a few of them. */
const maxBytes = 1 << 20;
/** The most prompts that are answered. */
export const mostSamplePrompts = 20;

/** The prompts of a file. */
export interface SamplePrompts {
  /** The turns of each prompt; the last one is a person's. At most {@link mostSamplePrompts}, at least one. */
  readonly prompts: readonly (readonly Message[])[];
  /** How many prompts the file has. */
  readonly all: number;
}

/**
 * Reads prompts: one a line of text, or a row of JSON Lines each, which is a string, an object with `prompt` or
 * `messages`, or any row that Margin reads.
 *
 * @throws MarginError `config-file` with the field: the file is missing, too large, empty, or a line has no prompt
 */
export async function readSamplePrompts(path: string): Promise<SamplePrompts> {
  const text = await readSmallText(path, maxBytes).catch((error: unknown) =>
    Promise.reject(missing(error, field, path, 'file')),
  );
  const isRows = /\.(?:jsonl|ndjson)$/i.test(path);
  const lines = text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .map((line, i) => ({ line, number: i + 1 }))
    .filter(({ line }) => line.trim() !== '');
  if (lines.length === 0) throw unusable(path, `${path} has no prompt: write one a line.`);
  const prompts = lines.slice(0, mostSamplePrompts).map(({ line, number }) => {
    const prompt = isRows ? promptOf(line) : [{ role: 'user', content: line }];
    if (prompt && prompt.length > 0) return prompt;
    throw unusable(
      path,
      `${path}:${number} has no prompt: write a JSON string, an object with "prompt" or "messages", or a row of pairs; or end the name in .txt for one prompt a line.`,
    );
  });
  return { prompts, all: lines.length };
}

/** Checks the file of a config, if it names one. @throws MarginError as {@link readSamplePrompts} */
export async function checkSamplePrompts({
  sample_prompts_file: path,
}: Pick<TrainConfig, 'sample_prompts_file'>): Promise<void> {
  if (path !== null) await readSamplePrompts(path);
}

/** @returns null if the line has no prompt */
function promptOf(line: string): readonly Message[] | null {
  const value = parsed(line);
  if (typeof value === 'string') return value.trim() === '' ? null : [{ role: 'user', content: value }];
  if (!isRecord(value)) return null;
  const result = readPair(line, detectAll);
  if (result.kind === 'pair') return result.pair.prompt;
  if (result.kind === 'judged') return result.answer.prompt;
  if (typeof value['prompt'] === 'string') return [{ role: 'user', content: value['prompt'] }];
  const turns = [value['prompt'], value['messages']].find(isMessageList);
  return turns ? asked(readMessages(turns)) : null;
}

/** The turns without the answers at their end. */
function asked(turns: readonly Message[]): readonly Message[] {
  return turns.slice(0, turns.findLastIndex(({ role }) => role === 'user') + 1);
}

/** @returns undefined for a text that is not JSON */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const unusable = (path: string, message: string): MarginError =>
  new MarginError('config-file', `${field}: ${message}`, { field, path });
