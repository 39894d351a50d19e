import { cp, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pairKeys } from '../../../../src/jsonl/node/pairKey';
import { openTokenizer } from '../../../../src/model/tokenizer';
import { newMark } from '../../../../src/pairs/marks/mark';
import { markLine } from '../../../../src/pairs/marks/markLines';
import { marksName } from '../../../../src/pairs/marks/marksName';
import { readPair } from '../../../../src/pairs/readPair';
import { detectAll } from '../../../../src/pairs/reading';
import type { TokenRow, TokenRun, TokenText } from '../../../../src/pairs/tokens/tokenRow';
import type { LoadedPairs } from '../../../../src/reward/rowCollector';
import type { TrainConfig } from '../../../../src/run/types';
import { loadRows } from '../../../../src/train/loadRows';
import { loadSides } from '../../../../src/train/split';
import { TokenProgram } from '../../../../src/train/tokens/tokenProgram';
import { TrainerEyes } from '../../../../src/train/tokens/trainerEyes';
import { temporaryFolder } from '../../run/temporaryFolder';
import { judgedSample, sampleRun } from '../sampleRun';

const odd: readonly unknown[] = [
  'not JSON',
  { prompt: 'Hi', chosen: 'Hello.' },
  { prompt: 'A question. '.repeat(60), chosen: ' Yes.', rejected: ' No.' },
  { prompt: 'Hi', chosen: ' There.', rejected: ' There.' },
  { instruction: 'Hi', response_a: 'Yes.', response_b: 'No.', winner: 'tie' },
  { prompt: [{ role: 'user', content: 'Hi' }], completion: [{ role: 'assistant', content: 'Hello.' }], label: true },
  {
    instruction: 'Name a fruit.',
    completions: [
      { response: 'An apple.', overall_score: 8 },
      { response: 'A stone.', overall_score: 2 },
    ],
  },
];

/** The lines of a config's file, with odd rows and a blank line at the end. */
async function withOddRows({ train_file: file }: TrainConfig): Promise<string[]> {
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  const more = odd.map((row) => (typeof row === 'string' ? row : JSON.stringify(row)));
  const all = [...lines, ...more, ''];
  await writeFile(file, all.map((line) => `${line}\n`).join(''));
  return all;
}

async function loadedBy(config: TrainConfig, maxLength: number): Promise<LoadedPairs> {
  const tokenizer = await openTokenizer(config.model_name_or_path, 768);
  const loaded = await loadRows(config.train_file, config, tokenizer, maxLength, {
    scratch: dirname(config.train_file),
  });
  await loaded.rows.close();
  return loaded;
}

/** Both ways to read a file: row by row, and as a run loads it. */
async function expectSame(config: TrainConfig, lines: readonly string[]): Promise<void> {
  const eyes = await TrainerEyes.open(config);
  const rows = await eyes.rowTokens(lines);
  const loaded = await loadedBy(config, eyes.maxLength);
  const count = (reason: string): number => rows.filter(({ dropped }) => dropped === reason).length;
  expect(count('long-prompt')).toBe(loaded.tooLong.lines);
  expect(count('error')).toBe(loaded.unusable.lines);
  expect(count('refused')).toBe(loaded.refused.lines);
  expect(count('tie')).toBe(loaded.ties.lines);
  expect(count('marks')).toBe((loaded.marks?.bothBad.lines ?? 0) + (loaded.marks?.ties.lines ?? 0));
  expect(rows.filter(({ lost, dropped }) => lost > 0 && dropped === null)).toHaveLength(loaded.truncated.lines);
  expect(rows.filter(({ dropped, length }) => dropped === null && length !== null)).toHaveLength(loaded.rows.count);
}

const texts = (run: TokenRun): string[] =>
  [...run.start, ...run.end].map((text: TokenText) => (typeof text === 'string' ? text : `[${text.special}]`));

describe('rows as the trainer sees them', () => {
  it.each([24, 48, 96, 512])(
    'are cut and left out as a run cuts them and leaves them out, max_length %d',
    async (limit) => {
      const config = await sampleRun({ max_length: limit });
      await expectSame(config, await withOddRows(config));
    },
  );

  it('are those of trainer cpo, and judged answers of kto', async () => {
    const cpo = await sampleRun({ trainer: 'cpo', loss_type: ['simpo'], max_length: 48 });
    await expectSame(cpo, await withOddRows(cpo));
    const pairs = await sampleRun();
    const kto = {
      ...pairs,
      trainer: 'kto',
      loss_type: ['kto'],
      train_file: await judgedSample(pairs.train_file),
    } as const;
    await expectSame({ ...kto, max_length: 40 }, await withOddRows(kto));
  });

  it('are those that marks leave, also after the marks change', async () => {
    const config = await sampleRun({ use_marks: true });
    const lines = await withOddRows(config);
    const eyes = await TrainerEyes.open(config);
    for (const verdict of ['both_bad', 'tie', 'swap'] as const) {
      const marks = lines.slice(0, 2).map((line) => {
        const read = readPair(line, detectAll);
        if (read.kind !== 'pair') throw new Error('not a pair');
        const mark = newMark(pairKeys(read.pair).own, 'ada');
        return markLine({ ...mark, verdict, strength: 3, at: '2026-11-29T12:00:00Z' });
      });
      await writeFile(
        marksName(config.train_file),
        marks
          .map((line) => `${line}\n`)
          .join('')
          .padEnd(2000, '\n'),
      );
      await expectSame(config, lines);
      const row = await eyes.tokenRow(lines[0] ?? '', 0);
      if (verdict === 'swap') expect(row).toMatchObject({ swapped: true, weight: 1.5, dropped: null });
      else expect(row).toMatchObject({ answers: [], dropped: { reason: 'marks' } });
      await writeFile(marksName(config.train_file), '');
    }
  });

  it('have the texts of their tokens, in parts, with special tokens apart', async () => {
    const eyes = await TrainerEyes.open(await sampleRun({ max_length: 20 }));
    const chat = (role: string, content: string): object => ({ role, content });
    const text = JSON.stringify({
      prompt: [chat('user', 'Hi 東')],
      chosen: [chat('assistant', 'A very long answer that is cut at its end')],
      rejected: [chat('assistant', 'No.')],
    });
    const row = await eyes.tokenRow(text, 0);
    const [chosen, rejected] = row?.answers ?? [];
    if (!row || !chosen || !rejected) throw new Error('no row');
    expect(texts(row.prompt).join('')).toBe('[<|im_start|>]user\nHi 東[<|im_end|>]\n[<|im_start|>]assistant\n');
    expect(row.prompt.count + chosen.kept.count).toBe(20);
    expect([...texts(chosen.kept), ...texts(chosen.cut)].join('')).toBe(
      'A very long answer that is cut at its end[<|im_end|>]\n',
    );
    expect(chosen.losesEos).toBe(true);
    expect(texts(rejected.kept).join('')).toMatch(/^No\./);
    expect(row).toMatchObject({ pair: 0, pairs: 1, maxLength: 20, weight: 1, swapped: false, dropped: null });
  });

  it('of a megabyte come with their counts, and with their start and end only', async () => {
    const eyes = await TrainerEyes.open(await sampleRun({ max_length: null }));
    const long = 'Many words that say little. '.repeat(40_000);
    const row = await eyes.tokenRow(JSON.stringify({ prompt: 'Hi', chosen: ` ${long}`, rejected: ' No.' }), 0);
    const [chosen] = row?.answers ?? [];
    if (!row || !chosen) throw new Error('no row');
    expect(chosen.kept.count + chosen.cut.count).toBeGreaterThan(100_000);
    expect(JSON.stringify(row).length).toBeLessThan(200_000);
    expect(texts(chosen.cut).at(-1)).toBe('[<|im_end|>]');
  });

  it('that cannot be used say why; a blank line is no row', async () => {
    const eyes = await TrainerEyes.open(await sampleRun());
    expect(await eyes.tokenRow('{"prompt": "Hi"}', 0)).toMatchObject({
      answers: [],
      dropped: { reason: 'error', why: expect.stringMatching(/\w/) },
    });
    expect(await eyes.tokenRow('', 0)).toBeNull();
  });

  it('are held out for evaluation as a run holds them out', async () => {
    const config = await sampleRun({ test_split_size: 0.3 });
    const eyes = await TrainerEyes.open(config);
    const lines = (await readFile(config.train_file, 'utf8')).trim().split('\n');
    const rows = await Promise.all(lines.map((line) => eyes.tokenRow(line, 0)));
    const held = rows.filter((row) => row?.heldBy === 0.3);
    const tokenizer = await openTokenizer(config.model_name_or_path, 768);
    const sides = await loadSides(config, tokenizer, eyes.maxLength, { scratch: dirname(config.train_file) });
    expect([rows.length - held.length, held.length]).toEqual([sides.train.rows.count, sides.held?.rows.count]);
    await Promise.all([sides.train.rows.close(), sides.held?.rows.close()]);
    expect(await (await TrainerEyes.open(await sampleRun())).tokenRow(lines[0] ?? '', 0)).toMatchObject({
      heldBy: null,
    });
  });

  it('are those of the new files after the model has another chat template', async () => {
    const model = join(await temporaryFolder(), 'model');
    const config = await sampleRun();
    await cp(config.model_name_or_path, model, { recursive: true });
    const program = new TokenProgram();
    const turn = (role: string, content: string): object => ({ role, content });
    const pair = { prompt: [turn('user', 'Hi')], chosen: [turn('assistant', 'A')], rejected: [turn('assistant', 'B')] };
    const text = JSON.stringify(pair);
    const prompt = async (): Promise<string> => {
      const asked = { config: { ...config, model_name_or_path: model }, kind: 'row', text, pair: 0 } as const;
      return texts(((await program.answer(asked)) as TokenRow).prompt).join('');
    };
    expect(await prompt()).toContain('user\nHi');
    const file = join(model, 'tokenizer_config.json');
    const written = await readFile(file, 'utf8');
    const other = written.replace("'<|im_start|>' + message", "'<|im_start|>[x]' + message");
    expect(other).not.toBe(written);
    await writeFile(file, other);
    expect(await prompt()).toContain('[x]');
  });

  it('of a list are its pairs', async () => {
    const eyes = await TrainerEyes.open(await sampleRun());
    const list = JSON.stringify(odd.at(-1));
    expect(await eyes.tokenRow(list, 7)).toMatchObject({ pair: 0, pairs: 1, dropped: null });
  });
});
