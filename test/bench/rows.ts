import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import type { Message, Pair } from '../../src/pairs/pair';
import { readPair } from '../../src/pairs/readPair';
import { detectAll } from '../../src/pairs/reading';

/** Data that is not part of the project. */
const shortRows = '../shared/data/llms-from-scratch/instruction-data-with-preference.json';
const longRows = '../shared/data/hh-rlhf/harmless-base-test.jsonl.gz';
const sampleRows = 'media/sample/heldout.jsonl';

export interface Row {
  readonly prompt: readonly Message[];
  readonly chosen: readonly Message[];
  readonly rejected: readonly Message[];
}

export interface BenchRows {
  /** Their name in the report. */
  readonly name: string;
  readonly rows: readonly Row[];
}

/** Short instructions and answers (llms-from-scratch, Apache-2.0), or the sample's if those are not available. */
export function readShortRows(count: number): BenchRows {
  if (!existsSync(shortRows))
    return { name: 'the sample’s pairs', rows: pairsOf(readFileSync(sampleRows, 'utf8'), count) };
  const entries = JSON.parse(readFileSync(shortRows, 'utf8')) as readonly Readonly<
    Record<'instruction' | 'input' | 'chosen' | 'rejected', string>
  >[];
  const different = entries.filter(({ chosen, rejected }) => chosen !== rejected).slice(0, count);
  const rows = different.map(({ instruction, input, chosen, rejected }) => ({
    prompt: [{ role: 'user', content: input === '' ? instruction : `${instruction}\n\n${input}` }],
    chosen: [{ role: 'assistant', content: chosen }],
    rejected: [{ role: 'assistant', content: rejected }],
  }));
  return { name: 'llms-from-scratch, chat form', rows };
}

/** Long conversations (hh-rlhf, MIT), or null if they are not available. */
export function readLongRows(count: number): BenchRows | null {
  if (!existsSync(longRows)) return null;
  return {
    name: 'hh-rlhf, chat form, max_length 512',
    rows: pairsOf(gunzipSync(readFileSync(longRows)).toString('utf8'), count),
  };
}

function pairsOf(lines: string, count: number): Row[] {
  const pairs = lines.split('\n').flatMap((line) => {
    const result = readPair(line, detectAll);
    return result.kind === 'pair' ? [result.pair] : [];
  });
  return pairs
    .filter(isWhole)
    .slice(0, count)
    .map(({ prompt, chosen, rejected }) => ({
      prompt: plain(prompt),
      chosen: plain(chosen),
      rejected: plain(rejected),
    }));
}

const isWhole = ({ prompt, chosen, rejected }: Pair): boolean =>
  [prompt, chosen, rejected].every((messages) => messages.some(({ content }) => content !== ''));

const plain = (messages: readonly Message[]): Message[] => messages.map(({ role, content }) => ({ role, content }));

export async function writeRows(file: string, { rows }: BenchRows): Promise<void> {
  await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}
