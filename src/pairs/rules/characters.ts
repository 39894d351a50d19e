import type { CheckedRow } from '../checkedRow';
import { joined, type Problem, problem } from '../problem';
import { hasMojibake } from './mojibakeText';
import { firstOfParts, foundIn, type FoundInPart } from './parts';
import { otherScript } from './scripts';
import type { RuleFamily } from './rule';

/**
 * A quick first test: most English texts have only characters that none of the checks reports. Two patterns of one
 * range each are quicker than one of several.
 */
function isSpecial(text: string): boolean {
  return /[^\t-~]/.test(text) || (/[\x0b-\x1f]/.test(text) && control.test(text));
}
/**
 * The control characters of ASCII without tab and line ends, marks that are no part of a text, and those that turn the
 * direction of all letters after them (Unicode Standard Annex 9, explicit directional overrides).
 */
const control = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\u202d\u202e\ufeff\ufffe\uffff]/;

export const characterRules: RuleFamily = {
  title: 'Characters',
  checks: [characterProblems],
  rules: [
    {
      id: 'control-characters',
      severity: 'warning',
      foundBy: 'row',
      title: 'Control characters in a text',
      doc: 'The text has characters that nobody sees: NUL, escape sequences of a terminal, a byte order mark. They come from a faulty export, and the model learns to write them. After an override of direction (U+202D, U+202E), people see the letters in another order than the model reads them. Delete them.',
      link: 'https://www.unicode.org/charts/PDF/U0000.pdf',
    },
    {
      id: 'mojibake',
      severity: 'warning',
      foundBy: 'row',
      title: 'Text in a wrong encoding',
      doc: 'UTF-8 was read as Latin-1 or Windows-1252 when the text was made, so that "é" became "Ã©" and an apostrophe became "â€™"; or a part could not be read at all and is now "\ufffd". The model learns to write such text. Decode it again: ask for the quick fix, or read the source as UTF-8.',
      link: 'https://ftfy.readthedocs.io',
    },
    {
      id: 'other-script',
      severity: 'info',
      foundBy: 'row',
      title: 'The answer is in another script than the prompt',
      doc: 'Nine of ten letters of the prompt are of one script, and nine of ten letters of the answer are of another one, such as Chinese and Latin. The model learns to answer in the wrong language. Only scripts are compared: a French answer to an English prompt is not found. Prompts that speak of a language or of a translation, and answers with code, are left alone.',
    },
  ],
};

function characterProblems(row: CheckedRow): readonly Problem[] {
  const texts = foundIn(row, (text) => (isSpecial(text) ? text : null));
  if (texts.length === 0) return [];
  const controls = firstOfParts(texts, (text) => control.exec(text)?.[0] ?? null);
  const wrong = firstOfParts(texts, wrongEncoding);
  return joined(controls.map(controlProblem), wrong.map(mojibakeProblem), otherScript(row));
}

function controlProblem([field, character]: FoundInPart<string>): Problem {
  const code = `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  return problem('warning', 'control-characters', field, `${field} holds the control character ${code}: delete it.`);
}

/** How the encoding of a text went wrong; null if it did not. */
export function wrongEncoding(text: string): 'decoded' | 'lost' | null {
  if (hasMojibake(text)) return 'decoded';
  return text.includes('\ufffd') ? 'lost' : null;
}

function mojibakeProblem([field, found]: FoundInPart<'decoded' | 'lost'>): Problem {
  const what =
    found === 'lost'
      ? 'holds \ufffd where a character could not be read: write the text again'
      : 'holds text in a wrong encoding, such as "Ã©" for "é": decode it again';
  return problem('warning', 'mojibake', field, `${field} ${what}.`);
}
