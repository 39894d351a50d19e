import { MarginError } from '../../base/pure/marginError';
import { type AppendedLine, appendedLine } from '../../pairs/appendedLine';
import type { Pair } from '../../pairs/pair';
import type { Reading } from '../../pairs/reading';
import { writeLine } from '../../pairs/writeLine';
import { stepName } from '../../run/folder';
import type { Provenance } from '../../run/rounds/pairs';
import type { ChatSource } from '../../train/chat/messages';
import type { ChatSession } from './chatSession';

/** Where a pair of a chat comes from, with the keys of a round's pairs. It belongs to no round. */
export type ChatProvenance = Omit<Provenance, 'round'> & { readonly round: null };

/**
 * Where the marked pair of a turn comes from. Model, seed and temperature are those of the chosen answer.
 *
 * @throws MarginError `not-marked`
 */
export function provenanceOf(session: ChatSession, turn: number): ChatProvenance {
  const { conversation } = session;
  const { chosen, rejected } = conversation.turn(turn);
  const answers = [chosen, rejected].map((column) => column !== null && conversation.answer({ turn, column }));
  const [better, worse] = answers;
  if (!better || !worse)
    throw new MarginError('not-marked', 'Mark the better answer as chosen and the worse one as rejected first.');
  const { seed, temperature, column } = better;
  const edited = [better, worse].some((answer) => answer.edited !== null && answer.edited !== answer.text);
  return { ...modelOf(session.sourceOf(column)), seed, temperature, judge: 'person', by: null, round: null, edited };
}

/**
 * The line of a pair for the end of a file, as {@link appendedLine}, with the key `margin_provenance`.
 *
 * @param neighbour the last line of the file; null if it is empty
 */
export function chatLine(
  pair: Pair,
  provenance: ChatProvenance,
  neighbour: string | null,
  reading: Reading,
): AppendedLine {
  const { line, format } = appendedLine(pair, neighbour, reading);
  const value = JSON.parse(line) as Readonly<Record<string, unknown>>;
  return { line: writeLine(line, { ...value, margin_provenance: provenance }), format };
}

/** A run is named by its folder, and a checkpoint of it by its step; an adapter by its folder. */
function modelOf(source: ChatSource): Pick<Provenance, 'model' | 'checkpoint'> {
  if (source.kind === 'model') return { model: source.path, checkpoint: source.adapter };
  return { model: source.folder, checkpoint: source.step === null ? null : stepName(source.step) };
}
