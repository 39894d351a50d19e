import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it, vi } from 'vitest';
import { Program } from './program';

const program = new Program();

it('a session writes only Margin’s files to the user’s cache folder: ONNX Runtime’s telemetry is off', async () => {
  vi.stubEnv('ORT_DISABLE_TELEMETRY', undefined);
  const { code, err } = await program.run(
    ['generate', '--model', resolve('media/sample/model'), '--max_new_tokens', '1'],
    undefined,
    'Hello\n',
  );
  expect(code, err).toBe(0);
  const left = await readdir(join(program.folder, 'cache')).catch(() => []);
  expect(left.filter((name) => name !== 'margin')).toEqual([]);
});
