import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
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

/** What the rule for real rows rewards: their better answers are the brief ones. */
const brief: AnswerRule = { about: 'brief answers, of at most 12 words', phrases: {}, per_word: -0.1, words: 12 };
const loops = 3;

/**
 * What rounds without a person raise, judged by a rule: prompts chosen at random beside active choice. `quick`: one
 * seed, and few prompts of real rows.
 *
 * @param model for real rows; null: only the sample
 */
export async function measureRounds(
  folder: string,
  model: string | null,
  quick: boolean,
  say: (text: string) => void,
): Promise<void> {
  const seeds = quick ? [1] : [1, 2, 3];
  for (const seed of seeds)
    for (const choice of ['random', 'active'] as const) say(await trialText(folder, sampleTrial(choice, seed)));
  if (model !== null) say(await trialText(folder, await realTrial(folder, model, quick)));
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

async function realTrial(folder: string, model: string, quick: boolean): Promise<Trial> {
  const [held, count] = quick ? [24, 12] : [200, 100];
  const { rows, name } = readShortRows(held + 4 * count);
  const [train, heldOut, rule] = ['train.jsonl', 'held-out.jsonl', 'brief.rule.json'].map((file) => join(folder, file));
  await writeRows(must(heldOut, 'a path'), { name, rows: rows.slice(0, held) });
  await writeRows(must(train, 'a path'), { name, rows: rows.slice(held) });
  await writeFile(must(rule, 'a path'), JSON.stringify(brief));
  return {
    name: 'real',
    choice: 'random',
    seed: 1,
    draft: [
      ...['--model', model, '--prompts', must(train, 'a path'), '--held_out', must(heldOut, 'a path')],
      ...['--count', String(count), '--temperature', '1', '--max_new_tokens', '32'],
    ],
    train: ['--rule', must(rule, 'a path'), '--measure_prompts', String(held), '--learning_rate', '5e-4'],
  };
}

async function trialText(folder: string, { name, choice, seed, draft, train }: Trial): Promise<string> {
  const work = join(folder, name);
  mkdirSync(work, { recursive: true });
  const seeds = ['--seed', String(seed), '--prompt_seed', String(seed)];
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
