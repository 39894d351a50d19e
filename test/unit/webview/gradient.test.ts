import { describe, expect, it } from 'vitest';
import type { GradientPage } from '../../../src/protocol/gradient';
import { gradientSentences, placeOf, sliderSteps, valueAt } from '../../../webview/runPanel/gradient/sentences';

const page: GradientPage = {
  run: { losses: ['sigmoid'], beta: 0.1, rate: 0.001 },
  objectives: ['sigmoid', 'hinge'],
  leftOut: [],
  pairs: 602,
  spread: { mean: 0.25, shares: [0.05, 0.2, 0.6], half: 90 },
  own: { mean: 0.25, shares: [0.05, 0.2, 0.6], half: 90 },
  histogram: { edges: [0, 1], counts: [602], own: [602] },
  rows: [],
  halfMargins: null,
};
const own = { objective: null, beta: 0.1, rate: 0.001 };

describe('the sentences about a choice', () => {
  it('say where half of the gradient comes from, and what the pull is', () => {
    expect(gradientSentences(page, own)).toEqual([
      'Half of the gradient comes from 90 of 602 pairs (15 %).',
      'The mean weight is 0.250, and beta · weight · learning rate 2.5e-5 a nat.',
    ]);
  });

  it('compare another choice with that of the run', () => {
    const other = { ...page, spread: { mean: 0.1, shares: [0.1, 0.4, 0.9], half: 30 } };
    expect(gradientSentences(other, { ...own, beta: 0.5 })).toEqual([
      'Half of the gradient comes from 30 of 602 pairs (5 %).',
      'In the run it comes from 90 (15 %).',
      "The mean weight is 0.100, and beta · weight · learning rate 5.0e-5 a nat, 2.0 times the run's.",
    ]);
  });

  it('say why there are no weights, that no pair has any, and what is not counted', () => {
    expect(gradientSentences({ ...page, spread: 'aot: it sorts' }, own)[0]).toContain('no weights for aot: it sorts.');
    const zero = { ...page, spread: { mean: 0, shares: [0, 0, 0], half: 0 }, leftOut: ['use_weighting'] };
    expect(gradientSentences(zero, own)).toEqual([
      'No pair has a gradient under this choice: all are learnt as far as it asks.',
      'Not counted: use_weighting.',
    ]);
  });
});

describe('the slider of a number', () => {
  it('has the value of the run in its middle, and a hundredth and a hundred times that at its ends', () => {
    expect([0, sliderSteps / 2, sliderSteps].map((place) => valueAt(0.3, place))).toEqual([0.003, 0.3, 30]);
  });

  it('finds the place of each of its values', () => {
    for (let place = 0; place <= sliderSteps; place++) expect(placeOf(5e-7, valueAt(5e-7, place))).toBe(place);
  });
});
