import type { AnswerList } from '../answerList';
import type { Hash } from '../hasher';
import { pairOfJudged } from '../judged';
import type { Message, Pair } from '../pair';
import type { AnsweredRow, PairResult } from '../readPair';
import { joinedHash, TextPrint } from './textPrint';

/** The part that a row must repeat to be a duplicate. `pair` is the prompt with all its answers. */
export const repeatedParts = ['pair', 'prompt', 'chosen', 'rejected'] as const;
export type RepeatedPart = (typeof repeatedParts)[number];

/** What is compared of a row. */
export interface RowPrint {
  /** The hash of the texts as they are. */
  readonly exact: Hash;
  /** The hash of their words, see {@link TextPrint}. */
  readonly words: Hash;
  /** The hash of the prompt with the better answer, null without one. Only for whole pairs. */
  readonly better: Hash | null;
  /** The hash of the prompt with the worse answer. */
  readonly worse: Hash | null;
  /** The hashes of the shingles, ascending. The next row overwrites them. */
  readonly set: Uint32Array;
}

const [promptField, chosenField, rejectedField, answersField] = [1, 2, 3, 4];

/** Makes the {@link RowPrint} of rows. */
export class RowPrinter {
  private readonly print = new TextPrint();

  constructor(private readonly part: RepeatedPart) {}

  /** @returns null if the row does not have the compared part, or only without text */
  of(result: PairResult): RowPrint | null {
    if (!('format' in result)) return null;
    this.print.begin();
    const keys = this.part === 'pair' ? this.whole(result) : this.side(result, this.part);
    const set = this.print.set();
    if (keys === null || set.length === 0) return null;
    return { exact: this.print.exactHash(), words: this.print.wordsHash(), ...keys, set };
  }

  private whole(result: AnsweredRow): Pick<RowPrint, 'better' | 'worse'> {
    if (result.kind === 'list') return this.list(result.list);
    const { prompt, chosen, rejected, tools } = pairOf(result);
    const asked = this.turns(promptField, prompt, tools);
    const [better, worse] = [this.turns(chosenField, chosen), this.turns(rejectedField, rejected)];
    // The hash does not contain the side, so an answer has the same hash on either side.
    const key = (answer: Hash | null): Hash | null => answer && joinedHash([asked ?? none, answer]);
    return { better: key(better), worse: key(worse) };
  }

  private list({ prompt, answers, tools }: AnswerList): Pick<RowPrint, 'better' | 'worse'> {
    this.turns(promptField, prompt, tools);
    const named = answers.map(({ turns, value }) => ({ turns, name: `${value} ${JSON.stringify(turns)}` }));
    // The order of the answers in the row does not count.
    for (const { turns } of named.sort((a, b) => (a.name < b.name ? -1 : 1))) this.turns(answersField, turns);
    return { better: null, worse: null };
  }

  private side(result: AnsweredRow, part: Exclude<RepeatedPart, 'pair'>): Pick<RowPrint, 'better' | 'worse'> | null {
    // Which answers of a list are the better ones depends on the pair rule.
    if (result.kind === 'list' && part !== 'prompt') return null;
    const { [part]: turns } =
      result.kind === 'list' ? { prompt: result.list.prompt, chosen: [], rejected: [] } : pairOf(result);
    this.turns(promptField, turns);
    return { better: null, worse: null };
  }

  /** @returns the hash of the words, which does not depend on the field */
  private turns(field: number, turns: readonly Message[], tools?: readonly unknown[]): Hash | null {
    const { print } = this;
    print.field(field);
    if (tools) print.text(JSON.stringify(tools));
    for (const [i, turn] of turns.entries()) {
      // A prompt of one question is the same in a chat and as a text.
      if (i > 0 || turns.length > 1) print.turn(turn.role);
      print.text(turn.content);
      if (Object.keys(turn).length > 2) print.text(moreOf(turn));
    }
    return print.endField();
  }
}

const none: Hash = { high: 0, low: 0 };

function pairOf(result: Exclude<AnsweredRow, { kind: 'list' }>): Pair {
  return result.kind === 'pair' ? result.pair : pairOfJudged(result.answer);
}

/** The other fields of a turn, such as its tool calls; '' if they hold nothing. */
function moreOf({ role: _role, content: _content, ...rest }: Message): string {
  const more = Object.entries(rest).filter(([, value]) => value !== null);
  return more.length === 0 ? '' : JSON.stringify(more.sort(([a], [b]) => (a < b ? -1 : 1)));
}
