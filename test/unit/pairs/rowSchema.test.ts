import { expect, it } from 'vitest';
import { formats, judgedFormats, listFormats } from '../../../src/pairs/formats/table';
import { rowSchema } from '../../../src/pairs/rowSchema';

it('media/row.schema.json is current (npx vitest run test/unit/pairs/rowSchema.test.ts -u writes it)', async () => {
  await expect(`${JSON.stringify(rowSchema(), null, 2)}\n`).toMatchFileSnapshot('../../../media/row.schema.json');
});

it('describes each key that a format reads', () => {
  const { properties } = rowSchema();
  for (const { keys, label } of [...formats, ...judgedFormats, ...listFormats])
    for (const key of keys) expect(properties, label).toHaveProperty([key, 'description'], expect.stringMatching(/\w/));
});
