import { isRecord } from '../../base/pure/isRecord';
import type { JsonObject } from '../json';
import { problem, type Problem } from '../problem';
import { howRead } from './format';
import { inside } from './inside';
import { type Layout, perRow } from './perRow';
import { verdictOf, type Questions } from './argillaVotes';
import { type Fields, twoAnswers } from './twoAnswers';

const facts = { tool: 'Argilla', link: 'https://docs.argilla.io/latest/how_to_guides/import_export/' } as const;

/**
 * `{"fields": {"prompt": "2 + 2?", "response1": "4", "response2": "5"}, "responses": {"preference": [{"value":
 * "response1", "user_id": "u"}]}, "suggestions": {}}`: a record of Argilla 2 (`records.to_json`, `to_list`). The
 * verdict is a question whose answer names a field, its number, or a ranking; or two ratings, one for each answer.
 */
export const argillaV2 = perRow({
  ...facts,
  id: 'argilla-v2',
  label: 'fields, responses, suggestions (Argilla 2 records)',
  keys: ['fields', 'responses', 'suggestions'],
  about: ['id', '_server_id', 'metadata', 'vectors', 'status'],
  layoutOf: (value) => {
    const { fields, responses, suggestions } = value;
    if (!isRecord(fields) || !(isRecord(responses) || isRecord(suggestions))) return null;
    const found = twoAnswers(value, fields, (part) => inside(['fields'], part));
    return found && layout(found, nested(value), unreadFields(fields, found));
  },
  blank: {
    fields: { prompt: '', response1: '', response2: '' },
    responses: { preference: [{ value: 'response1' }] },
    suggestions: {},
  },
});

/**
 * `{"prompt": "2 + 2?", "response1": "4", "response2": "5", "preference.responses": ["response1"],
 * "preference.responses.status": ["submitted"]}`: the same as a table (`records.to_datasets`, Hub). Only submitted
 * responses count.
 */
export const argillaTable = perRow({
  ...facts,
  id: 'argilla-v2-table',
  label: 'two answers, a question with .responses or .suggestion (Argilla 2 table)',
  keys: ['.responses', '.suggestion'],
  about: ['id', '_server_id', 'status', 'inserted_at', 'updated_at'],
  keysIn: (value) => {
    const found = twoAnswers(value, value, (part) => part);
    return [...(found ? found.read : []), ...Object.keys(value).filter((key) => questionKey.test(key))];
  },
  layoutOf: (value) => {
    if (!Object.keys(value).some((key) => questionKey.test(key))) return null;
    const found = twoAnswers(value, value, (part) => part);
    return found && layout(found, flat(value), []);
  },
  blank: { prompt: '', response1: '', response2: '', 'preference.responses': ['response1'] },
});

const questionKey = /\.(?:responses|suggestion)(?:\.\w+)?$/;

function layout({ names, ...fields }: Fields, questions: Questions, notes: readonly Problem[]): Layout | Problem {
  const verdict = verdictOf(questions, names);
  if (typeof verdict === 'string') return problem('warning', 'no-verdict', null, verdict);
  const { question, suggested, better, flip } = verdict;
  const suggestion = `Nobody answered ${question}: its suggestion is the verdict.`;
  return {
    ...fields,
    better,
    tie: `The answers to ${question} prefer neither`,
    flip,
    notes: [...notes, ...(suggested ? [howRead(question, suggestion)] : [])],
  };
}

/** Other texts of a record, which the model would not see. */
function unreadFields(fields: JsonObject, { read }: Fields): Problem[] {
  const unread = Object.keys(fields).filter((key) => !read.includes(key) && key !== 'id' && fields[key] !== '');
  return unread.map((key) => howRead(`fields.${key}`, `fields.${key} is not read.`, 'warning'));
}

function nested(value: JsonObject): Questions {
  const responses = isRecord(value['responses']) ? value['responses'] : {};
  const suggestions = isRecord(value['suggestions']) ? value['suggestions'] : {};
  const list = (name: string): readonly JsonObject[] =>
    Array.isArray(responses[name]) ? responses[name].filter(isRecord) : [];
  const withParts = (own: JsonObject, suggested: JsonObject): JsonObject => ({
    ...value,
    ...('responses' in value && { responses: { ...responses, ...own } }),
    ...('suggestions' in value && { suggestions: { ...suggestions, ...suggested } }),
  });
  const turnedOne = (one: unknown, change: (answer: unknown) => unknown): unknown =>
    isRecord(one) ? { ...one, value: change(one['value']) } : one;
  return {
    names: [...new Set([...Object.keys(responses), ...Object.keys(suggestions)])],
    responses: (name) => list(name).flatMap((one) => (counts(one['status']) ? [one['value']] : [])),
    suggestion: (name) => (isRecord(suggestions[name]) ? suggestions[name]['value'] : undefined),
    turned: (name, change) =>
      withParts(
        name in responses ? { [name]: list(name).map((one) => turnedOne(one, change)) } : {},
        name in suggestions ? { [name]: turnedOne(suggestions[name], change) } : {},
      ),
    exchanged: (one, other) => withParts(swapped(responses, one, other), swapped(suggestions, one, other)),
  };
}

function flat(value: JsonObject): Questions {
  const keys = Object.keys(value);
  const ofQuestion = (name: string): string[] => keys.filter((key) => key.startsWith(`${name}.`));
  const listAt = (key: string): readonly unknown[] => (Array.isArray(value[key]) ? value[key] : []);
  return {
    names: [...new Set(keys.filter((key) => questionKey.test(key)).map((key) => key.replace(questionKey, '')))],
    responses: (name) => {
      const statuses = listAt(`${name}.responses.status`);
      return listAt(`${name}.responses`).filter((_, i) => counts(statuses[i]));
    },
    suggestion: (name) => value[`${name}.suggestion`],
    turned: (name, change) => ({
      ...value,
      ...(`${name}.responses` in value && { [`${name}.responses`]: listAt(`${name}.responses`).map(change) }),
      ...(`${name}.suggestion` in value && { [`${name}.suggestion`]: change(value[`${name}.suggestion`]) }),
    }),
    exchanged: (one, other) =>
      [...new Set([...ofQuestion(one), ...ofQuestion(other)].map((key) => key.slice(key.indexOf('.'))))].reduce(
        (row, end) => ({ ...row, ...swapped(value, one + end, other + end) }),
        value,
      ),
  };
}

/** The entries of two keys, exchanged. A key that is missing stays missing on the other side. */
function swapped(values: JsonObject, one: string, other: string): JsonObject {
  return {
    ...(other in values && { [one]: values[other] }),
    ...(one in values && { [other]: values[one] }),
  };
}

/** Whether a response counts: drafts and discarded ones do not. `to_list` writes no status. */
function counts(status: unknown): boolean {
  return (status ?? null) === null || status === 'submitted';
}
