import type { GenerateOptions } from './types';

/**
 * The next token: the likeliest at temperature 0, else drawn from the smallest set of likeliest tokens whose probability
 * reaches `topP` (Holtzman et al. 2020, arXiv:1904.09751).
 */
export function drawToken(logits: Float32Array, { temperature, topP }: GenerateOptions, random: () => number): number {
  const best = logits.reduce((top, logit, id) => (logit > (logits[top] ?? 0) ? id : top), 0);
  if (temperature === 0) return best;
  const highest = logits[best] ?? 0;
  const ranked = Array.from(logits, (logit, id) => ({ id, weight: Math.exp((logit - highest) / temperature) }));
  ranked.sort((a, b) => b.weight - a.weight);
  const all = ranked.reduce((sum, { weight }) => sum + weight, 0);
  let kept = 0;
  const nucleus = ranked.filter(({ weight }) => {
    const before = kept;
    kept += weight / all;
    return before < topP;
  });
  const mass = nucleus.reduce((sum, { weight }) => sum + weight, 0);
  let point = random() * mass;
  return nucleus.find(({ weight }) => (point -= weight) < 0)?.id ?? best;
}
