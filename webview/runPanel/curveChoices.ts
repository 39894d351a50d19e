import type { CurveMemory } from '../../src/protocol/runPanel';
import { type AxisName, axisNames } from './xAxis';

/** How the curves are shown. */
export interface CurveChoices {
  readonly x: AxisName;
  /** Weight of the earlier points in the bold line. */
  readonly smoothing: number;
  readonly logX: boolean;
  readonly logY: boolean;
  /** Leaves outliers outside of the vertical range. */
  readonly clip: boolean;
  readonly table: boolean;
}

export const smoothings: readonly number[] = [0, 0.6, 0.9, 0.97];

export const defaultChoices: CurveChoices = {
  x: 'step',
  smoothing: 0.6,
  logX: false,
  logY: false,
  clip: false,
  table: false,
};

/** Choices that were remembered. A value that this version does not know is replaced by the default. */
export function choicesOf(memory: CurveMemory): CurveChoices {
  const flag = (name: 'logX' | 'logY' | 'clip' | 'table'): boolean => memory[name] === true;
  const { x, smoothing } = memory;
  return {
    x: axisNames.find((name) => name === x) ?? defaultChoices.x,
    smoothing: smoothings.find((weight) => weight === smoothing) ?? defaultChoices.smoothing,
    logX: flag('logX'),
    logY: flag('logY'),
    clip: flag('clip'),
    table: flag('table'),
  };
}
