import { type Edit, rowAfter } from '../../pairs/edits';
import type { Mark } from '../../pairs/marks/mark';

/** What an undo takes back: a mark, with the state before it, or an edit. */
export type ReviewStep =
  | { readonly kind: 'mark'; row: number; readonly key: string; readonly before: Mark }
  | { readonly kind: 'edit'; row: number };

/** What a person did in a review, step by step. The rows follow edits. */
export class ReviewSteps {
  private readonly steps: ReviewStep[] = [];

  push(step: ReviewStep): void {
    this.steps.push(step);
  }

  /** The last step, which is then gone. */
  pop(): ReviewStep | undefined {
    return this.steps.pop();
  }

  follow(edit: Edit): void {
    for (const step of this.steps) step.row = rowAfter(step.row, edit) ?? step.row;
  }
}
