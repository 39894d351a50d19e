// `npm test`: installs the locked packages where they are missing, then runs every suite except those on request. A
// failed suite does not stop the others. In CI a test file that fails runs a second time, when nothing else runs, and
// the output names it. The last line is "N passed, N failed".
import { spawn } from 'node:child_process';
import { installPackages, pathWithPackages, root } from '../src/dev/packages.mjs';

/**
 * They run one after the other: a workbench that shares two cores with another suite is too slow for its tests. Only
 * those with `besideLast` start together with the one before them.
 */
const suites = [
  { name: 'build', command: ['node', 'esbuild.mjs'] },
  { name: 'lint', command: ['npm', 'run', '--silent', 'lint'] },
  { name: 'types', command: ['npm', 'run', '--silent', 'types'], besideLast: true },
  { name: 'unit', command: ['vitest', 'run'], count: vitestCount },
  { name: 'integration', command: ['node', 'dist/test/inBrowser.js'], count: lineCount },
  { name: 'e2e', command: ['vitest', 'run', '--config', 'test/e2e/vitest.config.mjs'], count: vitestCount },
  {
    name: 'peer',
    command: ['vitest', 'run', '--config', 'test/peer/vitest.config.mjs'],
    count: vitestCount,
    onRequest: true,
  },
];

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !suites.some((suite) => suite.name === name));
if (unknown !== undefined) {
  console.error(`No suite is called ${unknown}. The suites are ${suites.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}
await installPackages();
process.env.PATH = pathWithPackages();
const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined };
const chosen = suites.filter(({ name, onRequest }) => (wanted.length === 0 ? !onRequest : wanted.includes(name)));
const total = { passed: 0, failed: 0, skipped: 0 };
const started = Date.now();

for (const stage of stagesOf(chosen)) await Promise.all(stage.map((suite) => runSuite(suite, stage.length === 1)));
console.log(`\n${chosen.length} suites in ${secondsSince(started)} s`);
console.log(say(total));
process.exitCode = total.failed > 0 ? 1 : 0;

/** Suites that start at the same time. */
function stagesOf(list) {
  const stages = [];
  for (const suite of list)
    if (suite.besideLast && stages.length > 0) stages.at(-1).push(suite);
    else stages.push([suite]);
  return stages;
}

/** Prints the suite's output as it comes, or all of it at the end so that two suites do not mix. */
async function runSuite(suite, asItComes) {
  const start = Date.now();
  if (asItComes) console.log(`\n== ${suite.name}`);
  const { code, output } = await run(suite.command, asItComes);
  if (!asItComes) console.log(`\n== ${suite.name}\n${output.trimEnd()}`);
  const first = countsOf(suite, code, output);
  const files = process.env.CI && suite.count === vitestCount ? failedFiles(output) : [];
  const counts = files.length > 0 ? await runAgain(suite, first, files) : first;
  for (const key of Object.keys(total)) total[key] += counts[key];
  console.log(`== ${suite.name}: ${say(counts)} in ${secondsSince(start)} s`);
}

/**
 * On a busy machine a correct test may fail. Its whole file runs again, because the tests of a file build on each
 * other. @returns the counts of the suite with the second results of these files
 */
async function runAgain(suite, first, files) {
  console.log(`\n== ${suite.name}: a second time, alone: ${files.join(' ')}`);
  const { code, output } = await run([...suite.command, '--maxWorkers=1', ...files], true);
  const second = countsOf(suite, code, output);
  if (second.failed === 0) console.log(`\n== ${suite.name}: failed, then passed: ${files.join(' ')}`);
  const passed = first.passed + Math.max(0, first.failed - second.failed);
  return { passed, failed: second.failed, skipped: first.skipped };
}

function countsOf(suite, code, output) {
  const counts = suite.count?.(output) ?? { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  // A suite that fails without a failed test (a crash, no result at all) is itself a failure.
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  if (code === 0 && counts.passed + counts.failed + counts.skipped === 0) counts.failed = 1;
  return counts;
}

function secondsSince(time) {
  return ((Date.now() - time) / 1000).toFixed(0);
}

function say({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Runs a program of node_modules/.bin, and prints its output if `asItComes`. */
function run([program, ...args], asItComes) {
  return new Promise((resolve) => {
    let output = '';
    const shell = process.platform === 'win32';
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], shell, env });
    for (const [stream, target] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      stream.setEncoding('utf8').on('data', (chunk) => {
        output += chunk;
        if (asItComes) target.write(chunk);
      });
    }
    child.on('error', (error) => {
      console.error(error);
      resolve({ code: 1, output });
    });
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** "Tests  2 failed | 10 passed | 1 skipped (13)". A file that does not load counts as a failure too. */
function vitestCount(output) {
  const tests = /^\s*Tests\s+(.*)$/m.exec(output)?.[1] ?? '';
  const files = /^\s*Test Files\s+(.*)$/m.exec(output)?.[1] ?? '';
  const number = (line, word) => Number(new RegExp(`(\\d+) ${word}`).exec(line)?.[1] ?? 0);
  return {
    passed: number(tests, 'passed'),
    failed: number(tests, 'failed') || number(files, 'failed'),
    skipped: number(tests, 'skipped') + number(tests, 'todo'),
  };
}

/** The paths in lines such as " FAIL  |together| test/e2e/lists.test.ts > a title", each once. */
function failedFiles(output) {
  return [...new Set(Array.from(output.matchAll(/^ FAIL {2}(?:\|\w+\| )?(\S+\.test\.ts)/gm), ([, path]) => path))];
}

function lineCount(output) {
  const [, passed, failed, skipped] =
    [...output.matchAll(/^(\d+) passed, (\d+) failed, (\d+) skipped$/gm)].at(-1) ?? [];
  return { passed: Number(passed ?? 0), failed: Number(failed ?? 0), skipped: Number(skipped ?? 0) };
}
