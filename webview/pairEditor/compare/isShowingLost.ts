/** Whether lost rows are shown in place of the list and the pair. */
export function isShowingLost(): boolean {
  return document.body.classList.contains('showing-lost');
}
