import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { measuredInThreads } from '../../../src/cli/measureInThreads';
import { readPairs } from '../../../src/jsonl/node/readPairs';
import { asQueried } from '../../../src/jsonl/node/search/asQueried';
import { detectAll } from '../../../src/pairs/reading';
import { joinPages } from '../../../src/pairs/statistics/joinPages';
import { type MeasuredPage, PageMeasures } from '../../../src/pairs/statistics/measuredPage';
import { temporaryFolder } from '../jsonl/temporaryFolder';

const folder = temporaryFolder();
const large = join(folder, 'large.jsonl');
const script = resolve('dist/measureThread.js');

/** Rows of all kinds, some of them repeated; a fifth are pairs whose longer answer is chosen. */
function line(i: number): string {
  const prompt = `Question ${i % 900}: ${'why '.repeat(i % 40)}?`;
  const answer = `${['Sure', 'No', 'The', 'Perhaps'][i % 4]}, ${'word '.repeat(30 + (i % 60))}`;
  if (i % 50 === 7) return i % 100 === 7 ? '' : '{"prompt": "cut';
  if (i % 10 === 3) return JSON.stringify({ prompt, completion: answer, label: i % 3 === 0 });
  if (i % 10 === 4)
    return JSON.stringify({
      prompt,
      responses: [
        { text: answer, score: i % 5 },
        { text: 'No.', score: 2 },
      ],
    });
  const [chosen, rejected] = i % 3 === 0 ? ['Short.', answer] : [answer, `No ${i % 11}.`];
  return JSON.stringify({ prompt, chosen, rejected, model: `m${i % 6}`, score: i % 17, source: ['a', 'b'][i % 2] });
}

async function inThreads(count: number): Promise<MeasuredPage> {
  const told: number[] = [];
  const pages = await measuredInThreads(large, detectAll, { script, count }, (rows) => told.push(rows));
  expect(told.at(-1)).toBe(rowCount);
  return joinPages(pages ?? []);
}

const rowCount = 15_000;
beforeAll(() => writeFile(large, Array.from({ length: rowCount }, (_, i) => `${line(i)}\n`).join('')));

describe('what statistics need of a large file', () => {
  it('is the same from one thread, from several, and without threads', async () => {
    const measures = new PageMeasures();
    for await (const { row, text, result } of readPairs(large, { reading: detectAll }))
      measures.add(row, asQueried(text, result, detectAll));
    const here = joinPages([measures.page]);
    expect(here.rows).toBeGreaterThan(rowCount * 0.9);
    expect(await inThreads(1)).toEqual(here);
    expect(await inThreads(3)).toEqual(here);
  });

  it('is measured without threads for a small file, and the work ends when the person stops', async () => {
    const small = join(folder, 'small.jsonl');
    await writeFile(small, `${line(1)}\n`);
    expect(await measuredInThreads(small, detectAll, { script, count: 2 }, () => undefined)).toBeNull();
    const stop = (): never => {
      throw new Error('stopped');
    };
    await expect(measuredInThreads(large, detectAll, { script, count: 2 }, stop)).rejects.toThrow('stopped');
  });
});
