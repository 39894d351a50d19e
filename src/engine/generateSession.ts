import { narrowBytes, narrowCopy } from '../model/narrowCopy';
import type { Parameter } from '../model/types';
import { DraftWeights } from './draftWeights';
import { parameterFeeds } from './feeds';
import { generate, type Runner } from './generate';
import { continuationGraph } from './generateGraph';
import { Program } from './runtime';
import type { GenerateSession, GenerateSessionOptions } from './types';
import { GraphWeights } from './weights';

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
  const canDraft = draftFolder !== undefined && (device ?? 'cpu') === 'cpu' && narrowBytes(checkpoint) !== null;
  const drafter = canDraft ? await open(new DraftWeights(checkpoint, adapter, await narrowCopy(checkpoint, draftFolder)), true) : null;
  return {
    generate: (prompts, how) => generate({ model: checkpoint.model, exact, drafter }, prompts, how),
    release: async () => {
      for (const program of programs) await program.release();
    },
  };
}
