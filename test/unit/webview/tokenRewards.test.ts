import { describe, expect, it } from 'vitest';
import { heatSteps } from '../../../src/pairs/tokenRewards/tokenRewards';
import type { ShownAnswer, ShownPair } from '../../../src/protocol/tokenRewards';
import { rewarded, sumColumns } from '../../../webview/tokenRewards/answerView';
import { heatClass, surpriseClass } from '../../../webview/tokenRewards/heat';
import { directionOf, shownText } from '../../../webview/tokenRewards/shownText';
import { named, percent, spoken } from '../../../webview/tokenRewards/strings';

const answer = (logps: readonly number[]): ShownAnswer => ({
  ids: Int32Array.from(logps, (_, i) => i),
  logps: Float32Array.from(logps),
  ref_logps: new Float32Array(logps.length).fill(-1),
  texts: logps.map((_, i) => `t${i}`),
  reward: 0,
  tokens: logps.length,
});

describe('an answer in the view of token rewards', () => {
  it('has a curve that starts at 0 and ends with the sum, and a shorter answer ends earlier', () => {
    const [chosen, rejected] = [answer([0, -2, -1]), answer([-3])];
    const pair: ShownPair = { line: 1, label: null, beta: 0.5, margin: 0, prompt: null, chosen, rejected };
    const { steps, series } = sumColumns({ chosen: rewarded(pair, 'chosen'), rejected: rewarded(pair, 'rejected') });
    expect([...steps]).toEqual([0, 1, 2, 3]);
    expect([...series.chosen]).toEqual([0, 0.5, 0, 0]);
    expect([...series.rejected]).toEqual([0, -1, Number.NaN, Number.NaN]);
  });

  it('colours by sign and size', () => {
    expect(heatClass(1, 1)).toBe(`up s${heatSteps}`);
    expect(heatClass(-1, 1)).toBe(`down s${heatSteps}`);
    expect(heatClass(0, 1)).toBe('');
    expect(heatClass(0, 0)).toBe('');
  });

  it('colours log-probs by how little the model expected the token', () => {
    expect(surpriseClass(-5, 5)).toBe(`odd s${heatSteps}`);
    expect(surpriseClass(-1e-6, 5)).toBe('');
    expect(surpriseClass(0, 0)).toBe('');
  });

  it('shows what cannot be seen otherwise', () => {
    expect(shownText('a\n\n')).toBe('a↵\n↵\n');
    expect(shownText('')).toBe('·');
    expect(shownText({ special: '<|im_end|>' })).toBe('<|im_end|>');
    expect([named('\n'), named(''), named(' the'), named({ special: '</s>' })]).toEqual([
      '"\\n"',
      'part of a character',
      'the',
      '</s>',
    ]);
  });

  it('runs from right to left if its first letter does', () => {
    expect(directionOf(['1. ', 'שלום', ' world'])).toBe('rtl');
    expect(directionOf([{ special: '<s>' }, ' the', 'سلام'])).toBe('ltr');
    expect(directionOf(['1', ''])).toBe('ltr');
  });

  it('is read with token, reward and both log-probs', () => {
    expect(spoken(' pulls', 4, 0.0123, -1.5, -1.623)).toBe(
      'pulls, token 5: reward +0.0123, log-prob −1.500, reference −1.623',
    );
    expect([percent(Math.log(0.5)), percent(Math.log(0.0345))]).toEqual(['50 %', '3.5 %']);
  });
});
