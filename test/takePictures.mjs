// `npm run pictures`: takes the pictures of the tour in README.md from the screenshots of the last `npm run e2e`.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const screenshots = 'test/e2e/screenshots';
const folder = 'media/pictures';

/** The picture of each stop, and its screenshot. */
const pictures = {
  filter: 'filter-fields-dark-modern',
  review: 'dark-modern-review',
  agreement: 'dark-modern-agreement',
  duplicates: 'duplicates-dark-modern',
  statistics: 'statistics-dark-modern',
  compare: 'compare-dark-modern',
  replace: 'bulk-dark-modern',
  tokens: 'dark-modern-tokens',
  curves: 'dark-modern-curves',
  suspects: 'suspects-dark-modern',
  suspectReview: 'suspects-review',
  round: 'round-dark-modern',
};

mkdirSync(folder, { recursive: true });
for (const [name, shot] of Object.entries(pictures))
  copyFileSync(join(screenshots, `${shot}.png`), join(folder, `${name}.png`));
console.log(`${Object.keys(pictures).length} pictures are in ${folder}`);
