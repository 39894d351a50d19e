/** What a person wrote at a step of a run. */
export interface StepPin {
  readonly step: number;
  readonly note: string;
  /** When, as ISO 8601. */
  readonly at: string;
}
