import type { JsonObject } from '../json';
import { wordsOf } from '../sideColumns';
import { marksOf } from './twins';

/** What the verdict of a row says of two answers, and the value that says the opposite. */
export interface Verdict {
  readonly better: 0 | 1 | 'tie';
  readonly opposite: unknown;
}

type Names = readonly [string, string];

const ties = new Set(['tie', 'tied', 'tie bothbad', 'both bad', 'bothbad', 'both good', 'both', 'neither', 'equal']);
for (const word of ['draw', 'same', 'none', 'a b', 'c']) ties.add(word);

/**
 * Reads a verdict: the name of an answer (`response_a`), its letter or number (`A`, `2`), the model that wrote it
 * (`model_a`, or the name in the row's `model_a`), `A>B`, or a tie. Null if it says nothing certain: 0 and 1 may mean
 * either answer of `response_a` and `response_b`.
 */
export function verdictIn(value: JsonObject, key: string, names: Names): Verdict | null {
  const said = value[key];
  if (typeof said === 'number') return byNumber(said, key, names);
  if (typeof said !== 'string') return null;
  const words = wordsOf(said).join(' ');
  const spellings = spellingsOf(value, names);
  const index = spellings.findIndex(([one, other]) => said === one || said === other);
  const found = spellings[index];
  if (found) return { better: said === found[0] ? 0 : 1, opposite: said === found[0] ? found[1] : found[0] };
  const order = /^\[*([ab12])\]*\s*(>+|<+)\s*\[*([ab12])\]*$/i.exec(said.trim());
  if (order) return byOrder(said, order, names);
  return isTie(said, words) ? { better: 'tie', opposite: said } : null;
}

function isTie(said: string, words: string): boolean {
  return (
    ties.has(words) && !(words === 'a b' && !/^\s*A\s*=\s*B\s*$/i.test(said)) && (words !== 'c' || said.trim() === 'C')
  );
}

/** The texts that name the first answer and the second one, in the same spelling. */
function spellingsOf(value: JsonObject, names: Names): Names[] {
  const [one, other] = marksOf(names);
  const upper = (word: string): string => word.toUpperCase();
  const forms: Names[] = [
    names,
    [one, other],
    [upper(one), upper(other)],
    [`[[${upper(one)}]]`, `[[${upper(other)}]]`],
  ];
  for (const word of ['model', 'response', 'answer', 'assistant', 'output', 'completion', 'candidate'])
    for (const gap of ['_', ' ', '-', ''])
      for (const case_ of [(text: string) => text, upper])
        forms.push(
          [word + gap + case_(one), word + gap + case_(other)],
          [title(word) + gap + case_(one), title(word) + gap + case_(other)],
        );
  forms.push(['model_a', 'model_b']);
  const models = [one, other].map((mark) => value[`model_${mark}`] ?? value[`model_${upper(mark)}`]);
  const [first, second] = models;
  if (typeof first === 'string' && typeof second === 'string' && first !== second) forms.push([first, second]);
  return forms;
}

function title(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/**
 * A number counts if it is the number of an answer. `label` may count in another way than the names do, so only the
 * names of LLMBar and OffsetBias are trusted with it; `preference` may be a scale.
 */
function byNumber(said: number, key: string, names: Names): Verdict | null {
  if (key === 'preference' || (key === 'label' && names[0] !== 'output_1')) return null;
  const marks = marksOf(names).map(Number);
  const index = marks.indexOf(said);
  return index === 0 || index === 1 ? { better: index, opposite: marks[1 - index] } : null;
}

function byOrder(said: string, [, left = '', sign = '', right = '']: RegExpExecArray, names: Names): Verdict | null {
  const marks = marksOf(names);
  const winner = (sign.startsWith('>') ? left : right).toLowerCase();
  const index = marks.indexOf(winner);
  if (left.toLowerCase() === right.toLowerCase() || (index !== 0 && index !== 1)) return null;
  const turned = said.replace(left, '\u0000').replace(right, left).replace('\u0000', right);
  return { better: index, opposite: turned };
}
