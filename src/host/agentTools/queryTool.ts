import type { AgentTool, ToolWork } from './agentTool';
import { withinSize, withShortTexts } from './shortened';

export interface QueryInput {
  readonly file: string;
  readonly query: string;
  readonly sort?: string;
  readonly run?: string;
  readonly against?: string;
  readonly limit?: number;
}

/** Rows that a query shows if the agent names no number. */
const usualRows = 20;

/** The rows of a file that a filter finds, as `margin query` prints them, and how many it finds in all. */
export const queryTool: AgentTool<QueryInput> = {
  name: 'margin_query',
  doing: ({ file, query }) => `Looking in ${file} for ${query === '' ? 'all rows' : query}`,
  confirm: () => null,
  async invoke(input, work) {
    const { query, sort, limit = usualRows } = input;
    const file = await work.path(input.file);
    const asked = ['query', ...(await optionsOf(input, file, work)), '--json'];
    const words = ['--', file, query];
    const rows: unknown[] = [];
    const order = sort === undefined ? [] : [`--sort=${sort}`];
    if (limit > 0)
      await work.margin([...asked, ...order, `--limit=${limit}`, ...words], (line) => rows.push(JSON.parse(line)));
    let found = rows.length;
    // A full page may not be all.
    if (rows.length === limit)
      await work.margin(
        [...asked, '--count', ...words],
        (line) => ({ rows: found } = JSON.parse(line) as { rows: number }),
      );
    const { shown } = withinSize(rows.map(withShortTexts), work.mostCharacters);
    return { file: input.file, query, found, shown: shown.length, rows: shown };
  },
};

async function optionsOf({ run, against }: QueryInput, file: string, work: ToolWork): Promise<readonly string[]> {
  const rewards = run === undefined ? [] : [`--rewards=${await work.run(run)}`];
  const other = against === undefined || against === 'HEAD' ? against : await work.path(against);
  return [...work.readingOf(file), ...rewards, ...(other === undefined ? [] : [`--against=${other}`])];
}
