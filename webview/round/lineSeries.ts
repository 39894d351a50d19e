import type { RoundPoint } from '../../src/protocol/round';
import type { Series } from '../shared/chart/series';
import { strings } from './strings';

const looks = {
  heldOut: { colour: '--vscode-charts-green', dash: null },
  winRate: { colour: '--vscode-charts-blue', dash: [5, 3] },
  guard: { colour: '--vscode-charts-yellow', dash: [1, 3] },
} as const;

/** The lines of a chart of rounds, in percent over the number of the round. Without measures a line has no points. */
export function seriesOf(line: readonly RoundPoint[]): readonly Series[] {
  const shares = {
    heldOut: (point: RoundPoint) => point.heldOut?.share,
    winRate: (point: RoundPoint) => point.winRate?.share,
    guard: (point: RoundPoint) => point.guard?.kept,
  };
  return (['heldOut', 'winRate', 'guard'] as const).map((name): Series => {
    const { colour, dash } = looks[name];
    const known = line.flatMap((point) => {
      const share = shares[name](point);
      return share === undefined ? [] : [[point.round, 100 * share] as const];
    });
    return {
      label: strings.series[name],
      x: Float64Array.from(known, ([round]) => round),
      y: Float64Array.from(known, ([, share]) => share),
      colour,
      ...(dash === null ? {} : { dash }),
      marked: true,
    };
  });
}
