import { commonVerdict } from '../../../pairs/marks/applyMarks';
import { keyNumber } from '../../../pairs/keyNumber';
import type { Verdict } from '../../../pairs/marks/mark';
import { MarksFile } from '../marks/marksFile';
import type { pairKeys } from '../pairKey';

/** How people decided the pairs on which reviewers disagree, read from marks files. */
export class Adjudications {
  private constructor(private readonly files: readonly MarksFile[]) {}

  /** Reads marks files. A file that does not exist counts as empty. @throws MarginError of reading */
  static async read(paths: readonly string[]): Promise<Adjudications> {
    const files = [...new Set(paths)].map((path) => new MarksFile(path));
    for (const file of files) await file.read();
    return new Adjudications(files);
  }

  /** Null if nobody has decided the pair, or two people decided it differently. */
  of({ own, exchanged }: ReturnType<typeof pairKeys>): Verdict | null {
    const marks = this.files.flatMap(({ book }) => book.marksOf(keyNumber(own), keyNumber(exchanged)));
    const verdict = commonVerdict(marks.filter(({ adjudicates }) => adjudicates));
    return verdict === 'disagree' ? null : verdict;
  }
}
