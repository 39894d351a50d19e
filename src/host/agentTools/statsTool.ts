import type { Statistics } from '../../pairs/statistics/statistics';
import type { AgentTool } from './agentTool';
import { withinSize, withShortTexts } from './shortened';

export interface StatsInput {
  readonly file: string;
  readonly filter?: string;
}

/** Most bars of a chart: the rest has few rows each. */
const mostBars = 20;

/** The statistics of a file, as `margin stats` prints them, without the long tails of its charts. */
export const statsTool: AgentTool<StatsInput> = {
  name: 'margin_stats',
  doing: ({ file }) => `Counting the rows of ${file}`,
  confirm: () => null,
  async invoke(input, work) {
    const file = await work.path(input.file);
    const filter = input.filter === undefined ? [] : [`--filter=${input.filter}`];
    const found: Statistics[] = [];
    await work.margin(['stats', ...work.readingOf(file), ...filter, '--json', '--', file], (line) =>
      found.push(JSON.parse(line) as Statistics),
    );
    return found.map(({ charts, ...counts }) => {
      const { shown, leftOut } = withinSize(charts.map(withFewBars), work.mostCharacters);
      return withShortTexts({ ...counts, file: input.file, charts: shown, chartsLeftOut: leftOut });
    })[0];
  },
};

function withFewBars({ bars, ...chart }: Statistics['charts'][number]) {
  return { ...chart, bars: bars.slice(0, mostBars), barsLeftOut: Math.max(0, bars.length - mostBars) };
}
