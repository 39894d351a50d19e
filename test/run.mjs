// `npm test`: installs the locked packages where they are missing, then runs every suite except those on request. A
// failed suite does not stop the others. The last line is "N passed, N failed".
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { installPackages, pathWithPackages, root } from '../src/dev/packages.mjs';

/**
 * Suites of one lane run one after the other; the lanes run side by side. The browser lane waits for pages most of the
 * time, so the processor lane fills the cores, at a lower priority that keeps the browser's waits short.
 */
const suites = [
  { name: 'build', lane: 'first', command: ['node', 'esbuild.mjs'] },
  { name: 'integration', lane: 'browser', command: ['node', 'dist/test/inBrowser.js'], count: lineCount },
  {
    name: 'e2e',
    lane: 'browser',
    command: ['vitest', 'run', '--config', 'test/e2e/vitest.config.mjs'],
    count: vitestCount,
  },
  { name: 'lint', lane: 'processor', command: ['npm', 'run', '--silent', 'lint'] },
  { name: 'types', lane: 'processor', command: ['npm', 'run', '--silent', 'types'] },
  { name: 'unit', lane: 'processor', command: ['vitest', 'run'], count: vitestCount },
  {
    name: 'peer',
    lane: 'last',
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
/** Running suites by the time of their start, and ended ones that wait for their turn to be shown. */
const queue = [];

await runLane('first');
if (availableParallelism() > 1) await Promise.all([runLane('browser'), runLane('processor')]);
else for (const lane of ['browser', 'processor']) await runLane(lane);
await runLane('last');
console.log(`\n${chosen.length} suites in ${secondsSince(started)} s`);
console.log(say(total));
process.exitCode = total.failed > 0 ? 1 : 0;

async function runLane(lane) {
  for (const suite of chosen.filter((one) => one.lane === lane)) {
    const start = Date.now();
    const turn = { text: '', ended: false };
    queue.push(turn);
    show(turn, `\n== ${suite.name}\n`);
    const { code, output } = await run(suite, (chunk) => show(turn, chunk));
    const counts = suite.count?.(output) ?? { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
    // A suite that fails without a failed test (a crash, no result at all) is itself a failure.
    if (code !== 0 && counts.failed === 0) counts.failed = 1;
    if (code === 0 && counts.passed + counts.failed + counts.skipped === 0) counts.failed = 1;
    for (const key of Object.keys(total)) total[key] += counts[key];
    show(turn, `== ${suite.name}: ${say(counts)} in ${secondsSince(start)} s\n`);
    turn.ended = true;
    showNext();
  }
}

/** Prints the output of the suite that is first in the queue, and keeps that of the others until their turn. */
function show(turn, chunk) {
  if (queue[0] === turn) process.stdout.write(chunk);
  else turn.text += chunk;
}

function showNext() {
  while (queue[0]?.ended) {
    queue.shift();
    if (queue[0]) process.stdout.write(queue[0].text);
  }
}

function secondsSince(time) {
  return ((Date.now() - time) / 1000).toFixed(0);
}

function say({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Runs a suite's command, a program of node_modules/.bin. Calls `pass` with each piece of its output. */
function run({ command: [program, ...args], lane }, pass) {
  const posix = process.platform !== 'win32';
  const nice = posix && lane === 'processor' ? ['nice', '-n', '5'] : [];
  const [first, ...rest] = [...nice, program, ...args];
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(first, rest, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], shell: !posix, env });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk) => {
        output += chunk;
        pass(chunk);
      });
    }
    child.on('error', (error) => {
      pass(`${error}\n`);
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

function lineCount(output) {
  const [, passed, failed, skipped] =
    [...output.matchAll(/^(\d+) passed, (\d+) failed, (\d+) skipped$/gm)].at(-1) ?? [];
  return { passed: Number(passed ?? 0), failed: Number(failed ?? 0), skipped: Number(skipped ?? 0) };
}
