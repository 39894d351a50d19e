import { isRecord } from '../../base/pure/isRecord';
import type { Message } from '../../pairs/pair';
import { type Draft, finishes, type Judgement, roundVerdicts } from './types';
import { isCount } from '../shapes';

/** These functions check lines of a folder of rounds, which may come from anyone. */

type Fields<T> = Partial<Record<keyof T, unknown>>;

/** The draft in a line; null if the line holds none. */
export function draftIn(line: string): Draft | null {
  const value = parsed(line);
  return value !== null && isDraft(value) ? value : null;
}

/** The judgement in a line; null if the line holds none. */
export function judgementIn(line: string): Judgement | null {
  const value = parsed(line);
  return value !== null && isJudgement(value) ? value : null;
}

function parsed(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function isDraft(value: Fields<Draft>): value is typeof value & Draft {
  const { prompt_key: key, prompt, text, model, checkpoint, finish, row, reward, duplicate_of: same } = value;
  return (
    [key, text, model].every((one) => typeof one === 'string') &&
    isMessages(prompt) &&
    [value.draft, value.tokens].every(isCount) &&
    (value.seed === null || isCount(value.seed)) &&
    [value.temperature, value.top_p].every(Number.isFinite) &&
    finishes.some((one) => one === finish) &&
    (row === null || isCount(row)) &&
    (checkpoint === null || typeof checkpoint === 'string') &&
    (reward === null || Number.isFinite(reward)) &&
    (same === null || isCount(same))
  );
}

function isJudgement(value: Fields<Judgement>): value is typeof value & Judgement {
  const { prompt_key: key, judge, by, verdict, best, worst, order, edited, reason, at } = value;
  const isRanked = isCount(best) && isCount(worst) && best !== worst;
  return (
    [key, judge, at].every((one) => typeof one === 'string') &&
    [by, reason].every((one) => one === null || typeof one === 'string') &&
    roundVerdicts.some((one) => one === verdict) &&
    (verdict === 'ranked' ? isRanked : best === null && worst === null) &&
    Array.isArray(order) &&
    order.every(isCount) &&
    (edited === null || isEdit(edited))
  );
}

function isEdit(value: unknown): boolean {
  return isRecord(value) && isCount(value['draft']) && typeof value['text'] === 'string';
}

function isMessages(value: unknown): value is readonly Message[] {
  return (
    Array.isArray(value) &&
    value.every((one) => isRecord(one) && typeof one['role'] === 'string' && typeof one['content'] === 'string')
  );
}
