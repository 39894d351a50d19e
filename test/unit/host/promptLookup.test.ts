import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PromptLookup } from '../../../src/host/runPanel/promptLookup';
import { pairKey } from '../../../src/jsonl/node/pairKey';
import { pairOfJudged } from '../../../src/pairs/judged';
import { detectAll } from '../../../src/pairs/reading';
import { readPair } from '../../../src/pairs/readPair';
import { temporaryFolder } from '../run/temporaryFolder';

const row = (n: number): string => JSON.stringify({ prompt: `Question ${n}?`, chosen: 'Yes.', rejected: 'No.' });

function keyOf(line: string): string {
  const result = readPair(line, detectAll);
  if (result.kind === 'judged') return pairKey(pairOfJudged(result.answer));
  if (result.kind === 'pair') return pairKey(result.pair);
  throw new Error(`${line} has no pair.`);
}

async function lookupIn(lines: readonly string[]): Promise<PromptLookup> {
  const path = join(await temporaryFolder(), 'pairs.jsonl');
  await writeFile(path, `${lines.join('\n')}\n`);
  const lookup = new PromptLookup(path, detectAll);
  onTestFinished(() => lookup.close());
  return lookup;
}

describe('a scored pair is found in its dataset', () => {
  it('at its row, and near it if lines were inserted since', async () => {
    const lookup = await lookupIn([row(8), row(9), row(0), row(1)]);
    expect(await lookup.find(3, keyOf(row(1)))).toEqual({ row: 3, text: row(1) });
    expect(await lookup.find(0, keyOf(row(0)))).toEqual({ row: 2, text: row(0) });
    expect(await lookup.find(0, keyOf(row(5)))).toBeNull();
    expect(await lookup.prompts([{ row: 1, key: keyOf(row(1)) }])).toEqual(['Question 1?']);
  });

  it('also if marks exchanged its answers when it was scored', async () => {
    const exchanged = JSON.stringify({ prompt: 'Question 1?', chosen: 'No.', rejected: 'Yes.' });
    const lookup = await lookupIn([row(0), row(1)]);
    expect(await lookup.find(1, keyOf(exchanged))).toEqual({ row: 1, text: row(1) });
  });

  it('also if it is a judged answer', async () => {
    const judged = JSON.stringify({ prompt: 'Question 1?', completion: 'No.', label: false });
    const lookup = await lookupIn([row(0), judged]);
    expect(await lookup.find(1, keyOf(judged))).toEqual({ row: 1, text: judged });
    expect(await lookup.prompts([{ row: 1, key: keyOf(judged) }])).toEqual(['Question 1?']);
  });
});
