import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openTokenizer, type TextTokenizer } from '../../../src/model/tokenizer';
import type { Pair } from '../../../src/pairs/pair';
import { trainerView, type TokenView } from '../../../src/reward/trainerView';
import { tokenizePair } from '../../../src/reward/tokenizePair';

let tokenizer: TextTokenizer;
beforeAll(async () => {
  tokenizer = await openTokenizer(join('media', 'sample', 'model'), 768);
});

const chat = (prompt: string, chosen: string, rejected: string): Pair => ({
  style: 'chat',
  prompt: [{ role: 'user', content: prompt }],
  chosen: [{ role: 'assistant', content: chosen }],
  rejected: [{ role: 'assistant', content: rejected }],
});
const pair = chat('Is 東京 🍋?', 'Yes, 東京.', 'Yes, no 🍋.');
const text = (tokens: readonly TokenView[]): string => tokens.map((token) => token.text).join('');
const ids = (tokens: readonly TokenView[]): number[] => tokens.map(({ id }) => id);

describe('the trainer view of a pair', () => {
  it('has the exact text of each part, with special tokens and characters of several tokens', () => {
    const { prompt, chosen, rejected, leftOut } = trainerView(pair, tokenizer, { maxLength: null });
    expect(text(prompt)).toBe('<|im_start|>user\nIs 東京 🍋?<|im_end|>\n<|im_start|>assistant\n');
    expect([text(chosen.kept), text(rejected.kept)]).toEqual(['Yes, 東京.<|im_end|>\n', 'Yes, no 🍋.<|im_end|>\n']);
    expect(leftOut).toBe(false);
    expect([
      chosen.lost,
      rejected.lost,
      chosen.losesEos,
      rejected.losesEos,
      chosen.mismatched,
      rejected.mismatched,
    ]).toEqual([[], [], false, false, false, false]);
  });

  it('shows the trained tokens for any max_length, and then the tokens that are cut off', () => {
    const whole = trainerView(pair, tokenizer, { maxLength: null });
    const longest = whole.prompt.length + Math.max(whole.chosen.kept.length, whole.rejected.kept.length);
    for (let maxLength = 1; maxLength <= longest + 1; maxLength++) {
      const view = trainerView(pair, tokenizer, { maxLength });
      const { pair: trained } = tokenizePair(pair, tokenizer, { maxLength });
      expect(view.leftOut).toBe(trained === null);
      expect(view.prompt).toEqual(whole.prompt);
      for (const side of ['chosen', 'rejected'] as const) {
        expect(ids(view[side].kept)).toEqual(trained?.[side] ?? []);
        expect([...view[side].kept, ...view[side].lost]).toEqual(whole[side].kept);
        expect(view[side].losesEos).toBe(view[side].lost.some((token) => token.text === '<|im_end|>'));
      }
    }
  });

  it('keeps the EOS of an answer that only loses tokens after it', () => {
    const { prompt, chosen } = trainerView(pair, tokenizer, { maxLength: null });
    const { chosen: cut } = trainerView(pair, tokenizer, { maxLength: prompt.length + chosen.kept.length - 1 });
    expect([text(cut.lost), cut.losesEos]).toEqual(['\n', false]);
  });

  it('shows the common prefix of both answers', () => {
    const { shared, chosen } = trainerView(pair, tokenizer, { maxLength: null });
    expect(text(chosen.kept.slice(0, shared))).toMatch(/^Yes, ?/);
    expect(trainerView(chat('Q', 'same', 'same'), tokenizer, { maxLength: null })).toMatchObject({
      shared: tokenizer.encode('same<|im_end|>\n', false).length,
    });
  });

  it('shows where an answer merges with the end of its prompt', () => {
    // The prompt alone is T h, and with the answer it is T he.
    const plain: Pair = {
      style: 'plain',
      prompt: [{ role: 'user', content: 'Th' }],
      chosen: [{ role: 'assistant', content: 'e' }],
      rejected: [{ role: 'assistant', content: '7' }],
    };
    const { prompt, chosen, rejected } = trainerView(plain, tokenizer, { maxLength: null });
    expect([chosen.mismatched, rejected.mismatched]).toEqual([true, false]);
    expect([prompt, chosen.kept, rejected.kept].map(text)).toEqual(['T', 'he<|im_end|>', 'h7<|im_end|>']);
  });
});
