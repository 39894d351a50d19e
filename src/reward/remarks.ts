import type { FileFinding } from '../pairs/fileCheck';
import type { LineTally, ReasonTally } from './lineTally';
import { marksRemarks } from './marksRemarks';
import { sentenceOf } from './rowError';
import type { LoadedPairs } from './rowCollector';

/** A sentence about the rows of a file, for a person. `error`: rows are left out because they cannot be used. */
export interface Remark {
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: string;
  readonly message: string;
}

/** How many reasons have a remark of their own. */
const shownReasons = 5;

/** `1 row of a.jsonl`, `12 rows of a.jsonl` */
export const rowsInFile = (count: number, file: string, what = 'row'): string =>
  `${count} ${what}${count === 1 ? '' : 's'} of ${file}`;

/** A sentence in singular and plural: `1 prompt of FILE fills …`, `2 prompts of FILE fill …`. */
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
  ties: {
    severity: 'info',
    code: 'tie',
    what: 'tie',
    one: 'is left out: none of its answers is better',
    many: 'are left out: none of their answers is better',
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
 * What loading a file left out, cut or counted. `check`, `train`, its dry run and `score` show the same sentences.
 *
 * @param whyTooLong follows the sentence about prompts that fill max_length
 */
export function rowRemarks(file: string, loaded: LoadedPairs, whyTooLong = ''): Remark[] {
  return [
    ...leftOut('unusable', file, loaded.unusable),
    ...leftOut('refused', file, loaded.refused),
    ...loaded.findings.map((found) => fileRemark(file, found)),
    ...counted(file, kinds.tooLong, loaded.tooLong, whyTooLong),
    ...counted(file, kinds.truncated, loaded.truncated),
    ...counted(file, kinds.sameTokens, loaded.sameTokens),
    ...counted(file, kinds.mismatched, loaded.mismatched),
    ...counted(file, kinds.ties, loaded.ties),
    ...counted(file, kinds.weighted, loaded.weighted),
    ...(loaded.marks ? marksRemarks(file, loaded.marks) : []),
  ];
}

function counted(file: string, { severity, code, what, one, many }: Kind, tally: LineTally, more = ''): Remark[] {
  if (tally.count === 0) return [];
  const message = `${rowsInFile(tally.count, file, what)} ${tally.count === 1 ? one : many}${more}: ${tally.lineList}`;
  return [{ severity, code, message }];
}

/** A finding about the file, with the sentence of `check`. */
function fileRemark(file: string, found: FileFinding): Remark {
  const { severity, code, count, lines } = found;
  return { severity, code, message: `${file}: ${sentenceOf(found)}${rowsInWords(count, lines)}` };
}

/** ` (12 rows: lines 1, 2, …)`; '' if no line is named. */
export function rowsInWords(count: number, lines: readonly number[]): string {
  if (lines.length === 0) return '';
  const named = `line${lines.length === 1 ? '' : 's'} ${lines.join(', ')}${count > lines.length ? ', …' : ''}`;
  return ` (${count} row${count === 1 ? '' : 's'}: ${named})`;
}

function leftOut(code: string, file: string, { reasons }: ReasonTally): Remark[] {
  const leftOutRows = (count: number): string => `${rowsInFile(count, file)} ${count === 1 ? 'is' : 'are'} left out`;
  const remarks = reasons.slice(0, shownReasons).map(([reason, lines]): Remark => {
    return {
      severity: 'error',
      code,
      message: `${leftOutRows(lines.count)}: ${withoutStop(reason)} (${lines.lineList})`,
    };
  });
  const rest = reasons.slice(shownReasons).reduce((sum, [, { count }]) => sum + count, 0);
  if (rest === 0) return remarks;
  return [
    ...remarks,
    { severity: 'error', code, message: `${leftOutRows(rest)} for other reasons; margin check names each` },
  ];
}

/** A reason without its full stop, because the line numbers follow in the same sentence. */
const withoutStop = (reason: string): string => reason.replace(/(?<!\.)\.$/, '');
