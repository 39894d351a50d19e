import { formats as pairFormats, judgedFormats, listFormats } from '../pairs/formats/table';
import { flag, parseArguments, UsageError } from './args';
import type { Command } from './command';
import { table } from './table';

export const formats: Command = {
  summary: 'list the data formats',
  help: `margin formats

Lists the shapes of rows that Margin reads, in the order it tries them. A file may mix them. Pairs and judged answers
are edited and written back in their shape. A list of scored or ranked answers becomes pairs by a rule.

  --json    Prints one JSON object per format: id, kind, label, tool, link, keys.

Exit code: 0 success; 2 wrong usage.`,

  run(argv, { output }) {
    const args = parseArguments(argv, { help: 'flag', json: 'flag' });
    const [extra] = args.positionals;
    if (extra !== undefined) throw new UsageError(`unexpected argument ${extra}`);
    const rows = listed();
    if (flag(args, 'json')) rows.forEach((row) => output.json(row));
    else
      output.line(
        table(
          ['rows', 'tool', 'keys'],
          rows.map(({ kind, tool, label }) => [kind, tool, label]),
        ),
      );
    return Promise.resolve(0);
  },
};

interface Listed {
  readonly id: string;
  readonly kind: 'pair' | 'judged answer' | 'list';
  readonly label: string;
  readonly tool: string;
  readonly link: string;
  readonly keys: readonly string[];
}

function listed(): Listed[] {
  return [
    ...judgedFormats.map((format) => ({ format, kind: 'judged answer' as const })),
    ...pairFormats.map((format) => ({ format, kind: 'pair' as const })),
    ...listFormats.map((format) => ({ format, kind: 'list' as const })),
  ].map(({ format: { id, label, tool, link, keys }, kind }) => ({ id, kind, label, tool, link, keys }));
}
