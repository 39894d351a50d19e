import { expect, it } from 'vitest';
import { placeIn } from '../../../src/pairs/placeIn';

it.each([
  [1, 1, 1],
  [3, 1, 3],
  [4, 2, 1],
  [5, 3, 1],
  [6, 3, 2],
])('character %i of a text of three lines is in line %i, column %i', (character, line, column) => {
  expect(placeIn('ab\n\ncd', character)).toEqual({ line, column });
});
