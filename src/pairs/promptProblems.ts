import { type CheckedRow, isEmpty, startsWithPrompt } from './checkedRow';
import { repeatedTurn } from './formats/implicitConversational';
import { sharedTranscript } from './formats/transcript';
import { type Problem, problem } from './problem';

/** A prompt that is not there, not shared, or said again by the answers. */
export function promptProblems(row: CheckedRow): Problem[] {
  const { style, format, prompt, value } = row;
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
  if (style === 'transcript' && !sharedTranscript(value)) {
    return [
      noSharedPrompt('The transcripts differ before their last answer, so it is not one question with two answers.'),
    ];
  }
  return [...otherPrompt(row), ...repeatedPrompt(row)];
}

function noSharedPrompt(message: string): Problem {
  return problem('warning', 'no-shared-prompt', 'prompt', message);
}

/** A string `prompt` beside lists that hold the prompt themselves and say it otherwise. */
function otherPrompt({ format, value }: CheckedRow): Problem[] {
  const text = format === 'implicit-conversational' ? value['prompt'] : null;
  if (typeof text !== 'string' || text.trim() === '' || repeatedTurn(value) >= 0) return [];
  const message =
    '"prompt" says something else than the turns that both answers begin with; these are read, "prompt" is not.';
  return [problem('warning', 'prompt-differs', 'prompt', message)];
}

/** Shorter prompts are words that an answer may well begin with. */
const leastPrompt = 8;

/** Explicit prompts that the answers say again at their start. */
function repeatedPrompt({ format, prompt, answers }: CheckedRow): Problem[] {
  if (format.startsWith('implicit') || format === 'hh-transcript') return [];
  const text = (prompt.at(-1)?.content ?? '').trim();
  const list = answers.filter(({ turns }) => startsWithPrompt(turns, prompt));
  const plain = answers.filter(({ turns }) => text.length >= leastPrompt && begins(turns[0]?.content ?? '', text));
  const repeating = list.length > 0 ? list : plain;
  return repeating.map(({ field, name }) => {
    const message = `The ${name} begins with the prompt, so the prompt is trained on twice: write the answer alone.`;
    // One answer that repeats the question may be what the pair is about.
    return problem(
      repeating.length === answers.length || list.length > 0 ? 'warning' : 'info',
      'repeated-prompt',
      field,
      message,
    );
  });
}

function begins(answer: string, prompt: string): boolean {
  const text = answer.trimStart();
  return text.length > prompt.length && text.startsWith(prompt) && !/^[\p{L}\p{N}]/u.test(text.slice(prompt.length));
}
