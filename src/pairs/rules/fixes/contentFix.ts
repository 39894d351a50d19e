import { withCopies } from '../../copies';
import type { Message, PairStyle } from '../../pair';
import type { Reading } from '../../reading';
import { type PairOrJudged, readPair } from '../../readPair';
import { writeLine } from '../../writeLine';

/** A text of a row, and where it is. */
export interface Content {
  readonly text: string;
  readonly style: PairStyle;
  readonly side: 'prompt' | 'answer';
  /** The text of the last turn of the prompt; empty if there is none. */
  readonly question: string;
}

/**
 * A fix that changes texts. Copies of them in other columns change too, and all else in the line stays as it is. A list
 * of answers is not changed, because its format cannot write it.
 */
export function contentFix(change: (content: Content) => string): (line: string, reading: Reading) => string {
  return (line, reading) => {
    const result = readPair(line, reading);
    if (result.kind !== 'pair' && result.kind !== 'judged') return line;
    const { prompt, style } = result.kind === 'pair' ? result.pair : result.answer;
    const question = prompt.at(-1)?.content ?? '';
    const changed = (turns: readonly Message[], side: Content['side']): readonly Message[] =>
      turns.map((turn) => {
        const text = change({ text: turn.content, style, side, question });
        return text === turn.content ? turn : { ...turn, content: text };
      });
    return writeLine(line, withCopies(result.value, written(result, changed), reading));
  };
}

type Change = (turns: readonly Message[], side: Content['side']) => readonly Message[];

function written(result: PairOrJudged, changed: Change): PairOrJudged['value'] {
  if (result.kind === 'judged') {
    const { answer, format, value } = result;
    const completion = changed(answer.completion, 'answer');
    return format.write(value, { ...answer, prompt: changed(answer.prompt, 'prompt'), completion });
  }
  const { pair, format, value } = result;
  const [chosen, rejected] = [changed(pair.chosen, 'answer'), changed(pair.rejected, 'answer')];
  return format.write(value, { ...pair, prompt: changed(pair.prompt, 'prompt'), chosen, rejected });
}
