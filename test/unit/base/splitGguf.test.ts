import { expect, it } from 'vitest';
import { splitGguf } from '../../../src/base/pure/splitGguf';

it('lists all parts of a split model, whichever part is named', () => {
  expect(splitGguf('dir/m-00002-of-00003.gguf')).toEqual({
    number: 2,
    count: 3,
    parts: ['dir/m-00001-of-00003.gguf', 'dir/m-00002-of-00003.gguf', 'dir/m-00003-of-00003.gguf'],
  });
});

it.each(['m.gguf', 'm-1-of-3.gguf', 'm-00001-of-00003.bin'])('knows that %s is not a part', (name) => {
  expect(splitGguf(name)).toBeNull();
});
