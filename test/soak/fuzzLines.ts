import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isRecord } from '../../src/base/pure/isRecord';
import { errorMessage, MarginError } from '../../src/base/pure/marginError';
import { at } from '../../src/base/pure/must';
import { seededRandom } from '../../src/base/pure/seededRandom';
import { LineSplitter } from '../../src/jsonl/lineSplitter';
import { lineBytes } from '../../src/jsonl/lineText';
import { lineEdit } from '../../src/pairs/pairEdits';
import { readPair } from '../../src/pairs/readPair';
import { detectAll } from '../../src/pairs/reading';
import { noLevels } from '../../src/pairs/rules/levels';
import { reportOf } from '../../src/pairs/rowReport';
import { JsonSyntaxError, scanJson } from '../../src/pairs/scanJson';

export interface FuzzResult {
  readonly lines: number;
  /** What went wrong, with the line; empty if nothing did. */
  readonly failures: readonly string[];
  /** Of the slowest line. */
  readonly slowestMs: number;
  /** How many lines were JSON, and how many of these held something to train on. */
  readonly json: number;
  readonly usable: number;
}

/** Lines that are mutated together, as one stream of bytes. */
const batch = 500;
const slowMs = 1000;
/** The parts that are put into lines: parts of JSON, and bytes that are not UTF-8. */
const tokens = [
  ...['"', '\\', '{', '}', '[', ']', ',', ':', ' ', '\t', '\r', '\n', '\0', '\u2028', '\ufeff', 'é', '😀'],
  ...['null', 'true', 'NaN', '-0', '1e999', '01', '.5', '1E+', '\\u0000', '\\ud800', '\\uD83D\\uDE00', '\\x', '"a":1,'],
  ...['"__proto__":{"chosen":"x"},', '"constructor":', '"prompt":', '"chosen":[],', '"label":1,', '[[[[', '{"a":{"a":'],
].map((token) => Buffer.from(token));
const wrong = [0x80, 0xc0, 0xed, 0xf5, 0xff].map((byte) => Buffer.from([byte]));

/**
 * Mutates lines of real shapes, then splits, detects, reads, checks and writes them.
 *
 * @param count the least number of lines
 */
export function fuzzLines(count: number, seed: number): FuzzResult {
  const random = seededRandom(seed);
  const seeds = seedLines();
  const total = { lines: 0, json: 0, usable: 0, slowestMs: 0 };
  const failures: string[] = [];
  while (total.lines < count && failures.length < 10) {
    const lines = Array.from({ length: batch }, () => mutated(random, seeds));
    // A byte order mark at the start would say how to read all of them, or that they are UTF-16.
    const bytes = Buffer.concat([Buffer.from('{}\n'), ...lines]);
    for (const text of splitAgain(bytes, random, failures)) {
      const started = performance.now();
      const seen = lookAt(text);
      const took = performance.now() - started;
      total.lines++;
      total.slowestMs = Math.max(total.slowestMs, took);
      if (seen.isJson) total.json++;
      if (seen.isUsable) total.usable++;
      const failure = seen.failure ?? (took > slowMs ? `took ${Math.round(took)} ms` : null);
      if (failure !== null) failures.push(`seed ${seed}: ${failure}: ${JSON.stringify(text.slice(0, 500))}`);
    }
  }
  return { ...total, failures };
}

function seedLines(): Buffer[] {
  const folder = path.join('test', 'unit', 'pairs', 'cases');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .flatMap((name) => readFileSync(path.join(folder, name)).toString('latin1').split('\n'))
    .filter((line) => line !== '' && line.length < 4000)
    .map((line) => Buffer.from(line, 'latin1'));
}

function mutated(random: () => number, seeds: readonly Buffer[]): Buffer {
  const below = (limit: number): number => Math.floor(random() * limit);
  const oneOf = <T>(list: readonly T[]): T => at(list, below(list.length));
  let line = oneOf(seeds);
  for (let changes = below(4); changes > 0; changes--) {
    const from = below(line.length + 1);
    const to = from + below(Math.min(line.length - from, 40) + 1);
    const other = oneOf(seeds);
    const put = oneOf([oneOf(tokens), oneOf(wrong), line.subarray(from, to), other.subarray(below(other.length))]);
    line = Buffer.concat([line.subarray(0, from), put, line.subarray(random() < 0.5 ? from : to)]);
  }
  return Buffer.concat([line, Buffer.from('\n')]);
}

/** Splits bytes that arrive in pieces. The lines must give the same bytes again. */
function splitAgain(bytes: Buffer, random: () => number, failures: string[]): string[] {
  const splitter = new LineSplitter('fuzz.jsonl');
  const lines: string[] = [];
  for (let from = 0; from < bytes.length;) {
    const to = from + 1 + Math.floor(random() * 5000);
    for (const line of splitter.push(bytes.subarray(from, to))) lines.push(line);
    from = to;
  }
  for (const line of splitter.end()) lines.push(line);
  const again = Buffer.concat(lines.flatMap((line) => [lineBytes(line), Buffer.from('\n')]));
  // A CR before an LF belongs to the line end. Another CR before that one is part of the line.
  const withoutCr = bytes.toString('latin1').replaceAll('\r\n', '\n');
  if (again.toString('latin1') !== withoutCr) failures.push('the lines do not give the same bytes');
  return lines;
}

interface Seen {
  readonly isJson: boolean;
  readonly isUsable: boolean;
  readonly failure: string | null;
}

function lookAt(text: string): Seen {
  const parsed = parse(text);
  const isValid = !/\p{Surrogate}/u.test(text);
  try {
    const result = readPair(text, detectAll);
    const isRead = result.kind !== 'not-json' && result.kind !== 'blank';
    const isUsable = result.kind === 'pair' || result.kind === 'judged';
    const seen = { isJson: isRead, isUsable, failure: null };
    if (isRead !== (parsed !== null && isValid)) return { ...seen, failure: `read as ${result.kind}` };
    if (isValid && scans(text) !== (parsed !== null)) return { ...seen, failure: 'scanned unlike JSON.parse' };
    reportOf(result, noLevels);
    return { ...seen, failure: isUsable ? swapOnce(text) : null };
  } catch (error) {
    return { isJson: false, isUsable: false, failure: error instanceof Error ? String(error.stack) : String(error) };
  }
}

/** After a swap the row can be read again, unless the swap was refused with a reason. */
function swapOnce(text: string): string | null {
  try {
    const { edit } = lineEdit({ kind: 'swap', row: 0 }, text, detectAll);
    const line = edit.op === 'replace' ? edit.line : '';
    return isRecord(parse(line)?.value) ? null : `no row after a swap (${line.slice(0, 500)})`;
  } catch (error) {
    return error instanceof MarginError ? null : errorMessage(error);
  }
}

function parse(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // Not JSON.
    return null;
  }
}

function scans(text: string): boolean {
  try {
    scanJson(text);
    return true;
  } catch (error) {
    // Values that are nested deeper than Margin reads are still JSON.
    if (error instanceof JsonSyntaxError) return error.message.includes('nested more than');
    throw error;
  }
}
