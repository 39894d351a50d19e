import { dataFilters, isDataName } from '../datasets/mayHold';
import { openOne } from '../quickSteps';
import { savedFor } from '../savedFor';
import { type CommandServices, type Commands, fileOf } from './target';

/** The review of the active pair editor: it starts, and its keys; and how far reviewers agree. */
export function reviewCommands({ editor, agreement, notices }: CommandServices) {
  return {
    'margin.review': () => editor.active?.review.start(),
    'margin.applyMarks': () => editor.active?.review.applyMarks(),
    'margin.pairHistory': () => editor.active?.review.showHistory(editor.active.selected.row),
    'margin.showAgreement': async (target) => {
      const asked = fileOf(target);
      const isData = asked !== undefined && isDataName(asked.path);
      const file = isData ? asked : await openOne('Margin: Show Agreement', { filters: dataFilters });
      if (file && (await savedFor(notices, file.fsPath, 'Save and Compare'))) agreement.show(file);
    },
    'margin.review.muchLeft': () => editor.active?.review.act('muchLeft'),
    'margin.review.left': () => editor.active?.review.act('left'),
    'margin.review.tie': () => editor.active?.review.act('tie'),
    'margin.review.right': () => editor.active?.review.act('right'),
    'margin.review.muchRight': () => editor.active?.review.act('muchRight'),
    'margin.review.bothBad': () => editor.active?.review.act('bothBad'),
    'margin.review.keep': () => editor.active?.review.act('keep'),
    'margin.review.swap': () => editor.active?.review.act('swap'),
    'margin.review.skip': () => editor.active?.review.act('skip'),
    'margin.review.flag': () => editor.active?.review.act('flag'),
    'margin.review.edit': () => editor.active?.review.act('edit'),
    'margin.review.note': () => editor.active?.review.act('note'),
    'margin.review.tag': () => editor.active?.review.act('tag'),
    'margin.review.next': () => editor.active?.review.act('next'),
    'margin.review.undo': () => editor.active?.review.act('undo'),
    'margin.review.blind': () => editor.active?.review.act('blind'),
    'margin.review.sample': () => editor.active?.review.act('sample'),
    'margin.review.leave': () => editor.active?.review.act('leave'),
  } satisfies Partial<Commands>;
}
