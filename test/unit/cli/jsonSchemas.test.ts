import { Ajv2020 } from 'ajv/dist/2020.js';
import { readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { isRecord } from '../../../src/base/pure/isRecord';
import { must } from '../../../src/base/pure/must';
import { CommandLine } from './commandLine';
import { commandSection } from './schemaPage';

const program = new CommandLine();
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
const shortest = ['--judge', 'reward', '--rule', 'short.rule.json'];

/** Calls of each command with other kinds of lines. The files are made in `beforeAll`. */
const calls: Readonly<Record<string, readonly (readonly string[])[]>> = {
  query: [
    ['prefs.jsonl', 'line:1..3'],
    ['bad.jsonl', ''],
    ['prefs.jsonl', '', '--count'],
    ['none.jsonl', ''],
  ],
  stats: [['prefs.jsonl'], ['bad.jsonl'], ['prefs.jsonl', '--filter', 'line:1..9', '--model', 'model']],
  check: [['prefs.jsonl', 'bad.jsonl'], ['sample.train.json'], ['prefs.jsonl', '--model', 'model']],
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
  runs: [[]],
  sweep: [
    ['sample.train.json', '--grid', 'beta=0.1,0.2', '--max_steps', '1', '--dry_run'],
    ['sample.train.json', '--grid', 'beta=0.1,0.2', '--max_steps', '1'],
  ],
  train: [
    ['sample.train.json', '--max_steps', '1'],
    ['sample.train.json', '--find_lr', '--lr_steps', '20'],
  ],
  trash: [['add', newestRun], []],
  suspects: [
    ['prefs.jsonl', '--run', 'rewards.jsonl', '--save'],
    ['prefs.jsonl', '--run', 'rewards.jsonl', '--out', 'x.jsonl'],
  ],
};

async function named(argument: string): Promise<string> {
  if (argument !== newestRun) return argument;
  const runs = join('.margin', 'runs');
  return join(runs, must((await readdir(join(program.folder, runs))).sort().at(-1), 'a run'));
}

async function makeFiles(): Promise<void> {
  const here = program.folder;
  await cp('media/sample', here, { recursive: true });
  const rows = (await readFile(join(here, 'prefs.jsonl'), 'utf8')).trimEnd().split('\n');
  const write = (name: string, lines: readonly string[]): Promise<void> =>
    writeFile(join(here, name), lines.map((line) => `${line}\n`).join(''));
  const config = { model_name_or_path: 'model', train_file: 'prefs.jsonl', use_peft: true, backend: 'trl' };
  await write('trl.train.json', [JSON.stringify(config)]);
  await mkdir(join(here, '.margin'));
  const mine = { template: 'slurm', settings: { partition: 'x' }, tokens_per_second: 1000, price_per_hour: 3 };
  await write('.margin/targets.json', [JSON.stringify({ mine })]);
  await write('few.jsonl', rows.slice(0, 4));
  await write('other.jsonl', [
    ...rows.slice(0, 4),
    (rows[4] ?? '').replace('."', '!"'),
    ...rows.slice(6),
    rows[5] ?? '',
  ]);
  const row = (rest: object): string => JSON.stringify({ prompt: 'Why is it so?', ...rest });
  await write('bad.jsonl', [
    row({ chosen: 'b', rejected: 'c', x: 'u' }),
    'no',
    row({ chosen: 'b', rejected: 'b', x: 'v' }),
  ]);
  await write('disputed.jsonl', [row({ chosen: 'b', rejected: 'c' }), row({ chosen: 'c', rejected: 'b' })]);
  const json = (value: object): readonly string[] => [JSON.stringify(value)];
  await write('short.rule.json', json({ about: 'short answers', phrases: {}, per_word: -0.1, words: 1 }));
  await write('round.train.json', json({ max_steps: 1, use_peft: true }));
  const draft = ['--model', 'model', '--prompts', 'few.jsonl', '--k', '4', '--max_new_tokens', '16'];
  await program.runHere(['draft', 'rounds', ...draft]);
  await program.runHere(['train', 'sample.train.json', '--max_steps', '1']);
  const { out } = await program.runHere(['score', 'prefs.jsonl', '--model', 'model', '--json']);
  const rewards = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { row: number; line: number });
  await write(
    'rewards.jsonl',
    rewards.map((one) => JSON.stringify({ ...one, margin: one.row % 9 === 0 ? -1 : 1 })),
  );
}

describe('the JSON of the command line', () => {
  beforeAll(makeFiles, 300_000);

  it('has a schema only for commands that are tried here', () => {
    expect(Object.keys(calls).sort()).toEqual([...names].sort());
  });

  it.each(names)('of margin %s is as its schema says, with no other key', async (name) => {
    const valid = new Ajv2020({ allowUnionTypes: true }).compile(schemaOf(name));
    const values: unknown[] = [];
    for (const call of calls[name] ?? []) {
      const { out, err } = await program.runHere([name, ...(await Promise.all(call.map(named))), '--json']);
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
      'The other commands have `--json` too; their help says what they print.',
      '',
      ...names.map((name) => commandSection(name, schemaOf(name))),
    ].join('\n');
    await expect(`${page.trimEnd()}\n`).toMatchFileSnapshot(resolve('src/cli/JSON.md'));
  });
});
