import { expect, it } from 'vitest';
import { shortKey } from '../../../src/base/node/shortKey';

it('is the start of the SHA-256 of all parts together', () => {
  // The digest of "abc" in FIPS 180-4.
  expect(shortKey(['a', Buffer.from('bc')], 16)).toBe('ba7816bf8f01cfea');
});
