import { keyNumber } from '../keyNumber';
import { type EditRecord, exchangedMark, type Mark } from './mark';

/** An edit that carries the marks of one pair to another. */
interface Carry {
  readonly to: string;
  readonly swapped: boolean;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/**
 * A mark of a pair. `own`: it was made on this pair. `carried`: on the pair from which an edit made this one, before
 * the edit. `late`: on that pair, after the edit.
 */
interface Entry {
  readonly mark: Mark;
  readonly origin: 'own' | 'carried' | 'late';
  readonly time: number;
}

/**
 * The marks of a file: for each pair and reviewer the newest label and the newest adjudication. The order of the lines
 * does not matter, because git merges marks files line by line. An edit carries the marks of its pair along; a mark on
 * the new pair itself outweighs a later mark that was still made on the old pair.
 */
export class MarkBook {
  private readonly entries = new Map<number, Map<string, Entry>>();
  private readonly carries = new Map<number, Carry[]>();
  private readonly log: EditRecord[] = [];
  private lastRevision = 0;

  /** Grows with each change. */
  get revision(): number {
    return this.lastRevision;
  }

  /** The number of pairs that have marks. */
  get size(): number {
    return this.entries.size;
  }

  /** All edits, in the order of the file. */
  get edits(): readonly EditRecord[] {
    return this.log;
  }

  add(mark: Mark): void {
    this.lastRevision++;
    this.put(keyNumber(mark.key), { mark, origin: 'own', time: Date.parse(mark.at) });
  }

  /** Adds an edit to the log and carries marks along. */
  addEdit(edit: EditRecord): void {
    this.log.push(edit);
    if (edit.key !== null && edit.to !== null) this.carry(edit.key, edit.to, edit.swapped, Date.parse(edit.at));
  }

  /**
   * Carries the marks of one pair to the pair that an edit made from it.
   *
   * @param time milliseconds since 1970
   */
  carry(from: string, to: string, swapped: boolean, time: number): void {
    if (from === to) return;
    this.lastRevision++;
    const key = keyNumber(from);
    const carry = { to, swapped, time };
    const others = this.carries.get(key);
    if (others) others.push(carry);
    else this.carries.set(key, [carry]);
    for (const entry of this.entries.get(key)?.values() ?? []) this.pass(entry, carry);
  }

  /**
   * The marks of a pair, the newest of each reviewer, newest first.
   *
   * @param key the `keyNumber` of the pair
   * @param exchanged that of the pair with its answers exchanged. Marks of that pair count too, turned around: so a
   *   mark survives a swap in another program.
   */
  marksOf(key: number, exchanged: number | null = null): readonly Mark[] {
    const own = this.entries.get(key);
    const turned = exchanged === null ? undefined : this.entries.get(exchanged);
    if (!own && !turned) return none;
    const newest = new Map<string, Entry>(own);
    for (const [slot, entry] of turned ?? []) {
      const other = newest.get(slot);
      if (!other || other.time < entry.time) newest.set(slot, { ...entry, mark: exchangedMark(entry.mark) });
    }
    return [...newest.values()].sort((a, b) => b.time - a.time).map(({ mark }) => mark);
  }

  /** The mark with which one reviewer labels or adjudicates a pair; null if there is none. */
  markOf(by: string, key: number, exchanged: number | null = null, adjudicates = false): Mark | null {
    return this.marksOf(key, exchanged).find((mark) => mark.by === by && mark.adjudicates === adjudicates) ?? null;
  }

  /** All marks, in no certain order. A mark that an edit carried along is there for both pairs. */
  *all(): Generator<Mark> {
    for (const bySlot of this.entries.values()) for (const { mark } of bySlot.values()) yield mark;
  }

  clear(): void {
    this.lastRevision++;
    this.entries.clear();
    this.carries.clear();
    this.log.length = 0;
  }

  private put(key: number, entry: Entry): void {
    let bySlot = this.entries.get(key);
    if (!bySlot) this.entries.set(key, (bySlot = new Map()));
    const slot = slotOf(entry.mark);
    const old = bySlot.get(slot);
    if (old && !outweighs(entry, old)) return;
    bySlot.set(slot, entry);
    for (const carry of this.carries.get(key) ?? []) this.pass(entry, carry);
  }

  private pass({ mark, time }: Entry, carry: Carry): void {
    const turned = carry.swapped ? exchangedMark(mark) : mark;
    const origin = time <= carry.time ? 'carried' : 'late';
    this.put(keyNumber(carry.to), { mark: { ...turned, key: carry.to }, origin, time });
  }
}

const none: readonly Mark[] = [];

/** The name of the slot for a mark. A reviewer's label and the same person's adjudication have two slots. */
function slotOf({ by, adjudicates }: Mark): string {
  return `${adjudicates ? 'adjudicates' : 'labels'} ${by}`;
}

/** Whether a mark replaces another of the same reviewer. A mark that comes back through two edits does not. */
function outweighs(entry: Entry, old: Entry): boolean {
  if (entry.origin === 'own' && old.origin === 'late') return true;
  if (entry.origin === 'late' && old.origin === 'own') return false;
  return entry.origin === 'own' ? entry.time >= old.time : entry.time > old.time;
}
