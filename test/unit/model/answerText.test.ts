import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { AnswerText } from '../../../src/model/answerText';
import { openTokenizer } from '../../../src/model/tokenizer';

/** One token for each byte, so every character outside ASCII takes several tokens. */
const bytes = { decode: (ids: readonly number[]): string => new TextDecoder().decode(Uint8Array.from(ids)) };
const idsOf = (text: string): number[] => [...new TextEncoder().encode(text)];

function told(
  ids: readonly number[],
  stops: readonly string[],
  tokenizer: ConstructorParameters<typeof AnswerText>[0] = bytes,
) {
  const answer = new AnswerText(tokenizer, stops);
  const pieces: string[] = [];
  for (const id of ids) {
    if (answer.stoppedBy !== null) break;
    pieces.push(answer.push(id));
  }
  pieces.push(answer.end());
  return { pieces, shown: pieces.join(''), text: answer.text, tokens: answer.tokens, stop: answer.stoppedBy };
}

describe('the text of an answer', () => {
  it('is shown token by token', () => {
    expect(told(idsOf('abc'), []).pieces).toEqual(['a', 'b', 'c', '']);
  });

  it('shows a character when it is complete', () => {
    expect(told(idsOf('a🍋é'), []).pieces).toEqual(['a', '', '', '', '🍋', '', 'é', '']);
  });

  it('shows an incomplete character at its end', () => {
    expect(told([97, 0xf0, 0x9f], [])).toMatchObject({ pieces: ['a', '', '', '\ufffd'], text: 'a\ufffd' });
  });

  it.each([
    ['in the middle', 'one. Two', ['. '], 'one', '. '],
    ['at the beginning', 'stop', ['st'], '', 'st'],
    ['the first of several', 'a b c', ['c', 'b'], 'a ', 'b'],
    ['one that begins within another', 'abcd', ['cd', 'bcx', 'bc'], 'a', 'bc'],
    ['after its own beginning', 'aaab', ['aab'], 'a', 'aab'],
    ['a line break', 'x\n\ny', ['\n\n'], 'x', '\n\n'],
    ['characters of several bytes', 'pomme 🍋🍋 poire', ['🍋🍋'], 'pomme ', '🍋🍋'],
  ])('ends before a stop string: %s', (_, text, stops, left, stop) => {
    const answer = told(idsOf(text), stops);
    expect(answer).toMatchObject({ shown: left, text: left, stop });
    expect(answer.tokens).toBeLessThanOrEqual(idsOf(text).length);
  });

  it('holds back what may become a stop string, and shows it when it does not', () => {
    expect(told(idsOf('a<end>b'), ['<end!>']).pieces).toEqual(['a', '', '', '', '', '<end>', 'b', '']);
  });

  it('shows the beginning of a stop string at its end', () => {
    expect(told(idsOf('a<en'), ['<end>'])).toMatchObject({ shown: 'a<en', text: 'a<en', stop: null });
  });

  it('finds a stop string inside one token', () => {
    const words = {
      decode: (ids: readonly number[]): string => ids.map((id) => ['Yes', '.\n\nUser', ': no'][id] ?? '').join(''),
    };
    expect(told([0, 1, 2], ['\n\n'], words)).toMatchObject({
      pieces: ['Yes', '.', ''],
      text: 'Yes.',
      tokens: 2,
      stop: '\n\n',
    });
  });

  it('is empty without tokens', async () => {
    expect(told([], ['x'], await openTokenizer('media/sample/model', 768))).toMatchObject({
      shown: '',
      text: '',
      tokens: 0,
    });
  });

  it('has the same text token by token as at once, for any text and any stop strings (seed 5)', async () => {
    const tokenizer = await openTokenizer('media/sample/model', 768);
    const random = seededRandom(5);
    const some = (letters: readonly string[], length: number): string =>
      Array.from({ length }, () => letters[Math.floor(random() * letters.length)]).join('');
    const letters = ['a', 'b', ' ', '\n', 'é', '🍋', '👩‍🌾', '東'];
    for (let i = 0; i < 300; i++) {
      const text = some(letters, 12);
      const stops = [some(letters, 2), some(letters, 3)];
      const ends = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
      const expected = text.slice(0, Math.min(text.length, ...ends));
      expect(told(tokenizer.encode(text, false), stops, tokenizer), JSON.stringify({ text, stops })).toMatchObject({
        shown: expected,
        text: expected,
      });
    }
  });
});
