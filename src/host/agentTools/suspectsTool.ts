import { MarginError } from '../../base/pure/marginError';
import { savedLine, type SuspectsSummary } from '../../pairs/suspects/savedSuspects';
import type { Suspect } from '../../pairs/suspects/findSuspects';
import { isRecord } from '../../base/pure/isRecord';
import type { AgentTool, ToolWork } from './agentTool';
import { withinSize } from './shortened';

export interface SuspectsInput {
  readonly file: string;
  readonly runs?: readonly string[];
  readonly limit?: number;
}

/** Rows that are shown if the agent names no number. */
const usualRows = 50;

/** The labels that are probably the wrong way round, most certain first, as `margin suspects` finds them. */
export const suspectsTool: AgentTool<SuspectsInput> = {
  name: 'margin_suspects',
  doing: ({ file }) => `Looking for wrong labels in ${file}`,
  confirm: () => null,
  async invoke(input, work) {
    const { limit = usualRows } = input;
    const file = await work.path(input.file);
    const runs = await runsOf(input, file, work);
    const rows: Suspect[] = [];
    const summaries: SuspectsSummary[] = [];
    await work.margin(['suspects', ...work.readingOf(file), '--run', ...runs, '--json', '--', file], (line) => {
      const value: unknown = JSON.parse(line);
      const said = isRecord(value) ? savedLine(value) : null;
      if (said === null) return;
      if ('noise' in said) summaries.push(said);
      else if (said.verdict !== 'clean') rows.push(said);
    });
    const ordered = rows
      .sort((a, b) => b.probability - a.probability || a.row - b.row)
      .slice(0, limit)
      .map(withoutMargins);
    const { shown } = withinSize(ordered, work.mostCharacters);
    return summaries.map(({ noise, unscored, others }) => ({
      file: input.file,
      runs,
      noise,
      rowsWithoutRewards: unscored.count,
      rowsWithoutTwoAnswers: others,
      found: rows.length,
      shown: shown.length,
      rows: shown,
    }))[0];
  },
};

/** The margins of all measurements fill a chat and say little more than their mean. */
function withoutMargins({ margins, ...suspect }: Suspect) {
  return { ...suspect, measurements: margins.length };
}

/** @throws MarginError `not-scored` if no run is named, and none has scored the file */
async function runsOf({ runs, file: given }: SuspectsInput, file: string, work: ToolWork): Promise<readonly string[]> {
  const named = runs === undefined ? await work.runsOf(file) : await Promise.all(runs.map(work.run));
  if (named.length > 0) return named;
  const message = `No run of this workspace has scored the pairs of ${given}. A person can train or score first, or use the command Margin: Find Wrong Labels….`;
  throw new MarginError('not-scored', message, { file });
}
