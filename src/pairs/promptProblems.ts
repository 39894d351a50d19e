import { must } from '../base/pure/must';
import { type CheckedRow, isEmpty, startsWithPrompt } from './checkedRow';
import { repeatedTurn } from './formats/implicitConversational';
import { sharedTranscript } from './formats/transcript';
import type { Message } from './pair';
import { type Problem, problem } from './problem';

/** Warnings for a prompt that is empty, not shared by both answers, or repeated by the answers. */
export function promptProblems(row: CheckedRow): Problem[] {
  const { format, prompt, value } = row;
  if (isEmpty(prompt)) {
    return format.startsWith('implicit') || format === 'hh-transcript'
      ? [noSharedPrompt('chosen and rejected share no prompt at their start: make both begin with the same question.')]
      : [
          problem(
            'warning',
            'empty-prompt',
            'prompt',
            'The prompt is empty: the answers are trained without a question.',
          ),
        ];
  }
  if (format === 'hh-transcript' && !sharedTranscript(value)) {
    return [
      noSharedPrompt('The transcripts differ before their last answer, so it is not one question with two answers.'),
    ];
  }
  return [...otherPrompt(row), ...repeatedPrompt(row)];
}

function noSharedPrompt(message: string): Problem {
  return problem('warning', 'no-shared-prompt', 'prompt', message);
}

/** A text `prompt` that differs from the prompt at the start of both lists of messages. */
function otherPrompt({ format, value }: CheckedRow): Problem[] {
  const text = format === 'implicit-conversational' ? value['prompt'] : null;
  if (typeof text !== 'string' || text.trim() === '' || repeatedTurn(value) >= 0) return [];
  const message = '"prompt" differs from the turns that both answers begin with; these are read, "prompt" is not.';
  return [problem('warning', 'prompt-differs', 'prompt', message)];
}

/** An answer may begin with the words of a shorter prompt by accident. */
const leastPrompt = 8;

/** Answers that begin with the prompt, although the row has a `prompt` of its own. */
function repeatedPrompt({ format, prompt, answers }: CheckedRow): Problem[] {
  if (format.startsWith('implicit') || format === 'hh-transcript') return [];
  // The caller has ruled out a prompt without turns.
  const text = must(prompt.at(-1), 'the last turn of the prompt').content.trim();
  const list = answers.filter(({ turns }) => startsWithPrompt(turns, prompt));
  const plain = answers.filter(({ turns }) => text.length >= leastPrompt && beginsWith(turns[0], text));
  const repeating = list.length > 0 ? list : plain;
  return repeating.map(({ field, name }) => {
    const message = `${name} begins with the prompt, so the prompt is trained on twice: write the answer alone.`;
    // If only one answer repeats the question, that may be the point of the pair.
    return problem(
      repeating.length === answers.length || list.length > 0 ? 'warning' : 'info',
      'repeated-prompt',
      field,
      message,
    );
  });
}

function beginsWith(turn: Message | undefined, prompt: string): boolean {
  if (!turn) return false;
  const text = turn.content.trimStart();
  return text.length > prompt.length && text.startsWith(prompt) && !/^[\p{L}\p{N}]/u.test(text.slice(prompt.length));
}
