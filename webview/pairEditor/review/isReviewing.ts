/** Whether the review is shown in place of the list and the pair. */
export function isReviewing(): boolean {
  return document.body.classList.contains('reviewing');
}
