import { setTimeout as sleep } from 'node:timers/promises';
import { int8CopyBytes, int8Copy } from '../model/int8Copy';
import type { Parameter } from '../model/types';
import { DraftWeights } from './draftWeights';
import { parameterFeeds, parametersOf } from './feeds';
import { generate, type Runner } from './generate';
import { continuationGraph } from './generateGraph';
import { Program } from './runtime';
import type { GenerateSession, GenerateSessionOptions } from './types';
import { GraphWeights } from './weights';

/** An answer of this many tokens may have a drafter. Opening it takes as long as ten tokens. */
const minTokensForDrafter = 16;

/**
 * Opens a session that generates several answers at once. It keeps the keys and values of earlier tokens, so each run
 * reads new tokens only.
 *
 * @throws MarginError `no-device`; the errors of reading the weights
 */
export async function openGenerateSession(options: GenerateSessionOptions): Promise<GenerateSession> {
  const { checkpoint, adapter, weights = new Map<string, Parameter>(), threads, device = 'cpu', draftFolder } = options;
  const { prepack: prepacks = false } = options;
  const parameters = parametersOf(weights, adapter);
  const programs: Program[] = [];
  const open = async (graph: GraphWeights, prepack: boolean): Promise<Runner> => {
    const program = await Program.compile(continuationGraph(checkpoint.model, graph), { threads, device, prepack });
    programs.push(program);
    return (feeds) => program.run({ ...parameterFeeds(graph.inputs, parameters), ...feeds });
  };
  const exact = await open(new GraphWeights(checkpoint, adapter, weights), prepacks);
  const opener = new DrafterOpener(
    device === 'cpu' && int8CopyBytes(checkpoint) !== null ? draftFolder : undefined,
    async (folder, signal) => {
      const matrices = await int8Copy(checkpoint, folder, signal);
      return open(new DraftWeights(checkpoint, adapter, matrices), true);
    },
  );
  return {
    generate: (prompts, how) =>
      generate(
        {
          model: checkpoint.model,
          exact: (feeds) => opener.timed(exact(feeds)),
          drafter: (drawn) => opener.drafter(drawn),
        },
        prompts,
        how,
      ),
    release: async () => {
      await opener.end();
      for (const program of programs) await program.release();
    },
  };
}

/**
 * Opens the drafter while an answer is being generated, so that nobody waits for it. The first time it makes the 8-bit
 * copy, which takes seconds for each GB of a model.
 */
class DrafterOpener {
  private readonly ending = new AbortController();
  private opening: Promise<void> | null = null;
  private ready: Runner | null = null;
  /** Milliseconds that the last run of the exact model took. */
  private lastRun = 0;

  /** @param folder of 8-bit copies; undefined: there is no drafter */
  constructor(
    private readonly folder: string | undefined,
    private readonly open: (folder: string, signal: AbortSignal) => Promise<Runner>,
  ) {}

  /**
   * The drafter, or null while there is none. Each call waits for the opening as long as the last token took, so an
   * answer keeps half its speed meanwhile.
   */
  async drafter(drawn: number): Promise<Runner | null> {
    const { folder, ending, lastRun } = this;
    if (folder === undefined || drawn < minTokensForDrafter) return null;
    this.opening ??= this.open(folder, ending.signal).then(
      (runner) => {
        this.ready = runner;
      },
      // Without a drafter, answers are slower but the same. So a failure, such as a full disk, stops nothing.
      () => undefined,
    );
    if (!this.ready) await Promise.race([this.opening, sleep(lastRun)]);
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
    await this.opening;
  }
}
