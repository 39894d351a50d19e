import { readdir, readFile, rm, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { batchFeeds, parameterFeeds } from '../../src/engine/feeds';
import { headChunks } from '../../src/engine/head';
import { packPairs } from '../../src/engine/packPairs';
import { pairFeeds } from '../../src/engine/pairSymbols';
import { seededRandom } from '../../src/engine/random';
import { Program } from '../../src/engine/runtime';
import { trainGraph } from '../../src/engine/trainGraph';
import type { Loss, TokenizedPair } from '../../src/engine/types';
import type { Adapter, Checkpoint } from '../../src/model/types';

/** What a training step on one pair took, in milliseconds a token. */
export interface TokenCost {
  /** Tokens of the pair's row. */
  readonly tokens: number;
  readonly attention: number;
  /** All other kernels. */
  readonly rest: number;
}

interface KernelEvent {
  readonly cat: string;
  readonly name: string;
  readonly ts: number;
  readonly dur: number;
  readonly args?: { readonly output_type_shape?: readonly Readonly<Record<string, readonly number[]>>[] };
}

/** Steps on a pair of each length, by ONNX Runtime's own profile. The first run of each pages weights in and is not counted. */
export async function tokenCosts(checkpoint: Checkpoint, adapter: Adapter, loss: Loss, lengths: readonly number[]): Promise<TokenCost[]> {
  const costs: TokenCost[] = [];
  for (const length of lengths) costs.push(await tokenCost(checkpoint, adapter, loss, length));
  return costs;
}

async function tokenCost(checkpoint: Checkpoint, adapter: Adapter, loss: Loss, length: number): Promise<TokenCost> {
  const folder = await mkdtemp(join(tmpdir(), 'margin-profile-'));
  try {
    const { outputs, trained } = trainGraph(checkpoint, adapter, new Map(), loss);
    const program = await Program.compile(outputs, { profilePrefix: join(folder, 'step') });
    const batch = packPairs([noise(length, checkpoint.model.vocabSize)]);
    const feeds = { ...batchFeeds(batch, headChunks(checkpoint.model)), ...parameterFeeds(trained, adapter.parameters), ...pairFeeds(batch, new Float32Array(2)) };
    for (let run = 0; run < 2; run++) await program.run(feeds);
    await program.release();
    return costOf(await lastRun(folder), batch.tokens);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Half a prompt, and a quarter each for answers that have no token in common. */
function noise(length: number, vocabulary: number): TokenizedPair {
  const random = seededRandom(length);
  const ids = (count: number, from: number): number[] => Array.from({ length: count }, () => from + Math.floor((random() * vocabulary) / 2));
  return { prompt: ids(length / 2, 0), chosen: ids(length / 4, 0), rejected: ids(length / 4, Math.floor(vocabulary / 2)) };
}

async function lastRun(folder: string): Promise<KernelEvent[]> {
  const [file = ''] = await readdir(folder);
  const events = JSON.parse(await readFile(join(folder, file), 'utf8')) as readonly KernelEvent[];
  const start = events.findLast(({ name }) => name === 'model_run')?.ts ?? 0;
  return events.filter(({ cat, name, ts }) => cat === 'Node' && name.endsWith('_kernel_time') && ts >= start);
}

function costOf(kernels: readonly KernelEvent[], tokens: number): TokenCost {
  const time = (wanted: boolean): number => kernels.filter((kernel) => isAttention(kernel) === wanted).reduce((sum, { dur }) => sum + dur, 0) / 1000 / tokens;
  return { tokens, attention: time(true), rest: time(false) };
}

/** Only attention has values with more than three axes (`engine/attention.ts`). */
function isAttention({ args }: KernelEvent): boolean {
  return Object.values(args?.output_type_shape?.[0] ?? {}).some((shape) => shape.length > 3);
}
