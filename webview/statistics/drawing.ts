/** A colour by its role; the theme has its value. */
export const paints = ['first', 'second', 'text', 'muted', 'grid', 'background'] as const;
export type Paint = (typeof paints)[number];

/** A bar of a chart: the place of the bar and of its series there. */
export interface Cell {
  readonly bar: number;
  readonly series: number;
}

/** A shape of a drawing, in pixels from the upper left corner. */
export type Shape =
  | {
      readonly kind: 'rect';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly paint: Paint;
      /** Drawn as an outline with a thin filling, so that two series differ without colours. */
      readonly hollow: boolean;
      /** The cell that the bar belongs to; null for other shapes. */
      readonly cell: Cell | null;
    }
  | {
      readonly kind: 'text';
      readonly x: number;
      /** The vertical place of the base line. */
      readonly y: number;
      readonly text: string;
      readonly anchor: 'start' | 'middle' | 'end';
      readonly paint: Paint;
    };

/** A part of the drawing that answers to the pointer. */
export interface Area extends Cell {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A chart as shapes: it is shown, saved as SVG, and painted as PNG. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
  readonly areas: readonly Area[];
}

/** Font size of all texts in pixels. */
export const fontSize = 11;
/** Mean width of a letter at that size. */
const letterWidth = 6.8;

/** The start of a text that fits into a width. */
export function fitted(text: string, width: number): string {
  const letters = Math.max(1, Math.floor(width / letterWidth));
  return text.length <= letters ? text : `${text.slice(0, letters - 1)}…`;
}

/** About how wide a text is, in pixels. */
export function widthOf(text: string): number {
  return text.length * letterWidth;
}
