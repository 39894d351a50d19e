import { at } from '../base/pure/must';
import { openGenerateSession } from '../engine/generateSession';
import { packPairs, sequenceValues } from '../engine/packPairs';
import type { GenerateSession, MeasureSession, TokenizedPair } from '../engine/types';
import { indexRange, type RowStore } from '../reward/rowStore';
import { policyOptions } from './evaluate';
import { klShare } from './evaluationSizes';
import { sampleTokens, type AnswerTokens } from './samples';
import type { Trainer } from './trainer';
import { hasReference, type TrainerChoice } from './trainers';

/** The name of the metric, with the prefix of evaluations. TRL's PPO, RLOO and Online DPO call it `objective/kl`. */
const klMetric = 'eval_objective/kl';

/** Fewest and most answers that an estimate takes. */
const [fewest, most] = [4, 32];
/**
 * Passes over the tokens of an answer and its prompt: two score them under policy and reference, and drawing them takes
 * as long as three (2.7 for SmolLM2-135M, eight answers at once).
 */
const passes = 5;
/** Evaluations draw with the same random numbers, so the curve shows the model and not the dice. */
const seed = 20_200_307;

/** The metrics that {@link policyKl} adds to an evaluation. */
export const klMetricNames = (config: TrainerChoice): string[] => (hasReference(config) ? [klMetric] : []);

/**
 * An estimate of the KL divergence KL(π‖π_ref) of whole answers in nats, the constraint of RLHF. It is a mean over
 * answers y that the policy itself samples (temperature 1, all tokens) to held-out prompts x:
 *
 *     kl = mean over y of Σ over t of (rₜ − 1 − log rₜ),  rₜ = π_ref(yₜ | x, y<t) / π(yₜ | x, y<t)
 *
 * This is k3 of Schulman 2020 (joschu.net/blog/kl-approx.html), as `kl_estimator: k3` in TRL's PPO: unbiased, never
 * negative, and of less variance than the mean of log π − log π_ref. On the given answers of a pair that mean is no KL,
 * because the policy did not sample them. Answers end at {@link sampleTokens} tokens, so it is the KL of their start.
 *
 * Adds nothing for a trainer without a reference, or if no prompt has room for an answer.
 *
 * @param policy measures the model in training
 */
export async function policyKl(
  trainer: Trainer,
  rows: RowStore,
  policy: MeasureSession,
  answerTokens: () => Promise<AnswerTokens>,
): Promise<Record<string, number>> {
  if (!hasReference(trainer.config)) return {};
  const prompts = await promptsOf(rows, trainer.checkpoint.model.maxPositions);
  if (prompts.length === 0) return {};
  const { stopIds } = await answerTokens();
  const session = await openGenerateSession(policyOptions(trainer));
  let answers: number[][];
  try {
    answers = await drawAnswers(prompts, session, stopIds);
  } finally {
    await session.release();
  }
  let total = 0;
  const size = trainer.config.per_device_eval_batch_size;
  for (let first = 0; first < prompts.length; first += size) {
    const pairs = prompts.slice(first, first + size).map((prompt, i): TokenizedPair => {
      return { prompt, chosen: at(answers, first + i), rejected: [] };
    });
    const batch = packPairs(pairs);
    const own = (await policy.score(batch)).tokenLogps;
    const reference = (await trainer.referenceSession.score(batch)).tokenLogps;
    const gaps = own.map((logp, i) => at(reference, i) - logp);
    pairs.forEach((_, i) => (total += sequenceValues(batch, gaps, i).reduce((sum, gap) => sum + klTerm(gap), 0)));
  }
  return { [klMetric]: total / prompts.length };
}

/** r − 1 − log r. @param gap log r = log π_ref − log π of a sampled token, nats */
export const klTerm = (gap: number): number => Math.expm1(gap) - gap;

/**
 * Different prompts of rows that are spread evenly over the file: as many as {@link klShare} allows. All answers are
 * drawn with the same random numbers, so a prompt that comes twice would get the same answer.
 */
async function promptsOf(rows: RowStore, maxPositions: number): Promise<(readonly number[])[]> {
  const count = Math.min(rows.count, most);
  const spread = Array.from({ length: count }, (_, i) => Math.floor((i * rows.count) / count));
  const read = (await rows.read(spread)).map(({ training: { prompt } }) => [prompt.join(' '), prompt] as const);
  const usable = [...new Map(read).values()].filter(
    ({ length }) => length > 0 && length + sampleTokens <= maxPositions,
  );
  const evaluated = indexRange(0, rows.count).reduce((sum, row) => sum + rows.tokensOf(row), 0);
  let left = klShare * evaluated;
  return usable.filter((prompt, i) => {
    left -= passes * (prompt.length + sampleTokens);
    return i < fewest || left >= 0;
  });
}

/** Samples an answer to each prompt, with the token that ends it: its probability is a part of the answer's. */
async function drawAnswers(
  prompts: readonly (readonly number[])[],
  session: GenerateSession,
  stopIds: ReadonlySet<number>,
): Promise<number[][]> {
  const answers: number[][] = prompts.map(() => []);
  const options = {
    maxNewTokens: sampleTokens,
    stopIds: new Set<number>(),
    isFinished: (index: number) => stopIds.has(at(answers, index).at(-1) ?? Number.NaN),
    sampling: { temperature: 1, topK: 0, topP: 1, seed },
  };
  for await (const { index, id } of session.generate(prompts, options)) at(answers, index).push(id);
  return answers;
}
