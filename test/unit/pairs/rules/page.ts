import { fixOf } from '../../../../src/pairs/rules/fixes/table';
import type { FoundBy, Rule } from '../../../../src/pairs/rules/rule';
import { families } from '../../../../src/pairs/rules/table';

const finders: Readonly<Record<FoundBy, string>> = {
  reading: 'found when the row is read',
  row: 'found in each row',
  file: 'found in the whole file',
  model: 'found with `--model`',
};

const head = `# Rules

What \`margin check\`, the pair editor and the Problems panel report. The id of a rule is the code of its problems.

- **error**: the row cannot be used, so training and scoring leave it out.
- **warning**: the row can be used, but teaches nothing or the wrong thing.
- **info**: the row is worth a look.

\`--rule ID=LEVEL\` and the setting \`margin.rules\` give a rule another severity or turn it off. A person can ignore a rule that is no error for one
row (*Ignore for this row* in the pair editor).
`;

/** The page about all rules, `media/rules.md`. */
export function rulesPage(): string {
  const shown = families.filter(({ rules }) => rules.length > 0);
  return [head, ...shown.map(({ title, rules }) => `## ${title}\n\n${rules.map(section).join('\n')}`)].join('\n');
}

function section({ id, severity, foundBy, title, doc, link }: Rule): string {
  const source = link === undefined ? '' : ` [Source](${link})`;
  const fix = fixOf(id);
  const mended =
    fix === null ? '' : ` Fix: *${fix.title}*, ${fix.isSafe ? 'with `--fix`' : `with \`--fix --rule ${id}\``}.`;
  return `### ${id}\n\n**${title}.** ${severity}, ${finders[foundBy]}.${mended}\n\n${inMarkdown(doc)}${source}\n`;
}

/** Marks of chat templates look like tags of HTML. */
function inMarkdown(text: string): string {
  return text.replaceAll('<', '\\<').replaceAll('[', '\\[');
}
