import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { CommandLine } from './commandLine';
import type { Ended } from './program';

const program = new CommandLine();

const rows = [
  '{"prompt": "Why is the sky blue?", "chosen": "Light scatters.", "rejected": "Because.", "model": "a-1", "n": 3.0}',
  '{"prompt": "Hi", "chosen": "Hello!", "rejected": "Sorry, I cannot greet you today.", "model": "b-2", "n": 12.0}',
  'not json',
  '{"prompt": "Hi", "chosen": "Hello!", "rejected": "Sorry, I cannot greet you today.", "model": "b-2"}',
  '',
  '{"prompt": "Hi", "chosen": [{"role": "assistant", "content": "Hello!"}], "rejected": [{"role": "assistant", "content": "No."}]}',
];

const query = (...args: readonly string[]): Promise<Ended> => program.runHere(['query', 'a.jsonl', ...args]);
const linesOf = (...numbers: readonly number[]): string => numbers.map((number) => `${rows[number - 1]}\n`).join('');

beforeAll(() => writeFile(join(program.folder, 'a.jsonl'), rows.join('\n')));

describe('margin query', () => {
  it.each([
    ['', [1, 2, 3, 4, 6]],
    ['problem:duplicate or (.n>5 -line:1)', [2, 4]],
    [String.raw`rejected:/^sorry.*today\.$/i model:b or severity:error`, [2, 3, 4]],
  ])('%s finds the lines %j, as they are in the file', async (text, found) => {
    expect(await query(text)).toMatchObject({ code: 0, out: linesOf(...found), err: '' });
  });

  it('sorts, rows without the number last, and stops at a limit', async () => {
    expect((await query('', '--sort=-.n')).out).toBe(linesOf(2, 1, 3, 4, 6));
    expect((await query('kind:pair', '--sort=len(rejected)', '--limit', '2')).out).toBe(linesOf(6, 1));
  });

  it('counts, and prints objects with the place and key of each row', async () => {
    expect((await query('sorry', '--count', '--json')).json()).toEqual([{ rows: 2 }]);
    const found = (await query('line:2..3', '--json')).json();
    expect(found).toEqual([
      { row: 2, line: 2, key: expect.stringMatching(/^[0-9a-f]{16}$/), value: JSON.parse(rows[1] ?? '') },
      { row: 3, line: 3, key: null, value: 'not json' },
    ]);
  });

  it('finds the rows that the trainer of a config would cut or leave out', async () => {
    const model = join(process.cwd(), 'media/sample/model');
    const config = { model_name_or_path: model, train_file: 'a.jsonl', max_length: 16 };
    await writeFile(join(program.folder, 'short.train.json'), JSON.stringify(config));
    const asked = ['--config', 'short.train.json'];
    expect((await query('dropped:error', ...asked)).out).toBe(linesOf(3));
    expect((await query('cut:yes dropped:no', ...asked)).out).toBe(linesOf(1, 2, 4));
    expect((await query('tokens>0', '--sort=-tokens', '--limit', '1', '--count', ...asked)).out).toMatch(/^\d+\n$/);
    expect(await query('cut:yes')).toMatchObject({ code: 2, err: expect.stringContaining('cut needs a train config') });
    expect(await query('cut:yes', ...asked, '--columns', 'prompt=a,chosen=b,rejected=c')).toMatchObject({
      code: 2,
      err: expect.stringContaining('leave out --columns'),
    });
  });

  it('points at a mistake in the query', async () => {
    const { code, err, out } = await query('sorry lenght(chosen)>3');
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('There is no field lenght: did you mean length?');
    expect(err).toContain('\n  sorry lenght(chosen)>3\n        ^^^^^^\n');
    expect((await query('verdict:keep')).err).toContain('only the editor knows verdict');
    expect((await query('margin:<0')).err).toContain('margin needs rewards: name a run with --rewards');
    const typo = await query('sorry problem:duplicat');
    expect(typo.code).toBe(2);
    expect(typo.err).toContain('problem is the id of a rule, not duplicat. Did you mean duplicate?');
    expect(typo.err).toContain('\n                ^^^^^^^^\n');
    expect((await query('problem:none', '--count')).out).not.toBe('0\n');
    expect((await query('two', 'words')).err).toContain('put the query in quotes; unexpected argument words');
    expect((await query('', '--sort', 'system')).err).toContain('system is a text, not a number');
    expect((await query('', '--sort', 'strength')).err).toContain('only the editor knows strength');
    expect((await query('', '--sort', 'verdict')).err).toContain('only the editor knows verdict');
  });

  it('sorts by the texts of a field, rows without one last', async () => {
    const models = ['zephyr', 'llama-70b', null, 'llama-8b'];
    const rows = models.map((model) =>
      JSON.stringify({ prompt: 'Q', chosen: 'a', rejected: 'b', ...(model && { model }) }),
    );
    const file = join(program.folder, 'models.jsonl');
    await writeFile(file, `${rows.join('\n')}\n`);
    const sorted = async (by: string): Promise<unknown[]> => {
      const { json } = await program.runHere(['query', file, '', '--sort', by, '--json']);
      return json().map((row) => row['row']);
    };
    expect(await sorted('model')).toEqual([4, 2, 1, 3]);
    expect(await sorted('-model')).toEqual([1, 2, 4, 3]);
    expect(await sorted('.model')).toEqual([4, 2, 1, 3]);
    expect(await sorted('-prompt')).toEqual([1, 2, 3, 4]);
  });

  it('takes the severities of rules, as the setting margin.rules of the editor', async () => {
    const count = async (...args: readonly string[]): Promise<string> => (await query(...args, '--count')).out.trim();
    expect(await count('problem:duplicate')).toBe('1');
    expect(await count('problem:duplicate', '--rule', 'duplicate=off')).toBe('0');
    const before = Number(await count('severity:error'));
    expect(Number(await count('severity:error', '--rule', 'duplicate=error'))).toBe(before + 1);
    expect(await count('problem:mojibake', '--rule', 'no-such-rule=off')).toBe('');
  });

  it('finds and sorts rows by the rewards of a file or a run, also if the sides were exchanged since', async () => {
    const found = (await query('', '--json')).json() as { row: number; key: string | null }[];
    const side = (reward: number) => ({ reward, tokens: 3, logp: -1, ref_logp: -1 });
    const margins = new Map([
      [1, 2],
      [2, -1],
      [6, 0.5],
    ]);
    const lines = found.flatMap(({ row, key }) => {
      const margin = margins.get(row);
      if (key === null || margin === undefined) return [];
      return [JSON.stringify({ row, line: row, key, chosen: side(margin), rejected: side(0), margin })];
    });
    await writeFile(join(program.folder, 'rewards.jsonl'), `${lines.join('\n')}\n`);
    const rewards = ['--rewards', 'rewards.jsonl'];
    // Rows 2 and 4 are the same pair.
    expect((await query('margin:<0', ...rewards)).out).toBe(linesOf(2, 4));
    expect((await query('reward(chosen)>=0.5', '--sort=-margin', ...rewards)).out).toBe(linesOf(1, 6));
    // Before, the signs of all margins were the other way round.
    await writeFile(join(program.folder, 'earlier.jsonl'), lines.map(negated).join('\n'));
    const compared = [...rewards, '--before', 'earlier.jsonl'];
    expect((await query('flipped:yes', ...compared)).out).toBe(linesOf(1, 2, 4, 6));
    expect((await query('margin.delta:>0.5', '--sort=-rank', ...compared)).out).toBe(linesOf(1, 6));
    expect((await query('rank:1', ...rewards)).out).toBe(linesOf(2, 4));
    expect((await query('flipped:yes', '--before', 'earlier.jsonl')).err).toContain('--before needs --rewards');
    const { prompt, chosen, rejected } = JSON.parse(rows[0] ?? '') as Record<string, string>;
    await writeFile(
      join(program.folder, 'swapped.jsonl'),
      JSON.stringify({ prompt, chosen: rejected, rejected: chosen }),
    );
    expect((await program.runHere(['query', 'swapped.jsonl', 'margin:=-2', '--count', ...rewards])).out).toBe('1\n');
    const missing = await query('margin:<0', '--rewards', 'no-such-run');
    expect([missing.code, missing.err]).toEqual([1, expect.stringContaining('no-such-run')]);
    await writeFile(join(program.folder, 'bad.jsonl'), '{"key": 1}\n');
    expect((await query('margin:<0', '--rewards', 'bad.jsonl')).err).toContain(
      'bad.jsonl:1 is not the reward of a pair',
    );
  });

  it('stops at a pattern that takes too long, and names the line', async () => {
    await writeFile(join(program.folder, 'slow.jsonl'), `${rows[0]}\n{"text": "${'a'.repeat(40)}!"}\n`);
    const { code, err } = await program.runHere(['query', 'slow.jsonl', '/^(a+)+$/']);
    expect(code).toBe(1);
    expect(err).toContain('slow.jsonl:2: A pattern of the filter takes too long');
  });

  it('writes an element of an array on one line', async () => {
    await writeFile(
      join(program.folder, 'a.json'),
      '[\n  {\n    "prompt": "Q",\n    "chosen": "a", "rejected": "b", "n": 8.0\n  }\n]',
    );
    expect((await program.run(['query', 'a.json', 'chosen:a'])).out).toBe(
      '{ "prompt": "Q", "chosen": "a", "rejected": "b", "n": 8.0 }\n',
    );
  });
});

/** A line of rewards with the opposite margin. */
function negated(line: string): string {
  const reward = JSON.parse(line) as { margin: number };
  return JSON.stringify({ ...reward, margin: -reward.margin });
}
