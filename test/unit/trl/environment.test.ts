import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readyPython } from '../../../src/trl/environment';
import { temporaryFolder } from '../run/temporaryFolder';

const options = { requirements: 'trl==1.16.0\n', say: () => undefined };

it('a named Python without TRL is refused with what to do, and nothing is installed', async () => {
  const cache = join(await temporaryFolder(), 'cache');
  const { signal } = new AbortController();
  const missing = join(cache, 'no-python');
  const asked = readyPython({ ...options, cache, named: missing, signal });
  await expect(asked).rejects.toMatchObject({ code: 'python-lacks' });
  await expect(asked).rejects.toThrow('requirements.txt');
  expect(existsSync(cache)).toBe(false);
});

it('an installation that is cancelled leaves nothing behind', async () => {
  const cache = join(await temporaryFolder(), 'cache');
  const signal = AbortSignal.abort(new Error('stopped'));
  await expect(readyPython({ ...options, cache, named: undefined, signal })).rejects.toThrow('stopped');
  expect(existsSync(cache)).toBe(false);
});
