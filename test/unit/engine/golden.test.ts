import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { packPairs, sequenceValues } from '../../../src/engine/packPairs';
import { openScoreSession } from '../../../src/engine/scoreSession';
import { openCheckpoint } from '../../../src/model/checkpoint';

const golden = '../shared/golden/stories260K-logprobs.json';
const model = '../shared/models/stories260K-hf';

interface GoldenPair {
  prompt_ids: number[];
  chosen_ids: number[];
  rejected_ids: number[];
  chosen_token_logps: number[];
  rejected_token_logps: number[];
  chosen_prompt_len: number;
  rejected_prompt_len: number;
  chosen_logp_completion: number;
  rejected_logp_completion: number;
}

describe.skipIf(!existsSync(golden))('scores of stories260K against an independent float64 implementation', () => {
  it('agree for each token of each pair with a common prompt', async () => {
    const { pairs } = JSON.parse(readFileSync(golden, 'utf8')) as { pairs: GoldenPair[] };
    const tokenized = pairs.map(({ chosen_ids, rejected_ids, chosen_prompt_len, rejected_prompt_len }) => ({
      // In the golden file the prompt of rejected may end elsewhere. Such pairs are left out.
      same:
        chosen_prompt_len === rejected_prompt_len &&
        chosen_ids.slice(0, chosen_prompt_len).join() === rejected_ids.slice(0, rejected_prompt_len).join(),
      pair: {
        prompt: chosen_ids.slice(0, chosen_prompt_len),
        chosen: chosen_ids.slice(chosen_prompt_len),
        rejected: rejected_ids.slice(rejected_prompt_len),
      },
    }));
    const shared = tokenized.flatMap(({ same, pair }, i) => (same ? [{ pair, golden: pairs[i] }] : []));
    expect(shared.length).toBeGreaterThan(4);
    const session = await openScoreSession({ checkpoint: await openCheckpoint(model), adapter: null });
    const batch = packPairs(shared.map(({ pair }) => pair));
    const { sequenceLogps, tokenLogps } = await session.score(batch);
    await session.release();
    shared.forEach(({ pair, golden: expected }, i) => {
      const sides = [
        { sequence: i, sum: expected?.chosen_logp_completion, tokens: expected?.chosen_token_logps },
        {
          sequence: shared.length + i,
          sum: expected?.rejected_logp_completion,
          tokens: expected?.rejected_token_logps,
        },
      ];
      for (const { sequence, sum = Number.NaN, tokens = [] } of sides) {
        expect(Math.abs((sequenceLogps[sequence] ?? 0) - sum)).toBeLessThan(5e-4);
        const ours = sequenceValues(batch, tokenLogps, sequence);
        const theirs = tokens.slice(pair.prompt.length - 1);
        expect(ours.length).toBe(theirs.length);
        ours.forEach((logp, t) => expect(Math.abs(logp - (theirs[t] ?? Number.NaN))).toBeLessThan(5e-5));
      }
    });
  });
});
