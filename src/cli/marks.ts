import { relative, resolve } from 'node:path';
import { type MarksReport, marksOfFile } from '../jsonl/node/marks/marksOfFile';
import { isMarksName } from '../pairs/marks/marksName';
import { flag, onePositional, parseArguments, UsageError } from './args';
import { columnsHelp, readingOption } from './columnsOption';
import type { Command } from './command';
import { table } from './table';
import { visibleLine } from './visible';

export const marks: Command = {
  summary: 'count what reviewers say of a preference file',
  help: `margin marks FILE [--json]

Counts the marks of the pairs of FILE, which are in NAME.marks.jsonl beside it: the verdicts of each reviewer, skipped
and flagged pairs, tags, and how often a blind reviewer preferred the answer that was shown first, with its 95 %
interval. Lines of the marks file that cannot be read are named.

  --json            Prints one object: marks_file, pairs, reviewed, reviewed_since_commit (the last commit of FILE;
                    null without one), reviewers, adjudicated, position_bias, edits, damaged, unknown_records.
${columnsHelp}

Exit code: 0 success; 1 there are no marks, or some lines cannot be read; 2 wrong usage.`,

  async run(argv, surroundings) {
    const { output, cwd } = surroundings;
    const args = parseArguments(argv, { help: 'flag', json: 'flag', columns: 'value', data_format: 'value' });
    const given = onePositional(args, 'FILE');
    if (isMarksName(given)) throw new UsageError(`name the dataset, not its marks file ${given}`);
    const file = resolve(cwd, given);
    const report = await marksOfFile(file, await readingOption(args, file, surroundings));
    if (flag(args, 'json')) output.json(asJson(report));
    else output.line(asText(report, relative(cwd, report.marksFile)));
    return report.damaged.length > 0 ? 1 : 0;
  },
};

function asJson({
  marksFile,
  pairs,
  reviewed,
  reviewedSinceCommit,
  reviewers,
  adjudicated,
  biases,
  edits,
  damaged,
  unknownRecords,
}: MarksReport): object {
  return {
    marks_file: marksFile,
    pairs,
    reviewed,
    reviewed_since_commit: reviewedSinceCommit,
    reviewers: reviewers.map(({ by, counts }) => ({
      by,
      verdicts: counts.verdicts,
      unreviewed: counts.unreviewed,
      skipped: counts.skipped,
      flagged: counts.flagged,
      tags: Object.fromEntries(counts.tags),
    })),
    adjudicated,
    position_bias: biases.map(({ by, verdicts, forFirst, share, low, high }) => ({
      by,
      verdicts,
      for_first: forFirst,
      share,
      low,
      high,
    })),
    edits,
    damaged,
    unknown_records: unknownRecords,
  };
}

function asText(report: MarksReport, name: string): string {
  const { pairs, reviewed, reviewedSinceCommit: since, reviewers, adjudicated, biases, edits } = report;
  const { damaged, unknownRecords } = report;
  const head = ['reviewer', 'keep', 'swap', 'tie', 'both bad', 'skipped', 'flagged', 'unreviewed'];
  const rows = reviewers.map(({ by, counts: { verdicts, skipped, flagged, unreviewed } }) => [
    by === '' ? 'anonymous' : by,
    ...[verdicts.keep, verdicts.swap, verdicts.tie, verdicts.both_bad, skipped, flagged, unreviewed].map(String),
  ]);
  const tags = reviewers.flatMap(({ by, counts }) =>
    [...counts.tags].map(([tag, count]) => `tag ${tag}: ${count}${by === '' ? '' : ` by ${by}`}`),
  );
  const lines = [
    `${reviewed} of ${pairs} pairs reviewed${since === null ? '' : `, ${since} since the last commit`}`,
    table(head, rows),
    ...tags,
    ...(adjudicated > 0 ? [`${adjudicated} ${adjudicated === 1 ? 'pair' : 'pairs'} adjudicated`] : []),
    ...biases.map(({ by, verdicts, forFirst, low, high }) => {
      const interval = `${Math.round(100 * low)} to ${Math.round(100 * high)} %`;
      return `${by === '' ? 'anonymous' : by}: ${forFirst} of ${verdicts} blind verdicts for the answer shown first (${interval})`;
    }),
    ...(edits > 0 ? [`${edits} saved ${edits === 1 ? 'edit' : 'edits'} in the log`] : []),
    ...(unknownRecords > 0
      ? [`${unknownRecords} ${unknownRecords === 1 ? 'record' : 'records'} of a kind that Margin does not know`]
      : []),
    ...damaged.map(({ line, fault }) => `${name}:${line}: ${fault}`),
  ];
  return lines.map((line) => line.split('\n').map(visibleLine).join('\n')).join('\n');
}
