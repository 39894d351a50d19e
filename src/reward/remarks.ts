import type { FileFinding } from '../pairs/fileCheck';
import type { LineTally, ReasonTally } from './lineTally';
import { sentenceOf } from './rowError';
import type { LoadedPairs } from './rowCollector';

/** What a person should know of a file's rows, a sentence; `error` where rows are left out that no model could be trained on. */
export interface Remark {
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: string;
  readonly message: string;
}

/** Reasons that are named one by one. */
const shownReasons = 5;

/** `1 row of a.jsonl`, `12 rows of a.jsonl` */
export const rowsOf = (count: number, file: string, what = 'row'): string => `${count} ${what}${count === 1 ? '' : 's'} of ${file}`;

/**
 * What was left out of a file, cut or counted when it was loaded: the same sentences in `check`, `train`, its dry run and `score`.
 *
 * @param whyTooLong goes behind the sentence on prompts that fill max_length
 */
export function rowRemarks(file: string, loaded: LoadedPairs, whyTooLong = ''): Remark[] {
  const { tooLong, truncated, mismatched, sameTokens, weighted } = loaded;
  const remark = (severity: Remark['severity'], code: string, tally: LineTally, says: (one: boolean) => string, what?: string): Remark[] =>
    tally.count === 0 ? [] : [{ severity, code, message: `${rowsOf(tally.count, file, what)} ${says(tally.count === 1)}: ${tally.places}` }];
  return [
    ...leftOut('unusable', file, loaded.unusable),
    ...leftOut('refused', file, loaded.refused),
    ...loaded.findings.map((found) => ofFile(file, found)),
    ...remark('warning', 'left-out', tooLong, (one) => `${one ? 'fills' : 'fill'} max_length by ${one ? 'itself' : 'themselves'} and ${one ? 'is' : 'are'} left out${whyTooLong}`, 'prompt'),
    ...remark('warning', 'loses-end', truncated, (one) => `${one ? 'is longer than max_length and loses its' : 'are longer than max_length and lose their'} end`, 'answer'),
    ...remark('warning', 'same-tokens', sameTokens, (one) => `${one ? 'has' : 'have'} two answers of the same tokens and ${one ? 'teaches' : 'teach'} nothing`, 'pair'),
    ...remark('info', 'boundary', mismatched, (one) => `${one ? 'tokenises' : 'tokenise'} differently together with ${one ? 'its' : 'their'} prompt; the answer begins where the two differ, as in TRL`, 'answer'),
    ...remark('info', 'weighted', weighted, (one) => `${one ? 'has a weight of its' : 'have a weight of their'} own, which multiplies ${one ? 'its' : 'their'} loss; TRL would ignore it`),
  ];
}

/** As `check` says it of the file. */
function ofFile(file: string, found: FileFinding): Remark {
  const { severity, code, count, lines } = found;
  const places = lines.length === 0 ? '' : ` (${count} row${count === 1 ? '' : 's'}: line${lines.length === 1 ? '' : 's'} ${lines.join(', ')}${count > lines.length ? ', …' : ''})`;
  return { severity, code, message: `${file}: ${sentenceOf(found)}${places}` };
}

function leftOut(code: string, file: string, { reasons }: ReasonTally): Remark[] {
  const told = reasons.slice(0, shownReasons).map(([reason, lines]): Remark => {
    const message = `${rowsOf(lines.count, file)} ${lines.count === 1 ? 'is' : 'are'} left out: ${withoutStop(reason)} (${lines.places})`;
    return { severity: 'error', code, message };
  });
  const rest = reasons.slice(shownReasons).reduce((sum, [, { count }]) => sum + count, 0);
  if (rest === 0) return told;
  return [...told, { severity: 'error', code, message: `${rowsOf(rest, file)} ${rest === 1 ? 'is' : 'are'} left out for other reasons; margin check names each` }];
}

/** The lines come behind the reason, in the same sentence. */
const withoutStop = (reason: string): string => reason.replace(/(?<!\.)\.$/, '');
