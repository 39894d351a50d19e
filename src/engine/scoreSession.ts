import type { Tensor } from '../graph/tensor';
import type { Model } from '../model/architectures/architecture';
import type { Parameter } from '../model/types';
import { batchFeeds, parameterFeeds } from './feeds';
import { packedHidden } from './forward';
import { headChunks, measureHead, scoreHead, type MeasureOptions, type Scored } from './head';
import { numericsOf, Program } from './runtime';
import type { MeasureSession, PackedBatch, ScoreSession, SessionOptions } from './types';
import { GraphWeights } from './weights';

/** A forward-only session: completion log-probs of packed batches. */
export async function openScoreSession(options: SessionOptions): Promise<ScoreSession> {
  return open(options, scoreHead, ({ sequenceLogps, tokenLogps }) => ({
    sequenceLogps: found(sequenceLogps),
    tokenLogps: found(tokenLogps),
  }));
}

/** A forward-only session that tells all that a training step tells, but gradients; log-probs are the same bits. */
export async function openMeasureSession(options: SessionOptions & MeasureOptions): Promise<MeasureSession> {
  const head: Head = (model, weights, hidden) => measureHead(model, weights, hidden, options);
  return open(options, head, ({ sequenceLogps, tokenLogps, entropy, meanLogit, top1, agreement }) => ({
    sequenceLogps: found(sequenceLogps),
    tokenLogps: found(tokenLogps),
    entropy: found(entropy),
    meanLogit: found(meanLogit),
    top1: found(top1),
    agreement: found(agreement),
  }));
}

/**
 * Names all but weights and batch that decides the bits of a score session's results: the graph as written, the chunks
 * it is fed in, the runtime, the processor and how many threads share the work.
 */
export function scoreDigest({ checkpoint, adapter, weights = new Map(), threads, device }: SessionOptions): string {
  const graph = new GraphWeights(checkpoint, adapter, weights);
  const outputs = { ...scoreHead(checkpoint.model, graph, packedHidden(checkpoint.model, graph)) };
  return `${JSON.stringify(headChunks(checkpoint.model))} ${numericsOf(outputs, { threads, device })}`;
}

/** A session that opens when it is first asked: what may never be needed costs neither time nor memory. */
export function openLater<Scores>(open: () => Promise<Session<Scores>>): Session<Scores> {
  let session: Promise<Session<Scores>> | null = null;
  return {
    score: async (batch) => (await (session ??= open())).score(batch),
    release: async () => (await session)?.release(),
  };
}

const found = (result: Float32Array | undefined): Float32Array => result ?? new Float32Array();

interface Session<Scores> {
  score(batch: PackedBatch): Promise<Scores>;
  release(): Promise<void>;
}

type Head = (model: Model, weights: GraphWeights, hidden: Tensor) => Scored;
type Results = Readonly<Record<string, Float32Array>>;

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
  const parameters = new Map<string, Parameter>([...weights, ...(adapter?.parameters ?? [])]);
  const chunks = headChunks(checkpoint.model);
  return {
    score: async (batch) =>
      read(await program.run({ ...batchFeeds(batch, chunks), ...parameterFeeds(graph.inputs, parameters) })),
    release: () => program.release(),
  };
}
