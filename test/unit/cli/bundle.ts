import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of cli.js and trainer.js. */
    readonly programs: string;
  }
}

/**
 * Bundles command line and trainer as `npm run build` does, once for all test files. Vitest calls it before the tests.
 *
 * @returns what removes the bundles, which Vitest calls after the tests
 */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'margin-programs-'));
  // Node keeps what it compiled here, so the workers of Vitest and the many processes of the tests start sooner.
  process.env.NODE_COMPILE_CACHE = join(folder, 'compiled');
  await symlink(resolve('node_modules'), join(folder, 'node_modules'), 'junction');
  await cp('media/trl', join(folder, 'media', 'trl'), { recursive: true });
  await build({
    entryPoints: [
      { in: 'src/cli/main.ts', out: 'cli' },
      { in: 'src/train/main.ts', out: 'trainer' },
      { in: 'src/run/queue/queueProcess.ts', out: 'queue' },
      { in: 'src/cli/checkLines.ts', out: 'checkLines' },
      { in: 'src/jsonl/node/languages/detector.ts', out: 'languages' },
      { in: 'src/jsonl/node/duplicates/printThread.ts', out: 'printThread' },
      { in: 'src/jsonl/node/containers/parquetProcess.ts', out: 'parquetProcess' },
    ],
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['onnxruntime-node'],
    logLevel: 'error',
  });
  provide('programs', folder);
  // Processes that end just now may still write what they compiled.
  return () => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}
