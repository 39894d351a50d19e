// Builds every program and view into dist/. `--watch` rebuilds on change. `--production FOLDER` builds what is packed,
// minified and without source maps, into FOLDER; most programs share one file there.
import { build, context, transform } from 'esbuild';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { modulesIn, packagesIn } from './src/dev/ship/describeBuild.mjs';

const watch = process.argv.includes('--watch');
const productionFlag = process.argv.indexOf('--production');
const production = productionFlag > 0;
const dist = production ? process.argv[productionFlag + 1] : 'dist';

const look = {
  minify: production,
  logLevel: 'warning',
  charset: 'utf8',
  // The licences are in ThirdPartyNotices.txt.
  legalComments: 'none',
};
// A module that is imported when it is wanted is required then: it stays in the file, or lies in one of its own.
const commonJs = { platform: 'node', format: 'cjs', target: 'node20', supported: { 'dynamic-import': false } };
const common = { ...look, bundle: true, sourcemap: !production };
const node = { ...common, ...commonJs };
const browser = { ...common, platform: 'browser', format: 'iife', target: 'chrome136' };
/** The extension where no Node is: an import of a module of Node fails the build. */
const webWorker = { ...browser, format: 'cjs', external: ['vscode'] };

/**
 * Only programs that run a model may load ONNX Runtime: elsewhere the import is not external, and the build fails on
 * its native file.
 */
const runtime = ['onnxruntime-node'];

/**
 * Libraries with a file of their own, by the name that they are imported with. All programs in `dist` share the file. A
 * source loads it when it is wanted, with `await import()` or `require()`; a plain `import` takes the library into the
 * program.
 */
const libraries = {
  yaml: 'yaml',
  fzstd: 'fzstd',
};

const sharedLibraries = {
  name: 'shared libraries',
  setup({ onResolve }) {
    onResolve({ filter: /^[\w@]/ }, ({ path, kind }) =>
      Object.hasOwn(libraries, path) && (kind === 'dynamic-import' || kind === 'require-call')
        ? { path: `./${libraries[path]}.js`, external: true }
        : undefined,
    );
  },
};
const program = { ...node, plugins: [sharedLibraries] };

const harness = ['playwright-core', '@sparticuz/chromium', '@vscode/test-electron'];

const programs = [
  { in: 'src/extension.ts', out: 'extension', options: { ...program, external: ['vscode'] } },
  { in: 'src/web/main.ts', out: 'web/extension', options: webWorker },
  { in: 'src/host/pairEditor/node/checkThread.ts', out: 'checkThread', options: program },
  { in: 'src/jsonl/node/decode/decodeThread.ts', out: 'decodeThread', options: program },
  { in: 'src/jsonl/node/containers/parquetProcess.ts', out: 'parquetProcess', options: program },
  { in: 'src/jsonl/node/scan/indexThread.ts', out: 'indexThread', options: program },
  { in: 'src/jsonl/node/columns/columnThread.ts', out: 'columnThread', options: program },
  { in: 'src/jsonl/node/languages/detector.ts', out: 'languages', options: program },
  { in: 'src/jsonl/node/bulk/bulkThread.ts', out: 'bulkThread', options: program },
  { in: 'src/jsonl/node/statistics/measureThread.ts', out: 'measureThread', options: program },
  { in: 'src/jsonl/node/search/searchThread.ts', out: 'searchThread', options: program },
  { in: 'src/run/eventsThread.ts', out: 'eventsThread', options: program },
  { in: 'src/trackers/trackersThread.ts', out: 'trackersThread', options: program },
  { in: 'src/train/tokens/main.ts', out: 'tokens', options: program },
  { in: 'src/train/main.ts', out: 'trainer', options: { ...program, external: runtime } },
  { in: 'src/run/queue/queueProcess.ts', out: 'queue', options: program },
  {
    in: 'src/cli/main.ts',
    out: 'cli',
    options: { ...program, external: runtime, banner: { js: '#!/usr/bin/env node' } },
  },
  { in: 'src/cli/checkLines.ts', out: 'checkLines', options: program },
  { in: 'src/jsonl/node/duplicates/printThread.ts', out: 'printThread', options: program },
];
/** The views, each of a folder `webview/NAME`. They share their code, most of all that of the widgets. */
const views = [
  'agreement',
  'chat',
  'duplicates',
  'modelComparison',
  'pairEditor',
  'round',
  'runComparison',
  'runPanel',
  'statistics',
  'suspects',
  'sweep',
  'tokenRewards',
  'trainForm',
];
const checkoutOnly = [
  { in: 'src/dev/start.ts', out: 'start', options: node },
  { in: 'src/dev/workbench/spdlog.ts', out: 'spdlog', options: { ...node, sourcemap: false } },
  { in: 'src/host/firstView.ts', out: 'firstView/extension', options: { ...node, external: ['vscode'] } },
  { in: 'test/integration/inBrowser.ts', out: 'test/inBrowser', options: { ...node, external: harness } },
  { in: 'test/integration/onDesktop.ts', out: 'test/onDesktop', options: { ...node, external: harness } },
  { in: 'test/peer/record.ts', out: 'test/record', options: node },
  { in: 'test/bench/main.ts', out: 'test/bench', options: { ...node, external: harness } },
  { in: 'test/bench/panelPage.ts', out: 'test/panelPage', options: browser },
  { in: 'test/bench/curvesPage.ts', out: 'test/curvesPage', options: browser },
  { in: 'test/soak/main.ts', out: 'test/soak', options: { ...node, external: ['esbuild', ...runtime] } },
  { in: 'test/bench/generateLoop.ts', out: 'test/generateLoop', options: { ...node, external: runtime } },
  { in: 'test/bench/engine.ts', out: 'test/benchEngine', options: { ...node, external: runtime } },
  { in: 'src/dev/ship/main.ts', out: 'ship', options: node },
  { in: 'src/dev/sample/main.ts', out: 'makeSample', options: { ...node, external: runtime } },
];

/** One bundle of all `*.test.ts` of a folder, found at build time so that no list can leave a file out. */
function integrationTests() {
  const folder = 'test/integration';
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .sort();
  const loaders = files.map((file) => `${JSON.stringify(file)}: () => require(${JSON.stringify(`./${file}`)})`);
  const contents = `import { runSuite } from './index';\nexport const run = () => runSuite({ ${loaders.join(', ')} });\n`;
  return {
    ...node,
    stdin: { contents, resolveDir: folder, loader: 'ts' },
    outfile: join(dist, 'test/integration.js'),
    external: ['vscode', 'mocha', ...runtime],
  };
}

/** The extension and programs that share files in a package, because half of their code is the same. */
const sharing = ['extension', 'cli', 'trainer', 'tokens', 'queue'];

/** Threads that a package holds in one file. Node reads all of it, so smaller threads keep files of their own. */
const threads = [
  'checkThread',
  'checkLines',
  'columnThread',
  'bulkThread',
  'measureThread',
  'printThread',
  'decodeThread',
];

/**
 * Parts of the extension that sources import when they are wanted, with `await import()`. A package has them in one
 * file, so that VS Code reads less when Margin starts. Many small files would share too little.
 */
const later = [
  'src/host/commands/files.ts',
  'src/host/parts/parts.ts',
  'src/host/trainForm/trainForm.ts',
  'src/web/main.ts',
];

const laterInOneFile = {
  name: 'later',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\// }, ({ path, resolveDir, kind }) =>
      kind === 'dynamic-import' &&
      later.includes(relative('.', resolve(resolveDir, `${path}.ts`)).replaceAll('\\', '/'))
        ? { path: 'later', namespace: 'later' }
        : undefined,
    );
    const contents = later.map((file) => `export * from ${JSON.stringify(`./${file}`)};`).join('\n');
    onLoad({ filter: /^later$/, namespace: 'later' }, () => ({ contents, resolveDir: '.', loader: 'ts' }));
  },
};

/**
 * Builds the extension and the programs that share files with it for a package. esbuild splits ES modules only, so each
 * file becomes CommonJS afterwards.
 */
async function sharedParts() {
  const result = await build({
    ...common,
    ...commonJs,
    format: 'esm',
    splitting: true,
    external: ['vscode', ...runtime],
    plugins: [sharedLibraries, laterInOneFile],
    entryPoints: sharing.map((name) => ({ in: programOf(name).in, out: name })),
    outdir: dist,
    chunkNames: 'part-[name]-[hash]',
    write: false,
    metafile: true,
  });
  const outputFiles = await Promise.all(
    result.outputFiles.map(async ({ path, text }) => {
      const banner = programOf(basename(path, '.js'))?.options.banner?.js;
      // Libraries that run in a browser too ask for it.
      const options = { ...look, ...commonJs, banner, logOverride: { 'empty-import-meta': 'silent' } };
      return { path, contents: Buffer.from((await transform(text, options)).code) };
    }),
  );
  return { ...result, outputFiles };
}

/** A thread is evaluated when it is asked for, so it starts as it does alone. */
function threadsTogether() {
  const loaders = threads.map((name) => `${name}: () => require(${JSON.stringify(`./${programOf(name).in}`)})`);
  const contents = `exports.threads = { ${loaders.join(', ')} };\n`;
  return { ...program, stdin: { contents, resolveDir: '.', loader: 'ts' }, outfile: join(dist, 'threads.js') };
}

function programOf(name) {
  return programs.find(({ out }) => out === name);
}

const alone = programs.filter(({ out }) => !production || ![...sharing, ...threads].includes(out));
const entries = [...alone, ...(production ? [] : checkoutOnly)];
const builds = entries.map((entry) => ({
  ...entry.options,
  entryPoints: [{ in: entry.in, out: entry.out }],
  outdir: dist,
}));
builds.push(
  ...Object.entries(libraries).map(([name, out]) => ({ ...node, entryPoints: [{ in: name, out }], outdir: dist })),
);
builds.push({
  ...browser,
  format: 'esm',
  splitting: true,
  entryPoints: views.map((name) => ({ in: `webview/${name}/main.ts`, out: `webview/${name}` })),
  outdir: dist,
  chunkNames: 'webview/shared/[name]-[hash]',
});
builds.push(production ? threadsTogether() : integrationTests());

// A package packs every file with Deflate, which is a sixth larger than Brotli.
const quality = { [constants.BROTLI_PARAM_QUALITY]: production ? 11 : 4 };
const sqlite = readFileSync('node_modules/sql.js/dist/sql-wasm.wasm');
replace(join(dist, 'sql-wasm.wasm.br'), brotliCompressSync(sqlite, { params: quality }));
for (const file of ['codicon.css', 'codicon.ttf'])
  replace(join(dist, 'webview', file), readFileSync(join('node_modules/@vscode/codicons/dist', file)));

if (watch) {
  await Promise.all(builds.map(async (options) => (await context(options)).watch()));
  console.log('watching');
} else {
  const built = builds.map((options) => build({ ...options, write: false, metafile: production }));
  const results = await Promise.all([...built, ...(production ? [sharedParts()] : [])]);
  const written = results.flatMap(({ outputFiles }) => outputFiles);
  for (const { path, contents } of written) replace(path, contents);
  removeOthers(join(dist, 'webview/shared'), written);
  if (production) {
    for (const name of threads)
      replace(join(dist, `${name}.js`), Buffer.from(`require('./threads.js').threads.${name}();\n`));
    replace(join(dist, 'packages.json'), Buffer.from(JSON.stringify(packagesIn(results), null, 2)));
    replace(join(dist, 'modules.json'), Buffer.from(JSON.stringify(modulesIn(results, dist), null, 2)));
  }
  chmodSync(join(dist, 'cli.js'), 0o755);
}

/** Removes what an older build wrote: the name of a file that views share changes with its content. */
function removeOthers(folder, written) {
  const kept = new Set(written.map(({ path }) => basename(path)));
  for (const name of readdirSync(folder)) if (!kept.has(name)) rmSync(join(folder, name));
}

/** Keeps an equal file and replaces any other in one step, because a running VS Code may load it at this moment. */
function replace(path, contents) {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.partial-${process.pid}`;
  writeFileSync(partial, contents);
  renameSync(partial, path);
}
