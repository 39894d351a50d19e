import { MarginError } from '../../base/pure/marginError';
import { nearest } from '../../base/pure/nearest';
import type { Problem } from '../problem';
import type { Rule } from './rule';
import { rules } from './table';

/** The severity that a person gives to a rule; `off` hides its problems. */
export const levels = ['off', 'info', 'warning', 'error'] as const;
export type Level = (typeof levels)[number];

/**
 * The severities of rules by their ids, as plain data. Rules that are not named keep the severity of their problems.
 */
export type RuleLevels = Readonly<Record<string, Level>>;

/** Every problem keeps its severity. */
export const noLevels: RuleLevels = {};

const byId: ReadonlyMap<string, Rule> = new Map(rules.map((rule) => [rule.id, rule]));

/** The rule with an id; null if there is none. */
export function ruleOf(id: string): Rule | null {
  return byId.get(id) ?? null;
}

/**
 * The problems with the severities that a person gave to their rules. Training does not ask for them: a rule that is
 * set to `error` makes a check fail, and the row is used all the same.
 */
export function withLevels<One extends Pick<Problem, 'code' | 'severity'>>(
  problems: readonly One[],
  given: RuleLevels,
): readonly One[] {
  if (problems.length === 0 || !problems.some(({ code }) => Object.hasOwn(given, code))) return problems;
  return problems.flatMap((problem) => {
    const level = Object.hasOwn(given, problem.code) ? given[problem.code] : undefined;
    if (level === undefined) return [problem];
    return level === 'off' ? [] : [{ ...problem, severity: level }];
  });
}

/**
 * Reads severities that a person wrote.
 *
 * `levelsOf([['refusal', 'off']], 'margin.rules')` is `{ refusal: 'off' }`.
 *
 * @param where names the option or setting in messages
 * @throws MarginError `unknown-rule`, with the nearest id; `bad-level`; `fixed-rule` for a rule whose rows cannot be
 * used
 */
export function levelsOf(given: readonly (readonly [id: string, level: unknown])[], where: string): RuleLevels {
  return Object.fromEntries(given.map(([id, level]) => [changeable(id, where).id, levelOf(id, level, where)]));
}

/** Only these rules: all others are off, except those whose rows cannot be used. Parameters as {@link levelsOf}. */
export function onlyRules(ids: readonly string[], where: string): RuleLevels {
  const wanted = new Set(ids.map((id) => known(id, where).id));
  return Object.fromEntries(
    rules.flatMap(({ id, severity }) => (wanted.has(id) || severity === 'error' ? [] : [[id, 'off'] as const])),
  );
}

function known(id: string, where: string): Rule {
  const rule = ruleOf(id);
  if (rule) return rule;
  const near = nearest(id, [...byId.keys()]);
  const hint = near === null ? 'margin check --rules lists them' : `did you mean ${near}?`;
  throw new MarginError('unknown-rule', `${where}: there is no rule ${id}; ${hint}`, { rule: id });
}

function changeable(id: string, where: string): Rule {
  const rule = known(id, where);
  if (rule.severity !== 'error') return rule;
  const why = `${id} stays an error, because a row with it cannot be used`;
  throw new MarginError('fixed-rule', `${where}: ${why}.`, { rule: id });
}

function levelOf(id: string, level: unknown, where: string): Level {
  const found = levels.find((one) => one === level);
  if (found) return found;
  const message = `${where}: ${id} must be ${levels.join(', ')}, not ${String(level)}.`;
  throw new MarginError('bad-level', message, { rule: id });
}
