import { inTurns } from '../../base/pure/inTurns';
import type { ChatRequest, EndpointClient } from '../endpoint/endpointClient';
import type { PairJudge, Preference, Question } from './judge';
import { filled } from './template';

const atOnce = 4;
/** Enough for a label; a model that thinks aloud needs a template that forbids it. */
const maxTokens = 8;

/** What a judge at an endpoint is asked. */
export function judgeRequest(model: string, question: Question, template: string): ChatRequest {
  const messages = [{ role: 'user', content: filled(template, question) }];
  return { model, messages, temperature: 0, top_p: 1, max_tokens: maxTokens, seed: 0 };
}

/** A judge that is a model at an OpenAI-compatible endpoint. It must answer with A or B; anything else is a tie. */
export function endpointJudge(client: EndpointClient, id: string, template: string): PairJudge {
  const { model } = client.address;
  return {
    kind: 'pairs',
    id,
    by: `the model ${model} at ${client.name}`,
    prefers: (questions, signal) =>
      inTurns(questions, atOnce, async (question) => {
        const { text } = await client.chat(judgeRequest(model, question, template), signal);
        return labelIn(text);
      }),
    release: () => Promise.resolve(),
  };
}

/** The label with which an answer begins: `A`, `**B**`, `Answer A.` */
export function labelIn(text: string): Preference {
  const label = /^\W*(?:answer:?\s+)?([AB])\s*(?:$|[^\p{L}\p{N}\s'’])/iu.exec(text)?.[1]?.toUpperCase();
  if (label === 'A') return { better: 'first', reason: null };
  if (label === 'B') return { better: 'second', reason: null };
  return { better: 'neither', reason: `neither A nor B: ${text.slice(0, 100)}` };
}
