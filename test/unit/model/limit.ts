import { TimeLimit } from '../../../src/base/node/timeLimit';

/** Enough time for every test. */
export const limit = new TimeLimit(60_000, 'slow', 'The test takes too long.');
