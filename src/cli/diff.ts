import { resolve } from 'node:path';
import type { Change } from '../jsonl/node/compare/compareFiles';
import type { ChangeCounts } from '../pairs/compare/changeKind';
import { flag, parseArguments, UsageError } from './args';
import { comparedWith } from './comparedWith';
import { columnsHelp, readingOption } from './columnsOption';
import type { Command } from './command';
import { pairRuleHelp, pairRuleOptions } from './pairRuleOptions';

export const diff: Command = {
  summary: 'list the pairs that differ from another file or from the last commit',
  help: `margin diff FILE [OTHER] [--json]

Lists how the rows of FILE differ from those of OTHER, or without OTHER from FILE in the last commit (git): edited,
added, moved, lost. Rows are compared by their content: key order, spacing and line numbers do not count. An edited row
is found by its neighbours, its answers or its prompt; its line says what changed: prompt, chosen, rejected, answers (of
a list), or columns (other keys only).

  --json            Prints one object per row: change (a list), row and line (from 1; null if lost), before_row and
                    before_line (null if added), parts, swapped (the answers were exchanged). The last line has counts,
                    rows and before_rows.
${columnsHelp}
${pairRuleHelp}

Exit code: 0 success, whether rows differ or not; 1 failed; 2 wrong usage.`,

  async run(argv, surroundings) {
    const { output, cwd } = surroundings;
    const args = parseArguments(argv, {
      help: 'flag',
      json: 'flag',
      columns: 'value',
      data_format: 'value',
      ...pairRuleOptions,
    });
    const [given, against, unexpected] = args.positionals;
    if (given === undefined) throw new UsageError('FILE is missing');
    if (unexpected !== undefined) throw new UsageError(`unexpected argument ${unexpected}`);
    const file = resolve(cwd, given);
    const reading = await readingOption(args, file, surroundings);
    const other = against === undefined ? null : resolve(cwd, against);
    const compared = await comparedWith(file, other, reading, output);
    const json = flag(args, 'json');
    for (const change of compared.changes()) {
      if (output.closed) break;
      if (json) output.json(change);
      else output.line(asText(change));
      await output.drain();
    }
    const { counts, rows, beforeRows } = compared;
    if (json) output.json({ counts, rows, before_rows: beforeRows });
    else output.line(countsText(counts));
    return 0;
  },
};

function asText({ change, line, before_line: before, parts, swapped }: Change): string {
  const where = line === null ? `was line ${before}` : `line ${line}`;
  const was = line === null || before === null || before === line ? '' : ` (was line ${before})`;
  const what = swapped ? ': answers exchanged' : parts.length === 0 ? '' : `: ${parts.join(', ')}`;
  return `${change.join(', ')} ${where}${was}${what}`;
}

function countsText(counts: ChangeCounts): string {
  const { edited, added, moved, lost } = counts;
  if (edited + added + moved + lost === 0) return 'The rows are the same.';
  return `${edited} edited, ${added} added, ${moved} moved, ${lost} lost`;
}
