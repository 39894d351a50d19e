import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { cacheFolder } from '../../src/base/node/cacheFolder';
import { at, must } from '../../src/base/pure/must';
import { readRounds } from '../../src/run/rounds/record';
import { roundPaths } from '../../src/run/rounds/paths';
import type { PromptChoice, RoundsRecord } from '../../src/run/rounds/types';
import type { AnswerRule } from '../../src/rounds/judges/answerRule';
import { readShortRows, writeRows } from './rows';

/** Rounds that are compared: the same but for the choice of prompts and the seed. */
interface Trial {
  readonly name: string;
  readonly choice: PromptChoice;
  readonly seed: number;
  readonly draft: readonly string[];
  readonly train: readonly string[];
}

/** The rule for real rows, whose better answers are politer: it prefers 45 % of them, and 2 % of the others. */
const polite: AnswerRule = {
  about: 'polite answers',
  phrases: {
    ...{ please: 1, would: 1, could: 1, kindly: 1, 'thank you': 1 },
    ...{ certainly: 1, indeed: 1, 'happy to': 1, 'if i may': 1 },
    ...{ obviously: -1, duh: -1, 'look it up': -1, 'get it': -1 },
  },
  per_word: 0,
  words: 0,
};
const loops = 3;
/** Held-out rows, and prompts of a round. */
const realRows = { held: 100, count: 40 };

/** Which rounds are run. `quick`: one seed. `sample`, `real`: only these rows. */
export interface RoundsPlan {
  readonly quick: boolean;
  readonly sample: boolean;
  readonly real: boolean;
}

/**
 * What rounds without a person raise, judged by a rule: prompts chosen at random beside active choice. Files and runs
 * stay in the cache folder, so a bench that was stopped continues.
 *
 * @param model for real rows; null: only the sample
 */
export async function measureRounds(
  model: string | null,
  { quick, sample, real }: RoundsPlan,
  say: (text: string) => void,
): Promise<void> {
  const folder = join(cacheFolder(), 'bench-rounds');
  const seeds = quick ? [1] : [1, 2, 3];
  const choices = real ? [] : (['random', 'active'] as const);
  for (const seed of seeds) for (const choice of choices) say(await trialText(folder, sampleTrial(choice, seed)));
  if (model === null || sample) return;
  for (const seed of seeds) say(await trialText(folder, await realTrial(folder, model, seed)));
}

function sampleTrial(choice: PromptChoice, seed: number): Trial {
  const sample = (name: string): string => resolve('media/sample', name);
  return {
    name: `sample-${choice}-${seed}`,
    choice,
    seed,
    draft: [
      ...['--model', sample('model'), '--prompts', sample('prefs.jsonl'), '--held_out', sample('heldout.jsonl')],
      ...['--guard_file', sample('guard.txt'), '--count', '40', '--temperature', '1', '--max_new_tokens', '40'],
    ],
    train: ['--rule', sample('kind.rule.json'), '--learning_rate', '1e-3'],
  };
}

async function realTrial(folder: string, model: string, seed: number): Promise<Trial> {
  const { held, count } = realRows;
  const { rows, name } = readShortRows(held + 4 * count);
  const [train, heldOut, rule] = [
    join(folder, 'train.jsonl'),
    join(folder, 'held-out.jsonl'),
    join(folder, 'polite.rule.json'),
  ];
  mkdirSync(folder, { recursive: true });
  await writeRows(heldOut, { name, rows: rows.slice(0, held) });
  await writeRows(train, { name, rows: rows.slice(held) });
  await writeFile(rule, JSON.stringify(polite));
  return {
    ...{ name: `real-${seed}`, choice: 'random', seed },
    draft: [
      ...['--model', model, '--prompts', train, '--held_out', heldOut],
      ...['--count', String(count), '--temperature', '1', '--max_new_tokens', '32'],
    ],
    train: ['--rule', rule, '--measure_prompts', String(held), '--learning_rate', '5e-4'],
  };
}

async function trialText(folder: string, trial: Trial): Promise<string> {
  const { name, choice, seed, draft, train } = trial;
  // Another plan is another folder. The same one goes on where it was stopped.
  const content = createHash('sha256')
    .update(JSON.stringify([trial, polite, realRows, loops]))
    .digest('hex');
  const work = join(folder, `${name}-${content.slice(0, 12)}`);
  mkdirSync(work, { recursive: true });
  const seeds = ['--seed', String(seed), '--prompt_seed', String(seed)];
  if ((await readRounds(join(roundPaths.all(work), name))) === null)
    await margin(['draft', name, ...draft, ...seeds, '--choice', choice], work);
  await margin(['round', name, '--rounds', String(loops), '--judge', 'reward', ...train], work);
  const record = must(await readRounds(join(roundPaths.all(work), name)), 'the rounds');
  return `${name}: ${figures(record)}`;
}

function figures({ base_measures: base, rounds }: RoundsRecord): string {
  const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
  const accuracies = [base, ...rounds.map(({ measures }) => measures)].flatMap((one) => one?.heldOut ?? []);
  const wins = rounds.flatMap(({ measures }) => measures?.winRateBase ?? []);
  const last = at(wins, wins.length - 1);
  const [first, end] = [rounds[0]?.measures, rounds.at(-1)?.measures];
  return [
    `held-out accuracy ${accuracies.map(({ accuracy }) => percent(accuracy)).join(' → ')}`,
    `wins against the base ${wins.map(({ rate }) => percent(rate)).join(' → ')} (${percent(last.low)} to ${percent(last.high)})`,
    ...(first?.guard && end?.guard ? [`guard ${first.guard.before.toFixed(2)} → ${end.guard.after.toFixed(2)}`] : []),
  ].join('; ');
}

async function margin(args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(process.execPath, [resolve('dist/cli.js'), ...args], {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`margin ${args.join(' ')} failed`);
}
