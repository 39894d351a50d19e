import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/base/pure/seededRandom';
import { dynamicsGroups, dynamicsRules } from '../../../../src/pairs/dynamics/dynamicsGroup';
import { MarginDynamics } from '../../../../src/pairs/dynamics/marginDynamics';

const slices = { breathe: (): Promise<boolean> => Promise.resolve(false) };

/** The groups of pairs with these margins at each step. */
async function groupsOf(courses: readonly (readonly number[])[]): Promise<string[]> {
  const dynamics = new MarginDynamics(courses.length);
  const steps = Math.max(...courses.map((course) => course.length));
  for (let step = 0; step < steps; step++)
    await dynamics.add(
      Float64Array.from(courses, (course) => course[step] ?? Number.NaN),
      slices,
    );
  return [...(await dynamics.groups(slices))].map((code) => dynamicsGroups[code - 1] ?? 'none');
}

describe('training dynamics', () => {
  it('tell easy, hard, ambiguous, never learnt and forgotten pairs apart', async () => {
    const courses = {
      easy: [1, 2, 3, 4],
      hard: [0.2, 0.3, 0.3, 0.3],
      ambiguous: [-1, 2, -2, 1.5],
      'never-learnt': [-1, -0.5, 0, -0.2],
      forgotten: [1, 2, 1, -0.1],
    };
    const usual = [2, 2, 2, 2];
    const groups = await groupsOf([...Object.values(courses), usual, usual]);
    expect(groups).toEqual([...Object.keys(courses), 'easy', 'easy']);
  });

  it('put a pair whose margin grows evenly from 0 among the easy ones, at any number of steps', async () => {
    for (const steps of [2, 3, 10, 100]) {
      const course = Array.from({ length: steps }, (_, step) => step + 1);
      expect(await groupsOf([course, course])).toEqual(['easy', 'easy']);
    }
  });

  it('put every scored pair into exactly one group, and no other pair', async () => {
    const seed = Date.now() % 1e9;
    const random = seededRandom(seed);
    const courses = Array.from({ length: 500 }, () =>
      Array.from({ length: 6 }, () => (random() < 0.3 ? Number.NaN : random() * 4 - 2)),
    );
    const groups = await groupsOf(courses);
    for (const [i, course] of courses.entries()) {
      const isScored = course.some((margin) => !Number.isNaN(margin));
      expect(groups[i] === 'none', `seed ${seed}`).toBe(!isScored);
    }
    expect(new Set(groups).size, `seed ${seed}`).toBeGreaterThan(3);
  });

  it('depend on the shape of the margins and not on their scale', async () => {
    const seed = Date.now() % 1e9;
    const random = seededRandom(seed);
    const courses = Array.from({ length: 200 }, () => Array.from({ length: 5 }, () => random() - 0.4));
    const small = courses.map((course) => course.map((margin) => margin / 1024));
    expect(await groupsOf(small), `seed ${seed}`).toEqual(await groupsOf(courses));
  });

  it('have a threshold and a reason for each group', () => {
    expect(dynamicsRules.map(({ group }) => group).toSorted()).toEqual(dynamicsGroups.toSorted());
    for (const { threshold, why } of dynamicsRules) expect(Math.min(threshold.length, why.length)).toBeGreaterThan(8);
  });
});
