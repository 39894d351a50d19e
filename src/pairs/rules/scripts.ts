import type { CheckedRow } from '../checkedRow';
import { type Problem, problem } from '../problem';

const latin = 'Latin';
/** Scripts whose letters are certain, with the name in messages. Chinese and Japanese share theirs. */
const scripts: readonly (readonly [name: string, letters: RegExp])[] = [
  [latin, /\p{Script=Latin}/gu],
  ['Chinese or Japanese', /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ['Cyrillic', /\p{Script=Cyrillic}/gu],
  ['Arabic', /\p{Script=Arabic}/gu],
  ['Hangul', /\p{Script=Hangul}/gu],
  ['Greek', /\p{Script=Greek}/gu],
  ['Hebrew', /\p{Script=Hebrew}/gu],
  ['Devanagari', /\p{Script=Devanagari}/gu],
  ['Thai', /\p{Script=Thai}/gu],
];
/** A letter that is not Latin: from Greek on, without punctuation and signs. */
const notLatin = /[\u0370-\u1dff\u2e80-\ud7ff\uf900-\ufaff\uff66-\uffdc]/;
const letter = /\p{L}/gu;
/** Fewer letters do not tell the language. A Chinese letter is about a word. */
const fewest = { prompt: 10, answer: 20 };
const share = 0.9;
/** Characters of a text that are looked at. */
export const looked = 2000;
/** Words of prompts that ask for a language, a translation or code. */
const asksForOther =
  /translat|languag|english|chinese|mandarin|japanese|korean|russian|arabic|hindi|greek|hebrew|thai|code|python|sql|翻译|翻譯|英文|英语|英語|中文|译|語|语言|代码|程序|编程|函数|перев|англи|язык|код|ترجم|영어|번역/i;
/** Code is written in Latin letters. */
const code = /```|[{};]\s*\n|<\/\w+>/;

/** Hints for answers whose letters are of another script than those of the question. */
export function otherScript(row: CheckedRow): Problem[] {
  const question = row.prompt.findLast(({ role }) => role === 'user')?.content.slice(0, looked);
  if (question === undefined || !mayDiffer(row, question) || asksForOther.test(question)) return [];
  const asked = scriptOf(question, fewest.prompt);
  // A question about words of another script may be answered in it.
  if (asked === null || (asked === latin && notLatin.test(question))) return [];
  return row.answers.flatMap(({ field, name, turns }) => {
    const text = turns
      .map(({ content }) => content)
      .join('\n')
      .slice(0, looked);
    const answered = code.test(text) ? null : scriptOf(text, fewest.answer);
    if (answered === null || answered === asked) return [];
    const message = `${name} is written in ${answered} letters, the prompt in ${asked}.`;
    return [problem('info', 'other-script', field, message)];
  });
}

/** Whether a UTF-16 unit is a letter that is not Latin. */
export function isOtherLetter(unit: number): boolean {
  return notLatin.test(String.fromCharCode(unit));
}

/** A quick first test: not all texts are Latin. */
function mayDiffer({ answers }: CheckedRow, question: string): boolean {
  const isOther = notLatin.test(question);
  return answers.some(({ turns }) => turns.some(({ content }) => notLatin.test(content.slice(0, looked)) !== isOther));
}

/** The script of nine of ten letters of a text; null if there is none, or if the text has too few letters. */
function scriptOf(text: string, least: number): string | null {
  const letters = text.match(letter)?.length;
  if (letters === undefined || letters < least) return null;
  const found = scripts.find(([, own]) => (text.match(own)?.length ?? 0) >= share * letters);
  return found ? found[0] : null;
}
