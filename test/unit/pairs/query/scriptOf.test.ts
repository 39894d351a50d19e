import { expect, it } from 'vitest';
import { scriptOf } from '../../../../src/pairs/query/scriptOf';

it.each([
  ['The sky is blue.', 'latin'],
  ['Der Himmel über Köln', 'latin'],
  ['Небо голубое', 'cyrillic'],
  ['ουρανός', 'greek'],
  ['السماء زرقاء', 'arabic'],
  ['天空是蓝色的', 'han'],
  ['空は青いです', 'kana'],
  ['하늘은 파랗다', 'hangul'],
  ['आसमान नीला है', 'devanagari'],
  ['გამარჯობა', 'other'],
  ['The sky — небо голубое', 'mixed'],
  ['42 + 1 = 43', 'none'],
])('the script of %j is %s', (text, script) => {
  expect(scriptOf(text)).toBe(script);
});
