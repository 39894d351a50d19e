import { looksTruncated } from '../../truncated';
import { turnOfUser } from '../leftovers';
import { decoded } from '../mojibakeText';
import { withoutSecrets } from '../secret';
import { type Content, contentFix } from './contentFix';
import type { Fix } from './fix';

/** A sequence that a terminal acts on: colours, the place of the cursor. */
const terminal = /\u001b\[[\d;?]*[A-Za-z]/g;
const lineBreaks = /[\v\f]/g;
const control = /[\0-\x08\x0e-\x1f\x7f\u202d\u202e\ufeff\ufffe\uffff]/g;

/** Fixes of texts. */
export const contentFixes: readonly Fix[] = [
  { rule: 'white-space', title: 'Trim it', isSafe: true, apply: contentFix(trimmed) },
  {
    rule: 'control-characters',
    title: 'Delete them',
    isSafe: true,
    apply: contentFix(({ text }) => text.replaceAll(terminal, '').replaceAll(lineBreaks, '\n').replaceAll(control, '')),
  },
  { rule: 'mojibake', title: 'Decode it', isSafe: false, apply: contentFix(({ text }) => decoded(text)) },
  {
    rule: 'secret',
    title: 'Replace it by a placeholder',
    isSafe: false,
    apply: contentFix(({ text }) => withoutSecrets(text)),
  },
  { rule: 'repeated-prompt', title: 'Remove the prompt', isSafe: false, apply: contentFix(withoutPrompt) },
  { rule: 'invented-turn', title: 'Remove it', isSafe: false, apply: contentFix(withoutNextTurn) },
  {
    rule: 'truncated-answer',
    title: 'Remove the unfinished sentence',
    isSafe: false,
    apply: contentFix(untilSentence),
  },
];

/** In a plain text, white space at the start of an answer belongs between prompt and answer. */
function trimmed({ text, style, side }: Content): string {
  if (side === 'prompt') return text;
  return style === 'plain' ? text.trimEnd() : text.trim();
}

function withoutPrompt({ text, side, question }: Content): string {
  const asked = question.trim();
  if (side === 'prompt' || asked === '') return text;
  const start = text.indexOf(asked);
  return start >= 0 && text.slice(0, start).trim() === '' ? text.slice(start + asked.length).trimStart() : text;
}

function withoutNextTurn({ text, side }: Content): string {
  const start = side === 'prompt' ? -1 : turnOfUser(text);
  return start < 0 ? text : text.slice(0, start).trimEnd();
}

/** An answer that stops inside a sentence ends with its last complete one. An open code block stays. */
function untilSentence({ text, side }: Content): string {
  if (side === 'prompt' || !looksTruncated(text, '.')) return text;
  const ends = [...text.matchAll(/[.!?。！？]["'”’)\]]*(?=\s)/g)];
  const last = ends.at(-1);
  return last === undefined ? text : text.slice(0, last.index + last[0].length);
}
