import { appendFile, truncate, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { maxLineBytes } from '../../../src/jsonl/lineScanner';
import { temporaryFolder } from '../run/temporaryFolder';
import { CommandLine } from './commandLine';

const program = new CommandLine();
const model = resolve('media', 'sample', 'model');
const row = (prompt: string, chosen: string, rejected: string): string => JSON.stringify({ prompt, chosen, rejected });

/**
 * Rows with these lengths under the sample's tokenizer: a prompt of 1 token with answers of up to 4 tokens including
 * the end token; the same with answers of up to 21; a prompt of 30; and a prompt whose last token merges with an
 * answer.
 */
const rows = [
  row('Q', ' a.', ' b b.'),
  row('Q', ' a.', ' b'.repeat(20)),
  row('Q'.repeat(30), ' a', ' b'),
  row('Th', 'e.', '7.'),
];

async function fileOf(lines: readonly string[]): Promise<{ folder: string; file: string }> {
  const folder = await temporaryFolder();
  const file = join(folder, 'a.jsonl');
  await writeFile(file, lines.join('\n'));
  return { folder, file };
}

const tally = (...lines: number[]): object => ({ count: lines.length, lines: lines.length, first: lines });

it('tokens of a list of answers are those of the pairs that are made of it', async () => {
  const list = { prompt: 'Q', responses: [' a.', ' b b.', ' c'], scores: [1, 3, 2] };
  const { file } = await fileOf([JSON.stringify(list)]);
  const { out, err } = await program.run(['tokens', file, '--model', model]);
  expect(out).toMatch(/\nchosen: .*\n.* b│ b.*\nrejected: .*\n.* a│/);
  expect(err).toContain('the pair rule best-worst makes 1 pair from it');
});

describe('check with a model', () => {
  it('names and counts rows that are left out, answers that lose their end, and prompts whose tokens change', async () => {
    const { folder } = await fileOf(rows);
    const { code, out, err } = await program.runHere(
      ['check', 'a.jsonl', '--model', model, '--max_length', '12'],
      folder,
    );
    expect(code).toBe(0);
    expect(out.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^a\.jsonl:2: warning: rejected: The rejected answer ends at token 22, after max_length/),
      expect.stringMatching(/^a\.jsonl:3: warning: The prompt has 30 tokens and fills max_length/),
      expect.stringMatching(
        /^a\.jsonl:4: info: chosen: The last tokens of the prompt change if the chosen answer follows/,
      ),
    ]);
    expect(err.trimEnd().split('\n')).toEqual([
      'a.jsonl: 4 pairs of 5 tokens (median), 32 (90%), 32 (99%), 32 (longest); max_length 12',
      'a.jsonl: 1 row is left out: its prompt fills max_length: line 3',
      'a.jsonl: 1 answer loses its end: line 2',
      'a.jsonl: 1 answer changes the last tokens of its prompt: line 4',
      '1 file, 4 rows: 0 errors, 2 warnings, 1 to look at',
    ]);
  });

  it('prints the same as JSON', async () => {
    const { file } = await fileOf(rows);
    const { code, json } = await program.runHere([
      'check',
      file,
      '--model',
      model,
      '--max_length',
      '12',
      '--strict',
      '--json',
    ]);
    expect(code).toBe(1);
    expect(json()).toEqual([
      {
        file,
        line: 2,
        column: null,
        severity: 'warning',
        code: 'loses-end',
        field: 'rejected',
        message: expect.any(String),
      },
      { file, line: 3, column: null, severity: 'warning', code: 'left-out', field: null, message: expect.any(String) },
      { file, line: 4, column: null, severity: 'info', code: 'boundary', field: 'chosen', message: expect.any(String) },
      {
        file,
        pairs: 4,
        judged: 0,
        tokens: { p50: 5, p90: 32, p99: 32, max: 32 },
        max_length: 12,
        left_out: tally(3),
        truncated: tally(2),
        mismatched: tally(4),
        same_tokens: tally(),
        refused: tally(),
      },
    ]);
  });

  it('exits with 0 if everything fits, and with 2 if --max_length is given without --model', async () => {
    const { file } = await fileOf(rows.slice(0, 2));
    const fits = await program.runHere(['check', file, '--model', model]);
    expect([fits.code, fits.out]).toEqual([0, '']);
    expect(fits.err).toContain('2 pairs of 5 tokens (median), 22 (90%)');
    expect((await program.runHere(['check', file, '--max_length', '12'])).code).toBe(2);
  });

  it('prints nothing about tokens if there is no pair', async () => {
    const { folder } = await fileOf(['{}']);
    expect((await program.runHere(['check', 'a.jsonl', '--model', model], folder)).err).toMatch(/^1 file, 1 row: /);
  });
});

describe('tokens', () => {
  it('shows the tokens of a line, which ones are lost and which ones are shared', async () => {
    const { folder } = await fileOf([...rows, row('Q', ' a.', ' a b\n b')]);
    const { code, out } = await program.runHere(
      ['tokens', 'a.jsonl', '--model', model, '--line', '5', '--max_length', '4'],
      folder,
    );
    expect(code).toBe(0);
    expect(out.trimEnd().split('\n')).toEqual([
      'prompt: 1 token',
      '  Q',
      'chosen: 3 tokens, the first 1 shared',
      '   a│.│<|im_end|>',
      'rejected: 3 tokens, the first 1 shared',
      '   a│ b│\\n',
      '  lost: 2 tokens, including its end token',
      '   b│<|im_end|>',
    ]);
  });

  const withQuestion = (n: number): string =>
    JSON.stringify({ question: `Which is bigger, ${n}?`, prompt: 'Q', chosen: ` a${n}.`, rejected: ' b.' });

  it('shows what check finds about the whole file, in the same words', async () => {
    const { folder } = await fileOf([1, 2, 3].map(withQuestion));
    const { code, out, err } = await program.runHere(['tokens', 'a.jsonl', '--model', model, '--line', '2'], folder);
    expect([code, out]).toEqual([0, expect.stringMatching(/^prompt: 1 token\n/)]);
    const checked = await program.runHere(['check', 'a.jsonl'], folder);
    expect(err).toMatch(/^a\.jsonl: (error|warning): question: .*\(3 rows: lines 1, 2, 3\) \[[a-z-]+\]$/m);
    expect(err).toBe(checked.out);
    const data = await program.runHere(['tokens', 'a.jsonl', '--model', model, '--json'], folder);
    const found = (await program.runHere(['check', 'a.jsonl', '--json'], folder)).json();
    expect(data.json()).toEqual([expect.objectContaining({ line: 1, findings: found })]);
  });

  it('says nothing about a file in which check finds nothing', async () => {
    const { folder } = await fileOf(rows);
    const { err } = await program.runHere(['tokens', 'a.jsonl', '--model', model], folder);
    expect(err).toBe('');
  });

  it('shows a row before an unreadable line, and names that line', async () => {
    const { folder, file } = await fileOf(rows);
    await appendFile(file, '\n');
    await truncate(file, maxLineBytes + 1000);
    const { code, out, err } = await program.runHere(['tokens', 'a.jsonl', '--model', model], folder);
    expect([code, out]).toEqual([0, expect.stringMatching(/^prompt: 1 token\n/)]);
    expect(err).toMatch(/^a\.jsonl: error: .*a\.jsonl.*5/m);
  });

  it.each([
    [['--line', '9'], /has no line 9/],
    [['--line', '5'], /:5: Not JSON/],
  ])('with %j fails and names the line', async (line, says) => {
    const { file } = await fileOf([...rows, '{']);
    const { code, err } = await program.runHere(['tokens', file, '--model', model, ...line]);
    expect(code).toBe(1);
    expect(err).toMatch(says);
  });
});
