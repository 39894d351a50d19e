import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readDrafts } from '../../../src/run/rounds/lines';
import { readRounds } from '../../../src/run/rounds/record';
import { CommandLine } from './commandLine';

const program = new CommandLine();
const model = resolve('media/sample/model');
const prefs = resolve('media/sample/prefs.jsonl');
const held = resolve('media/sample/heldout.jsonl');
const folder = (name: string): string => join(program.folder, '.margin', 'rounds', name);
const args = (name: string): string[] => [
  'draft',
  name,
  '--model',
  model,
  '--temperature',
  '1',
  '--max_new_tokens',
  '40',
];

describe('margin draft', () => {
  it('drafts answers, and goes on with the same command', async () => {
    const asked = [...args('sample'), '--prompts', prefs, '--count', '4', '--k', '3', '--held_out', held, '--json'];
    const { code, err, json } = await program.runHere(asked);
    expect(code, err).toBe(0);
    expect(json().at(-1)).toMatchObject({ drafted: { round: 1, prompts: 4, drafts: 12 } });
    expect(json()).toContainEqual({ progress: { done: 12, total: 12, text: 'round 1, drafts: 12/12' } });
    expect(await readRounds(folder('sample'))).toMatchObject({
      base: model,
      held_out: held,
      rounds: [{ round: 1, run: null }],
    });
    const path = join(folder('sample'), 'round-1', 'drafts.jsonl');
    const before = await readFile(path, 'utf8');
    expect((await program.runHere(asked)).code).toBe(0);
    expect(await readFile(path, 'utf8')).toBe(before);
    const other = await program.runHere([...asked, '--temperature', '0.5']);
    expect([other.code, other.err]).toEqual([1, expect.stringContaining('drafted with other settings')]);
  });

  it('records a seed with which margin generate makes a draft again', async () => {
    const { lines } = await readDrafts(join(folder('sample'), 'round-1', 'drafts.jsonl'));
    const simple = lines.filter(({ prompt }) => prompt.length === 1).at(-1);
    if (!simple) throw new Error('no draft of a single turn');
    const { seed, prompt, text } = simple;
    const asked = ['generate', '--model', model, '--temperature', '1', '--max_new_tokens', '40', '--json'];
    const again = await program.runHere([...asked, '--seed', String(seed), '--prompt', prompt[0]?.content ?? '']);
    expect(again.json()).toMatchObject([{ completion: text }]);
  });

  it('adds drafts of one prompt to the open round', async () => {
    const path = join(folder('sample'), 'round-1', 'drafts.jsonl');
    const key = (await readDrafts(path)).lines[0]?.prompt_key ?? '';
    const { code, err } = await program.runHere(['draft', 'sample', '--prompt_key', key, '--k', '2']);
    expect(code, err).toBe(0);
    const own = (await readDrafts(path)).lines.filter((one) => one.prompt_key === key);
    expect(own.map(({ draft }) => draft)).toEqual([0, 1, 2, 3, 4]);
  });

  it('takes typed prompts and rows that are only a prompt, with a filter, and leaves held-out prompts out', async () => {
    const file = join(program.folder, 'prompts.jsonl');
    const rows = [
      { prompt: 'What is 1 plus 1?' },
      { prompt: [{ role: 'user', content: 'Name two birds.' }] },
      { other: 1 },
    ];
    await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const asked = [...args('typed'), '--prompts', file, '--prompt', 'I lost my bag.', '--k', '2', '--held_out', held];
    const { code, err } = await program.runHere(asked);
    expect(code, err).toBe(0);
    // The first one is held out.
    expect(err).toContain('Rows left out: 1 without a prompt, 1 held out.');
    const { lines } = await readDrafts(join(folder('typed'), 'round-1', 'drafts.jsonl'));
    expect(new Set(lines.map(({ row }) => row))).toEqual(new Set([null, 1]));
  });

  it('with active choice drafts for more prompts, and keeps those on which the policy is least sure', async () => {
    const asked = [...args('active'), '--prompts', prefs, '--count', '2', '--k', '2', '--choice', 'active'];
    const { code, err } = await program.runHere(asked);
    expect(code, err).toBe(0);
    expect(err).toContain('Choosing 2 of 6 prompts');
    const round = join(folder('active'), 'round-1');
    expect((await readDrafts(join(round, 'pool.jsonl'))).lines).toHaveLength(12);
    expect((await readDrafts(join(round, 'drafts.jsonl'))).lines).toHaveLength(4);
  });

  it('sends nothing to an endpoint before a person agrees, and shows the first request in full', async () => {
    const asked = [...args('far'), '--prompt', 'What is 2 plus 2?', '--endpoint', 'http://127.0.0.1:9/v1'];
    const { code, err, json } = await program.runHere([
      ...asked,
      '--endpoint_model',
      'm',
      ...['--price_in', '0', '--price_out', '10'],
      '--json',
    ]);
    expect(code).toBe(1);
    expect(err).toContain('Nothing was sent.');
    expect(json()[0]).toMatchObject({
      request: { requests: 4, tokens_out: 160, price: 0.0016, first: { messages: [{ content: 'What is 2 plus 2?' }] } },
    });
    expect(await readRounds(folder('far'))).toBeNull();
  });

  it('drafts at an endpoint that a person agreed to, with the key of the environment, which it never prints or writes', async () => {
    const keys = new Set<string | undefined>();
    const http = createServer((request, response) => {
      keys.add(request.headers.authorization);
      response.end(JSON.stringify({ choices: [{ message: { content: `4, ${keys.size}` }, finish_reason: 'stop' }] }));
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    onTestFinished(() => void http.close());
    const address = http.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    vi.stubEnv('MARGIN_ENDPOINT_KEY', 'sk-secret');
    const asked = [
      ...args('near'),
      '--prompt',
      'What is 2 plus 2?',
      '--k',
      '2',
      '--endpoint',
      `http://127.0.0.1:${port}/v1`,
    ];
    const { code, err, out } = await program.runHere([...asked, '--endpoint_model', 'm', '--yes']);
    expect(code, err).toBe(0);
    expect([...keys]).toEqual(['Bearer sk-secret']);
    expect(out + err).not.toContain('sk-secret');
    for (const entry of readdirSync(folder('near'), { recursive: true, withFileTypes: true }))
      if (entry.isFile()) expect(readFileSync(join(entry.parentPath, entry.name), 'utf8')).not.toContain('sk-secret');
    expect(await readRounds(folder('near'))).toMatchObject({ base: model, rounds: [{ policy: { checkpoint: 'm' } }] });
    const { lines } = await readDrafts(join(folder('near'), 'round-1', 'drafts.jsonl'));
    expect(lines).toMatchObject([
      { text: '4, 1', reward: null, duplicate_of: null },
      { text: '4, 1', duplicate_of: 0 },
    ]);
  });

  it.each([
    [['draft'], 'NAME is missing'],
    [['draft', 'new', '--prompt', 'a'], '--model or --run is missing'],
    [['draft', 'new', '--model', 'a', '--run', 'b'], '--model and --run exclude each other'],
    [['draft', 'new', '--model', 'a', '--k', '1'], '--k must be a whole number between 2 and 64'],
    [['draft', 'new', '--model', 'a', '--choice', 'active'], '--choice active needs --count'],
    [['draft', 'new', '--model', 'a', '--filter', 'x'], '--filter is for --prompts'],
    [['draft', 'new', '--model', 'a', '--endpoint', 'http://localhost/v1'], '--endpoint_model is missing'],
    [['draft', 'new', '--model', model], 'give prompts'],
    [['draft', 'new', '--model', model, '--guard_file', 'x'], '--guard_file needs --held_out'],
  ])('%j is wrong usage', async (wrong, message) => {
    const { code, err } = await program.runHere(wrong);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });

  it('refuses a name that leads elsewhere, and a prompt key that is unknown', async () => {
    expect((await program.runHere(['draft', '../x', '--model', model, '--prompt', 'a'])).err).toContain('cannot name');
    expect((await program.runHere(['draft', 'sample', '--prompt_key', 'ab'])).err).toContain(
      'has no drafts of the prompt',
    );
  });
});
