import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sampleFiles } from '../../../../src/dev/sample/files';
import type { Planted } from '../../../../src/dev/sample/plant';
import { checkLine } from '../../../../src/pairs/checks';
import { pairHashes } from '../../../../src/pairs/contentHash';
import { DuplicateFinder } from '../../../../src/pairs/duplicates';
import type { Pair } from '../../../../src/pairs/pair';
import { readPair } from '../../../../src/pairs/readPair';
import { detectAll } from '../../../../src/pairs/reading';

const folder = join('media', 'sample');
const linesOf = (name: string): string[] => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');
const train = linesOf('prefs.jsonl');
const heldOut = linesOf('heldout.jsonl');
const planted: Planted = JSON.parse(readFileSync(join(folder, 'planted.json'), 'utf8'));

function pairAt(line: number): Pair {
  const result = readPair(train[line - 1] ?? '', detectAll);
  if (result.kind !== 'pair') throw new Error(`line ${line} holds no pair`);
  return result.pair;
}

const said = (line: string): unknown => JSON.parse(line).prompt.at(-1).content;
const linesWith = (code: string): number[] =>
  train.flatMap((line, i) => (checkLine(line, detectAll).some((problem) => problem.code === code) ? [i + 1] : []));

test('every text file is generated from the seed, byte for byte', () => {
  for (const [name, text] of sampleFiles().files) {
    expect(readFileSync(join(folder, name)).equals(Buffer.from(text)), name).toBe(true);
  }
});

test('the files have the promised sizes, and every line is a pair in one shape', () => {
  expect(train.length).toBeGreaterThan(590);
  expect(train.length).toBeLessThan(620);
  expect(heldOut).toHaveLength(100);
  for (const line of [...train, ...heldOut]) {
    const result = readPair(line, detectAll);
    expect(result.kind === 'pair' && result.format.id).toBe('explicit-conversational');
  }
});

test('no training pair has a held-out prompt, and only copies share one', () => {
  const prompts = new Set(heldOut.map(said));
  expect(prompts.size).toBe(heldOut.length);
  expect(train.map(said).filter((prompt) => prompts.has(prompt))).toEqual([]);
  expect(new Set(train.map(said)).size).toBe(train.length - planted.duplicates.length);
});

test('some prompts have a system turn', () => {
  const share = train.filter((line) => JSON.parse(line).prompt[0].role === 'system').length / train.length;
  expect(share).toBeGreaterThan(0.05);
  expect(share).toBeLessThan(0.25);
});

describe('planted flaws', () => {
  test('the checks of one row find all of them and nothing else', () => {
    expect(linesWith('empty-answer')).toEqual(planted.empty);
    expect(linesWith('truncated-answer')).toEqual(planted.truncated);
    expect(linesWith('identical-answers')).toEqual(planted.identical);
    const known = new Set([...planted.empty, ...planted.truncated, ...planted.identical]);
    expect(
      train.flatMap((line, i) => (checkLine(line, detectAll).length > 0 && !known.has(i + 1) ? [i + 1] : [])),
    ).toEqual([]);
    expect(heldOut.flatMap((line) => checkLine(line, detectAll))).toEqual([]);
  });

  test('exact duplicates have the key of another line', () => {
    const finder = new DuplicateFinder();
    const found = train.flatMap((_, i) => {
      const earlier = finder.add(i + 1, pairHashes(pairAt(i + 1)));
      return earlier === null ? [] : [[earlier.line, i + 1]];
    });
    const expected = planted.duplicates.map(({ line, of }) => [Math.min(line, of), Math.max(line, of)]);
    expect(found.toSorted(([a = 0], [b = 0]) => a - b)).toEqual(expected.toSorted(([a = 0], [b = 0]) => a - b));
  });

  test('near duplicates have the answers of another line and nearly its prompt', () => {
    const plain = (text: string): string => text.toLowerCase().replace(/\W+$/, '');
    const lastTurn = (line: number): string => pairAt(line).prompt.at(-1)?.content ?? '';
    expect(planted.nearDuplicates.length).toBeGreaterThan(0);
    for (const { line, of } of planted.nearDuplicates) {
      expect(pairAt(line).chosen).toEqual(pairAt(of).chosen);
      expect(lastTurn(line)).not.toBe(lastTurn(of));
      expect(plain(lastTurn(line))).toBe(plain(lastTurn(of)));
    }
  });

  test('three labels in a hundred are flipped, and a flipped chosen answer is visibly worse', () => {
    expect(planted.flipped.length / train.length).toBeCloseTo(0.03, 2);
    const rude = /Stop asking|Leave me alone|Everyone knows|Go away|^Ugh|^What a silly|^Not you again/;
    const rudelyChosen = train.flatMap((_, i) => (rude.test(pairAt(i + 1).chosen[0]?.content ?? '') ? [i + 1] : []));
    expect(rudelyChosen.length).toBeGreaterThan(0);
    expect(rudelyChosen.filter((line) => !planted.flipped.includes(line))).toEqual([]);
  });
});

test('the folder stays small', () => {
  expect(statSync(join(folder, 'model', 'model.safetensors')).size).toBeLessThan(4 * 1024 * 1024);
});
