/** The target of runs on this machine. */
export const localTarget = 'local';
