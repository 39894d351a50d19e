import { setTimeout as sleep } from 'node:timers/promises';
import { int8CopyBytes, int8Copy } from '../model/int8Copy';
import type { Parameter } from '../model/types';
import { DraftWeights } from './draftWeights';
import { parameterFeeds } from './feeds';
import { generate, type Runner } from './generate';
import { continuationGraph } from './generateGraph';
import { Program } from './runtime';
import type { GenerateSession, GenerateSessionOptions } from './types';
import { GraphWeights } from './weights';

/** Tokens of an answer before a drafter is thought of, whose opening takes as long as ten. */
const patience = 16;

/** Generation of several sequences at once, with a cache of keys and values: each run sees new tokens only. */
export async function openGenerateSession(options: GenerateSessionOptions): Promise<GenerateSession> {
  const { checkpoint, adapter, weights = new Map<string, Parameter>(), threads, device, draftFolder } = options;
  const parameters = new Map([...weights, ...(adapter?.parameters ?? [])]);
  const programs: Program[] = [];
  const open = async (graph: GraphWeights, packed: boolean): Promise<Runner> => {
    const program = await Program.compile(continuationGraph(checkpoint.model, graph), { threads, device, packed });
    programs.push(program);
    return (feeds) => program.run({ ...parameterFeeds(graph.inputs, parameters), ...feeds });
  };
  const exact = await open(new GraphWeights(checkpoint, adapter, weights), false);
  const drafts = new Drafts(
    (device ?? 'cpu') === 'cpu' && int8CopyBytes(checkpoint) !== null ? draftFolder : undefined,
    async (folder, signal) => {
      const copies = await int8Copy(checkpoint, folder, signal);
      return open(new DraftWeights(checkpoint, adapter, copies), true);
    },
  );
  return {
    generate: (prompts, how) =>
      generate(
        {
          model: checkpoint.model,
          exact: (feeds) => drafts.timed(exact(feeds)),
          drafter: (drawn) => drafts.drafter(drawn),
        },
        prompts,
        how,
      ),
    release: async () => {
      await drafts.end();
      for (const program of programs) await program.release();
    },
  };
}

/**
 * The drafter, made while an answer goes on: that costs seconds for each GB of a model, once, and nobody shall wait for
 * it.
 */
class Drafts {
  private readonly ending = new AbortController();
  private making: Promise<void> | null = null;
  private ready: Runner | null = null;
  private lastRun = 0;

  constructor(
    private readonly folder: string | undefined,
    private readonly make: (folder: string, signal: AbortSignal) => Promise<Runner>,
  ) {}

  /**
   * Null as long as there is none. Making it may take as long as the last token took, so that an answer keeps half its
   * pace.
   */
  async drafter(drawn: number): Promise<Runner | null> {
    const { folder, ending, lastRun } = this;
    if (folder === undefined || drawn < patience) return null;
    this.making ??= this.make(folder, ending.signal).then(
      (runner) => void (this.ready = runner),
      // A full disk, say: answers come without drafts, as they would with no folder.
      () => undefined,
    );
    if (!this.ready) await Promise.race([this.making, sleep(lastRun)]);
    return this.ready;
  }

  async timed<Result>(run: Promise<Result>): Promise<Result> {
    const start = performance.now();
    const result = await run;
    this.lastRun = performance.now() - start;
    return result;
  }

  async end(): Promise<void> {
    this.ending.abort();
    await this.making;
  }
}
