import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { builtFiles, loadedFiles } from './loadedFiles';

/** The bytes that some files of a production build may have together. */
export interface Budget {
  readonly name: string;
  /** Fits the paths in the build that count, with `/`. */
  readonly files: RegExp;
  readonly bytes: number;
  /** What to do when the files have more. */
  readonly advice: string;
}

const library = 'Look for what the new version added; if nobody needs it, keep the old one.';
const shared = 'Let the threads share code (`threads` in esbuild.mjs), or import a library when it is wanted.';

/** What VS Code reads when Margin starts is this file and what it loads at once. */
export const startFile = /^extension\.js$/;

/** The bytes that a program of a production build may load. Files that programs share count for each. */
export const loads: readonly Budget[] = [
  {
    name: 'the extension, which VS Code reads when Margin starts',
    files: startFile,
    bytes: 150_000,
    advice:
      'Make it one of the parts (`src/host/parts/parts.ts`), which are loaded when they are wanted, or import only its types.',
  },
  {
    name: 'all of the extension, with what is loaded when it is wanted',
    files: /^(extension|part-later-\w+)\.js$/,
    bytes: 1_175_000,
    advice: 'Let a thread or the command line do the work, and look for code that is there twice.',
  },
  {
    name: 'the trainer',
    files: /^trainer\.js$/,
    bytes: 735_000,
    advice: 'It starts with each run: import only what a run needs.',
  },
];

/** The files of a production build, each in one budget. MB are 1,000,000 bytes. */
export const budgets: readonly Budget[] = [
  {
    name: 'the extension, the command line and the trainer, which share files',
    files: /^(extension|cli|trainer|tokens|queue|part-[\w-]+)\.js$/,
    bytes: 2_175_000,
    advice: 'Import a library when it is wanted (`libraries` in esbuild.mjs), and look for code that is there twice.',
  },
  {
    name: 'libraries that programs load when they need them',
    files: /^(yaml|fzstd)\.js$/,
    bytes: 130_000,
    advice: library,
  },
  {
    name: 'threads and small processes of the extension',
    files: /^(\w+Thread|threads|checkLines)\.js$/,
    bytes: 485_000,
    advice: shared,
  },
  { name: 'the process that reads Parquet', files: /^parquetProcess\.js$/, bytes: 200_000, advice: library },
  { name: 'SQLite, for runs of Trackio', files: /^sql-wasm\.wasm\.br$/, bytes: 300_000, advice: library },
  { name: 'the detector of languages', files: /^languages\.js$/, bytes: 2_100_000, advice: library },
  {
    name: 'the scripts of all views',
    files: /^webview\/.*\.js$/,
    bytes: 1_150_000,
    advice: 'Look for code in two views that should be in webview/shared, and for a library that is wanted later.',
  },
  {
    name: 'the styles and icons of all views',
    files: /^webview\/.*\.(css|ttf)$/,
    bytes: 350_000,
    advice: 'Look for the same rules in the styles of two views; webview/shared has what views share.',
  },
  {
    name: 'the extension for a browser',
    files: /^web\/.*\.js$/,
    bytes: 360_000,
    advice: 'Import only what viewing and light editing need. Formats and checks of rows are a third of it.',
  },
];

/** The bytes of a package without ONNX Runtime, with the sample. */
export const mostBytesOfPackage = 6_000_000;

/** Files of a build that are not packed. */
const unpacked: readonly string[] = ['packages.json', 'modules.json'];

/** What a build has too much of, as sentences that say what to do; none if it keeps all budgets. */
export function overBudget(build: string, limits = budgets, loaded = loads): string[] {
  const files = readdirSync(build, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(build.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((file) => !unpacked.includes(file));
  const without = files.filter((file) => !limits.some((limit) => limit.files.test(file)));
  return [
    ...without.map((file) => `${file} has no budget: add it to one in src/dev/ship/budgets.ts.`),
    ...limits.flatMap((limit) =>
      excess(
        build,
        files.filter((file) => limit.files.test(file)),
        limit,
      ),
    ),
    ...loaded.flatMap((limit) => excess(build, loadedFiles(builtFiles(build), limit.files), limit)),
  ];
}

function excess(build: string, files: readonly string[], limit: Budget): string[] {
  const sizes = files.map((file) => ({ file, size: statSync(join(build, file)).size }));
  const total = sizes.reduce((sum, { size }) => sum + size, 0);
  if (total <= limit.bytes) return [];
  const largest = sizes
    .toSorted((a, b) => b.size - a.size)
    .slice(0, 3)
    .map(({ file, size }) => `${file} ${size}`);
  return [
    `${limit.name}: ${total} bytes, and at most ${limit.bytes} are allowed (${largest.join(', ')}). ${limit.advice}`,
  ];
}
