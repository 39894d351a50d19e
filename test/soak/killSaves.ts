import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readdirSync, writeSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { seededRandom } from '../../src/base/pure/seededRandom';
import { LinesDocument } from '../../src/jsonl/node/document';

/** Saves that are killed with `kill -9`. */
export interface KillPlan {
  /** An empty folder. */
  readonly folder: string;
  /** Whether the saved file is JSON Lines or a JSON array. */
  readonly layout: 'lines' | 'array';
  /** Size of the saved file. */
  readonly bytes: number;
  /** Number of kills. */
  readonly rounds: number;
  readonly seed: number;
}

/** What was found after the kills. */
export interface KillResult {
  /** How often the file had the state before or after a save. */
  readonly old: number;
  readonly new: number;
  /** Rounds after which the file was neither. */
  readonly torn: readonly string[];
  /** How often a part of the new file was left beside the old one. */
  readonly leftovers: number;
  /** Other files beside the saved one after the next opening. */
  readonly strays: readonly string[];
}

const states = ['old', 'new'] as const;

/**
 * Saves one file again and again in a process that is killed at a random moment, `rounds` times. Each save changes one
 * row of the file, from `old` to `new` and back.
 */
export async function killSaves({ folder, layout, bytes, rounds, seed }: KillPlan): Promise<KillResult> {
  const file = path.join(folder, 'killed.jsonl');
  const saver = await buildSaver(folder);
  const random = seededRandom(seed);
  const digests = new Map<string, (typeof states)[number]>();
  for (const state of states) {
    writeRows(file, layout, bytes, state);
    digests.set(await digestOf(file), state);
  }
  const seen = { old: 0, new: 0, leftovers: 0 };
  const torn: string[] = [];
  let saveMs = 0;
  for (let round = 0; round < rounds; round++) {
    const killed = await killOne(saver, file, saveMs === 0 ? null : random() * 3 * saveMs);
    saveMs ||= killed;
    if (strays(folder).length > 0) seen.leftovers++;
    const state = digests.get(await digestOf(file));
    if (state === undefined) torn.push(`seed ${seed}, round ${round}`);
    else seen[state]++;
  }
  // A process that opens the file and is killed might leave a part of its own.
  await (await LinesDocument.open(file)).close();
  return { ...seen, torn, strays: strays(folder) };
}

/**
 * Starts the saver and kills it.
 *
 * @param afterMs after the first save began; null: after the first save
 * @returns how long the first save took, if it was awaited
 */
async function killOne(saver: string, file: string, afterMs: number | null): Promise<number> {
  const child = spawn(process.execPath, [saver, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  const started = performance.now();
  await (afterMs === null ? once(child.stdout, 'data') : new Promise((resolve) => setTimeout(resolve, afterMs)));
  const took = performance.now() - started;
  child.kill('SIGKILL');
  await ended;
  return took;
}

async function buildSaver(folder: string): Promise<string> {
  const program = path.join(folder, 'saver.mjs');
  const contents = `
    import { LinesDocument } from '${path.resolve('src/jsonl/node/document.ts')}';
    const document = await LinesDocument.open(process.argv[2]);
    await document.whenIndexed();
    const row = document.rowCount >> 1;
    for (;;) {
      const [previous] = await document.lines(row, 1);
      const line = previous.includes('old') ? previous.replace('old', 'new') : previous.replace('new', 'old');
      document.applyEdit({ op: 'replace', row, line, previous });
      process.stdout.write('.');
      await document.save();
    }`;
  const stdin = { contents, resolveDir: '.' };
  const look = { bundle: true, platform: 'node', format: 'esm', logLevel: 'error' } as const;
  await build({ ...look, stdin, outfile: program });
  return program;
}

/** The text before, between and after the rows of a file. */
const frames = { lines: ['', '\n', '\n'], array: ['[\n  ', ',\n  ', '\n]\n'] } as const;

/** Writes rows of 1,000 bytes. The one in the middle says which state the file has. */
function writeRows(file: string, layout: KillPlan['layout'], bytes: number, state: string): void {
  const [head, between, tail] = frames[layout];
  const rows = Math.ceil(bytes / 1000);
  const handle = openSync(file, 'w');
  const perWrite = 1000;
  writeSync(handle, head);
  for (let from = 0; from < rows; from += perWrite) {
    const lines = Array.from({ length: Math.min(perWrite, rows - from) }, (_, i) =>
      `{"prompt":"${from + i}","chosen":"${from + i === rows >> 1 ? state : 'yes'}","rejected":"`.padEnd(997, 'é'),
    );
    writeSync(handle, (from === 0 ? '' : between) + lines.map((line) => `${line}"}`).join(between));
  }
  writeSync(handle, tail);
  closeSync(handle);
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha1');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function strays(folder: string): string[] {
  return readdirSync(folder).filter((name) => !['killed.jsonl', 'saver.mjs'].includes(name));
}

/** A sentence for the log. */
export function killsInWords({ layout, rounds, bytes, seed }: KillPlan, result: KillResult): string {
  const { old, new: saved, leftovers, torn, strays: left } = result;
  const found = `${old} × the old file, ${saved} × the new one, ${torn.length} × neither`;
  return `${rounds} kills of saves of ${Math.round(bytes / 1e6)} MB, ${layout} (seed ${seed}): ${found}; ${leftovers} parts were left, ${left.length} after the next opening`;
}

/** Whether every kill left the old or the new file, and nothing beside it after the next opening. */
export function areWhole({ torn, strays: left }: KillResult): boolean {
  return torn.length === 0 && left.length === 0;
}
