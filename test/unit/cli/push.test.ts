import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { pairKey } from '../../../src/jsonl/node/pairKey';
import { newMark } from '../../../src/pairs/marks/mark';
import { markLine } from '../../../src/pairs/marks/markLines';
import { readPair } from '../../../src/pairs/readPair';
import { detectAll } from '../../../src/pairs/reading';
import { at } from '../../../src/base/pure/must';
import { HubServer } from '../../hub/hubServer';
import { finishedRun } from '../export/exported';
import { CommandLine } from './commandLine';
import type { Ended } from './program';

const program = new CommandLine();
const hub = new HubServer();

beforeAll(() => hub.start());
afterAll(() => hub.stop());

async function margin(...args: readonly string[]): Promise<Ended> {
  const variables = { HF_ENDPOINT: hub.endpoint, HF_HOME: join(program.folder, 'hf'), HF_TOKEN: 'hf_good' };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  return program.runHere(args);
}

interface Preview {
  readonly files: readonly { readonly path: string; readonly replaces: boolean }[];
  readonly card: string;
}

function previewOf({ json }: Ended): Preview {
  return at(json(), 0)['preview'] as Preview;
}

it('push adapter shows all that it would send, and sends it only with --yes', async () => {
  const run = await finishedRun();
  const asked = ['push', 'adapter', run, 'me/adapter', '--license', 'mit', '--json'];
  expect((await margin(...asked)).json().at(-1)).toMatchObject({ error: { code: 'hub-base' } });
  const based = [...asked, '--base_model', 'org/base'];
  const shown = await margin(...based);
  const { files, card } = previewOf(shown);
  expect(files.map(({ path }) => path)).toEqual(['README.md', 'adapter_config.json', 'adapter_model.safetensors']);
  expect(card).toMatch(/^---\nlicense: mit\nbase_model: "org\/base"\nlibrary_name: peft\n/);
  expect(card).toMatch(/SHA-256 `[0-9a-f]{64}`/);
  expect([shown.code, shown.json().at(-1)]).toMatchObject([1, { error: { code: 'not-confirmed' } }]);
  expect(hub.pushes.commits).toEqual([]);
  const sent = await margin(...based, '--yes');
  expect([sent.code, sent.json().at(-1)]).toMatchObject([
    0,
    { repo: 'me/adapter', url: expect.stringContaining('commit') },
  ]);
  const config = hub.repos.get('models/me/adapter')?.files['adapter_config.json']?.toString() ?? '';
  expect(JSON.parse(config)).toMatchObject({ base_model_name_or_path: 'org/base' });
  expect(shown.out + shown.err + sent.out + sent.err).not.toContain('hf_good');
});

it('push data counts rows, checks and reviews, and never guesses the licence', async () => {
  const file = join(program.folder, 'prefs.jsonl');
  const row = (n: number): string => JSON.stringify({ prompt: `How is ${n}?`, chosen: `Good ${n}.`, rejected: 'Bad.' });
  await writeFile(file, `${row(1)}\n${row(2)}\n{"prompt": "x"}\n`);
  expect((await margin('push', 'data', file, 'me/prefs')).err).toContain('--license is missing');
  const sent = await margin('push', 'data', file, 'me/prefs', '--license', 'cc0-1.0', '--yes', '--json');
  expect(sent.code, sent.err).toBe(0);
  const { card } = previewOf(sent);
  expect(card).toContain('`prefs.jsonl`: 3 rows');
  expect(card).toMatch(/\| error \| `[\w-]+` \| 2 \|/);
  expect(Object.keys(hub.repos.get('datasets/me/prefs')?.files ?? {})).toContain('prefs.jsonl');
});

it('push data says how far reviewers agree, without their names, and keeps the marks here', async () => {
  const rows = ['a', 'b'].map((prompt) => JSON.stringify({ prompt, chosen: 'Yes.', rejected: 'No.' }));
  await writeFile(join(program.folder, 'seen.jsonl'), `${rows.join('\n')}\n`);
  const marks = rows.flatMap((row) => {
    const read = readPair(row, detectAll);
    const key = read.kind === 'pair' ? pairKey(read.pair) : '';
    return ['anna', 'ben'].map((by): string =>
      markLine({ ...newMark(key, by), verdict: 'keep', at: '2026-01-01T00:00:00Z' }),
    );
  });
  await writeFile(join(program.folder, 'seen.marks.jsonl'), `${marks.join('\n')}\n`);
  const sent = await margin('push', 'data', 'seen.jsonl', 'me/seen', '--license', 'other', '--yes', '--json');
  expect(sent.code, sent.err).toBe(0);
  const { card, files } = previewOf(sent);
  expect(card).toContain('2 of 2 pairs have a verdict; reviewers: 2');
  expect(card).toContain('Both annotators gave the same label to 2 of 2 rows');
  expect(card).not.toMatch(/anna|ben/);
  expect(files.map(({ path }) => path)).toEqual(['README.md', 'seen.jsonl']);
});

it.each([
  [['push'], 'push what? adapter or data'],
  [['push', 'data'], 'FILE is missing'],
  [['push', 'adapter', 'run'], 'ID is missing'],
  [['push', 'adapter', 'run', 'name'], 'whose is name? Write org/name'],
  [['push', 'data', 'f', 'me/x', '--best'], '--best is not for data'],
  [['push', 'adapter', 'run', 'datasets/me/x'], 'an adapter goes into a model'],
])('%j is wrong usage', async (args, message) => {
  const { code, err } = await margin(...args);
  expect([code, err]).toEqual([2, expect.stringContaining(message)]);
});
