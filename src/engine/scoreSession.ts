import type { Parameter } from '../model/types';
import { batchFeeds, parameterFeeds } from './feeds';
import { packedHidden } from './forward';
import { headChunks, scoreHead } from './head';
import { Program } from './runtime';
import type { ScoreSession, SessionOptions } from './types';
import { GraphWeights } from './weights';

/** A forward-only session: completion log-probs of packed batches. */
export async function openScoreSession({ checkpoint, adapter, weights = new Map(), threads }: SessionOptions): Promise<ScoreSession> {
  const graph = new GraphWeights(checkpoint, adapter, weights);
  const { sequenceLogps, tokenLogps } = scoreHead(checkpoint.model, graph, packedHidden(checkpoint.model, graph));
  const program = await Program.compile({ sequenceLogps, tokenLogps }, { threads });
  const parameters = new Map<string, Parameter>([...weights, ...(adapter?.parameters ?? [])]);
  const chunks = headChunks(checkpoint.model);
  return {
    async score(batch) {
      const results = await program.run({ ...batchFeeds(batch, chunks), ...parameterFeeds(graph.inputs, parameters) });
      return { sequenceLogps: results.sequenceLogps ?? new Float32Array(), tokenLogps: results.tokenLogps ?? new Float32Array() };
    },
    release: () => program.release(),
  };
}
