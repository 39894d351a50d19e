import type { Message } from '../pair';
import type { PairOrJudged } from '../readPair';
import type { TextSide } from '../turnEdits';

/** A text of a row. */
export interface RowText {
  readonly side: TextSide;
  /** From 0. */
  readonly turn: number;
  readonly role: string;
  readonly text: string;
  /** Whether the row holds chats; else texts whose white space joins them. */
  readonly isChat: boolean;
}

/** The row with other texts. The row itself comes back if no text is different. */
export function withTexts(result: PairOrJudged, change: (text: RowText) => string): PairOrJudged {
  const changed = (side: TextSide, turns: readonly Message[], isChat: boolean): readonly Message[] => {
    const next = turns.map((turn, i) => {
      const text = change({ side, turn: i, role: turn.role, text: turn.content, isChat });
      return text === turn.content ? turn : { ...turn, content: text };
    });
    return next.every((turn, i) => turn === turns[i]) ? turns : next;
  };
  if (result.kind === 'pair') {
    const { pair } = result;
    const of = (side: 'prompt' | 'chosen' | 'rejected'): readonly Message[] =>
      changed(side, pair[side], pair.style !== 'plain');
    const [prompt, chosen, rejected] = [of('prompt'), of('chosen'), of('rejected')];
    const isSame = prompt === pair.prompt && chosen === pair.chosen && rejected === pair.rejected;
    return isSame ? result : { ...result, pair: { ...pair, prompt, chosen, rejected } };
  }
  const { answer } = result;
  const isChat = answer.style !== 'plain';
  const prompt = changed('prompt', answer.prompt, isChat);
  const completion = changed('completion', answer.completion, isChat);
  const isSame = prompt === answer.prompt && completion === answer.completion;
  return isSame ? result : { ...result, answer: { ...answer, prompt, completion } };
}
