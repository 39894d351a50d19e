import type { KeyEdit } from '../run/configEdits';
import type { PresetPreview } from '../run/presetEdits';
import type { ConfigForm, FormSection } from '../run/formTypes';

/** What never changes while a form is open. */
export interface FormFacts {
  readonly sections: readonly FormSection[];
}

/** What a form shows: the text of the file, as keys. */
export interface FormState {
  /** The name of the file. */
  readonly name: string;
  readonly form: ConfigForm;
  /** Why no run can start from here, in a sentence; null if one can. */
  readonly noRuns: string | null;
}

/** The host's side. */
export type TrainFormHost = {
  requests: {
    hello: { params: null; result: FormFacts & { readonly state: FormState } };
    /** Changes keys of the file, as one undo step. */
    edit: { params: { readonly edits: readonly KeyEdit[] }; result: FormState };
    /** Asks for the path of a key, and writes it. */
    choosePath: { params: { readonly name: string }; result: FormState };
    /** Asks for a preset; null if the person closed the list. */
    choosePreset: { params: null; result: PresetPreview | null };
    openText: { params: null; result: null };
    /** Saves the file, shows the estimate and starts the run. */
    start: { params: null; result: null };
  };
  events: { changed: FormState };
};

export type TrainFormView = { requests: Record<never, never>; events: Record<never, never> };
