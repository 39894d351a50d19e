import { isRecord } from '../base/pure/isRecord';
import { MarginError } from '../base/pure/marginError';
import { levelsOf, type RuleLevels } from '../pairs/rules/levels';
import { matchesGlob } from './glob';

/** The setting with the severities of rules. */
export const rulesSetting = 'margin.rules';

/**
 * The severities of rules for a file. The setting has rules with their severities, and patterns of files with such
 * rules for these files; a later entry wins.
 *
 * `{"refusal": "off", "raw/*.jsonl": {"mojibake": "error"}}`
 *
 * @param path the file, relative to the workspace
 * @param tell gets a sentence for each entry that is wrong; the others are used
 */
export function ruleLevelsFor(setting: unknown, path: string, tell: (message: string) => void): RuleLevels {
  if (!isRecord(setting)) return {};
  const entries = Object.entries(setting).flatMap(([name, value]) => {
    if (!isRecord(value)) return [[name, value] as const];
    return name === path || matchesGlob(path, name) ? Object.entries(value) : [];
  });
  return Object.assign({}, ...entries.map((entry) => levelOf(entry, tell)));
}

function levelOf(entry: readonly [string, unknown], tell: (message: string) => void): RuleLevels {
  try {
    return levelsOf([entry], `The setting ${rulesSetting}`);
  } catch (error) {
    if (!(error instanceof MarginError)) throw error;
    tell(error.message);
    return {};
  }
}
