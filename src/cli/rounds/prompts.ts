import { readPairs } from '../../jsonl/node/readPairs';
import { MarginError } from '../../base/pure/marginError';
import { isRecord } from '../../base/pure/isRecord';
import { checkedRow } from '../../pairs/checkedRow';
import type { Message } from '../../pairs/pair';
import type { PairResult } from '../../pairs/readPair';
import type { Reading } from '../../pairs/reading';
import { parseQuery } from '../../pairs/query/parseQuery';
import type { RoundPrompt } from '../../rounds/draftAnswers';
import { promptKey } from '../../run/rounds/promptKey';
import { foundRows } from '../queryRows';
import { ofWholeFile, readable, refuseUnknownFields } from '../queryText';

/** The prompts of a file, and how many rows have none. */
export interface FilePrompts {
  readonly prompts: readonly RoundPrompt[];
  readonly without: number;
}

/**
 * The prompts of the rows of a file: of pairs, lists and judged answers, and of rows that have nothing but a prompt.
 *
 * @param filter a query as in `margin query`; null: all rows
 * @throws UsageError for a query that cannot be read; those of reading
 */
export async function promptsOfFile(file: string, reading: Reading, filter: string | null): Promise<FilePrompts> {
  const prompts: RoundPrompt[] = [];
  let without = 0;
  for await (const { row, value, result } of rowsOf(file, reading, filter)) {
    if (result.kind === 'blank') continue;
    const prompt = promptOf(value, result);
    if (prompt === null) without++;
    else prompts.push({ key: promptKey(prompt), row, prompt });
  }
  return { prompts, without };
}

function rowsOf(file: string, reading: Reading, filter: string | null): ReturnType<typeof readPairs> {
  if (filter === null) return readPairs(file, { reading });
  const condition = readable(filter, parseQuery);
  refuseUnknownFields(condition, null);
  const nothing = { changes: null, suspects: null, tokens: null, sort: null, rewards: null };
  return foundRows(file, { reading, condition, ofWholeFile: ofWholeFile(condition), ...nothing });
}

/** The turns that a policy answers; null for a row without them. */
function promptOf(value: unknown, result: PairResult): readonly Message[] | null {
  if ('format' in result) return answerable(checkedRow(result).prompt);
  if (!isRecord(value)) return null;
  const { prompt } = value;
  if (typeof prompt === 'string') return answerable([{ role: 'user', content: prompt }]);
  return Array.isArray(prompt) && prompt.every(isMessage) ? answerable(prompt) : null;
}

/** Nobody answers an empty prompt, or a turn of an assistant. */
function answerable(prompt: readonly Message[]): readonly Message[] | null {
  const last = prompt.at(-1);
  return last === undefined || last.role === 'assistant' || last.content.trim() === '' ? null : prompt;
}

function isMessage(value: unknown): value is Message {
  return isRecord(value) && typeof value['role'] === 'string' && typeof value['content'] === 'string';
}

/** Typed prompts. @throws MarginError `empty-prompt` */
export function typedPrompts(texts: readonly string[]): readonly RoundPrompt[] {
  return texts.map((content) => {
    const prompt = [{ role: 'user', content }];
    if (content.trim() === '') throw new MarginError('empty-prompt', 'A prompt is empty: give some text.');
    return { key: promptKey(prompt), row: null, prompt };
  });
}
