import { describe, expect, it } from 'vitest';
import { at, must } from '../../../../src/base/pure/must';
import { seededRandom } from '../../../../src/base/pure/seededRandom';
import { biasOf, type FeatureBias } from '../../../../src/pairs/statistics/bias';
import { biasSentence } from '../../../../src/pairs/statistics/sentences';
import { measured } from './rows';

const seed = 3;

/** Pairs whose chosen answer is longer with a chance. */
function pairs(longer: number, count = 600): object[] {
  const next = seededRandom(seed);
  return Array.from({ length: count }, (_, i) => {
    const [long, short] = ['word '.repeat(20 + Math.floor(next() * 20)), 'word '.repeat(2 + Math.floor(next() * 15))];
    const [chosen, rejected] = next() < longer ? [long, short] : [short, long];
    return { prompt: `Question ${i}`, chosen, rejected };
  });
}

function groupOf(rows: readonly object[], group: FeatureBias['group']): FeatureBias {
  const bias = must(biasOf(measured(rows)), 'the bias');
  return must(
    bias.groups.find((one) => one.group === group),
    group,
  );
}

describe('the bias of labels', () => {
  it('is found if the longer answer is chosen in 8 of 10 pairs', () => {
    const found = groupOf(pairs(0.8), 'length');
    expect(found.accuracy.low).toBeLessThan(0.8);
    expect(found.accuracy.high).toBeGreaterThan(0.8);
    expect(at(found.weights, 0).low).toBeGreaterThan(0);
    expect(biasSentence(found, 600)).toMatch(
      /^Length alone predicts the label in \d\d % .*: the longer answer is chosen\.$/,
    );
  });

  it('is not found if the length says nothing', () => {
    const found = groupOf(pairs(0.5), 'length');
    expect(found.accuracy.low).toBeLessThanOrEqual(0.5);
    expect(biasSentence(found, 600)).toContain('no better than a coin');
  });

  it('names the pairs with the largest difference, and their rows', () => {
    const rows = pairs(0.8);
    const extreme = { prompt: 'x', chosen: 'y'.repeat(9000), rejected: 'y' };
    const found = groupOf([...rows, extreme], 'length');
    const [first] = found.confident;
    expect(first?.row).toBe(rows.length);
    expect(first?.chance).toBeGreaterThan(0.9);
  });

  it('of a first word is found where only the first word differs', () => {
    const rows = Array.from({ length: 100 }, (_, i) => {
      const answer = `it is number ${i}`;
      return {
        prompt: `Q ${i}`,
        chosen: `Sure ${answer}`,
        rejected: i % 10 === 0 ? `Sure ${answer}` : `Nope ${answer}`,
      };
    });
    const found = groupOf(rows, 'firstWords');
    expect(found.differing?.pairs).toBe(90);
    expect(found.differing?.accuracy.share).toBe(1);
    expect(found.accuracy.share).toBeCloseTo(0.95);
  });

  it('of the position is found where the row has an order', () => {
    const rows = Array.from({ length: 100 }, (_, i) => ({
      context: `Question ${i}`,
      response1: 'one answer',
      response2: 'two answer',
      overall_preference: i % 10 === 0 ? 1 : -1,
    }));
    const shp = rows.map(({ context, response1, response2, overall_preference: preference }) => ({
      history: context,
      human_ref_A: response1,
      human_ref_B: response2,
      labels: preference < 0 ? 1 : 0,
      score_A: 1,
      score_B: 2,
    }));
    const found = groupOf(shp, 'position');
    expect(found.accuracy.share).toBeCloseTo(0.9);
    expect(biasSentence(found, 100)).toContain('the first answer is chosen');
  });

  it('is not fitted to few pairs', () => {
    expect(biasOf(measured(pairs(0.8, 49)))).toBeNull();
    const repeated = pairs(0.8, 49);
    expect(biasOf(measured([...repeated, ...repeated]))).toBeNull();
  });

  it('is fitted to rows without a prompt', () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({
      prompt: '',
      chosen: `a longer answer ${i}`,
      rejected: `no ${i}`,
    }));
    expect(groupOf(rows, 'length').accuracy.share).toBe(1);
  });

  it('is the same each time', () => {
    const rows = measured(pairs(0.7));
    expect(biasOf(rows)).toEqual(biasOf(rows));
  });
});
