import { at } from '../../../base/pure/must';
import { keyNumber } from '../../../pairs/keyNumber';
import { readVisits } from '../../../run/visits';

/** The visits of a run as columns: a million of them take 24 MB. */
export class RunVisits {
  private constructor(
    /** The `keyNumber` of each visit. */
    private readonly keys: Float64Array,
    private readonly steps: Float64Array,
    private readonly margins: Float64Array,
  ) {}

  /** Errors as {@link readVisits}. */
  static async read(folder: string): Promise<RunVisits> {
    const [keys, steps, margins]: [number[], number[], number[]] = [[], [], []];
    await readVisits(folder, (visit) => {
      keys.push(keyNumber(visit.key));
      steps.push(visit.step);
      margins.push(visit.margin);
    });
    return new RunVisits(Float64Array.from(keys), Float64Array.from(steps), Float64Array.from(margins));
  }

  /** The visits of a pair in the order of the steps. */
  ofPair(key: string): { readonly step: number; readonly margin: number }[] {
    const wanted = keyNumber(key);
    const visits: { step: number; margin: number }[] = [];
    for (let i = this.keys.indexOf(wanted); i >= 0; i = this.keys.indexOf(wanted, i + 1))
      visits.push({ step: at(this.steps, i), margin: at(this.margins, i) });
    return visits;
  }
}
