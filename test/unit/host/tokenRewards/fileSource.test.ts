import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { at } from '../../../../src/base/pure/must';
import { FileSource } from '../../../../src/host/tokenRewards/fileSource';
import { shownPair } from '../../../../src/host/tokenRewards/shownPair';
import { mostExamples, mostTokens } from '../../../../src/protocol/tokenRewards';
import { temporaryFolder } from '../../run/temporaryFolder';

const golden = 'test/golden/token-rewards.jsonl';
const never = new AbortController().signal;

async function opened(text: string): Promise<{ readonly path: string; readonly source: FileSource }> {
  const path = join(await temporaryFolder(), 'rewards.jsonl');
  await writeFile(path, text);
  const source = await FileSource.open(path, () => undefined, never);
  onTestFinished(() => source.close());
  return { path, source };
}

it('a file of rewards shows its pairs by number and by key', async () => {
  const lines = (await readFile(golden, 'utf8')).trimEnd().split('\n');
  const { source } = await opened(`${lines.join('\n\n')}\n`);
  expect(source.state).toMatchObject({ kind: 'file', name: 'rewards.jsonl', pairs: 3, pair: 0 });
  const keys = lines.map((line) => String((JSON.parse(line) as { key: unknown }).key));
  expect((await source.pair()).key).toBe(keys[0]);
  source.go(99);
  expect((await source.pair()).key).toBe(keys[2]);
  expect([source.goToKey(at(keys, 1)), source.state.pair, source.goToKey('none'), source.state.pair]).toEqual([
    true,
    1,
    false,
    1,
  ]);
});

it('a file of rewards ranks its tokens, with examples that lead to their place', async () => {
  const { source } = await opened(await readFile(golden, 'utf8'));
  const { rewarded, punished, tokens } = await source.tokens({ minCount: 1, by: 'mean' });
  const [best] = rewarded;
  if (!best) throw new Error('No token is rewarded.');
  const [example] = best.examples;
  if (!example) throw new Error('The best token has no example.');
  source.go(example.pair);
  const pair = await source.pair();
  expect(pair[example.side].texts[example.index]).toEqual(best.text);
  expect(pair.line).toBe(example.line);
  expect([example.text, best.mean > 0, punished.every(({ mean }) => mean < 0)]).toEqual([
    typeof best.text === 'string' ? best.text : best.text.special,
    true,
    true,
  ]);
  expect(tokens).toBeGreaterThan(80);
  expect((await source.tokens({ minCount: 1000, by: 'sum' })).rewarded).toEqual([]);
});

it('more places of a token are read from the file, the most extreme first, as many as it has', async () => {
  const { source } = await opened(await readFile(golden, 'utf8'));
  const { rewarded } = await source.tokens({ minCount: 3, by: 'mean' });
  const token = at(rewarded, 0);
  const highest = await source.examples({ id: token.id, end: 'highest' }, never);
  const lowest = await source.examples({ id: token.id, end: 'lowest' }, never);
  expect(highest.length).toBe(Math.min(token.count, mostExamples));
  expect(highest.slice(0, token.examples.length)).toEqual(token.examples);
  expect(highest.map(({ reward }) => reward)).toEqual(lowest.map(({ reward }) => reward).toReversed());
  expect(highest.reduce((sum, { reward }) => sum + reward, 0)).toBeCloseTo(token.sum, 8);
  expect(await source.examples({ id: 1e9, end: 'lowest' }, never)).toEqual([]);
  await expect(source.examples({ id: token.id, end: 'lowest' }, AbortSignal.abort())).rejects.toThrow();
});

it('a file without rewards of tokens is refused with file and line, and an empty one too', async () => {
  const [line = ''] = (await readFile(golden, 'utf8')).split('\n');
  const { beta, ...old } = JSON.parse(line) as Record<string, unknown>;
  expect(beta).toBe(0.1);
  await expect(opened(JSON.stringify(old))).rejects.toMatchObject({
    code: 'no-token-rewards',
    message: expect.stringMatching(/rewards\.jsonl:1 has no rewards of tokens/),
  });
  await expect(opened('\n')).rejects.toMatchObject({ code: 'no-token-rewards' });
});

it('of a long answer the first tokens are sent, with the reward and length of the whole', async () => {
  const { source } = await opened(await readFile(golden, 'utf8'));
  const pair = await source.pair();
  const times = Math.ceil((mostTokens + 1) / pair.chosen.ids.length);
  const many = <T>(list: ArrayLike<T>): T[] => Array.from({ length: times }, () => Array.from(list)).flat();
  const { ids, logps, ref_logps: references, texts } = pair.chosen;
  const chosen = {
    ...pair.chosen,
    ids: many(ids),
    logps: many(logps),
    ref_logps: many(references),
    texts: many(texts),
  };
  const shown = shownPair({ ...pair, chosen });
  expect([shown.chosen.ids.length, shown.chosen.texts.length]).toEqual([mostTokens, mostTokens]);
  expect([shown.chosen.tokens, shown.chosen.reward]).toEqual([chosen.ids.length, pair.chosen.reward]);
});
