import type { Breathing } from './breathing';

/** Numbers processed between two turns of the event loop, which takes less than a millisecond. */
const chunk = 1 << 15;
const sign = 0x8000_0000;
/** The lowest bit of each digit of 32 bits. Digits have 11 bits, so that their counts fit into the fastest cache. */
const digits = [0, 11, 22] as const;
const digitValues = 1 << 11;
const digitMask = digitValues - 1;

/** Longer runs of numbers with equal upper halves are sorted by digits too. */
const longRun = 128;

/**
 * Sorts rows by value; rows of equal value stay in their order. This is a radix sort of the upper half of the bits, the
 * lowest digit first (Knuth, The Art of Computer Programming 3, section 5.2.5), then of the lower half where the upper
 * ones are equal. A million rows take less than a tenth of a second of processor time, in slices.
 *
 * @param value not NaN
 */
export async function sortRows(
  rows: Int32Array,
  value: (row: number) => number,
  slices: Breathing,
): Promise<Int32Array> {
  const [high, low] = await bitsOf(rows, value, slices);
  const order = await sorted({ keys: high, places: await placesOf(rows.length, slices) }, slices);
  const lowInOrder = { keys: await taken(low, order.places, slices), places: order.places };
  await sortRuns(order.keys, lowInOrder, slices);
  return taken(rows, lowInOrder.places, slices);
}

async function placesOf(count: number, slices: Breathing): Promise<Uint32Array> {
  const places = new Uint32Array(count);
  await inChunks(count, slices, (from, to) => {
    for (let i = from; i < to; i++) places[i] = i;
  });
  return places;
}

/** The bits of the values in two halves, so that the order of the bits is that of the values. */
async function bitsOf(
  rows: Int32Array,
  value: (row: number) => number,
  slices: Breathing,
): Promise<[high: Uint32Array, low: Uint32Array]> {
  const [high, low] = [new Uint32Array(rows.length), new Uint32Array(rows.length)];
  const number = new DataView(new ArrayBuffer(8));
  await inChunks(rows.length, slices, (from, to) => {
    for (let i = from; i < to; i++) {
      // The sum makes -0 equal to 0.
      number.setFloat64(0, value(rows[i] as number) + 0);
      const bits = number.getUint32(0);
      // IEEE 754: the bits of positive numbers are in their order, those of negative ones in the reverse.
      const flip = bits & sign ? 0xffff_ffff : 0;
      high[i] = bits ^ (flip || sign);
      low[i] = number.getUint32(4) ^ flip;
    }
  });
  return [high, low];
}

/** Keys with their places. */
interface Keyed {
  readonly keys: Uint32Array;
  readonly places: Uint32Array;
}

/** Keys in their order with their places; equal ones stay in their order. Overwrites what it gets. */
async function sorted(keyed: Keyed, slices: Breathing): Promise<Keyed> {
  const { length } = keyed.keys;
  let now = keyed;
  let free: Keyed = { keys: new Uint32Array(length), places: new Uint32Array(length) };
  for (const shift of digits) {
    const starts = await startsOf(now.keys, shift, slices);
    // All keys have the same digit.
    if (starts === null) continue;
    await scatter(now, free, shift, starts, slices);
    [now, free] = [free, now];
  }
  return now;
}

/** Sorts each run of equal `high` by its keys: mostly a few numbers that differ in their last digits, or equal ones. */
async function sortRuns(high: Uint32Array, low: Keyed, slices: Breathing): Promise<void> {
  let next = chunk;
  for (let from = 0, to = 1; from < high.length; from = to++) {
    while (to < high.length && high[to] === high[from]) to++;
    if (to - from > longRun) {
      const run = { keys: low.keys.subarray(from, to), places: low.places.subarray(from, to) };
      run.places.set((await sorted({ keys: run.keys.slice(), places: run.places.slice() }, slices)).places);
    } else if (to - from > 1) insertionSort(low, from, to);
    if (to < next) continue;
    await slices.breathe();
    next = to + chunk;
  }
}

function insertionSort({ keys, places }: Keyed, from: number, to: number): void {
  for (let i = from + 1; i < to; i++) {
    const [key, place] = [keys[i] as number, places[i] as number];
    let target = i;
    for (; target > from && (keys[target - 1] as number) > key; target--) {
      keys[target] = keys[target - 1] as number;
      places[target] = places[target - 1] as number;
    }
    keys[target] = key;
    places[target] = place;
  }
}

/** Where the keys with each digit begin in the order; null if all have the same. */
async function startsOf(keys: Uint32Array, shift: number, slices: Breathing): Promise<Uint32Array | null> {
  const starts = new Uint32Array(digitValues);
  await inChunks(keys.length, slices, (from, to) => {
    for (let i = from; i < to; i++) {
      const digit = ((keys[i] as number) >>> shift) & digitMask;
      starts[digit] = (starts[digit] as number) + 1;
    }
  });
  if (starts.includes(keys.length)) return null;
  let start = 0;
  for (let digit = 0; digit < digitValues; digit++) {
    const count = starts[digit] as number;
    starts[digit] = start;
    start += count;
  }
  return starts;
}

async function scatter(
  source: Keyed,
  target: Keyed,
  shift: number,
  starts: Uint32Array,
  slices: Breathing,
): Promise<void> {
  await inChunks(source.keys.length, slices, (from, to) => {
    const { keys, places } = source;
    const { keys: nextKeys, places: nextPlaces } = target;
    for (let i = from; i < to; i++) {
      const key = keys[i] as number;
      const digit = (key >>> shift) & digitMask;
      const place = starts[digit] as number;
      starts[digit] = place + 1;
      nextKeys[place] = key;
      nextPlaces[place] = places[i] as number;
    }
  });
}

/** The numbers at these places. */
async function taken<Numbers extends Int32Array | Uint32Array>(
  numbers: Numbers,
  places: Uint32Array,
  slices: Breathing,
): Promise<Numbers> {
  const found = numbers.slice();
  await inChunks(places.length, slices, (from, to) => {
    for (let i = from; i < to; i++) found[i] = numbers[places[i] as number] as number;
  });
  return found as Numbers;
}

/** Calls `work` for the parts of 0 … count - 1. Each caller has its own loop, compiled for its arrays. */
async function inChunks(count: number, slices: Breathing, work: (from: number, to: number) => void): Promise<void> {
  for (let from = 0; from < count; from += chunk) {
    work(from, Math.min(count, from + chunk));
    await slices.breathe();
  }
}
