import { languageFades } from './languageSymptoms';
import { bothFall, collapse, far } from './likelihoodSymptoms';
import { frozen, negativeMargin, saturated } from './marginSymptoms';
import { clipped, diverged, exploding } from './numberSymptoms';
import { longer, memorises } from './otherSymptoms';
import type { CurveRemark, ObservedRun, Symptom } from './symptom';

/** All symptoms, the most urgent first. */
export const symptoms: readonly Symptom[] = [
  diverged,
  exploding,
  negativeMargin,
  frozen,
  memorises,
  collapse,
  languageFades,
  far,
  saturated,
  longer,
  bothFall,
  clipped,
];

/** The symptoms that a run has, the most urgent first. If it has diverged, only this is reported. */
export function remarksOn(run: ObservedRun): readonly CurveRemark[] {
  const found = symptoms.flatMap(({ id, source, find }) => {
    const finding = find(run);
    return finding === null ? [] : [{ id, source, ...finding }];
  });
  return found[0]?.id === diverged.id ? found.slice(0, 1) : found;
}
