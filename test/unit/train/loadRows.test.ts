import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTokenizer } from '../../../src/model/tokenizer';
import type { TrainConfig } from '../../../src/run/types';
import { loadRows, remarksOn } from '../../../src/train/loadRows';
import { parseTrainConfig } from '../../../src/run/trainConfig';
import { failureOf } from '../model/files';
import { temporaryFolder } from '../run/temporaryFolder';

async function configOf(rows: readonly object[], keys: object): Promise<TrainConfig> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'rows.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
  return parseTrainConfig(
    JSON.stringify({ model_name_or_path: 'media/sample/model', train_file: 'rows.jsonl', ...keys }),
    join(folder, 'a.train.json'),
  );
}

async function remarksFor(rows: readonly object[], keys: object): Promise<string[]> {
  const config = await configOf(rows, keys);
  const loaded = await loadRows(config.train_file, config, await openTokenizer('media/sample/model', 768), 64);
  await loaded.rows.close();
  return remarksOn(config.train_file, loaded, config).map(({ message }) => message);
}

const judged = (good: number, bad: number): object[] =>
  Array.from({ length: good + bad }, (_, i) => ({ prompt: 'Hi', completion: ' there', label: i < good }));
const pair = { prompt: 'Hi', chosen: ' there', rejected: ' you' };

describe('the remarks about the rows of a run', () => {
  it.each([
    ['equally many', judged(3, 3), {}],
    ['a third more bad answers, evened out by their weight', judged(6, 8), { desirable_weight: 1.5 }],
    ['pairs', [pair], { trainer: 'dpo' }],
  ])('say nothing about the balance of %s', async (_, rows, keys) => {
    expect(await remarksFor(rows, { trainer: 'kto', ...keys })).toEqual([]);
  });

  it('give TRL’s advice if one kind of answers outweighs the other', async () => {
    // TRL 1.16, 2 good and 6 bad: desirable_weight in [3.0, 3.99] or undesirable_weight in [0.25, 0.33].
    expect(await remarksFor(judged(2, 6), { trainer: 'kto' })).toEqual([
      expect.stringMatching(
        /^2 good answers and 6 bad ones: set either desirable_weight to 3–3\.99 or undesirable_weight to 0\.25–0\.33, not both/,
      ),
    ]);
  });

  it.each([
    ['dpo', /is left out: line 2$/],
    ['cpo', /is left out, because TRL’s loss would be NaN there: line 2$/],
    ['orpo', /would be NaN there: line 2$/],
  ])('tell trainer %s which prompts leave no room for an answer', async (trainer, says) => {
    expect(await remarksFor([pair, { ...pair, prompt: 'a b '.repeat(50) }], { trainer })).toEqual([
      expect.stringMatching(says),
    ]);
  });

  it('count rows that have their own weight', async () => {
    expect(await remarksFor([pair, { ...pair, weight: 2 }, { ...pair, weight: 1 }], {})).toEqual([
      expect.stringMatching(/^1 row of .*rows\.jsonl has a weight/),
    ]);
  });
});

it('the strength of a preference weighs the row of a run', async () => {
  const row = { prompt: 'Hi', response_1: 'there', response_2: 'you', preference_strength: -3 };
  const config = await configOf([row, { ...row, preference_strength: -2 }], {});
  const loaded = await loadRows(config.train_file, config, await openTokenizer('media/sample/model', 768), 64);
  const rows = await loaded.rows.read([0, 1]);
  await loaded.rows.close();
  expect(rows.map(({ training }) => training.weight)).toEqual([1.5, 1]);
});

it.each(['aot', 'aot_unpaired'])('%s refuses rows with weights, because it sorts rows', async (loss_type) => {
  const config = await configOf([pair, { ...pair, weight: 2 }], { loss_type });
  const loading = openTokenizer('media/sample/model', 768).then((tokenizer) =>
    loadRows(config.train_file, config, tokenizer, 64),
  );
  expect(await failureOf(loading)).toMatchObject({
    code: 'config',
    message: expect.stringMatching(/rows\.jsonl:2 has a weight of its own, but loss_type "aot/),
  });
});
