/** β·(log π − log π_ref) of the tokens of two answers, without the end of the turn. */
export interface SampleRewards {
  readonly before: number;
  readonly after: number;
}

/** The event of a prompt with the answers before the first step and after `step`. */
export interface SampleEvent {
  readonly t: number;
  readonly step: number;
  readonly kind: 'sample';
  readonly prompt: string;
  readonly before: string;
  readonly after: string;
  /** Under the model of this step; left out where they are not known. */
  readonly rewards?: SampleRewards;
}
