import { CheckInput } from './checkInput';
import { ChoiceInput } from './choiceInput';
import type { Control, ControlOptions } from './control';
import { ManyInput } from './manyInput';
import { TextInput } from './textInput';

/** The control for the values of a key. */
export function controlFor(options: ControlOptions): Control {
  const { type, nullable } = options.key;
  const orNull = nullable ? ['null'] : [];
  switch (type.kind) {
    case 'boolean':
      return nullable ? new ChoiceInput(options, [...orNull, 'true', 'false']) : new CheckInput(options);
    case 'choice':
      return new ChoiceInput(options, [...orNull, ...type.of.map((word) => JSON.stringify(word))]);
    case 'choices':
      return new ManyInput(options, type.of, type.texts);
    default:
      return new TextInput(options);
  }
}
