import { configFields } from './configFields';
import type { KeyEdit } from './configEdits';
import { sameJson } from '../pairs/json';
import { keySections } from './keys/sections';
import type { Preset } from './presets';

/** What a preset changes in a config, before it is applied. */
export interface PresetPreview {
  readonly name: string;
  readonly source: string;
  readonly about: string;
  readonly differs: string | null;
  /** `from` and `to` are JSON texts; null: the key is not given, so its default applies. */
  readonly changes: readonly (KeyEdit & { readonly from: string | null })[];
}

/** Keys that a preset leaves alone where it does not name them: the start of a run, and the order of its rows. */
const kept: readonly string[] = ['ref_model', 'seed'];

/**
 * The changes with which a config follows a preset. Other keys of loss and optimizer leave the file, because the recipe
 * has their defaults. Model, data and evaluation stay.
 *
 * @throws FieldProblem if the text is not a JSON object
 */
export function previewPreset(preset: Preset, text: string): PresetPreview {
  const fields = text.trim() === '' ? [] : configFields(text);
  const wanted = new Map(Object.entries(preset.keys).map(([name, value]) => [name, jsonOf(value)]));
  const recipe = keySections.filter(({ id }) => id === 'loss' || id === 'optimizer').flatMap(({ keys }) => keys);
  const left = recipe.filter(({ name }) => !wanted.has(name) && !kept.includes(name)).map(({ name }) => name);
  const edits: KeyEdit[] = [
    ...[...wanted].map(([name, json]) => ({ name, json })),
    ...left.map((name) => ({ name, json: null })),
  ];
  const changes = edits.flatMap((edit) => {
    const from = fields.find(({ name }) => name === edit.name)?.json ?? null;
    return isSame(from, edit.json) ? [] : [{ ...edit, from }];
  });
  const { name, source, about, differs } = preset;
  return { name, source, about, differs, changes };
}

function isSame(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return a === b;
  // A loss may be a word or a list of one word.
  return sameJson(listed(JSON.parse(a)), listed(JSON.parse(b)));
}

const listed = (value: unknown): unknown => (Array.isArray(value) ? value : [value]);

/** A value as people write it: a single loss without a list, a small number with an exponent. */
function jsonOf(value: unknown): string {
  if (Array.isArray(value) && value.length === 1) return JSON.stringify(value[0]);
  if (typeof value === 'number' && value !== 0 && value < 1e-3) return value.toExponential();
  return JSON.stringify(value);
}
