import { TimeLimit } from '../../../src/base/node/timeLimit';

/** Time enough for any test that means to end. */
export const limit = new TimeLimit(60_000, 'slow', 'The test takes too long.');
