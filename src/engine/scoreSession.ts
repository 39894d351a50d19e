import type { Tensor } from '../graph/tensor';
import type { Model } from '../model/architectures/architecture';
import { batchFeeds, parameterFeeds, parametersOf } from './feeds';
import { packedHidden } from './forward';
import { headChunks, measureHead, scoreHead, type MeasureOptions, type ScoreOutputs } from './head';
import { numericsKey, Program } from './runtime';
import { measuresOf, scoresOf, type Results } from './results';
import type { MeasureSession, PackedBatch, ScoreSession, SessionOptions } from './types';
import { GraphWeights } from './weights';

/**
 * Opens a session that computes the log-probs of packed batches, forward only.
 *
 * @throws MarginError `missing-weight`, `no-device`
 */
export async function openScoreSession(options: SessionOptions): Promise<ScoreSession> {
  return open(options, scoreHead, scoresOf);
}

/**
 * Opens a session that computes all measures of a training step, forward only. The log-probs are the same bits as those
 * of a score session.
 *
 * @throws MarginError `missing-weight`, `no-device`
 */
export async function openMeasureSession(options: SessionOptions & MeasureOptions): Promise<MeasureSession> {
  const head: Head = (model, weights, hidden) => measureHead(model, weights, hidden, options);
  return open(options, head, (results) => measuresOf(results, options));
}

/**
 * A cache key for the results of a score session: everything that decides their bits besides weights and batch. That is
 * the graph, the chunks of the head, ONNX Runtime, the processor and the number of threads.
 */
export function scoreDigest({ checkpoint, adapter, weights = new Map(), threads, device }: SessionOptions): string {
  const graph = new GraphWeights(checkpoint, adapter, weights);
  const outputs = { ...scoreHead(checkpoint.model, graph, packedHidden(checkpoint.model, graph)) };
  return `${JSON.stringify(headChunks(checkpoint.model))} ${numericsKey(outputs, { threads, device })}`;
}

/** A session that opens at the first batch, so that one that is never needed costs no time and no memory. */
export function openLazily<Scores>(open: () => Promise<Session<Scores>>): Session<Scores> {
  let session: Promise<Session<Scores>> | null = null;
  return {
    score: async (batch) => (await (session ??= open())).score(batch),
    release: async () => (await session)?.release(),
  };
}

interface Session<Scores> {
  score(batch: PackedBatch): Promise<Scores>;
  release(): Promise<void>;
}

type Head = (model: Model, weights: GraphWeights, hidden: Tensor) => ScoreOutputs;

async function open<Scores>(
  { checkpoint, adapter, weights = new Map(), threads, device }: SessionOptions,
  head: Head,
  read: (results: Results) => Scores,
): Promise<Session<Scores>> {
  const graph = new GraphWeights(checkpoint, adapter, weights);
  const program = await Program.compile(
    { ...head(checkpoint.model, graph, packedHidden(checkpoint.model, graph)) },
    { threads, device },
  );
  const parameters = parametersOf(weights, adapter);
  const chunks = headChunks(checkpoint.model);
  return {
    score: async (batch) =>
      read(await program.run({ ...batchFeeds(batch, chunks), ...parameterFeeds(graph.inputs, parameters) })),
    release: () => program.release(),
  };
}
