import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { cacheFolder } from '../../src/base/node/cacheFolder';
import { at, must } from '../../src/base/pure/must';
import { readRounds } from '../../src/run/rounds/record';
import { roundPaths } from '../../src/run/rounds/paths';
import type { PromptChoice, RoundsRecord } from '../../src/run/rounds/types';
import { type AnswerRule, ruleScore } from '../../src/rounds/judges/answerRule';
import { readShortRows, type Row, writeRows } from './rows';

/** Rounds that are compared: the same but for the choice of prompts and the seed. */
interface Trial {
  readonly name: string;
  readonly choice: PromptChoice;
  readonly seed: number;
  readonly draft: readonly string[];
  readonly train: readonly string[];
}

/** The rule for real rows. It tells most drafts apart, and shorter ones than 12 words gain nothing more. */
const brief: AnswerRule = { about: 'answers of at most 12 words', phrases: {}, per_word: -1, words: 12 };
const loops = 3;
/** Held-out rows, prompts of a round, and rows of the guard's text. */
const realRows = { held: 100, count: 60, guard: 40 };

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
  const { train, heldOut, rule, guard } = await writeRealFiles(folder);
  return {
    name: `real-${seed}`,
    choice: 'random',
    seed,
    draft: [
      ...['--model', model, '--prompts', train, '--held_out', heldOut, '--guard_file', guard],
      ...['--count', String(realRows.count), '--temperature', '0.8', '--top_p', '0.95', '--max_new_tokens', '32'],
    ],
    train: ['--rule', rule, '--measure_prompts', String(realRows.held), '--learning_rate', '5e-4'],
  };
}

/** Held-out rows are real answers whose labels are the rule's; prompts and the guard's text are other rows. */
async function writeRealFiles(
  folder: string,
): Promise<Readonly<Record<'train' | 'heldOut' | 'rule' | 'guard', string>>> {
  const { rows, name } = readShortRows(Infinity);
  const files = {
    train: join(folder, 'train.jsonl'),
    heldOut: join(folder, 'held-out.jsonl'),
    rule: join(folder, 'brief.rule.json'),
    guard: join(folder, 'guard.txt'),
  };
  mkdirSync(folder, { recursive: true });
  const labelled = rows.flatMap((row) => labelledBy(brief, row)).slice(0, realRows.held);
  const used = new Set(labelled.map(({ prompt }) => textOf(prompt)));
  const others = rows.filter(({ prompt }) => !used.has(textOf(prompt)));
  const guarded = others
    .slice(0, realRows.guard)
    .map(({ prompt, chosen }) => `${textOf(prompt)}\n\n${textOf(chosen)}\n`);
  await writeRows(files.heldOut, { name, rows: labelled });
  await writeRows(files.train, { name, rows: others.slice(realRows.guard) });
  await writeFile(files.guard, guarded.join('\n'));
  await writeFile(files.rule, JSON.stringify(brief));
  return files;
}

/** A row of real answers with the label that the rule gives it; none if the rule values both alike. */
function labelledBy(rule: AnswerRule, { prompt, chosen, rejected }: Row): Row[] {
  const [a, b] = [ruleScore(rule, textOf(chosen)), ruleScore(rule, textOf(rejected))];
  if (a === b) return [];
  return [a > b ? { prompt, chosen, rejected } : { prompt, chosen: rejected, rejected: chosen }];
}

const textOf = (messages: Row['prompt']): string => messages.map(({ content }) => content).join('\n');

async function trialText(folder: string, trial: Trial): Promise<string> {
  const { name, choice, seed, draft, train } = trial;
  // Another plan is another folder. The same one goes on where it was stopped.
  const content = createHash('sha256')
    .update(JSON.stringify([trial, brief, realRows, loops]))
    .digest('hex');
  const work = join(folder, `${name}-${content.slice(0, 12)}`);
  mkdirSync(work, { recursive: true });
  const seeds = ['--seed', String(seed), '--prompt_seed', String(seed)];
  if ((await readRounds(join(roundPaths.all(work), name))) === null)
    await margin(['draft', name, ...draft, ...seeds, '--choice', choice], work);
  await margin(['round', name, '--rounds', String(loops), '--judge', 'reward', ...train], work);
  const rounds = join(roundPaths.all(work), name);
  const record = must(await readRounds(rounds), 'the rounds');
  const pairs = await Promise.all(record.rounds.map(({ round }) => countLines(roundPaths.pairs(rounds, round))));
  return `${name}: trained pairs ${pairs.join(', ')}; ${figures(record)}`;
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

async function countLines(path: string): Promise<number> {
  return (await readFile(path, 'utf8')).split('\n').length - 1;
}

async function margin(args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(process.execPath, [resolve('dist/cli.js'), ...args], {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`margin ${args.join(' ')} failed`);
}
