import { describe, expect, it } from 'vitest';
import type { TokenAnswer, TokenRow, TokenRun } from '../../../src/pairs/tokens/tokenRow';
import { spoken, tokenStrings } from '../../../webview/pairEditor/tokens/tokenStrings';

const run = (count: number): TokenRun => ({ count, start: [], end: [] });
const answer = (side: TokenAnswer['side'], kept: number, cut = 0): TokenAnswer => ({
  side,
  kept: run(kept),
  cut: run(cut),
  losesEos: cut > 0,
  mismatched: false,
});
const row: TokenRow = {
  pair: 0,
  pairs: 1,
  maxLength: 512,
  prompt: run(12),
  answers: [answer('chosen', 500, 40), answer('rejected', 1)],
  shared: 0,
  weight: 1,
  swapped: false,
  heldBy: null,
  dropped: null,
};

describe('the sentences about tokens', () => {
  it('count what is kept against max_length, and what is cut', () => {
    expect(row.answers.map((one) => tokenStrings.answerSays(one, row))).toEqual([
      '500 tokens; 512 of 512 tokens with the prompt; 40 cut from the end of chosen, with its end token',
      '1 token; 13 of 512 tokens with the prompt',
    ]);
  });

  it('say of a row that is left out how many tokens it has, none of which is cut', () => {
    const why = { reason: 'long-prompt', why: '' } as const;
    expect(tokenStrings.answerSays(answer('chosen', 0, 7), { ...row, dropped: why })).toBe('7 tokens, not trained');
  });

  it('say that a row is held out for evaluation', () => {
    expect(spoken({ ...row, heldBy: 0.1 })).toMatch(
      /^Held out for evaluation by test_split_size 0\.1: the run measures this row, and does not train on it\. Prompt/,
    );
  });

  it('tell a screen reader all of a row, first that it is left out', () => {
    expect(spoken({ ...row, dropped: { reason: 'tie', why: 'None of its answers is better.' }, answers: [] })).toBe(
      'The trainer leaves this row out. None of its answers is better. Prompt: 12 tokens.',
    );
    expect(spoken(row)).toMatch(/^Prompt: 12 tokens\. Chosen: 500 tokens; .* Rejected: 1 token; /);
  });
});
