import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashFile } from '../../../src/base/node/fileHash';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { openTokenizer } from '../../../src/model/tokenizer';
import { readPair } from '../../../src/pairs/readPair';
import { detectAll } from '../../../src/pairs/reading';
import type { LoadedRow } from '../../../src/reward/rowStore';
import { runPaths } from '../../../src/run/folder';
import { parseTrainConfig } from '../../../src/run/trainConfig';
import type { PairReward } from '../../../src/run/types';
import { heldOut } from '../../../src/train/heldOut';
import { loadSides } from '../../../src/train/split';
import { checkSplitProofs } from '../../../src/train/splitProofs';
import { failureOf } from '../model/files';
import { all } from '../reward/rows';
import { temporaryFolder } from '../run/temporaryFolder';
import { ofKind, runFolder, train } from './runs';
import { sampleRun } from './sampleRun';

const seed = Date.now() % 1e6;
const prompt = (text: string): { role: string; content: string }[] => [{ role: 'user', content: text }];

/** Rows of a file, each with its prompt's text. */
type Side = readonly (LoadedRow & { readonly prompt: string })[];
type Row = Readonly<Record<string, unknown>>;

async function sidesOf(rows: readonly Row[], keys: object): Promise<{ readonly train: Side; readonly held: Side }> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'rows.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
  const config = parseTrainConfig(
    JSON.stringify({ model_name_or_path: 'media/sample/model', train_file: 'rows.jsonl', ...keys }),
    join(folder, 'a.train.json'),
  );
  const sides = await loadSides(config, await openTokenizer('media/sample/model', 768), 64);
  const [train, held] = await Promise.all(
    [sides.train, sides.held].map(async (side) => {
      const found = side === null ? [] : await all(side.rows);
      await side?.rows.close();
      return found.map((one) => ({ ...one, prompt: promptOf(rows[one.row]) }));
    }),
  );
  return { train: train ?? [], held: held ?? [] };
}

/** The user's first turn, in whichever shape. */
const promptOf = (row: Row | undefined): string => {
  if (typeof row?.prompt === 'string') return row.prompt;
  const [turn] = (row?.prompt ?? row?.chosen ?? []) as readonly { readonly content: string }[];
  return turn?.content ?? '';
};
const promptsOf = (side: Side): string[] => side.map((row) => row.prompt);
const pairsOf = (questions: number, each: number): Row[] =>
  Array.from({ length: questions * each }, (_, i) => ({
    prompt: `Question ${i % questions}?`,
    chosen: ` Yes, ${i}.`,
    rejected: ` No, ${i}.`,
  }));

describe('a split by prompt', () => {
  it('holds out about its share of the prompts, and other prompts for another seed', () => {
    const prompts = Array.from({ length: 4000 }, (_, i) => prompt(`Question ${i}?`));
    const held = prompts.map(heldOut(0.1, seed));
    const count = held.filter(Boolean).length;
    // Five standard deviations of a binomial of 4000 and 0.1.
    expect(Math.abs(count - 400), `seed ${seed}`).toBeLessThan(5 * Math.sqrt(4000 * 0.1 * 0.9));
    const both = prompts.map(heldOut(0.1, seed + 1)).filter((other, i) => other && held[i]).length;
    expect(both, `seed ${seed}`).toBeLessThan(count / 2);
  });

  it('with a larger share holds out the same prompts, and more', () => {
    const prompts = Array.from({ length: 200 }, (_, i) => prompt(`Question ${i}?`));
    const [fewer, more] = [prompts.filter(heldOut(0.2, seed)), prompts.filter(heldOut(0.5, seed))];
    expect(more, `seed ${seed}`).toEqual(expect.arrayContaining(fewer));
  });

  it('keeps all rows of a prompt on one side, even if other rows are added, deleted or moved', async () => {
    const random = seededRandom(seed);
    const rows = pairsOf(30, 3);
    const keys = { test_split_size: 0.3, seed };
    const { train, held } = await sidesOf(rows, keys);
    const [trained, measured] = [new Set(promptsOf(train)), new Set(promptsOf(held))];
    expect(train.length + held.length).toBe(90);
    expect(
      [...trained].filter((one) => measured.has(one)),
      `seed ${seed}`,
    ).toEqual([]);
    const others = [...rows.filter(() => random() < 0.7), { prompt: 'Another?', chosen: ' a', rejected: ' b' }].sort(
      () => random() - 0.5,
    );
    const again = await sidesOf(others, keys);
    for (const one of promptsOf(again.train)) expect(measured, `seed ${seed}: ${one}`).not.toContain(one);
    for (const one of promptsOf(again.held)) expect(trained, `seed ${seed}: ${one}`).not.toContain(one);
  });

  it('depends on the prompt’s text, not on the format of its row', async () => {
    const shapes = (text: string): Row[] => [
      { prompt: text, chosen: ' Yes.', rejected: ' No.' },
      {
        prompt: prompt(text),
        chosen: [{ role: 'assistant', content: 'Yes.' }],
        rejected: [{ role: 'assistant', content: 'No.' }],
      },
      {
        chosen: [...prompt(text), { role: 'assistant', content: 'Yes.' }],
        rejected: [...prompt(text), { role: 'assistant', content: 'No.' }],
      },
    ];
    const { train, held } = await sidesOf(Array.from({ length: 20 }, (_, i) => shapes(`Question ${i}?`)).flat(), {
      test_split_size: 0.5,
      seed,
    });
    for (const side of [train, held]) {
      const prompts = promptsOf(side);
      for (const one of prompts)
        expect(
          prompts.filter((other) => other === one),
          `seed ${seed}: ${one}`,
        ).toHaveLength(3);
    }
  });

  it('pairs a judged answer with an answer from its own side', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({
      prompt: `Question ${i % 20}?`,
      completion: ` Answer ${i}.`,
      label: i % 3 === 0,
    }));
    const { train, held } = await sidesOf(rows, { trainer: 'kto', test_split_size: 0.4, seed });
    expect(
      promptsOf(train).filter((one) => promptsOf(held).includes(one)),
      `seed ${seed}`,
    ).toEqual([]);
    for (const side of [train, held]) {
      const answers = new Set(side.map(({ training }) => training.chosen.join()));
      for (const { training } of side) expect(answers, `seed ${seed}`).toContain(training.rejected.join());
    }
  });

  it.each([
    ['left to train on', 0.999999],
    ['held out', 0.000001],
  ])('that leaves no row %s says so, and what to do', async (side, part) => {
    const failure = await failureOf(sidesOf(pairsOf(2, 2), { test_split_size: part }));
    expect(failure).toMatchObject({
      code: 'empty-split',
      message: expect.stringMatching(
        new RegExp(`of 4 rows none is ${side}.*another part or seed, or name an eval_file`),
      ),
    });
  });

  it('of a file without a pair reports the file', async () => {
    expect(await failureOf(sidesOf([{ chosen: 'a' }], { test_split_size: 0.5 }))).toMatchObject({
      code: 'no-usable-pairs',
    });
  });
});

it('a run with a split trains on one side, evaluates on the other, and says how many rows each has', async () => {
  const config = await sampleRun({ max_steps: 1, test_split_size: 0.4, seed: 3 }, 24);
  const rows = (await readFile(config.train_file, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => readPair(line, detectAll));
  const isHeld = heldOut(0.4, 3);
  const [trained, held] = [false, true].map((side) =>
    rows.flatMap((result, i) => (result.kind === 'pair' && isHeld(result.pair.prompt) === side ? [i + 1] : [])),
  );
  const folder = await runFolder(config);
  const events = await train(folder, { samples: false });
  const rewards = (await readFile(runPaths.rewards(folder, 1), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as PairReward).line);
  expect(rewards).toEqual(trained);
  expect(ofKind(events, 'eval')).toHaveLength(1);
  expect(events).toContainEqual(
    expect.objectContaining({
      kind: 'note',
      message: expect.stringMatching(`^${trained?.length} rows are trained on, ${held?.length} are held out`),
    }),
  );
});

describe('the proof of a split', () => {
  const side = async (folder: string, name: string, groups: readonly string[]) => {
    const file = `${name}.jsonl`;
    await writeFile(join(folder, file), JSON.stringify({ prompt: `In ${name}?`, chosen: ' Yes.', rejected: ' No.' }));
    return { file, sha256: await hashFile(join(folder, file)), rows: 1, groups };
  };
  const folderWithProof = async (groups: readonly string[] = ['0123456789abcdef']): Promise<string> => {
    const folder = await temporaryFolder();
    const proof = {
      version: 1,
      source: { file: 'all.jsonl', sha256: '', rows: 2 },
      seed: 42,
      eval_size: 1,
      near: 0.8,
      stratify: null,
      reading: detectAll,
      train: await side(folder, 'train', ['fedcba9876543210']),
      eval: await side(folder, 'eval', groups),
    };
    await writeFile(join(folder, 'all.split.json'), JSON.stringify(proof));
    return folder;
  };
  const files = (folder: string, train = 'train', held: string | null = 'eval') => ({
    train_file: join(folder, `${train}.jsonl`),
    eval_file: held === null ? null : join(folder, `${held}.jsonl`),
  });

  it('that lies beside the files of a run is checked: it names a file that changed, or is on the other side', async () => {
    const folder = await folderWithProof();
    expect(await checkSplitProofs(files(folder))).toEqual([join(folder, 'all.split.json')]);
    expect((await failureOf(checkSplitProofs(files(folder, 'eval', 'train')))).message).toMatch(
      /^train_file is .*eval\.jsonl, which .*all\.split\.json splits off to evaluate on\. Exchange/,
    );
    await writeFile(join(folder, 'train.jsonl'), 'other');
    expect((await failureOf(checkSplitProofs(files(folder)))).message).toMatch(
      /train\.jsonl has changed since it was split, so .*all\.split\.json proves nothing of it\. Split all\.jsonl again/,
    );
    expect(await checkSplitProofs(files(folder, 'another', null))).toEqual([]);
  });

  it('ends a run if it has a group on both sides', async () => {
    const folder = await folderWithProof(['fedcba9876543210']);
    const config = parseTrainConfig(
      JSON.stringify({ model_name_or_path: 'media/sample/model', train_file: 'train.jsonl', eval_file: 'eval.jsonl' }),
      join(folder, 'a.train.json'),
    );
    const failure = await failureOf(loadSides(config, await openTokenizer('media/sample/model', 768), 64));
    expect(failure.message).toMatch(/all\.split\.json has the group fedcba9876543210 on both sides/);
  });
});
