import path from 'node:path';
import { readLines } from '../../../base/node/readLines';
import { isRecord } from '../../../base/pure/isRecord';
import { MarginError } from '../../../base/pure/marginError';
import { keyNumber } from '../../../pairs/keyNumber';
import type { Verdict } from '../../../pairs/marks/mark';
import type { ModelVerdicts } from './readRatings';

/** A line has a few numbers. With `--per_token` it has some for each token. */
const maxLineBytes = 1 << 24;

/**
 * A model by its file of rewards: the run and step if a run wrote it, because all runs name their files alike.
 *
 * @example modelName('runs/20261129-sample-dpo/rewards/step-000050.jsonl') → '20261129-sample-dpo step 50'
 */
export function modelName(file: string): string {
  const step = /^step-(\d+)\.jsonl$/.exec(path.basename(file));
  const folder = path.dirname(path.resolve(file));
  return step && path.basename(folder) === 'rewards'
    ? `${path.basename(path.dirname(folder))} step ${Number(step[1])}`
    : path.basename(file);
}

/**
 * Reads a file of rewards, as `margin score --out` and runs write it: a model keeps a pair whose margin is positive.
 *
 * @throws MarginError `not-rewards` with file and line, and those of reading
 */
export async function readModelVerdicts(file: string): Promise<ModelVerdicts> {
  const byKey = new Map<number, Verdict>();
  for await (const { number, text } of readLines(file, maxLineBytes)) {
    if (text.trim() === '') continue;
    const { key, margin } = parsed(text);
    if (typeof key !== 'string' || typeof margin !== 'number') throw notRewards(file, number);
    byKey.set(keyNumber(key), margin > 0 ? 'keep' : margin < 0 ? 'swap' : 'tie');
  }
  return { name: modelName(file), byKey };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    // The caller reports the line.
    return {};
  }
}

function notRewards(file: string, line: number): MarginError {
  const message = `${file}:${line} holds no reward: "key" and "margin" are missing. Name a file that margin score --out wrote, or a rewards/step-….jsonl of a run.`;
  return new MarginError('not-rewards', message, { file, line });
}
