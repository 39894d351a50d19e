/** The content of control.json. */
export interface RunControl {
  /** The request to the trainer. `stop` saves a checkpoint first. */
  readonly want: 'run' | 'pause' | 'stop';
}
