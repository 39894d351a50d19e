/** What a data card says of a file of preferences. All of it is counted or told by a person, nothing is guessed. */
export interface DataFacts {
  readonly name: string;
  readonly licence: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
  /** Problems that the checks find, by severity and rule. */
  readonly checks: readonly {
    readonly severity: 'error' | 'warning' | 'info';
    readonly code: string;
    readonly count: number;
  }[];
  /** Null: nobody has marked the file. */
  readonly review: ReviewFacts | null;
}

/** What people did with the rows. Names of reviewers are not in the card. */
export interface ReviewFacts {
  readonly pairs: number;
  readonly reviewed: number;
  readonly reviewers: number;
  readonly adjudicated: number;
  /** Saved edits in the log. */
  readonly edits: number;
  /** How far reviewers agree on the verdict; null if no pair has the verdicts of two. */
  readonly agreement: string | null;
}

/** Upper bounds of the Hub's size categories. */
const sizes: readonly (readonly [bound: number, name: string])[] = [
  [1e3, 'n<1K'],
  [1e4, '1K<n<10K'],
  [1e5, '10K<n<100K'],
  [1e6, '100K<n<1M'],
  [1e7, '1M<n<10M'],
];
const largest = 'n>10M';

/**
 * The text of README.md, a data card as the Hub reads it (huggingface.co/docs/hub/datasets-cards).
 *
 * @param repo `org/name`
 * @param version Margin's
 */
export function dataCard(facts: DataFacts, repo: string, version: string): string {
  const { name, rows, bytes, sha256 } = facts;
  const size = sizes.find(([bound]) => rows < bound)?.[1] ?? largest;
  return `${[
    [
      '---',
      `license: ${facts.licence}`,
      'size_categories:',
      `- ${size}`,
      'tags:',
      '- preference',
      '- margin',
      'configs:',
      '- config_name: default',
      '  data_files:',
      '  - split: train',
      `    path: ${JSON.stringify(name)}`,
      '---',
    ].join('\n'),
    `# ${repo}`,
    `Preference data, checked and pushed with Margin ${version}.`,
    `## Data\n\n\`${name}\`: ${counted(rows)} rows, ${counted(bytes)} bytes, SHA-256 \`${sha256}\`.`,
    `## Checks\n\n${checksText(facts)}`,
    `## Review\n\n${reviewText(facts.review)}`,
  ].join('\n\n')}\n`;
}

function checksText({ checks }: DataFacts): string {
  if (checks.length === 0) return 'The checks of Margin find nothing.';
  const rows = checks.map(({ severity, code, count }) => `| ${severity} | \`${code}\` | ${counted(count)} |`);
  return ['| severity | rule | problems |', '| --- | --- | --- |', ...rows].join('\n');
}

function reviewText(review: ReviewFacts | null): string {
  if (!review) return 'There are no marks of reviewers.';
  const { pairs, reviewed, reviewers, adjudicated, edits, agreement } = review;
  return [
    `- ${counted(reviewed)} of ${counted(pairs)} pairs have a verdict; reviewers: ${counted(reviewers)}`,
    `- ${counted(adjudicated)} adjudicated`,
    `- ${counted(edits)} saved edits`,
    `- Agreement: ${agreement ?? 'no pair has the verdicts of two reviewers'}`,
  ].join('\n');
}

const counted = (count: number): string => count.toLocaleString('en');
