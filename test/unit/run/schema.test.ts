import { expect, it } from 'vitest';
import { keys } from '../../../src/run/keys/keys';
import { trainSchema } from '../../../src/run/schema';

it('media/train.schema.json is current (npx vitest run test/unit/run/schema.test.ts -u writes it)', async () => {
  await expect(`${JSON.stringify(trainSchema(), null, 2)}\n`).toMatchFileSnapshot('../../../media/train.schema.json');
});

it('describes every key', () => {
  const { properties } = trainSchema();
  for (const { name, text } of keys) expect(properties).toHaveProperty([name, 'description'], text);
});

it('marks keys that are not implemented, instead of calling them unknown', () => {
  expect(trainSchema()['properties']).toHaveProperty(['padding_free', 'not'], {});
});
