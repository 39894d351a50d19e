import { isRecord } from '../../base/pure/isRecord';
import type { JsonObject } from '../json';
import { problem, type Problem } from '../problem';
import { withValueAt } from '../own/keyPath';
import { inside, type Path } from './inside';
import { type Layout, majority, perRow } from './perRow';
import { type Fields, twoAnswers } from './twoAnswers';

const link = 'https://labelstud.io/tags/pairwise';

/**
 * `{"data": {"prompt": "2 + 2?", "answer1": "4", "answer2": "5"}, "annotations": [{"result": [{"type": "pairwise",
 * "value": {"selected": "left"}}]}]}`: a task of Label Studio's JSON export with its tag Pairwise. Left is the answer
 * whose name has the lower number or letter. The majority of the annotations is the verdict; cancelled ones do not
 * count.
 */
export const labelStudio = perRow({
  id: 'label-studio',
  label: 'data, annotations with selected left or right (Label Studio JSON)',
  tool: 'Label Studio',
  link,
  keys: ['data', 'annotations'],
  about: [
    ...['id', 'predictions', 'drafts', 'meta', 'project', 'inner_id', 'total_annotations', 'cancelled_annotations'],
    ...['total_predictions', 'comment_count', 'unresolved_comment_count', 'last_comment_updated_at'],
    ...['comment_authors', 'updated_by', 'file_upload', 'overlap', 'agreement'],
  ],
  layoutOf: (value) => {
    if (!isRecord(value['data']) || !Array.isArray(value['annotations'])) return null;
    const chosen = selections(value['annotations']);
    const found = twoAnswers(value, value['data'], (part) => inside(['data'], part));
    if (found === null) return null;
    return withVerdict(
      found,
      chosen.map(({ selected }) => selected),
      () => chosen.reduce(flipped, value),
    );
  },
  blank: {
    data: { prompt: '', answer1: '', answer2: '' },
    annotations: [{ result: [{ from_name: 'comparison', type: 'pairwise', value: { selected: 'left' } }] }],
  },
});

/**
 * `{"prompt": "2 + 2?", "answer1": "4", "answer2": "5", "comparison": [{"selected": "left"}], "annotation_id": 1}`:
 * Label Studio's JSON-MIN, and its CSV.
 */
export const labelStudioMin = perRow({
  id: 'label-studio-min',
  label: 'two answers, annotation_id, a key with selected left or right (Label Studio JSON-MIN)',
  tool: 'Label Studio',
  link,
  keys: ['annotation_id'],
  about: ['id', 'annotator', 'lead_time', 'created_at', 'updated_at', 'agreement'],
  keysIn: (value) => {
    const found = twoAnswers(value, value, (part) => part);
    return [...(found ? found.read : []), selectionKey(value) ?? 'annotation_id'];
  },
  layoutOf: (value) => {
    const key = selectionKey(value);
    const found = key === null ? null : twoAnswers(value, value, (part) => part);
    if (found === null || key === null) return null;
    return withVerdict(found, [sideIn(value[key])], () => ({ ...value, [key]: turned(value[key]) }));
  },
  blank: { prompt: '', answer1: '', answer2: '', comparison: [{ selected: 'left' }], annotation_id: null },
});

/** The key of a JSON-MIN row whose value selects left or right; null if there is none, or several. */
function selectionKey(value: JsonObject): string | null {
  if (!('annotation_id' in value)) return null;
  const keys = Object.keys(value).filter((key) => sideIn(value[key]) !== null);
  const [key] = keys;
  return key !== undefined && keys.length === 1 ? key : null;
}

function withVerdict(
  { prompt, answers }: Fields,
  votes: readonly (Side | null)[],
  flip: () => JsonObject,
): Layout | Problem {
  const better = majority(votes.flatMap((side) => (side === null ? [] : [side === 'left' ? 0 : 1])));
  if (better === null) {
    const message = 'The task has no annotation that selects left or right, so the row is not a pair. It is left out.';
    return problem('warning', 'no-verdict', null, message);
  }
  return { prompt, answers, better, tie: 'As many annotations select left as right', flip, notes: [] };
}

type Side = 'left' | 'right';

interface Selection {
  readonly path: Path;
  readonly selected: Side;
}

/** The selections of all annotations that were not cancelled, with their paths. */
function selections(annotations: readonly unknown[]): Selection[] {
  return annotations.flatMap((annotation, i) => {
    if (!isRecord(annotation) || annotation['was_cancelled'] === true || annotation['skipped'] === true) return [];
    const results: readonly unknown[] = Array.isArray(annotation['result']) ? annotation['result'] : [];
    return results.flatMap((result, j) => {
      const selected = isRecord(result) && isRecord(result['value']) ? sideOf(result['value']['selected']) : null;
      return selected === null ? [] : [{ path: ['annotations', i, 'result', j, 'value', 'selected'], selected }];
    });
  });
}

function flipped(value: JsonObject, { path, selected }: Selection): JsonObject {
  return withValueAt(value, path, selected === 'left' ? 'right' : 'left');
}

function sideOf(value: unknown): Side | null {
  return value === 'left' || value === 'right' ? value : null;
}

/** JSON-MIN writes `[{"selected": "left"}]`; a table has only the word. */
function sideIn(value: unknown): Side | null {
  const item: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return isRecord(item) ? sideOf(item['selected']) : sideOf(item);
}

function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (isRecord(value)) return { ...value, selected: turned(value['selected']) };
  return value === 'left' ? 'right' : 'left';
}
