import { checkRow } from '../../checks';
import type { Reading } from '../../reading';
import { readPair } from '../../readPair';
import { withLevels } from '../levels';
import type { Fix } from './fix';
import { fixOf } from './table';

/** A row whose problems were mended. */
export interface FixedRow {
  readonly line: string;
  /** The rules whose problems are gone, each once. */
  readonly fixed: readonly string[];
}

/** A fix may uncover a problem that another fix mends: a line with NaN is checked only when it is JSON. */
const mostFixes = 10;

/**
 * Mends the problems of a row that have a wanted fix. A fix that leaves the problem is not kept.
 *
 * @returns null if nothing was mended
 */
export function fixRow(line: string, reading: Reading, wants: (fix: Fix) => boolean): FixedRow | null {
  const fixed: string[] = [];
  const tried = new Set<string>();
  let current = line;
  let codes = codesOf(current, reading);
  while (tried.size < mostFixes) {
    const fix = [...codes].map(fixOf).find((one) => one !== null && wants(one) && !tried.has(one.rule));
    if (!fix) break;
    tried.add(fix.rule);
    const next = fix.apply(current, reading);
    const left = next === current ? codes : codesOf(next, reading);
    if (left.has(fix.rule)) continue;
    fixed.push(fix.rule);
    [current, codes] = [next, left];
  }
  return fixed.length === 0 ? null : { line: current, fixed };
}

/** Whether a fix mends a problem of the row. */
export function canFix(line: string, reading: Reading, rule: string): boolean {
  return fixOf(rule) !== null && fixRow(line, reading, (fix) => fix.rule === rule) !== null;
}

function codesOf(line: string, reading: Reading): ReadonlySet<string> {
  return new Set(withLevels(checkRow(readPair(line, reading)), reading.levels).map(({ code }) => code));
}
