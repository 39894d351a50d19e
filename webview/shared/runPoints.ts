import { GrowingColumn } from '../../src/base/pure/growingColumn';
import type { CurvePage } from '../../src/run/curves';

/** Pages on their way at once: enough that the view does not wait for the host, few enough that it can stop. */
const ahead = 4;

/** All points of a run. A view that has them asks only for what was added. */
export interface Points {
  readonly steps: Float64Array;
  readonly times: Float64Array;
  readonly series: Readonly<Record<string, Float64Array>>;
  readonly notNumbers: Readonly<Record<string, Float64Array>>;
}

type Ask = (from: number) => Promise<CurvePage>;

/** The points of a run, fetched by page. */
export class RunPoints {
  private generation = -1;
  private readonly steps = new GrowingColumn();
  private readonly times = new GrowingColumn();
  private readonly series = new Map<string, GrowingColumn>();
  private notNumbers: CurvePage['notNumbers'] = {};
  private shown: Points | null = null;

  get length(): number {
    return this.steps.length;
  }

  /** The points so far. The columns are the same arrays until there are other points. */
  get points(): Points {
    this.shown ??= {
      steps: this.steps.values,
      times: this.times.values,
      series: Object.fromEntries([...this.series].map(([name, column]) => [name, column.values])),
      notNumbers: this.notNumbers,
    };
    return this.shown;
  }

  /**
   * Fetches what is missing. The last point is fetched again, because an evaluation may have been added to it.
   *
   * @returns whether there is anything new
   */
  async update(ask: Ask): Promise<boolean> {
    let page = await ask(Math.max(0, this.length - 1));
    if (this.has(page)) return false;
    if (page.generation !== this.generation && page.from > 0) page = await ask(0);
    this.take(page);
    await this.rest(page, ask);
    return true;
  }

  /** Whether a page brings nothing but the last point, as it is here. */
  private has({ generation, from, length, steps, series }: CurvePage): boolean {
    if (generation !== this.generation || length !== this.length || steps.length > 1) return false;
    return Object.entries(series).every(([name, values]) =>
      values.every((value, i) => Object.is(value, this.series.get(name)?.get(from + i))),
    );
  }

  private async rest(first: CurvePage, ask: Ask): Promise<void> {
    const size = first.steps.length;
    if (size === 0) return;
    const { length, generation } = first;
    let next = first.from + size;
    const waiting: Promise<CurvePage>[] = [];
    while (next < length || waiting.length > 0) {
      for (; next < length && waiting.length < ahead; next += size) waiting.push(ask(next));
      const page = await waiting.shift();
      if (!page) return;
      if (page.generation !== generation) {
        // Earlier points were replaced meanwhile: what is here belongs to another run of the steps.
        await Promise.all(waiting);
        const again = await ask(0);
        this.take(again);
        return this.rest(again, ask);
      }
      this.take(page);
    }
  }

  private take({ generation, from, steps, times, series, notNumbers }: CurvePage): void {
    if (generation !== this.generation) this.cut(0);
    this.generation = generation;
    this.cut(from);
    put(this.steps, from, steps);
    put(this.times, from, times);
    for (const [name, values] of Object.entries(series)) {
      const column = this.series.get(name) ?? new GrowingColumn(from);
      this.series.set(name, column);
      put(column, from, values);
    }
    for (const column of this.series.values()) column.extend(this.length);
    this.notNumbers = notNumbers;
    this.shown = null;
  }

  private cut(length: number): void {
    for (const column of [this.steps, this.times, ...this.series.values()]) column.cut(length);
  }
}

function put(column: GrowingColumn, from: number, values: Float64Array): void {
  column.extend(from + values.length);
  values.forEach((value, i) => column.set(from + i, value));
}
