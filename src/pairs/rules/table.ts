import { answerRules, truncatedRules } from './answers';
import { contentRules } from './contents';
import { keyRules } from './keys';
import { listRules } from './lists';
import { promptRules } from './prompts';
import { readingRules } from './reading';
import type { RowCheck, Rule, RuleFamily } from './rule';
import { tokenRules } from './tokens';
import { turnRules } from './turns';
import { fileRules } from './wholeFile';

/** All rules, by family. The checks of a row are made in this order. */
export const families: readonly RuleFamily[] = [
  readingRules,
  answerRules,
  promptRules,
  turnRules,
  keyRules,
  contentRules,
  truncatedRules,
  listRules,
  fileRules,
  tokenRules,
];

export const rules: readonly Rule[] = families.flatMap((family) => family.rules);

/** The checks of a row with answers. */
export const rowChecks: readonly RowCheck[] = families.flatMap(({ checks }) => checks);
