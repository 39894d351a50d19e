import { perFrame } from '../dom';
import type { Line } from './lines';
import type { Range } from './series';
import { Slices } from './slices';

/** What a group needs of a chart. */
export interface Member {
  readonly lines: readonly Line[];
  /** From the first to the last point of the chart; null without any. */
  readonly extent: Range | null;
  /** Draws again, because the range or the crosshair has changed. */
  follow(change: 'range' | 'point'): void;
}

export interface GroupEvents {
  /** The crosshair is at another x; null: it is gone. */
  readonly pointed?: (x: number | null) => void;
  readonly zoomed?: (range: Range | null) => void;
}

/** Charts that share one crosshair, one zoom, and the time of a frame. */
export class ChartGroup {
  /** The time of a frame in which the charts draw. */
  readonly slices = new Slices(
    (draw) => requestAnimationFrame(draw),
    () => performance.now(),
  );
  private readonly members = new Set<Member>();
  private readonly before: (Range | null)[] = [];
  private zoomedTo: Range | null = null;
  private pointedAt: number | null = null;
  private readonly follow = perFrame(() => this.tell('range'));

  constructor(private readonly events: GroupEvents = {}) {}

  add(member: Member): void {
    this.members.add(member);
  }

  remove(member: Member): void {
    this.members.delete(member);
  }

  /** The x of the crosshair; null without one. */
  get point(): number | null {
    return this.pointedAt;
  }

  /** What the person zoomed to; null: everything is shown. */
  get zoom(): Range | null {
    return this.zoomedTo;
  }

  /** From the first to the last point of all charts; null without any. */
  get extent(): Range | null {
    const all = [...this.members].flatMap(({ extent }) => (extent === null ? [] : [extent]));
    if (all.length === 0) return null;
    return [Math.min(...all.map(([low]) => low)), Math.max(...all.map(([, high]) => high))];
  }

  /** The shown range of x. */
  get range(): Range | null {
    return this.zoomedTo ?? this.extent;
  }

  /** Puts the crosshair where a person points. */
  pointAt(x: number | null): void {
    if (x === this.pointedAt) return;
    this.showPoint(x);
    this.events.pointed?.(x);
  }

  /** Puts the crosshair at x without an event. */
  showPoint(x: number | null): void {
    this.pointedAt = x;
    this.tell('point');
  }

  zoomTo(range: Range): void {
    if (!(range[1] > range[0])) return;
    this.before.push(this.zoomedTo);
    this.set(range);
  }

  /** Moves the shown range without a step to go back to. */
  panTo(range: Range): void {
    if (this.zoomedTo !== null) this.set(range);
  }

  /** Goes back to the range before the last zoom. */
  zoomBack(): void {
    const before = this.before.pop();
    if (before !== undefined) this.set(before);
  }

  zoomOut(): void {
    this.before.length = 0;
    if (this.zoomedTo !== null) this.set(null);
  }

  /** Forgets crosshair and zoom, because the axis means something else. */
  reset(): void {
    this.pointAt(null);
    this.zoomOut();
  }

  private set(range: Range | null): void {
    this.zoomedTo = range;
    this.follow();
    this.events.zoomed?.(range);
  }

  private tell(change: 'range' | 'point'): void {
    for (const member of this.members) member.follow(change);
  }
}
