import { keyNumber } from '../keyNumber';

/** What a record of a marks file says about a pair. */
interface OfPair {
  /** The key of the pair: 16 hexadecimal digits. */
  readonly key: string;
  /** When, as ISO 8601. */
  readonly at: string;
}

/** An edit that carries the values of one pair to another. */
interface Carry {
  readonly to: string;
  readonly swapped: boolean;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/**
 * A value and how it came to a pair. `own`: it was given to this pair. `carried`: it was given, before the edit, to the
 * pair from which an edit made this one. `late`: it was given to that pair after the edit.
 */
interface Entry<Value> {
  readonly value: Value;
  readonly origin: 'own' | 'carried' | 'late';
  readonly time: number;
}

/**
 * The values that records give pairs: in each slot of a pair the newest value, whatever the order of the lines, because
 * git merges marks files line by line. An edit carries the values of its pair along; a value of the new pair itself
 * outweighs one that another person still gave the old pair.
 */
export class CarriedEntries<Value extends OfPair> {
  private readonly entries = new Map<number, Map<string, Entry<Value>>>();
  private readonly carries = new Map<number, Carry[]>();

  /**
   * @param slotOf two values of a pair with the same slot replace each other
   * @param exchanged gives the same value for the pair with its answers exchanged
   */
  constructor(
    private readonly slotOf: (value: Value) => string,
    private readonly exchanged: (value: Value) => Value,
  ) {}

  /** The number of pairs that have values. */
  get size(): number {
    return this.entries.size;
  }

  add(value: Value): void {
    this.put(keyNumber(value.key), { value, origin: 'own', time: Date.parse(value.at) });
  }

  /**
   * Carries the values of one pair to the pair that an edit made from it.
   *
   * @param time milliseconds since 1970
   */
  carry(from: string, to: string, swapped: boolean, time: number): void {
    const key = keyNumber(from);
    const carry = { to, swapped, time };
    const others = this.carries.get(key);
    if (others) others.push(carry);
    else this.carries.set(key, [carry]);
    for (const entry of this.entries.get(key)?.values() ?? []) this.pass(entry, carry);
  }

  /**
   * The values of a pair, the newest of each slot, newest first.
   *
   * @param key the `keyNumber` of the pair
   * @param exchanged that of the pair with its answers exchanged. Values of that pair count too, turned around: so they
   *   survive a swap in another program.
   */
  of(key: number, exchanged: number | null): readonly Value[] {
    const own = this.entries.get(key);
    const turned = exchanged === null ? undefined : this.entries.get(exchanged);
    if (!own && !turned) return [];
    const newest = new Map<string, Entry<Value>>(own);
    for (const [slot, entry] of turned ?? []) {
      const other = newest.get(slot);
      if (!other || other.time < entry.time) newest.set(slot, { ...entry, value: this.exchanged(entry.value) });
    }
    return [...newest.values()].sort((a, b) => b.time - a.time).map(({ value }) => value);
  }

  /** All values, in any order. A value that an edit carried along appears for both pairs. */
  *all(): Generator<Value> {
    for (const bySlot of this.entries.values()) for (const { value } of bySlot.values()) yield value;
  }

  clear(): void {
    this.entries.clear();
    this.carries.clear();
  }

  private put(key: number, entry: Entry<Value>): void {
    let bySlot = this.entries.get(key);
    if (!bySlot) this.entries.set(key, (bySlot = new Map()));
    const slot = this.slotOf(entry.value);
    const old = bySlot.get(slot);
    if (old && !outweighs(entry, old)) return;
    bySlot.set(slot, entry);
    for (const carry of this.carries.get(key) ?? []) this.pass(entry, carry);
  }

  private pass({ value, time }: Entry<Value>, carry: Carry): void {
    const turned = carry.swapped ? this.exchanged(value) : value;
    const origin = time <= carry.time ? 'carried' : 'late';
    this.put(keyNumber(carry.to), { value: { ...turned, key: carry.to }, origin, time });
  }
}

/** Whether a value replaces another in its slot. A value that two edits carry back to its own pair does not. */
function outweighs(entry: Entry<unknown>, old: Entry<unknown>): boolean {
  if (entry.origin === 'own' && old.origin === 'late') return true;
  if (entry.origin === 'late' && old.origin === 'own') return false;
  return entry.origin === 'own' ? entry.time >= old.time : entry.time > old.time;
}
