import { shortKey } from '../../../base/node/shortKey';
import { canonicalList } from '../../../pairs/canonical';
import { pairOfJudged } from '../../../pairs/judged';
import { keyNumber } from '../../../pairs/keyNumber';
import type { IgnoredRule, IgnoredRules } from '../../../pairs/marks/ignore';
import { marksName } from '../../../pairs/marks/marksName';
import type { PairResult } from '../../../pairs/readPair';
import { pairKeys } from '../pairKey';
import { type DamagedLine, MarksFile } from './marksFile';

/** The keys of a row's content as hexadecimal digits. */
export interface RowKeys {
  readonly own: string;
  /** After a swap, or with the other label; null for a list of answers. */
  readonly exchanged: string | null;
}

/** The keys by which records of a marks file name a row; null if it holds no answers, so that no record can name it. */
export function rowKeys(result: PairResult): RowKeys | null {
  switch (result.kind) {
    case 'pair':
      return pairKeys(result.pair);
    case 'judged':
      return pairKeys(pairOfJudged(result.answer));
    case 'list':
      return { own: shortKey([canonicalList(result.list)], 16), exchanged: null };
    default:
      return null;
  }
}

/** The rules that are ignored in a row. @param ignored null: in no row */
export function ignoredIn(result: PairResult, ignored: IgnoredRules | null): readonly IgnoredRule[] {
  const keys = ignored && rowKeys(result);
  if (!ignored || !keys) return none;
  const own = ignored.byRow[keyNumber(keys.own)];
  const turned = keys.exchanged === null ? undefined : ignored.byRow[keyNumber(keys.exchanged)];
  if (!own || !turned) return own ?? turned ?? none;
  const known = new Set(own.map(({ rule }) => rule));
  return [...own, ...turned.filter(({ rule }) => !known.has(rule))];
}

/** The ignored rules that are read from the marks file beside a data file. */
export interface IgnoredOfFile {
  /** Null if no rule is ignored in any row, or there is no marks file. */
  readonly rules: IgnoredRules | null;
  readonly marksFile: string;
  readonly damaged: readonly DamagedLine[];
}

/** Reads which rules are ignored in rows of a data file. @throws MarginError of {@link MarksFile.read} */
export async function ignoredOfFile(file: string): Promise<IgnoredOfFile> {
  const marks = new MarksFile(marksName(file));
  await marks.read();
  return { rules: marks.book.ignored, marksFile: marks.path, damaged: marks.damaged };
}

const none: readonly IgnoredRule[] = [];
