/** How many times the cases of `npm test`. `npm run soak -- cases` takes ten times as many. */
const factor = Number(process.env.MARGIN_MORE ?? 1);

/** The number of random cases that a test takes: `usual` in `npm test`. */
export const caseCount = (usual: number): number => usual * factor;

/** A seed for each random case of a test: `usual` of them in `npm test`. */
export const caseSeeds = (usual: number): readonly number[] => [...Array(caseCount(usual)).keys()];
