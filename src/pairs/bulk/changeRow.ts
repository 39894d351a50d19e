import { isRecord } from '../../base/pure/isRecord';
import { errorCode } from '../../base/pure/marginError';
import { withCopies } from '../copies';
import { keysOf, valueAt, withValueAt } from '../own/keyPath';
import { lineEdit, written } from '../pairEdits';
import type { Reading } from '../reading';
import type { AnsweredRow, PairOrJudged, PairResult } from '../readPair';
import { readRow } from '../readRow';
import { refuseOtherTurns } from '../turnEdits';
import { writeLine } from '../writeLine';
import { type RowText, withTexts } from './mapTexts';
import { replacedText, replacerOf } from './replacement';
import type { RowChange, RowOutcome } from './rowChange';
import { firstMatch } from './shownMatch';
import { isInField, textsOfRow } from './searchedTexts';
import { patternOf, type TextSearch } from './textSearch';

/** Applies a change to one line; see {@link changerOf}. */
export type RowChanger = (line: string, reading: Reading) => RowOutcome;

/**
 * Prepares a change for many rows. A changed row is written by its format: unchanged texts and other columns keep their
 * bytes. If another column holds a copy of a changed text, the copy changes too.
 *
 * @throws MarginError `bad-pattern`
 */
export function changerOf(change: RowChange): RowChanger {
  switch (change.kind) {
    case 'find':
      return finderOf(change.search);
    case 'replace':
      return replacingOf(change.search, change.replacement);
    case 'preview':
      return previewOf(change.search, change.replacement);
    case 'swap':
      return swapped;
    case 'trim':
      return trimmed;
    case 'weight':
      return (line, reading) => weighted(line, reading, change.weight);
  }
}

const refusedRow = (refusal: 'list' | 'no-pair', matches = 0): RowOutcome => ({ kind: 'refused', refusal, matches });

function finderOf(search: TextSearch): RowChanger {
  const pattern = patternOf(search);
  return (line, reading) => foundIn(readRow(line, reading), line, search, pattern);
}

function foundIn(result: PairResult, line: string, { field }: TextSearch, pattern: RegExp): RowOutcome {
  const matches = textsOfRow(result, line, field).reduce((sum, text) => sum + countIn(text, pattern), 0);
  if (matches === 0) return { kind: 'same', matches };
  if (result.kind === 'pair' || result.kind === 'judged') return { kind: 'found', matches };
  return refusedRow(result.kind === 'list' ? 'list' : 'no-pair', matches);
}

function replacingOf(search: TextSearch, replacement: string): RowChanger {
  const [pattern, replacer] = [patternOf(search), replacerOf(replacement, search.isRegex)];
  return (line, reading) => {
    const result = readRow(line, reading);
    const found = foundIn(result, line, search, pattern);
    if (found.kind !== 'found' || (result.kind !== 'pair' && result.kind !== 'judged')) return found;
    const change = (text: RowText): string =>
      isInField(text, search.field, result) ? replacedText(text.text, pattern, replacer) : text.text;
    return writtenRow(line, result, withTexts(result, change), reading, found.matches);
  };
}

function previewOf(search: TextSearch, replacement: string): RowChanger {
  const [pattern, replacer] = [patternOf(search), replacerOf(replacement, search.isRegex)];
  const replace = replacingOf(search, replacement);
  return (line, reading) => {
    const outcome = replace(line, reading);
    const result = readRow(line, reading);
    if (result.kind !== 'pair' && result.kind !== 'judged') return outcome;
    const first = firstMatch(result, search.field, pattern, replacer);
    if (first === null) return outcome;
    return { kind: 'shown', matches: outcome.matches, first, refusal: 'refusal' in outcome ? outcome.refusal : null };
  };
}

function countIn(text: string, pattern: RegExp): number {
  let count = 0;
  for (const _ of text.matchAll(pattern)) count++;
  return count;
}

function swapped(line: string, reading: Reading): RowOutcome {
  const result = readRow(line, reading);
  if (result.kind === 'list') return refusedRow('list');
  if (result.kind !== 'pair' && result.kind !== 'judged') return refusedRow('no-pair');
  const { edit } = lineEdit({ kind: 'swap', row: 0 }, line, reading);
  return edit.op !== 'replace' || edit.line === line
    ? { kind: 'same', matches: 0 }
    : { kind: 'changed', line: edit.line, matches: 0 };
}

/** White space between a plain prompt and its answer is part of the text that is trained, so it stays. */
function trimmed(line: string, reading: Reading): RowOutcome {
  const result = readRow(line, reading);
  if (result.kind === 'list') return refusedRow('list');
  if (result.kind !== 'pair' && result.kind !== 'judged') return refusedRow('no-pair');
  const meant = withTexts(result, ({ text, side, isChat }) => {
    if (isChat) return text.trim();
    return side === 'prompt' ? text : text.trimEnd();
  });
  return writtenRow(line, result, meant, reading, 0);
}

function writtenRow(
  line: string,
  result: PairOrJudged,
  meant: PairOrJudged,
  reading: Reading,
  matches: number,
): RowOutcome {
  if (meant === result) return { kind: 'same', matches };
  const value = withCopies(result.value, written(meant), reading);
  try {
    refuseOtherTurns(meant, value, reading, 0);
  } catch (error) {
    if (errorCode(error) !== 'not-in-format') throw error;
    return { kind: 'refused', refusal: 'not-in-format', matches };
  }
  return { kind: 'changed', line: writeLine(line, value), matches };
}

/** A row without a weight counts as weight 1, so setting the weight 1 does not change it. */
function weighted(line: string, reading: Reading, weight: number): RowOutcome {
  const result = readRow(line, reading);
  if (result.kind !== 'pair' && result.kind !== 'judged' && result.kind !== 'list') return refusedRow('no-pair');
  const keys = keysOf(reading.columns?.weight ?? 'weight');
  const isDefault = weight === 1 && valueAt(result.value, keys) === undefined && (weightOf(result) ?? 1) === 1;
  if (isDefault || valueAt(result.value, keys) === weight) return { kind: 'same', matches: 0 };
  const next = withValueAt(result.value, keys, weight);
  const read = readRow(JSON.stringify(next), reading);
  const isRead = 'format' in read && weightOf(read) === weight;
  if (!isRead || !isRecord(next)) return { kind: 'refused', refusal: 'not-in-format', matches: 0 };
  return { kind: 'changed', line: writeLine(line, next), matches: 0 };
}

function weightOf(result: AnsweredRow): number | undefined {
  if (result.kind === 'list') return result.list.weight;
  return result.kind === 'pair' ? result.pair.weight : result.answer.weight;
}
