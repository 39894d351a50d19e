import { nearest } from '../../base/pure/nearest';
import { changeKinds } from '../compare/changeKind';
import { sinceCommit } from './markTexts';
import { verdicts } from '../marks/mark';
import { verdicts as suspectVerdicts } from '../suspects/verdict';
import { dropReasons } from '../tokens/rowTokens';
import { choice, type Field, number, text, yesNo } from './field';
import { languageCodes, unknownLanguage } from './languages';
import { rewardFields } from './rewardFields';
import { scriptNames } from './scriptOf';

/** All fields. Parsing, completion, help and the table in README.md come from this list. */
export const fields: readonly Field[] = [
  ...rewardFields,
  {
    ...number,
    name: 'suspect',
    from: 'facts',
    help: 'The probability that the label is the wrong way round, by the last search for wrong labels.',
    example: 'suspect:>0.5',
  },
  {
    ...choice,
    name: 'suspected',
    values: [...suspectVerdicts],
    from: 'facts',
    help: 'What the last search for wrong labels says of the label.',
    example: 'suspected:flipped|tie',
  },
  { ...number, name: 'row', from: 'facts', help: 'The number of the row, from 1.', example: 'row:12' },
  {
    ...number,
    name: 'line',
    from: 'facts',
    help: 'The line on which the row begins, from 1.',
    example: 'line:100..200',
  },
  {
    ...number,
    name: 'problems',
    from: 'facts',
    help: 'The number of problems that the checks found in the row.',
    example: 'problems>1',
  },
  {
    ...choice,
    name: 'problem',
    from: 'both',
    help: 'The code of a problem of the row; the word alone finds each row with a problem.',
    example: 'problem:duplicate',
  },
  {
    ...choice,
    name: 'severity',
    values: ['error', 'warning', 'info'],
    from: 'both',
    help: 'How severe a problem of the row is.',
    example: 'severity:error',
  },
  {
    ...choice,
    name: 'ignored',
    from: 'both',
    help: 'The rule of a problem that somebody ignores in this row; any: whatever the rule.',
    example: 'ignored:any',
  },
  {
    ...yesNo,
    name: 'edited',
    from: 'facts',
    help: 'Whether the row was changed since the last save; the word alone means yes.',
    example: 'edited',
  },
  {
    ...choice,
    name: 'changed',
    values: ['yes', 'no', ...changeKinds],
    from: 'facts',
    help: 'How the row differs from the file that it is compared with: from the last commit if none was chosen.',
    example: 'changed:edited',
  },
  {
    ...choice,
    name: 'reviewed',
    values: ['yes', 'no', sinceCommit],
    from: 'facts',
    help: 'Whether a reviewer has decided on the pair; since-commit: after the last commit of the file (git).',
    example: 'reviewed:no',
  },
  {
    ...choice,
    name: 'verdict',
    values: [...verdicts],
    from: 'facts',
    help: 'What the reviewer decided.',
    example: 'verdict:swap',
  },
  { ...choice, name: 'tag', from: 'facts', help: 'A tag that the reviewer gave the pair.', example: 'tag:todo' },
  { ...yesNo, name: 'flag', from: 'facts', help: 'Whether the reviewer flagged the pair.', example: 'flag:yes' },
  {
    ...number,
    name: 'len',
    unit: 'characters',
    part: 'required',
    help: 'The length of a text: prompt, chosen, rejected, system, or a column.',
    example: 'len(chosen)>2*len(rejected)',
  },
  {
    ...number,
    name: 'words',
    part: 'required',
    help: 'The number of words of a text.',
    example: 'words(prompt)<5',
  },
  {
    ...number,
    name: 'turns',
    part: 'optional',
    help: 'The number of turns of the prompt and the longer answer together, or of one part.',
    example: 'turns>3',
  },
  {
    ...number,
    name: 'gap',
    unit: 'characters',
    help: 'The length of chosen minus the length of rejected.',
    example: 'gap>500',
  },
  {
    ...number,
    name: 'score',
    part: 'required',
    help: 'The score or rating that the row itself gives an answer.',
    example: 'score(chosen)<score(rejected)',
  },
  { ...text, name: 'prompt', help: 'The text of a turn of the prompt.', example: 'prompt:"refund policy"' },
  { ...text, name: 'chosen', help: 'The text of the chosen answer.', example: 'chosen:/^sure/i' },
  { ...text, name: 'rejected', help: 'The text of the rejected answer.', example: 'rejected:sorry' },
  { ...text, name: 'system', help: 'The text of a system turn.', example: 'system:none' },
  {
    ...text,
    name: 'starts',
    part: 'required',
    help: 'The first words of a text; white space between them does not count.',
    example: 'starts(chosen):"as an ai"',
  },
  {
    ...choice,
    name: 'script',
    values: [...scriptNames],
    help: 'The script of nine of ten letters of an answer; lang tells languages apart.',
    example: 'script:cyrillic',
  },
  {
    ...choice,
    name: 'lang',
    values: [...languageCodes, unknownLanguage],
    help: 'The language of an answer by ISO 639-1; unknown: too short, mostly code, or not certain.',
    example: 'lang:de',
  },
  { ...text, name: 'model', help: 'A model that wrote an answer, as the row names it.', example: 'model:gpt-4' },
  {
    ...text,
    name: 'source',
    help: 'Where the row comes from: its column source, dataset, origin or subset.',
    example: 'source:="sharegpt"',
  },
  {
    ...text,
    name: 'format',
    help: 'The format in which the row is read, by its id or a part of it.',
    example: 'format:messages',
  },
  {
    ...choice,
    name: 'kind',
    values: ['pair', 'judged', 'list', 'unusable'],
    help: 'What the row holds: a pair, a judged answer, a list of answers, or nothing to train on.',
    example: 'kind:list',
  },
  {
    ...choice,
    name: 'label',
    values: ['good', 'bad'],
    help: 'The label of a judged answer.',
    example: 'label:bad',
  },
  { ...yesNo, name: 'tie', help: 'Whether neither answer is better.', example: 'tie:yes' },
  {
    ...number,
    name: 'tokens',
    help: 'The tokens of the prompt and the longer answer before max_length cuts, under a train config.',
    example: 'tokens>512',
  },
  {
    ...yesNo,
    name: 'cut',
    help: 'Whether max_length of the train config cuts the end of an answer.',
    example: 'cut:yes',
  },
  {
    ...choice,
    name: 'dropped',
    values: ['yes', 'no', ...dropReasons],
    help: 'Whether a run of the train config leaves the row out, and why.',
    example: 'dropped:long-prompt',
  },
];

/** Other names of fields. */
const aliases: Readonly<Record<string, string>> = { length: 'len' };

/** Fields of an answer, which no other part of the row has. */
const ofAnswers: ReadonlySet<string> = new Set(['reward', 'score', 'logp', 'logp.token', 'kl']);

/** Whether only an answer has this field, so that `(prompt)` after it means nothing. */
export function isOfAnswer(name: string): boolean {
  return ofAnswers.has(name);
}

/** Words that are a condition on their own, as they were before there were fields. */
export const bareConditions: ReadonlySet<string> = new Set(['problem', 'edited']);

const byName = new Map(fields.map((field) => [field.name, field]));

/** The field of a name or of another name for it, in any case; null if there is none. */
export function fieldNamed(name: string): Field | null {
  const lower = name.toLowerCase();
  const own = Object.hasOwn(aliases, lower) ? aliases[lower] : lower;
  return (own === undefined ? null : byName.get(own)) ?? null;
}

/** The name that was probably meant; null if none is near. */
export function nearestField(name: string): string | null {
  return nearest(name, [...byName.keys(), ...Object.keys(aliases)]);
}

/** A field as it is written, to be completed. */
export function nameToWrite({ name, part }: Field): string {
  return part === 'required' ? `${name}(…)` : name;
}
