import { keyNumber } from '../keyNumber';
import type { Problem } from '../problem';
import { type JsonObject, sameJson } from '../json';
import { rules } from '../rules/table';

/** A record of a marks file: a rule of the checks is ignored in one row, or reported there again. */
export interface Ignore {
  /** The key of the row's content: 16 hexadecimal digits. */
  readonly key: string;
  /** The id of the rule. */
  readonly rule: string;
  /** False: its problems are reported again. */
  readonly ignored: boolean;
  /** Empty for an anonymous person. */
  readonly by: string;
  /** When, as ISO 8601. */
  readonly at: string;
  /** Fields of the record that Margin does not know. */
  readonly extra: JsonObject;
}

/** A rule that is ignored in a row, with who ignored it, and when. */
export type IgnoredRule = Pick<Ignore, 'rule' | 'by' | 'at'>;

/** A problem that is not reported, because its rule is ignored in its row. */
export interface IgnoredProblem extends Problem {
  readonly ignored: IgnoredRule;
}

/** The rules that are ignored in single rows, as plain data. */
export interface IgnoredRules {
  /** By the `keyNumber` of the row. */
  readonly byRow: Readonly<Record<string, readonly IgnoredRule[]>>;
  /** Whether some of them are found only by the whole file, in rows that have no problem by themselves. */
  readonly ofFile: boolean;
}

const ofWholeFile: ReadonlySet<string> = new Set(['duplicate', 'contradiction']);
/** Errors cannot be ignored, because a row with an error cannot be used. */
const fixed: ReadonlySet<string> = new Set(rules.filter(({ severity }) => severity === 'error').map(({ id }) => id));

/** Whether the problems of a rule can be ignored: a row with an error of such a rule can be used. */
export function canIgnore(rule: string): boolean {
  return !fixed.has(rule);
}

/**
 * The ignored rules by the newest records; null if no rule is ignored. A record about a rule of errors has no effect.
 */
export function ignoredRules(records: Iterable<Ignore>): IgnoredRules | null {
  const byRow: Record<string, IgnoredRule[]> = {};
  let ofFile = false;
  for (const { key, rule, ignored, by, at } of records) {
    if (!ignored || !canIgnore(rule)) continue;
    const row = String(keyNumber(key));
    byRow[row] = [...(byRow[row] ?? []), { rule, by, at }];
    ofFile ||= ofWholeFile.has(rule);
  }
  return Object.keys(byRow).length === 0 ? null : { byRow, ofFile };
}

/** The `keyNumber`s of the rows in which other rules are ignored than before. */
export function rowsThatDiffer(before: IgnoredRules | null, after: IgnoredRules | null): ReadonlySet<number> {
  const [old, now] = [before?.byRow ?? {}, after?.byRow ?? {}];
  const keys = Object.keys({ ...old, ...now });
  return new Set(keys.filter((key) => !sameJson(old[key], now[key])).map(Number));
}

/** Separates the problems to report from those whose rule is ignored in the row. */
export function parted(
  problems: readonly Problem[],
  ignored: readonly IgnoredRule[],
): { readonly reported: readonly Problem[]; readonly ignored: readonly IgnoredProblem[] } {
  if (ignored.length === 0) return { reported: problems, ignored: [] };
  const reasons = new Map(ignored.map((one) => [one.rule, one]));
  const hidden: IgnoredProblem[] = [];
  const reported = problems.filter((problem) => {
    const reason = reasons.get(problem.code);
    if (reason) hidden.push({ ...problem, ignored: reason });
    return !reason;
  });
  return { reported, ignored: hidden };
}
