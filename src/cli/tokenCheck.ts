import type { ChatTemplate } from '../model/chatTemplate';
import type { TextTokenizer } from '../model/tokenizer';
import { sameJson } from '../pairs/json';
import type { JudgedAnswer } from '../pairs/judged';
import type { Message, Pair } from '../pairs/pair';
import { pairsIn } from '../pairs/pairsIn';
import type { PairResult } from '../pairs/readPair';
import { LineTally } from '../reward/lineTally';
import { rowProblem } from '../reward/rowError';
import { sameIds } from '../reward/sameTokens';
import { textArguments } from '../reward/toolArguments';
import { answerSides, tokenizeJudged, tokenizePair } from '../reward/tokenizePair';
import type { Finding } from './findings';
import { TokenCounts } from './tokenCounts';
import type { TokenReport } from './tokenCounts';

export type TokenFinding = Pick<Finding, 'code' | 'severity' | 'field' | 'message' | 'column'>;

/** What a trainer reads from a row: a pair or a judged answer. */
export type UsableRow =
  { readonly kind: 'pair'; readonly pair: Pair } | { readonly kind: 'judged'; readonly answer: JudgedAnswer };

/** What a trainer reads from a row. A list gives several pairs; a row that cannot be read gives nothing. */
export function usableRows(result: PairResult): readonly UsableRow[] {
  return result.kind === 'judged' ? [result] : pairsIn(result).map((pair) => ({ kind: 'pair', pair }));
}

/** The tokens of a row as the trainer gets them. */
interface RowTokens {
  readonly prompt: readonly number[];
  readonly leftOut: boolean;
  readonly answers: readonly AnswerTokens[];
}

interface AnswerTokens {
  readonly field: string;
  /** None if the row is left out. */
  readonly kept: readonly number[];
  readonly lost: readonly number[];
  readonly mismatched: boolean;
}

/** Checks rows as the trainer of a model gets them, and counts their lengths and problems. */
export class TokenCheck {
  private readonly counts = new TokenCounts();
  private readonly tallies = {
    leftOut: new LineTally(),
    truncated: new LineTally(),
    mismatched: new LineTally(),
    sameTokens: new LineTally(),
    refused: new LineTally(),
  };

  constructor(
    private readonly tokenizer: TextTokenizer,
    private readonly maxLength: number,
  ) {}

  /**
   * The problems of a row. Rows must come in the order of their lines. An error of the model over this row is a problem
   * of the row.
   *
   * @throws MarginError `no-chat-template` | `no-eos-token`, which concern the whole model
   */
  findings(line: number, row: UsableRow): TokenFinding[] {
    try {
      const tokens = this.tokensOf(row);
      return [...this.lengths(line, tokens), ...this.difference(line, row, tokens), ...this.twiceEncoded(row)];
    } catch (error) {
      const { code, field, message } = rowProblem(error);
      this.tallies.refused.add(line);
      return [finding(code, 'error', field, message)];
    }
  }

  /** The report over all rows so far. */
  get report(): TokenReport {
    const { leftOut, truncated, mismatched, sameTokens, refused } = this.tallies;
    const lines = { left_out: leftOut, truncated, mismatched, same_tokens: sameTokens, refused };
    return { ...this.counts.report(), max_length: this.maxLength, ...lines };
  }

  private tokensOf(row: UsableRow): RowTokens {
    const { tokenizer, maxLength } = this;
    if (row.kind === 'judged') {
      const { prompt, kept, lost, mismatched } = tokenizeJudged(row.answer, tokenizer, { maxLength });
      const answer = { field: 'completion', kept: kept === null ? [] : kept, lost, mismatched };
      return { prompt, leftOut: kept === null, answers: [answer] };
    }
    const { pair, prompt, lost, mismatched } = tokenizePair(row.pair, tokenizer, { maxLength });
    const answers = answerSides.map((field) => {
      return { field, kept: pair === null ? [] : pair[field], lost: lost[field], mismatched: mismatched[field] };
    });
    return { prompt, leftOut: pair === null, answers };
  }

  private lengths(line: number, { prompt, leftOut, answers }: RowTokens): TokenFinding[] {
    const lengthOf = ({ kept, lost }: AnswerTokens): number => prompt.length + kept.length + lost.length;
    this.counts.add(answers.length === 1 ? 'judged' : 'pairs', Math.max(...answers.map(lengthOf)));
    const cut = leftOut ? [] : answers.filter(({ lost }) => lost.length > 0);
    const moved = answers.filter(({ mismatched }) => mismatched);
    this.tallies.truncated.add(line, cut.length);
    this.tallies.mismatched.add(line, moved.length);
    if (leftOut) this.tallies.leftOut.add(line);
    const fix = 'shorten it, or raise max_length';
    const filled = `The prompt has ${prompt.length} tokens and fills max_length, so the row is left out: ${fix}.`;
    return [
      ...(leftOut ? [finding('left-out', 'warning', null, filled)] : []),
      ...cut.map((answer) => {
        const ends = `The ${nameOf(answer)} ends at token ${lengthOf(answer)}, after max_length`;
        return finding('loses-end', 'warning', answer.field, `${ends}, so training does not see its end: ${fix}.`);
      }),
      ...moved.map((answer) => {
        const end = `The last tokens of the prompt change if the ${nameOf(answer)} follows`;
        return finding(
          'boundary',
          'info',
          answer.field,
          `${end}; training counts the changed tokens as part of the answer.`,
        );
      }),
    ];
  }

  /** Two answers with the same tokens teach nothing, even if their texts differ. */
  private difference(
    line: number,
    row: UsableRow,
    { leftOut, answers: [chosen, rejected] }: RowTokens,
  ): TokenFinding[] {
    if (leftOut || row.kind !== 'pair' || !chosen || !rejected || !sameIds(chosen.kept, rejected.kept)) return [];
    this.tallies.sameTokens.add(line);
    // The check without a model reports equal texts.
    if (sameJson(row.pair.chosen, row.pair.rejected)) return [];
    const isCut = !sameIds(chosen.lost, rejected.lost);
    const cutOff = 'max_length cuts off their difference: shorten the row, or raise max_length';
    const why = isCut ? cutOff : droppedBy(this.tokenizer.chat, row.pair.chosen, row.pair.rejected);
    const message = `Both answers become the same tokens, so the pair teaches nothing; ${why}.`;
    return [finding('same-tokens', 'warning', null, message)];
  }

  /** Finds arguments that are JSON text: a template that writes them with `tojson` encodes them a second time. */
  private twiceEncoded(row: UsableRow): TokenFinding[] {
    const { chat } = this.tokenizer;
    if (chat === null) return [];
    const { prompt, tools } = row.kind === 'pair' ? row.pair : row.answer;
    const answers =
      row.kind === 'pair'
        ? answerSides.map((field) => [field, row.pair[field]] as const)
        : [['completion', row.answer.completion] as const];
    return [['prompt', []] as const, ...answers].flatMap(([field, answer]) => {
      const calls = textArguments(field === 'prompt' ? prompt : answer);
      if (calls.length === 0) return [];
      const text = chat.render([...prompt, ...answer], field === 'prompt', tools);
      const twice = calls.find((call) => text.includes(JSON.stringify(call.text)));
      if (!twice) return [];
      const message = `${twice.path} is JSON text, and the template encodes it a second time: write an object, without quotes around it.`;
      return [finding('twice-encoded', 'info', field, message)];
    });
  }
}

const nameOf = ({ field }: AnswerTokens): string => (field === 'completion' ? field : `${field} answer`);

/** Why the answers of a pair become the same tokens: the template leaves out the fields in which they differ. */
function droppedBy(chat: ChatTemplate | null, chosen: readonly Message[], rejected: readonly Message[]): string {
  const fields = new Set([...chosen, ...rejected].flatMap((message) => Object.keys(message)));
  const valuesOf = (messages: readonly Message[], field: string): unknown[] =>
    messages.map((message) => new Map<string, unknown>(Object.entries(message)).get(field));
  const differ = [...fields].filter((field) => !sameJson(valuesOf(chosen, field), valuesOf(rejected, field)));
  if (chat === null || differ.length === 0) return 'the model’s tokenizer makes no difference between them';
  return `the model’s chat template drops the fields in which they differ (${differ.join(', ')})`;
}

function finding(code: string, severity: Finding['severity'], field: string | null, message: string): TokenFinding {
  return { code, severity, field, message, column: null };
}
