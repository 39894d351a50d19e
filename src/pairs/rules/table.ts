import { answerRules, truncatedRules } from './answers';
import { characterRules } from './characters';
import { contentRules } from './contents';
import { keyRules } from './keys';
import { leftoverRules } from './leftovers';
import { listRules } from './lists';
import { personalDataRules } from './personalData';
import { promptRules } from './prompts';
import { readingRules } from './reading';
import { refusalRules } from './refusal';
import type { RowCheck, Rule, RuleFamily } from './rule';
import { scoreRules } from './scores';
import { secretRules } from './secret';
import { tokenRules } from './tokens';
import { turnRules } from './turns';
import { whiteSpaceRules } from './whiteSpace';
import { fileRules } from './wholeFile';

/** All rules, by family. The checks of a row are made in this order. */
export const families: readonly RuleFamily[] = [
  readingRules,
  answerRules,
  promptRules,
  turnRules,
  keyRules,
  contentRules,
  leftoverRules,
  characterRules,
  scoreRules,
  secretRules,
  personalDataRules,
  refusalRules,
  whiteSpaceRules,
  truncatedRules,
  listRules,
  fileRules,
  tokenRules,
];

export const rules: readonly Rule[] = families.flatMap((family) => family.rules);

/** The checks of a row with answers. */
export const rowChecks: readonly RowCheck[] = families.flatMap(({ checks }) => checks);

/** How the check of a file reports the problems of a rule. */
export function idsReported(report: NonNullable<Rule['report']>): ReadonlySet<string> {
  return new Set(rules.filter((rule) => rule.report === report).map(({ id }) => id));
}
