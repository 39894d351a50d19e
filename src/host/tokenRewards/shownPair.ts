import type { AnswerTokens, PairTokens } from '../../pairs/tokenRewards/pairTokens';
import { mostTokens, type ShownAnswer, type ShownPair } from '../../protocol/tokenRewards';

/** Makes the pair that is sent to the view. Only the first tokens of a long answer are sent. */
export function shownPair({
  line,
  label,
  beta,
  margin,
  prompt,
  chosen,
  rejected,
}: PairTokens & { readonly prompt: string | null }): ShownPair {
  // A pair has no label.
  const judged = label ?? null;
  return { line, label: judged, beta, margin, prompt, chosen: shownAnswer(chosen), rejected: shownAnswer(rejected) };
}

function shownAnswer({ ids, logps, ref_logps: references, texts, reward }: AnswerTokens): ShownAnswer {
  const count = Math.min(ids.length, mostTokens);
  const first = { length: count };
  return {
    ids: Int32Array.from(first, (_, i) => Number(ids[i])),
    logps: Float32Array.from(first, (_, i) => Number(logps[i])),
    ref_logps: Float32Array.from(first, (_, i) => Number(references[i])),
    texts: texts.slice(0, count),
    reward,
    tokens: ids.length,
  };
}
