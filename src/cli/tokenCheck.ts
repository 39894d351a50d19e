import type { TextTokenizer } from '../model/tokenizer';
import type { Pair } from '../pairs/pair';
import type { Problem } from '../pairs/problem';
import { LineTally } from '../reward/lineTally';
import { answerSides, tokenizePair, type AnswerSide } from '../reward/tokenizePair';

/** The token counts that some share of the pairs do not exceed, of prompt and longer answer together. */
interface Lengths {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** How pairs fit a model and `max_length`. */
export interface TokenReport {
  readonly pairs: number;
  readonly tokens: Lengths;
  readonly max_length: number;
  /** Pairs whose prompt alone fills `max_length`. */
  readonly left_out: LineTally;
  /** Answers that lose their end to `max_length`. */
  readonly truncated: LineTally;
  /** Answers whose prompt tokenises differently with them. */
  readonly mismatched: LineTally;
}

/** Looks at pairs as a model's trainer sees them; holds a count of each length and the first lines of each kind. */
export class TokenCheck {
  private readonly counts = new Map<number, number>();
  private readonly leftOut = new LineTally();
  private readonly truncated = new LineTally();
  private readonly mismatched = new LineTally();

  constructor(
    private readonly tokenizer: TextTokenizer,
    private readonly maxLength: number,
  ) {}

  /** To be called in the order of the lines. @throws MarginError as {@link tokenizePair} */
  problems(line: number, source: Pair): Problem[] {
    const { tokenizer, maxLength } = this;
    const { pair, prompt, lost, mismatched } = tokenizePair(source, tokenizer, { maxLength });
    const lengthOf = (side: AnswerSide): number => prompt.length + (pair?.[side].length ?? 0) + lost[side].length;
    const longest = Math.max(...answerSides.map(lengthOf));
    this.counts.set(longest, (this.counts.get(longest) ?? 0) + 1);
    const cut = pair ? answerSides.filter((side) => lost[side].length > 0) : [];
    const moved = answerSides.filter((side) => mismatched[side]);
    this.truncated.add(line, cut.length);
    this.mismatched.add(line, moved.length);
    if (!pair) this.leftOut.add(line);
    return [
      ...(pair ? [] : [problem('left-out', 'warning', null, `The prompt has ${prompt.length} tokens and fills max_length by itself, so the pair is left out: shorten it, or raise max_length.`)]),
      ...cut.map((side) => problem('loses-end', 'warning', side, `The ${side} answer ends at token ${lengthOf(side)}, beyond max_length, and is trained without its end: shorten it, or raise max_length.`)),
      ...moved.map((side) => problem('boundary', 'info', side, `The end of the prompt has other tokens in front of the ${side} answer, which is trained from where they differ.`)),
    ];
  }

  get report(): TokenReport {
    const { leftOut, truncated, mismatched, maxLength } = this;
    return { ...this.lengths(), max_length: maxLength, left_out: leftOut, truncated, mismatched };
  }

  private lengths(): Pick<TokenReport, 'pairs' | 'tokens'> {
    const rising = [...this.counts].sort(([a], [b]) => a - b);
    const pairs = rising.reduce((sum, [, count]) => sum + count, 0);
    const quantile = (share: number): number => {
      let seen = 0;
      return rising.find(([, count]) => (seen += count) >= share * pairs)?.[0] ?? 0;
    };
    return { pairs, tokens: { p50: quantile(0.5), p90: quantile(0.9), p99: quantile(0.99), max: quantile(1) } };
  }
}

function problem(code: string, severity: Problem['severity'], side: Problem['side'], message: string): Problem {
  return { code, severity, side, field: side, message, column: null };
}

/** The report in sentences; none of a file without pairs. */
export function tokenLines({ pairs, tokens: { p50, p90, p99, max }, max_length: limit, left_out: leftOut, truncated, mismatched }: TokenReport): string[] {
  if (pairs === 0) return [];
  const told = (tally: LineTally, says: string): string[] => (tally.count === 0 ? [] : [`${tally.count} ${says}: ${tally.places}`]);
  return [
    `${pairs} pairs of ${p50} tokens (median), ${p90} (90%), ${p99} (99%), ${max} (longest); max_length ${limit}`,
    ...told(leftOut, 'pairs are left out, for their prompts fill max_length'),
    ...told(truncated, 'answers lose their end'),
    ...told(mismatched, 'answers begin before the end of their prompt'),
  ];
}
