import { Environment, Interpreter, Template } from '@huggingface/jinja';

/*
 * Renders Jinja templates of models within bounds. A template comes with a model, so anybody may have written it.
 * Without bounds, an endless loop would block the process, and a growing string would fill its memory.
 */

/**
 * Evaluated nodes of one rendering. A chat of a thousand turns takes about 100,000; two million take about a second.
 */
const maxSteps = 2_000_000;
/** Characters that one rendering may create: 128 Mi, far above the longest row that can be trained. */
const maxCharacters = 1 << 27;
/** An item of a list counts as this many characters, about what it takes in memory. */
const itemSize = 32;

/** Nodes whose result is a new string or list. All other nodes return an existing value. */
const allocatingNodes: ReadonlySet<string> = new Set([
  'BinaryExpression',
  'FilterExpression',
  'CallExpression',
  'SliceExpression',
  'ArrayLiteral',
  'TupleLiteral',
  'For',
  'CallStatement',
  'FilterStatement',
]);

/** A rendering went beyond a bound. Until then it took about a second. */
export class TemplateLimitError extends Error {
  override readonly name = 'TemplateLimitError';
}

type Evaluate = Interpreter['evaluate'];

/** The interpreter of @huggingface/jinja, with a count of steps and of created characters. */
class CountingInterpreter extends Interpreter {
  private steps = 0;
  private characters = 0;

  override evaluate(...[statement, environment]: Parameters<Evaluate>): ReturnType<Evaluate> {
    if (++this.steps > maxSteps)
      throw new TemplateLimitError(
        `it did not end within ${maxSteps.toLocaleString('en')} steps; does it loop forever?`,
      );
    const result = super.evaluate(statement, environment);
    if (statement && allocatingNodes.has(statement.type)) {
      this.characters += sizeOf(result.value);
      if (this.characters > maxCharacters) throw tooLarge();
    }
    return result;
  }
}

const tooLarge = (): Error =>
  new TemplateLimitError(`its result is larger than ${maxCharacters.toLocaleString('en')} characters`);

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  return Array.isArray(value) ? value.length * itemSize : 0;
}

/**
 * Renders a parsed template, as the library's own `render` does, but within bounds.
 *
 * @param values the variables of the template
 * @throws TemplateLimitError beyond the bounds
 * @throws Error where the template calls `raise_exception`, or fails
 */
export function renderBounded(template: Template, values: Readonly<Record<string, unknown>>): string {
  const environment = new Environment();
  for (const [name, value] of Object.entries({ ...globals, ...values })) environment.set(name, value);
  return String(new CountingInterpreter(environment).run(template.parsed).value);
}

/** The global names of a template. They repeat `setupGlobals` of @huggingface/jinja, which is not exported. */
const globals: Readonly<Record<string, unknown>> = {
  true: true,
  false: false,
  none: null,
  True: true,
  False: false,
  None: null,
  raise_exception(message: unknown): never {
    throw new Error(String(message));
  },
  range(first: number, end?: number, step = 1): number[] {
    const [start, stop] = end === undefined ? [0, first] : [first, end];
    if (step === 0) throw new Error('range() step must not be zero');
    const length = Math.max(0, Math.ceil((stop - start) / step));
    if (!(length * itemSize <= maxCharacters)) throw tooLarge();
    return Array.from({ length }, (_, i) => start + i * step);
  },
  strftime_now: (format: unknown): string => new Template('{{ strftime_now(format) }}').render({ format }),
};
