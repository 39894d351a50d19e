import path from 'node:path';
import { openRegular } from '../../../base/node/smallFile';
import { at } from '../../../base/pure/must';
import type { Said } from '../../../pairs/agreement/ratingTable';
import type { Label } from '../../../pairs/agreement/ratings';
import { type ReviewerWork, reviewerWork } from '../../../pairs/agreement/reviewerWork';
import { keyNumber } from '../../../pairs/keyNumber';
import type { Mark } from '../../../pairs/marks/mark';
import type { Pair } from '../../../pairs/pair';
import { MarksFile } from '../marks/marksFile';
import { pairKeys } from '../pairKey';

interface Reviewer {
  readonly name: string;
  readonly file: MarksFile;
  readonly by: string;
}

/**
 * The reviewers of marks files, and what each says of a pair. Adjudications are no labels: they were made by somebody
 * who knew the labels of others.
 */
export class MarkReviewers {
  /** By reviewer, the marks of the pairs that were asked for. */
  private readonly asked: readonly Mark[][];

  private constructor(
    private readonly reviewers: readonly Reviewer[],
    /** Sentences about lines that hold no mark. */
    readonly notes: readonly string[],
  ) {
    this.asked = reviewers.map(() => []);
  }

  /**
   * Reads marks files. A reviewer is named by the marks; in several files, by the file too if two of them have the same
   * name.
   *
   * @throws MarginError `missing` and others of reading
   */
  static async read(paths: readonly string[]): Promise<MarkReviewers> {
    const notes: string[] = [];
    const found: { readonly file: MarksFile; readonly by: string }[] = [];
    for (const file of paths.map((one) => new MarksFile(one))) {
      // A marks file that does not exist is empty; one that a person names must exist.
      await (await openRegular(file.path)).close();
      await file.read();
      for (const { line, fault } of file.damaged) notes.push(`${file.path}:${line} is left out: ${fault}.`);
      const names = new Set([...file.book.all()].filter(({ adjudicates }) => !adjudicates).map(({ by }) => by));
      found.push(...[...names].sort().map((by) => ({ file, by })));
    }
    const reviewers = found.map((one) => ({ ...one, name: nameOf(one, found) }));
    return new MarkReviewers(reviewers, notes);
  }

  get names(): readonly string[] {
    return this.reviewers.map(({ name }) => name);
  }

  /** What each reviewer says of a pair, in the order of the names. */
  said(pair: Pair): readonly Said[] {
    const { own, exchanged } = pairKeys(pair);
    const keys = [keyNumber(own), keyNumber(exchanged)] as const;
    return this.reviewers.map(({ file, by }, i) => {
      const mark = file.book.markOf(by, ...keys);
      if (mark !== null) at(this.asked, i).push(mark);
      return labelsOf(mark);
    });
  }

  /** How each reviewer worked on the pairs that were asked for. */
  get work(): readonly ReviewerWork[] {
    return this.reviewers.map(({ name }, i) => reviewerWork(name, at(this.asked, i)));
  }
}

function nameOf({ file, by }: Omit<Reviewer, 'name'>, all: readonly Omit<Reviewer, 'name'>[]): string {
  const name = by === '' ? 'anonymous' : by;
  const isShared = all.some((other) => other.by === by && other.file !== file);
  return isShared ? `${name} (${path.basename(file.path)})` : name;
}

function labelsOf(mark: Mark | null): Said {
  const labels = new Map<string, Label>(Object.entries(mark?.dimensions ?? {}));
  if (mark !== null && mark.verdict !== null) labels.set('verdict', mark.verdict);
  return labels;
}
