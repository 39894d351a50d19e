import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { packPairs } from '../../../src/engine/packPairs';
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
  it('agree for every token of every pair, the prompt shared or not', async () => {
    const { pairs } = JSON.parse(readFileSync(golden, 'utf8')) as { pairs: GoldenPair[] };
    const tokenized = pairs.map(({ chosen_ids, rejected_ids, chosen_prompt_len, rejected_prompt_len }) => ({
      // The golden rejected prompt may end elsewhere; where the two differ, each side is a pair of its own.
      same: chosen_prompt_len === rejected_prompt_len && chosen_ids.slice(0, chosen_prompt_len).join() === rejected_ids.slice(0, rejected_prompt_len).join(),
      pair: { prompt: chosen_ids.slice(0, chosen_prompt_len), chosen: chosen_ids.slice(chosen_prompt_len), rejected: rejected_ids.slice(rejected_prompt_len) },
    }));
    const shared = tokenized.flatMap(({ same, pair }, i) => (same ? [{ pair, golden: pairs[i] }] : []));
    expect(shared.length).toBeGreaterThan(4);
    const session = await openScoreSession({ checkpoint: await openCheckpoint(model), adapter: null });
    const { sequenceLogps, tokenLogps } = await session.score(packPairs(shared.map(({ pair }) => pair)));
    await session.release();
    let at = 0;
    shared.forEach(({ pair, golden: expected }, i) => {
      expect(Math.abs((sequenceLogps[i] ?? 0) - (expected?.chosen_logp_completion ?? 0))).toBeLessThan(5e-4);
      expect(Math.abs((sequenceLogps[shared.length + i] ?? 0) - (expected?.rejected_logp_completion ?? 0))).toBeLessThan(5e-4);
      for (const logps of [expected?.chosen_token_logps ?? [], expected?.rejected_token_logps ?? []]) {
        for (const logp of logps.slice(pair.prompt.length - 1)) expect(Math.abs((tokenLogps[at++] ?? 0) - logp)).toBeLessThan(5e-5);
      }
    });
    expect(at).toBe(tokenLogps.length);
  });
});
