import { must } from '../../base/pure/must';

/** What is read of a line of judgements.jsonl here. */
export interface JudgedLine {
  readonly prompt_key: string;
  readonly judge: string;
  /** `withdrawn`: an undo of the judge's first verdict. */
  readonly verdict: 'ranked' | 'tie' | 'all-bad' | 'skipped' | 'withdrawn';
  /** The numbers of drafts; null where there is no ranking. */
  readonly best: number | null;
  readonly worst: number | null;
  /** The drafts as they were shown. */
  readonly order: readonly number[];
}

/** What a judge thinks of the drafts of a prompt. Without `best`, it prefers none. */
export interface Opinion {
  readonly best: number | null;
  readonly worst: number | null;
  /** The newest line of each order. */
  readonly lines: readonly JudgedLine[];
  /** Whether all orders led to the same verdict. Otherwise the opinion is a tie. */
  readonly agrees: boolean;
}

/**
 * The opinions of a judge by prompt. The last line for a prompt counts, and of a judge that is asked in several orders
 * the last line of each order. Prompts that it has skipped or taken back are left out.
 */
export function opinions(lines: readonly JudgedLine[], judge: string): ReadonlyMap<string, Opinion> {
  const newest = new Map<string, Map<string, JudgedLine>>();
  for (const line of lines) {
    if (line.judge !== judge) continue;
    const orders = newest.get(line.prompt_key) ?? new Map<string, JudgedLine>();
    newest.set(line.prompt_key, orders);
    // A person may judge again after more drafts, which is another order: only its last word counts.
    if (judge === 'person' || line.verdict === 'withdrawn') orders.clear();
    orders.set(line.order.join(), line);
  }
  const found = new Map<string, Opinion>();
  for (const [key, orders] of newest) {
    const decided = [...orders.values()].filter(({ verdict }) => verdict !== 'skipped' && verdict !== 'withdrawn');
    if (decided.length > 0) found.set(key, opinionOf(decided));
  }
  return found;
}

function opinionOf(lines: readonly JudgedLine[]): Opinion {
  const one = must(lines[0], 'a judgement');
  const agrees = lines.every(({ best, worst }) => best === one.best && worst === one.worst);
  return { best: agrees ? one.best : null, worst: agrees ? one.worst : null, lines, agrees };
}

/** 1 if the opinion prefers the first of two drafts, −1 for the second, 0 for neither. */
export function preference({ best, worst }: Opinion, first: number, second: number): -1 | 0 | 1 {
  const score = (draft: number): number => Number(draft === best) - Number(draft === worst);
  return sign(score(first) - score(second));
}

function sign(value: number): -1 | 0 | 1 {
  return value > 0 ? 1 : value < 0 ? -1 : 0;
}
