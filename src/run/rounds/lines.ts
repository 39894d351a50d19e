import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { nullIfMissing } from '../../base/node/jsonFile';
import { readLines } from '../../base/node/readLines';
import { LineAppender } from '../lineAppender';
import { draftIn, judgementIn } from './shapes';
import type { Draft, Judgement } from './types';

/** A draft has its prompt and an answer, some 100 KB at most. */
const maxLineBytes = 16 << 20;

/** The whole lines of a file of a round, in its order. */
export interface ReadLines<Line> {
  readonly lines: readonly Line[];
  /** Lines that hold none. A last one that is still being written does not count. */
  readonly damaged: number;
}

/**
 * Reads drafts.jsonl or held-out.jsonl. A missing file has no drafts.
 *
 * @throws MarginError `corrupt` for a line that is longer than any draft; those of `openRegular`
 */
export const readDrafts = (path: string): Promise<ReadLines<Draft>> => readAll(path, draftIn);

/** Reads judgements.jsonl. A missing file has no judgements. Errors as {@link readDrafts}. */
export const readJudgements = (path: string): Promise<ReadLines<Judgement>> => readAll(path, judgementIn);

/** Appends drafts in one write. Errors as `LineAppender`: `disk-full`, … */
export const appendDrafts = (path: string, drafts: readonly Draft[]): void => append(path, drafts);

/** Appends judgements in one write. Errors as `LineAppender`: `disk-full`, … */
export const appendJudgements = (path: string, judgements: readonly Judgement[]): void => append(path, judgements);

async function readAll<Line>(path: string, lineIn: (text: string) => Line | null): Promise<ReadLines<Line>> {
  const lines: Line[] = [];
  let [damaged, unread] = [0, 0];
  const read = async (): Promise<void> => {
    for await (const { text } of readLines(path, maxLineBytes)) {
      if (text === '') continue;
      damaged += unread;
      const line = lineIn(text);
      unread = line === null ? 1 : 0;
      if (line !== null) lines.push(line);
    }
  };
  await nullIfMissing(read());
  return { lines, damaged };
}

function append(path: string, lines: readonly (Draft | Judgement)[]): void {
  if (lines.length === 0) return;
  mkdirSync(dirname(path), { recursive: true });
  const file = new LineAppender(path);
  try {
    file.append(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  } finally {
    file.close();
  }
}
