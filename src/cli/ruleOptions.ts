import { MarginError } from '../base/pure/marginError';
import { levelsOf, onlyRules, type RuleLevels } from '../pairs/rules/levels';
import { families } from '../pairs/rules/table';
import { type Arguments, texts, UsageError } from './args';

/** The options of {@link ruleLevelsOf}, and the one that prints the table. */
export const ruleOptions = { rule: 'texts', rules: 'flag' } as const;

/** Their help. */
export const ruleHelp = `  --rule ID=LEVEL   The severity of a rule: off, info, warning or error. Repeat it for several rules. Rules about rows
                    that cannot be used stay errors.
  --rule ID         Only this rule, and others that --rule names.
  --rules           Prints the rules: id, severity and title. media/rules.md has a paragraph about each.`;

/** The severities that `--rule` gives. @throws UsageError for an unknown rule or severity */
export function ruleLevelsOf(args: Arguments): RuleLevels {
  const given = texts(args, 'rule').map((text) => text.split('=', 2));
  const [only, levelled] = [given.filter((parts) => parts.length === 1), given.filter((parts) => parts.length === 2)];
  try {
    const others =
      only.length === 0
        ? {}
        : onlyRules(
            only.map(([id = '']) => id),
            '--rule',
          );
    return {
      ...others,
      ...levelsOf(
        levelled.map(([id = '', level]) => [id, level] as const),
        '--rule',
      ),
    };
  } catch (error) {
    if (error instanceof MarginError) throw new UsageError(error.message);
    throw error;
  }
}

/** The ids that `--rule` names without a severity. */
export function namedRules(args: Arguments): readonly string[] {
  return texts(args, 'rule').filter((text) => !text.includes('='));
}

/** Which rules are off, as a sentence; null if none is, or if `--rule` names the only ones that are on. */
export function rulesOff(args: Arguments, levels: RuleLevels): string | null {
  const off = Object.keys(levels).filter((id) => levels[id] === 'off');
  if (off.length === 0) return null;
  const named = namedRules(args);
  if (named.length > 0) return `only checked: ${named.join(', ')}, and whether the rows can be used`;
  return `${off.length === 1 ? '1 rule is' : `${off.length} rules are`} off: ${off.join(', ')}`;
}

/** The table of rules, one line each. */
export function ruleLines(): readonly string[] {
  return families.flatMap(({ title, rules }) => [
    `${title}:`,
    ...rules.map((rule) => `  ${rule.id.padEnd(19)} ${rule.severity.padEnd(8)} ${rule.title}`),
  ]);
}
