import { expect, it } from 'vitest';
import { keyClass } from '../../../../webview/shared/chart/legend';

it('the key of a line in a legend is dashed and marked as the line is', () => {
  expect(keyClass({})).toBe('key');
  expect(keyClass({ dash: [] })).toBe('key');
  expect(keyClass({ dash: [5, 3], marked: true })).toBe('key dashed marked');
});
