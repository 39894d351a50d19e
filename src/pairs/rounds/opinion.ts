/** What is read of a line of judgements.jsonl here. */
export interface JudgedLine {
  readonly prompt_key: string;
  readonly judge: string;
  /** `withdrawn`: an undo of the judge's first verdict. */
  readonly verdict: 'ranked' | 'tie' | 'all-bad' | 'skipped' | 'withdrawn';
  /** The numbers of drafts; null where there is no ranking. */
  readonly best: number | null;
  readonly worst: number | null;
  /** The drafts as they were shown: all of a prompt, or two of them. */
  readonly order: readonly number[];
}

/** The judge that is a person. */
export const person = 'person';

/** What a judge thinks of the drafts of a prompt. */
export class Opinion {
  /** @param lines the newest line of each order, at least one */
  constructor(readonly lines: readonly JudgedLine[]) {}

  /**
   * 1 if the judge prefers the first of two drafts, −1 for the second, 0 for neither: also if it says something else in
   * another order. Null if it has not seen the two together.
   */
  preference(first: number, second: number): -1 | 0 | 1 | null {
    const signs = this.lines.filter(({ order }) => order.includes(first) && order.includes(second)).map(sign);
    const [one] = signs;
    if (one === undefined) return null;
    return signs.every((other) => other === one) ? one : 0;

    function sign({ best, worst }: JudgedLine): -1 | 0 | 1 {
      const score = (draft: number): number => Number(draft === best) - Number(draft === worst);
      const gap = score(first) - score(second);
      return gap > 0 ? 1 : gap < 0 ? -1 : 0;
    }
  }

  /** The drafts that were shown in two orders or more; of each, whether all orders led to the same verdict. */
  inOrders(): readonly boolean[] {
    const shown = new Map<string, JudgedLine[]>();
    for (const line of this.lines) {
      const drafts = [...line.order].sort((a, b) => a - b).join();
      shown.set(drafts, [...(shown.get(drafts) ?? []), line]);
    }
    return [...shown.values()].flatMap((lines) => {
      const [one] = lines;
      if (one === undefined || lines.length < 2) return [];
      return [lines.every(({ best, worst }) => best === one.best && worst === one.worst)];
    });
  }

  /** Whether it prefers some draft to another. */
  get ranks(): boolean {
    return this.lines.some(
      ({ best, worst }) => best !== null && worst !== null && (best === worst || this.preference(best, worst) !== 0),
    );
  }
}

/**
 * The opinions of a judge by prompt. Of a person the last line for a prompt counts, and of a judge that is asked in
 * several orders the last line of each order. Prompts that it has skipped or taken back are left out.
 */
export function opinions(lines: readonly JudgedLine[], judge: string): ReadonlyMap<string, Opinion> {
  const newest = new Map<string, Map<string, JudgedLine>>();
  for (const line of lines) {
    if (line.judge !== judge) continue;
    const orders = newest.get(line.prompt_key) ?? new Map<string, JudgedLine>();
    newest.set(line.prompt_key, orders);
    // A person may judge again after more drafts, which is another order.
    if (judge === person || line.verdict === 'withdrawn') orders.clear();
    orders.set(line.order.join(), line);
  }
  const found = new Map<string, Opinion>();
  for (const [key, orders] of newest) {
    const decided = [...orders.values()].filter(({ verdict }) => verdict !== 'skipped' && verdict !== 'withdrawn');
    if (decided.length > 0) found.set(key, new Opinion(decided));
  }
  return found;
}
