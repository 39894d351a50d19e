import { describe, expect, it } from 'vitest';
import { withoutField } from '../../../../src/pairs/query/withoutField';

describe('a query without a field', () => {
  it.each([
    ['changed:yes', ''],
    ['changed:edited|moved', ''],
    ['turns>3 changed:added "sorry"', 'turns > 3 "sorry"'],
    ['changed:yes (tag:a or tag:b)', '(tag:="a" or tag:="b")'],
  ])('%s becomes %s', (query, left) => {
    expect(withoutField(query, 'changed')).toBe(left);
  });

  it.each(['', 'Sorry  changed', 'changed:yes or tag:todo', 'not changed:yes', 'tag:changed'])('%s stays', (query) => {
    expect(withoutField(query, 'changed')).toBe(query);
  });
});
