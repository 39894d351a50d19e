import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { must } from '../../../src/base/pure/must';
import { detectAll } from '../../../src/pairs/reading';
import { readPair } from '../../../src/pairs/readPair';
import { readRunConfig } from '../../../src/run/folder';
import { draftsByPrompt } from '../../../src/run/rounds/decisions';
import { appendJudgements, readDrafts } from '../../../src/run/rounds/lines';
import { roundPaths } from '../../../src/run/rounds/paths';
import { readRounds } from '../../../src/run/rounds/record';
import type { RoundsRecord } from '../../../src/run/rounds/types';
import { judgement } from '../run/rounds/roundSamples';
import { CommandLine } from './commandLine';

const program = new CommandLine();
const sample = (name: string): string => resolve('media/sample', name);
const folder = (name: string): string => join(program.folder, '.margin', 'rounds', name);
const rule = ['--judge', 'reward', '--rule', sample('kind.rule.json')];

async function record(name: string): Promise<RoundsRecord> {
  return must(await readRounds(folder(name)), 'the rounds');
}

async function draft(name: string, ...more: string[]): Promise<void> {
  const asked = ['draft', name, '--prompts', sample('prefs.jsonl'), '--temperature', '1', '--max_new_tokens', '40'];
  const { code, err } = await program.run([...asked, ...more]);
  expect(code, err).toBe(0);
}

const lines = async (path: string): Promise<string[]> => (await readFile(path, 'utf8')).trimEnd().split('\n');

it(
  'three rounds without a person raise the held-out accuracy and the win rate of the sample',
  { timeout: 400_000 },
  async () => {
    const begin = [
      '--model',
      sample('model'),
      '--held_out',
      sample('heldout.jsonl'),
      '--guard_file',
      sample('guard.txt'),
    ];
    await draft('loop', ...begin, '--count', '48');
    const { code, err, out } = await program.run([
      ...['round', 'loop', '--rounds', '3', ...rule],
      ...['--learning_rate', '2e-3', '--measure_prompts', '50'],
    ]);
    expect(code, err).toBe(0);
    expect(err).toContain('No person sees these rounds. They are judged by a rule: kind answers');
    expect(out).toContain('as judged by reward (a rule: kind answers');
    const { rounds, base_measures: base } = await record('loop');
    expect(rounds.map(({ reference, judge, run }) => [reference, judge, run === null])).toEqual(
      [1, 2, 3].map(() => ['base', 'reward', false]),
    );
    const last = must(rounds.at(-1)?.measures, 'the measures of the last round');
    const accuracy = must(last.heldOut, 'the accuracy').accuracy;
    expect(accuracy).toBeGreaterThan(must(base?.heldOut, 'the accuracy of the base').accuracy + 0.1);
    const wins = must(last.winRateBase, 'the win rate');
    expect(wins.low).toBeGreaterThan(0.5);
    expect(wins.wins + wins.ties + wins.losses).toBe(50);
    const guard = must(last.guard, 'the guard');
    expect(Math.abs(guard.after - guard.before)).toBeLessThan(0.5);
    // Each round drafts with the model of the one before, for other prompts.
    expect(rounds[1]?.policy.model).toBe(rounds[0]?.run);
    const prompts = await Promise.all([1, 2].map((n) => readDrafts(roundPaths.drafts(folder('loop'), n))));
    const [one, two] = prompts.map((read) => new Set(read.lines.map(({ prompt_key }) => prompt_key)));
    expect([...(one ?? [])].filter((key) => two?.has(key))).toEqual([]);
    // The same command has nothing left to do.
    const again = await program.run(['round', 'loop', '--rounds', '3', ...rule]);
    expect([again.code, again.out]).toEqual([0, out]);
  },
);

describe('a round of a person', () => {
  it('has the pairs that the person ranked, with their provenance', async () => {
    await draft('person', '--model', sample('model'), '--count', '12');
    const { lines: drafts } = await readDrafts(roundPaths.drafts(folder('person'), 1));
    const said = [...draftsByPrompt(drafts).values()].flatMap((own, i) => {
      const other = own.find(({ text }) => text !== own[0]?.text);
      const edited = i === 0 ? { draft: 0, text: 'As a person would say it.' } : null;
      return other ? [judgement({ prompt_key: other.prompt_key, best: 0, worst: other.draft, edited })] : [];
    });
    appendJudgements(roundPaths.judgements(folder('person'), 1), said);
    const { code, err, json } = await program.runHere(['round', 'person', '--pairs_only', '--json']);
    expect(code, err).toBe(0);
    expect(json()).toMatchObject([{ pairs: { round: 1, judge: 'person', pairs: said.length, ties: 0 } }]);
    const [first = ''] = await lines(roundPaths.pairs(folder('person'), 1));
    expect(readPair(first, detectAll)).toMatchObject({ pair: { chosen: [{ content: 'As a person would say it.' }] } });
    expect(JSON.parse(first)).toMatchObject({
      margin_provenance: { judge: 'person', by: 'Ada', round: 1, edited: true },
    });
  });

  it('trains on them with old pairs mixed in, from the previous model, and says what its reference is', async () => {
    const asked = ['round', 'person', '--mix', '0.25', '--mix_file', sample('prefs.jsonl'), '--epochs', '1'];
    const { code, err, out } = await program.run([...asked, '--reference', 'previous']);
    expect(code, err).toBe(0);
    expect(err).toContain(
      'It starts from the base. The reference of its loss is the model that it starts from. 4 old pairs are mixed in.',
    );
    expect(out).toContain('No win rate: nobody compares the answers.');
    const { rounds } = await record('person');
    expect(rounds).toMatchObject([{ judge: 'person', mix: 0.25, reference: 'previous', measures: { heldOut: null } }]);
    expect(await lines(join(folder('person'), 'round-1', 'train.jsonl'))).toHaveLength(16);
    const { config } = await readRunConfig(must(rounds[0]?.run, 'the run'));
    expect(config).toMatchObject({ run_name: 'person-round-1', ref_model: 'start', num_train_epochs: 1 });
    await draft('person', '--count', '2', '--k', '2');
    const next = (await record('person')).rounds[1];
    expect(next).toMatchObject({ round: 2, policy: { model: rounds[0]?.run }, run: null });
    // Implicit rewards are known now, because the policy differs from the base.
    const { lines: drafts } = await readDrafts(roundPaths.drafts(folder('person'), 2));
    expect(drafts.every(({ reward }) => reward !== null)).toBe(true);
  }, 120_000);

  it.each([
    [['round'], 2, 'NAME is missing'],
    [['round', 'none'], 1, 'There are no rounds named none'],
    [['round', 'person'], 1, 'Round 2 has no pair by the judge person'],
    [['round', 'person', '--rounds', '2'], 2, '--rounds is the loop without a person'],
    [['round', 'person', '--mix', '1'], 2, '--mix must be a number between 0 and 0.9'],
    [['round', 'person', '--mix_file', 'x'], 2, '--mix_file needs --mix'],
    [['round', 'person', '--reference', 'none'], 2, '--reference must be one of base, previous'],
    [['round', 'person', '--guard_file', 'x'], 1, 'is measured with guard_file none'],
    [['round', 'person', ...rule, '--measure_with', 'reward'], 2, '--measure_with is for --judge person'],
    [['round', 'person', '--rule', 'x'], 2, '--rule needs --judge'],
    [['round', 'person', '--judge', 'http://localhost/v1', '--endpoint_model', 'm'], 2, 'then give --yes'],
    [['round', 'loop', '--held_out', 'other.jsonl'], 1, 'is measured with held_out'],
  ])('%j fails with %i', async (args, wanted, message) => {
    const { code, err } = await program.runHere(args);
    expect([code, err]).toEqual([wanted, expect.stringContaining(message)]);
  });
});
