import { ruleText } from '../pairRule';
import type { PairResult } from '../readPair';
import { effectOf, type ConversionLoss, type LossEffect, sentenceOf } from './loss';
import type { Written } from './target';

/** A loss with the number of rows that have it. */
export interface LossCount {
  readonly kind: ConversionLoss['kind'];
  readonly detail: string;
  readonly effect: LossEffect;
  /** What is lost, for a person. */
  readonly sentence: string;
  readonly count: number;
  /** Where the first rows are, as `FILE:LINE`. */
  readonly first: readonly string[];
}

/** What a conversion read and wrote, and what it did not carry. */
export interface Report {
  /** Lines that are not blank. */
  readonly read: number;
  readonly written: number;
  /** Rows that are left out, and lists with some pairs that are left out. */
  readonly leftOut: number;
  /** Rows that were written without some part. */
  readonly notCarried: number;
  /** Rows with a part that was written in another way. */
  readonly changed: number;
  readonly blank: number;
  /** How many rows are lists of answers, and the rule that made pairs from them; null if there are none. */
  readonly lists: { readonly rows: number; readonly rule: string } | null;
  /** Rows that are left out come first, then by count. */
  readonly losses: readonly LossCount[];
}

/** How many places a loss lists. */
const namedPlaces = 5;
/** The most reasons that are counted separately. A reason may quote the row, so there may be as many as rows. */
const maxKinds = 50;
const order: readonly LossEffect[] = ['left-out', 'not-carried', 'changed'];

interface Entry {
  readonly loss: ConversionLoss;
  readonly reason: string;
  readonly first: string[];
  count: number;
}

/**
 * Counts what happens to the rows of a conversion. Its memory depends on the kinds of losses, not on the number of
 * rows.
 */
export class ReportCount {
  /** The keys of the written rows. */
  readonly keys = new Set<string>();
  private readonly entries = new Map<string, Entry>();
  private read = 0;
  private written = 0;
  private readonly affected: Record<LossEffect, number> = { 'left-out': 0, 'not-carried': 0, changed: 0 };
  private blank = 0;
  private lists: Report['lists'] = null;

  /** @param place where the row is, as `FILE:LINE` */
  add(place: string, result: PairResult, { rows, losses }: Written): void {
    if (result.kind === 'blank') {
      this.blank++;
      return;
    }
    this.read++;
    this.written += rows.length;
    if (result.kind === 'list') this.lists = { rows: (this.lists?.rows ?? 0) + 1, rule: ruleText(result.rule) };
    for (const effect of new Set(losses.map(effectOf))) this.affected[effect]++;
    for (const row of rows) for (const key of Object.keys(row)) this.keys.add(key);
    for (const loss of losses) this.count(place, loss, 'reason' in result ? result.reason : loss.detail);
  }

  get report(): Report {
    const losses = [...this.entries.values()].map(({ loss, reason, first, count }) => ({
      ...loss,
      effect: effectOf(loss),
      sentence: sentenceOf(loss.kind === 'no-pair' ? { ...loss, detail: reason } : loss),
      count,
      first,
    }));
    const rank = ({ effect }: LossCount): number => order.indexOf(effect);
    losses.sort((a, b) => rank(a) - rank(b) || b.count - a.count);
    return {
      read: this.read,
      written: this.written,
      leftOut: this.affected['left-out'],
      notCarried: this.affected['not-carried'],
      changed: this.affected.changed,
      blank: this.blank,
      lists: this.lists,
      losses,
    };
  }

  /**
   * Rows that hold no pair are grouped by reason. After {@link maxKinds} reasons, further ones are grouped by their
   * code.
   */
  private count(place: string, loss: ConversionLoss, reason: string): void {
    const exact = JSON.stringify([loss.kind, loss.detail, reason]);
    const known = this.entries.has(exact) || this.entries.size < maxKinds;
    const key = known ? exact : JSON.stringify([loss.kind, loss.detail]);
    const entry = this.entries.get(key) ?? {
      loss,
      reason: known ? reason : `${loss.detail}, for other reasons`,
      first: [],
      count: 0,
    };
    entry.count++;
    if (entry.first.length < namedPlaces) entry.first.push(place);
    this.entries.set(key, entry);
  }
}

const titles: Readonly<Record<LossEffect, string>> = {
  'left-out': 'left out',
  'not-carried': 'not carried',
  changed: 'changed',
};

/** The report as lines for a person: the numbers of rows, the pair rule if there are lists, then a line per loss. */
export function reportLines({ read, written, leftOut, blank, lists, losses }: Report): string[] {
  const rest = [leftOut > 0 ? `${leftOut} left out` : '', blank > 0 ? `${blank} blank` : ''].filter(
    (part) => part !== '',
  );
  return [
    [`${rows(read)} read`, `${written} written`, ...rest].join(', '),
    ...(lists === null
      ? []
      : [`${lists.rows} list${lists.rows === 1 ? '' : 's'} of answers, pair rule: ${lists.rule}`]),
    ...losses.map(({ effect, sentence, count, first }) => {
      const more = count > first.length ? ', …' : '';
      return `${titles[effect]}: ${rows(count)}: ${sentence} (${joined(first)}${more})`;
    }),
  ];
}

/** The report in one sentence: `2 rows written to k.jsonl; 1 row left out; parts of 2 rows not carried.` */
export function summaryOf({ written, leftOut, notCarried, changed }: Report, file: string): string {
  const parts = [
    `${rows(written)} written to ${file}`,
    leftOut > 0 ? `${rows(leftOut)} left out` : '',
    notCarried > 0 ? `parts of ${rows(notCarried)} not carried` : '',
    changed > 0 ? `${rows(changed)} written in another way` : '',
  ];
  return `${parts.filter((part) => part !== '').join('; ')}.`;
}

function rows(count: number): string {
  return `${count} row${count === 1 ? '' : 's'}`;
}

/** `a.jsonl:1, 2, b.jsonl:7`: a file is named once. */
function joined(first: readonly string[]): string {
  let last = '';
  return first
    .map((place) => {
      const start = place.slice(0, place.lastIndexOf(':') + 1);
      const text = start === last ? place.slice(start.length) : place;
      last = start;
      return text;
    })
    .join(', ');
}
