import { narrowBytes, narrowCopy } from '../model/narrowCopy';
import type { Parameter } from '../model/types';
import { DraftWeights } from './draftWeights';
import { parameterFeeds } from './feeds';
import { generate, type Runner } from './generate';
import { continuationGraph } from './generateGraph';
import { Program } from './runtime';
import type { GenerateSession, GenerateSessionOptions } from './types';
import { GraphWeights } from './weights';

/** Tokens of an answer before the drafter is opened, which takes as long as ten, or as fifty where the copy has to be made. */
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
  const folder = (device ?? 'cpu') === 'cpu' && narrowBytes(checkpoint) !== null ? draftFolder : undefined;
  let opened: Promise<Runner> | null = null;
  const drafter = async (drawn: number): Promise<Runner | null> => {
    if (folder === undefined || (opened === null && drawn < patience)) return null;
    opened ??= narrowCopy(checkpoint, folder).then((copies) => open(new DraftWeights(checkpoint, adapter, copies), true));
    return opened;
  };
  return {
    generate: (prompts, how) => generate({ model: checkpoint.model, exact, drafter }, prompts, how),
    release: async () => {
      for (const program of programs) await program.release();
    },
  };
}
