import type { FileFinding } from '../pairs/fileCheck';
import type { LineTally, ReasonTally } from './lineTally';
import { sentenceOf } from './rowError';
import type { LoadedPairs } from './rowCollector';

/**
 * What a person should know of a file's rows, a sentence; `error` where rows are left out that cannot be trained on.
 */
export interface Remark {
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: string;
  readonly message: string;
}

/** Reasons that are named one by one. */
const shownReasons = 5;

/** `1 row of a.jsonl`, `12 rows of a.jsonl` */
export const rowsOf = (count: number, file: string, what = 'row'): string =>
  `${count} ${what}${count === 1 ? '' : 's'} of ${file}`;

/** A sentence of one row, pair, … and of many: `1 prompt of FILE fills …`, `2 prompts of FILE fill …`. */
interface Kind {
  readonly severity: Remark['severity'];
  readonly code: string;
  readonly what: string;
  readonly one: string;
  readonly many: string;
}

const kinds = {
  tooLong: {
    severity: 'warning',
    code: 'left-out',
    what: 'prompt',
    one: 'fills max_length by itself and is left out',
    many: 'fill max_length by themselves and are left out',
  },
  truncated: {
    severity: 'warning',
    code: 'loses-end',
    what: 'answer',
    one: 'is longer than max_length and loses its end',
    many: 'are longer than max_length and lose their end',
  },
  sameTokens: {
    severity: 'warning',
    code: 'same-tokens',
    what: 'pair',
    one: 'has two answers of the same tokens and teaches nothing',
    many: 'have two answers of the same tokens and teach nothing',
  },
  mismatched: {
    severity: 'info',
    code: 'boundary',
    what: 'answer',
    one: 'tokenises differently together with its prompt; the answer begins where the two differ, as in TRL',
    many: 'tokenise differently together with their prompt; the answer begins where the two differ, as in TRL',
  },
  weighted: {
    severity: 'info',
    code: 'weighted',
    what: 'row',
    one: 'has a weight of its own, which multiplies its loss; TRL would ignore it',
    many: 'have a weight of their own, which multiplies their loss; TRL would ignore it',
  },
} as const satisfies Readonly<Record<string, Kind>>;

/**
 * What was left out of a file, cut or counted when it was loaded: the same sentences in `check`, `train`, its dry run
 * and `score`.
 *
 * @param whyTooLong goes behind the sentence on prompts that fill max_length
 */
export function rowRemarks(file: string, loaded: LoadedPairs, whyTooLong = ''): Remark[] {
  return [
    ...leftOut('unusable', file, loaded.unusable),
    ...leftOut('refused', file, loaded.refused),
    ...loaded.findings.map((found) => ofFile(file, found)),
    ...counted(file, kinds.tooLong, loaded.tooLong, whyTooLong),
    ...counted(file, kinds.truncated, loaded.truncated),
    ...counted(file, kinds.sameTokens, loaded.sameTokens),
    ...counted(file, kinds.mismatched, loaded.mismatched),
    ...counted(file, kinds.weighted, loaded.weighted),
  ];
}

function counted(file: string, { severity, code, what, one, many }: Kind, tally: LineTally, more = ''): Remark[] {
  if (tally.count === 0) return [];
  const message = `${rowsOf(tally.count, file, what)} ${tally.count === 1 ? one : many}${more}: ${tally.places}`;
  return [{ severity, code, message }];
}

/** As `check` says it of the file. */
function ofFile(file: string, found: FileFinding): Remark {
  const { severity, code, count, lines } = found;
  return { severity, code, message: `${file}: ${sentenceOf(found)}${rowsInWords(count, lines)}` };
}

/** ` (12 rows: lines 1, 2, …)`; '' where no line is named. */
export function rowsInWords(count: number, lines: readonly number[]): string {
  if (lines.length === 0) return '';
  const places = `line${lines.length === 1 ? '' : 's'} ${lines.join(', ')}${count > lines.length ? ', …' : ''}`;
  return ` (${count} row${count === 1 ? '' : 's'}: ${places})`;
}

function leftOut(code: string, file: string, { reasons }: ReasonTally): Remark[] {
  const are = (count: number): string => `${rowsOf(count, file)} ${count === 1 ? 'is' : 'are'} left out`;
  const told = reasons.slice(0, shownReasons).map(([reason, lines]): Remark => {
    return { severity: 'error', code, message: `${are(lines.count)}: ${withoutStop(reason)} (${lines.places})` };
  });
  const rest = reasons.slice(shownReasons).reduce((sum, [, { count }]) => sum + count, 0);
  if (rest === 0) return told;
  return [...told, { severity: 'error', code, message: `${are(rest)} for other reasons; margin check names each` }];
}

/** The lines come behind the reason, in the same sentence. */
const withoutStop = (reason: string): string => reason.replace(/(?<!\.)\.$/, '');
