import { MarginError } from '../../base/pure/marginError';
import { at } from '../../base/pure/must';
import { packPairs } from '../../engine/packPairs';
import type { TokenizedPair } from '../../engine/types';
import { stopped } from '../answerSource';
import type { LocalModel } from '../localModel';
import type { PairJudge, Preference, Question } from './judge';
import { filled } from './template';

/** Questions that are scored in one run. */
const atOnce = 8;

/**
 * A judge that is a model on this machine. It does not write: of the labels A and B the one with the higher log-prob is
 * its answer, so no answer is unclear.
 *
 * @param id as in judgements.jsonl
 */
export function labelJudge(model: LocalModel, id: string, template: string): PairJudge {
  return {
    kind: 'pairs',
    id,
    by: `the model ${id}, by the log-probs of the labels A and B`,
    prefers: async (questions, signal) => {
      const said: Preference[] = [];
      for (let first = 0; first < questions.length; first += atOnce) {
        if (signal.aborted) throw new MarginError('interrupted', stopped);
        said.push(...(await preferences(model, questions.slice(first, first + atOnce), template)));
      }
      return said;
    },
    release: () => model.release(),
  };
}

async function preferences(model: LocalModel, questions: readonly Question[], template: string): Promise<Preference[]> {
  const pairs = questions.map((question) => labelTokens(model, filled(template, question)));
  const { sequenceLogps } = await model.policy.score(packPairs(pairs));
  return pairs.map((_, i) => {
    const [a, b] = [at(sequenceLogps, i), at(sequenceLogps, pairs.length + i)];
    if (!Number.isFinite(a) || !Number.isFinite(b))
      throw new MarginError('not-finite', `The judge gives A the log-prob ${a} and B ${b}. Use another model.`);
    const better = a === b ? 'neither' : a > b ? 'first' : 'second';
    return { better, reason: `log-prob of A ${a.toFixed(3)}, of B ${b.toFixed(3)}` };
  });
}

function labelTokens({ found: { tokenizer, policy } }: LocalModel, text: string): TokenizedPair {
  const { chat } = tokenizer;
  const asked = chat ? chat.render([{ role: 'user', content: text }], true) : `${text}\n`;
  const prompt = tokenizer.encode(asked, !chat);
  const [chosen, rejected] = ['A', 'B'].map((label) => tokenizer.encode(asked + label, !chat).slice(prompt.length));
  const { maxPositions } = policy.checkpoint.model;
  if (!chosen?.length || !rejected?.length)
    throw new MarginError(
      'bad-judge',
      'The tokenizer of the judge joins the labels A and B with the text before them.',
    );
  if (prompt.length + Math.max(chosen.length, rejected.length) > maxPositions)
    throw new MarginError(
      'prompt-too-long',
      `A question to the judge has ${prompt.length} tokens, and the model reads at most ${maxPositions}: use a shorter template, shorter drafts or another judge.`,
    );
  return { prompt, chosen, rejected };
}
