import type { LineTally } from './lineTally';
import type { Remark } from './remarks';
import type { MarksApplied } from './rowMarks';

/** `1 pair of a.jsonl`, `12 pairs of a.jsonl` */
const pairs = (count: number, file: string): string => `${count} pair${count === 1 ? '' : 's'} of ${file}`;

/** What the marks changed in the rows of a file, and which rows they could not decide. */
export function marksRemarks(file: string, marks: MarksApplied): Remark[] {
  const { path, swapped, bothBad, ties, weighted, disagreed, undecided, judged } = marks;
  const remark = (
    tally: LineTally,
    code: string,
    severity: Remark['severity'],
    one: string,
    many: string,
  ): readonly Remark[] =>
    tally.count === 0
      ? []
      : [
          {
            severity,
            code,
            message: `${pairs(tally.count, file)} ${tally.count === 1 ? one : many}: ${tally.lineList}`,
          },
        ];
  return [
    ...unread(marks),
    ...(judged === 0
      ? [{ severity: 'warning' as const, code: 'no-marks', message: `No pair of ${file} has a verdict in ${path}` }]
      : []),
    ...remark(swapped, 'marks-swap', 'info', 'is swapped, as its mark says', 'are swapped, as their marks say'),
    ...remark(
      bothBad,
      'marks-both-bad',
      'info',
      'is left out: its mark says that both answers are bad',
      'are left out: their marks say that both answers are bad',
    ),
    ...remark(
      ties,
      'marks-tie',
      'info',
      'is left out: its mark says that neither answer is better',
      'are left out: their marks say that neither answer is better',
    ),
    ...remark(
      weighted,
      'marks-weight',
      'info',
      'gets its weight from the strength of its mark',
      'get their weights from the strength of their marks',
    ),
    ...remark(
      disagreed,
      'marks-disagree',
      'warning',
      'stays as it is, because its reviewers disagree',
      'stay as they are, because their reviewers disagree',
    ),
    ...remark(
      undecided,
      'marks-open',
      'info',
      'was flagged or skipped without a verdict and stays as it is',
      'were flagged or skipped without a verdict and stay as they are',
    ),
  ];
}

/** Lines of the marks file that are not applied: damaged ones, and records of unknown kinds. */
function unread({ path, damaged, unknownRecords: unknown }: MarksApplied): Remark[] {
  const [first] = damaged;
  const others = damaged.length > 1 ? ` (${damaged.length} such lines; margin marks names each)` : '';
  return [
    ...(first
      ? [
          {
            severity: 'error' as const,
            code: 'marks-damaged',
            message: `${path}, line ${first.line} is not applied: ${first.fault}${others}`,
          },
        ]
      : []),
    ...(unknown > 0
      ? [
          {
            severity: 'warning' as const,
            code: 'marks-unknown',
            message: `${unknown} record${unknown === 1 ? '' : 's'} of ${path} ${unknown === 1 ? 'is' : 'are'} of a kind that this Margin does not know, and not applied`,
          },
        ]
      : []),
  ];
}
