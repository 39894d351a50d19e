import { Ajv2020 } from 'ajv/dist/2020.js';
import { readdirSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isRecord } from '../../../src/base/pure/isRecord';
import { must } from '../../../src/base/pure/must';
import { HubServer } from '../../hub/hubServer';
import { CommandLine } from './commandLine';
import type { Ended } from './program';
import { makeMixed, makeReviewed, makeRows } from './schemaFiles';
import { commandSection } from './schemaPage';
import { addModels, makeByProgram, makeRuns } from './schemaRuns';

const program = new CommandLine();
const hub = new HubServer();
const folder = 'media/schemas/cli';
const names = readdirSync(folder)
  .map((file) => file.replace('.schema.json', ''))
  .sort();

function schemaOf(name: string): Readonly<Record<string, unknown>> {
  const schema: unknown = JSON.parse(readFileSync(join(folder, `${name}.schema.json`), 'utf8'));
  return isRecord(schema) ? schema : {};
}

/** Lines that come after some time, on failure, of a job, endpoint or living run, or if a person ignores a rule. */
const rare: ReadonlySet<string> = new Set([
  ...['progress', 'error', 'failure', 'ignored'],
  ...['job', 'canceled', 'request', 'array', 'answer'],
]);

/** The kinds of lines of a command that the calls below must print. */
function kindsOf(name: string): { readonly kind: string; readonly fits: (value: unknown) => boolean }[] {
  const { $defs } = schemaOf(name);
  return Object.entries(isRecord($defs) ? $defs : {})
    .filter(([kind]) => !rare.has(kind))
    .map(([kind, schema]) => {
      const valid = new Ajv2020({ allowUnionTypes: true }).compile(isRecord(schema) ? schema : {});
      return { kind, fits: (value) => valid(value) };
    });
}

/** Stands for the folder of the newest run. */
const newestRun = 'NEWEST_RUN';
const cleaned = ['clean.jsonl', '--eval_file', 'held.jsonl', '--run', 'margins.jsonl', '--model', 'model'];
const shortest = ['--judge', 'reward', '--rule', 'short.rule.json'];

/** Calls of each command with other kinds of lines. The files are made in `beforeAll`. */
const calls: Readonly<Record<string, readonly (readonly string[])[]>> = {
  agreement: [['seen.jsonl', '--marks', 'seen.marks.jsonl', '--list']],
  marks: [['seen.jsonl']],
  cleaning: [[...cleaned, '--seeds', '1', '--epochs', '0.1', '--output_dir', 'short']],
  compare: [
    ['few.jsonl', '--rewards', 'rewards.jsonl', 'rewards.jsonl', '--slice', 'topic'],
    ['bench.jsonl', '--models', 'model', 'model'],
  ],
  export: [[newestRun, '--format', 'peft', '--out', 'adapter']],
  models: [[]],
  pull: [['org/tiny'], ['org/tiny', '--dry_run'], ['org/quants'], ['--suggested']],
  push: [
    ['data', 'few.jsonl', 'me/prefs', '--license', 'mit', '--yes'],
    ['adapter', newestRun, 'me/adapter', '--license', 'mit', '--base_model', 'org/base', '--yes'],
  ],
  queue: [['queued']],
  tokens: [
    ['asked.jsonl', '--model', 'model', '--line', '2', '--max_length', '4'],
    ['judged.jsonl', '--model', 'model'],
  ],
  query: [
    ['prefs.jsonl', 'line:1..3'],
    ['bad.jsonl', ''],
    ['prefs.jsonl', '', '--count'],
    ['none.jsonl', ''],
  ],
  stats: [['prefs.jsonl'], ['bad.jsonl'], ['prefs.jsonl', '--filter', 'line:1..9', '--model', 'model']],
  check: [
    ['prefs.jsonl', 'bad.jsonl'],
    ['sample.train.json'],
    ['prefs.jsonl', '--model', 'model'],
    ['bad.jsonl', '--fix', '--dry_run'],
  ],
  convert: [
    ['prefs.jsonl', '--to', 'kto', '--out', 'kto.jsonl'],
    ['bad.jsonl', '--to', 'openai', '--out', 'openai.jsonl'],
  ],
  formats: [[]],
  diff: [
    ['prefs.jsonl', 'other.jsonl'],
    ['other.jsonl', 'prefs.jsonl'],
  ],
  duplicates: [['prefs.jsonl'], ['prefs.jsonl', 'other.jsonl', '--out', 'single.jsonl'], ['disputed.jsonl']],
  split: [
    ['prefs.jsonl', '--eval', '0.1'],
    ['bad.jsonl', '--eval', '1', '--stratify', 'x'],
    ['--verify', 'prefs.split.json'],
  ],
  score: [
    ['few.jsonl', '--model', 'model'],
    ['few.jsonl', '--model', 'model', '--per_token'],
    ['--run', newestRun],
  ],
  targets: [
    [],
    ['trust', 'mine'],
    ['check', 'mine'],
    ['estimate', 'trl.train.json'],
    ['estimate', 'trl.train.json', '--target', 'mine', '--max_steps', '20'],
  ],
  draft: [['new', '--model', 'model', '--prompts', 'few.jsonl', '--k', '2', '--max_new_tokens', '8']],
  generate: [['--model', 'model', '--prompt', 'Why is it so?']],
  judge: [['rounds', ...shortest]],
  round: [['rounds', ...shortest, '--config', 'round.train.json']],
  runs: [
    [],
    ['diff', join('made', 'plain'), join('made', 'strong')],
    ['diff', join('made', 'plain'), join('made', 'short')],
    ['export', join('made', 'plain'), '--format', 'tensorboard', '--out', 'logs'],
    ['prune', join('made', 'strong')],
  ],
  sweep: [
    ['part.train.json', '--grid', 'beta=0.1,0.2', '--max_steps', '1', '--dry_run'],
    ['part.train.json', '--grid', 'beta=0.1,0.2', '--max_steps', '1'],
  ],
  train: [
    ['part.train.json', '--max_steps', '1'],
    ['part.train.json', '--find_lr', '--lr_steps', '20'],
    ['part.train.json', '--dry_run', '--max_steps', '2'],
  ],
  trash: [['add', newestRun], []],
  suspects: [
    ['prefs.jsonl', '--run', 'rewards.jsonl', '--save'],
    ['prefs.jsonl', '--run', 'rewards.jsonl', '--out', 'x.jsonl'],
    ['clean.jsonl', '--model', 'model', '--dry_run'],
  ],
};

/** Runs the command line with a stand-in for the Hub. */
async function margin(args: readonly string[]): Promise<Ended> {
  const variables = { HF_ENDPOINT: hub.endpoint, HF_HOME: join(program.folder, 'hf'), HF_TOKEN: 'hf_good' };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  return program.runHere(args);
}

async function named(argument: string): Promise<string> {
  if (argument !== newestRun) return argument;
  const runs = join('.margin', 'runs');
  return join(runs, must((await readdir(join(program.folder, runs))).sort().at(-1), 'a run'));
}

describe('the JSON of the command line', () => {
  beforeAll(async () => {
    await hub.start();
    await addModels(hub);
    await makeRows(program.folder);
    await makeMixed(program.folder);
    await makeReviewed(program.folder);
    await makeRuns(program.folder);
    await makeByProgram(program.folder, margin);
  }, 300_000);
  afterAll(() => hub.stop());

  it('has a schema for each command, and each is tried here', async () => {
    const { out } = await margin(['--help']);
    const commands = [...out.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name);
    expect(commands.sort()).toEqual(names);
    expect(Object.keys(calls).sort()).toEqual(names);
  });

  it.each(names)('of margin %s is as its schema says, with no other key', async (name) => {
    const valid = new Ajv2020({ allowUnionTypes: true }).compile(schemaOf(name));
    const values: unknown[] = [];
    for (const call of calls[name] ?? []) {
      const { out, err } = await margin([name, ...(await Promise.all(call.map(named))), '--json']);
      expect(out, err).not.toBe('');
      values.push(
        ...out
          .trimEnd()
          .split('\n')
          .map((line): unknown => JSON.parse(line)),
      );
    }
    for (const value of values) {
      valid(value);
      expect(valid.errors, JSON.stringify(value)).toBeNull();
    }
    expect(
      kindsOf(name)
        .filter(({ fits }) => !values.some(fits))
        .map(({ kind }) => kind),
      // A command that fails prints why.
      JSON.stringify(values.filter((value) => isRecord(value) && 'error' in value)),
    ).toEqual([]);
  });

  it('is described on a page that is made from the schemas', async () => {
    const page = [
      '# The JSON of the command line',
      '',
      'With `--json` a command prints JSON, one object per line. The schemas (JSON Schema, draft 2020-12) say which. A unit test runs the commands on the',
      'sample and compares each line, so a key that is added or renamed is seen. A line of another kind is an error, `{"error": {"code", "message"}}`.',
      '',
      ...names.map((name) => commandSection(name, schemaOf(name))),
    ].join('\n');
    await expect(`${page.trimEnd()}\n`).toMatchFileSnapshot(resolve('src/cli/JSON.md'));
  });
});
