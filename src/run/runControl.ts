/** The content of control.json. */
export interface RunControl {
  /** The request to the trainer. `stop` saves a checkpoint first. */
  readonly want: 'run' | 'pause' | 'stop';
  /** With `run`: the run saves and stops when it has done this many steps. Without it, it goes on to its end. */
  readonly stop_at?: number;
}
