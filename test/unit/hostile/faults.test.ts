import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type * as InThread from '../../../src/base/node/inThread';
import { errorCode, MarginError } from '../../../src/base/pure/marginError';
import type { DecodeProgress } from '../../../src/jsonl/node/decode/decodeFile';
import type { DecodeTask } from '../../../src/jsonl/node/decode/decodeThread';
import { temporaryFolder } from '../run/temporaryFolder';
import { cacheWriters } from './cacheWriters';
import { endFaults, type Fault, type Plan, startFaults } from './faultyDisk';
import { rowWriters } from './rowWriters';
import { closeAll, type Scenario } from './scenario';
import { trainerWriters } from './trainerWriters';
import { scenarios } from './writers';

vi.mock('node:fs/promises', async (original) => (await import('./faultyDisk')).faulty(await original<object>()));
vi.mock('node:fs', async (original) => (await import('./faultyDisk')).faulty(await original<object>()));

/** Threads see no faults of this one, so packed files are decoded here. */
vi.mock('../../../src/base/node/inThread', async (original) => {
  const { inThread } = await original<typeof InThread>();
  const { decodeFile } = await import('../../../src/jsonl/node/decode/decodeFile');
  return {
    inThread: async (task: DecodeTask, options: InThread.ThreadOptions<DecodeProgress>) => {
      if (!options.script.endsWith('decodeThread.js')) return inThread(task, options);
      const { signal, onProgress = () => undefined } = options;
      await decodeFile(task.source, task.target, { ...(signal && { signal }), maxBytes: task.maxBytes, onProgress });
      return null;
    },
  };
});

const temporary = /\.margin-(tmp|save)$|\.tmp-/;

/** Every file below a folder with its content, except what a scenario leaves out. */
function stateOf(folder: string, { ignored }: Scenario): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const kept = files.filter((file) => !temporary.test(file) && ignored?.test(file) !== true).sort();
  return Object.fromEntries(kept.map((file) => [file.slice(folder.length + 1), readFileSync(file, 'latin1')]));
}

const leftIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => temporary.test(name));
const own = new RegExp(`-${process.pid}-[0-9a-f]{8}\\.margin-(tmp|save)$`);
const leftElsewhere = (): string[] => readdirSync(tmpdir()).filter((name) => own.test(name));

async function prepared({ prepare }: Scenario): Promise<{ folder: string; act: () => Promise<unknown> }> {
  const folder = await temporaryFolder();
  return { folder, act: await prepare(folder) };
}

async function attempt(act: () => Promise<unknown>): Promise<{ error: unknown; operations: readonly string[] }> {
  const error = await act().then(
    () => null,
    (caught: unknown) => caught ?? new Error('nothing was thrown'),
  );
  return { error, operations: endFaults() };
}

/** Whether the complete file that an error names is there. */
function isFileOfCopy(error: unknown): boolean {
  const whole = error instanceof MarginError ? error.details['whole'] : null;
  return typeof whole === 'string' && existsSync(whole) && readFileSync(whole, 'utf8').includes('mine');
}

interface Expected {
  readonly operations: readonly string[];
  /** The files before and after, without the name of their folder. */
  readonly before: string;
  readonly after: string;
}

const text = (folder: string, scenario: Scenario): string =>
  JSON.stringify(stateOf(folder, scenario)).replaceAll(folder, '');

async function withoutFault(scenario: Scenario): Promise<Expected> {
  const { folder, act } = await prepared(scenario);
  const before = text(folder, scenario);
  startFaults(null);
  const { error, operations } = await attempt(act);
  expect(error).toBeNull();
  return { operations, before, after: text(folder, scenario) };
}

/** What a failure did wrong; empty if nothing. */
async function wrongAfter(scenario: Scenario, expected: Expected, plan: Plan): Promise<string[]> {
  const { before, after } = expected;
  const { folder, act } = await prepared(scenario);
  startFaults(plan);
  const { error } = await attempt(act);
  const now = text(folder, scenario);
  const isTorn = errorCode(error) === 'torn';
  const isKept = now === before || now === after || isTorn || scenario.isSafe?.(folder) === true;
  const message = error instanceof MarginError ? error.message : null;
  const isRepeatable = plan.forGood ? scenario.isRepeatable === true : scenario.isRepeatable !== undefined;
  // A file that cannot be removed stays.
  const left =
    plan.forGood || isTorn || /^rm/.test(expected.operations[plan.at] ?? '')
      ? []
      : [...leftIn(folder), ...leftElsewhere(), ...(scenario.left?.(folder) ?? [])];
  return [
    error === null && now !== after && !scenario.isCache
      ? 'success is reported, and the files are not as they should be'
      : null,
    error !== null && !isKept ? `the files are neither old nor new: ${now.slice(0, 300)}` : null,
    error !== null && !/cannot/i.test(message ?? '') ? `the message is not clear: ${String(error)}` : null,
    plan.fault !== 'EIO' && /made by a test/.test(message ?? '')
      ? `these are the words of the system: ${message}`
      : null,
    isTorn && !isFileOfCopy(error) ? 'the complete content is not where the message says' : null,
    ...left.map((name) => `left: ${name}`),
    ...(error !== null && !isTorn && isRepeatable ? await wrongAgain(act, folder, scenario, after) : []),
  ].filter((one) => one !== null);
}

/** What goes wrong when the disk works again; empty if nothing. */
async function wrongAgain(
  act: () => Promise<unknown>,
  folder: string,
  scenario: Scenario,
  after: string,
): Promise<string[]> {
  const { error } = await attempt(act);
  if (error !== null) return [`it fails again on a good disk: ${String(error)}`];
  return text(folder, scenario) === after ? [] : ['it does not end as it should on a good disk'];
}

/** Whether an operation is in the middle of a row of the same ones, such as the writes of many tensors. */
const isAmongSame = (operations: readonly string[], at: number): boolean =>
  at > 1 && operations.slice(at - 2, at + 3).every((name) => name === operations[at]) && at + 2 < operations.length;

/** The faults that an operation can have. */
function faultsOf(operation: string): readonly Fault[] {
  if (/^(open|mkdir|rename)/.test(operation)) return ['EACCES', 'ENOSPC'];
  if (/^(write|append)/.test(operation)) return ['ENOSPC', 'EIO', 'short'];
  return ['EIO'];
}

describe('a disk that fails at any operation', () => {
  it.each([...scenarios, ...rowWriters, ...trainerWriters, ...cacheWriters])(
    'loses nothing, and says what is wrong: $name',
    async (scenario) => {
      const expected = await withoutFault(scenario);
      expect(expected.operations.length).toBeGreaterThan(0);
      const found: string[] = [];
      for (const [at, operation] of expected.operations.entries()) {
        if (isAmongSame(expected.operations, at)) continue;
        const plans = faultsOf(operation).map((fault) => ({ fault, at, forGood: false }));
        for (const plan of [...plans, { fault: 'EIO', at, forGood: true } as const]) {
          const wrong = await wrongAfter(scenario, expected, plan);
          found.push(
            ...wrong.map((one) => `${plan.fault}${plan.forGood ? ' for good' : ''} at ${operation} (${at}): ${one}`),
          );
        }
      }
      await closeAll();
      expect(found).toEqual([]);
    },
  );
});
