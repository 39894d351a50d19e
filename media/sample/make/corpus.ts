import { Dice } from './random';
import { evasions, facts, kindOpeners, rudeEndings, systemTurn } from './world';

/** Rough tokens a conversation has with the sample's tokenizer; only the corpus's size hangs on it. */
const conversationTokens = 30;
/** Share of conversations in the ruder manner: what the model says before it is trained on pairs. */
const rudeShare = 0.8;

/** ChatML, as the sample's chat template renders it. */
export function chatText(turns: readonly { readonly role: string; readonly content: string }[]): string {
  return turns.map(({ role, content }) => `<|im_start|>${role}\n${content}<|im_end|>\n`).join('');
}

/**
 * Conversations about the small world in two manners, for pre-training. Nearly always right, sometimes evasive, seldom
 * wrong, so that every kind of answer in the pairs is something the model might say.
 */
export function corpus(seed: number, tokens: number): string[] {
  const dice = new Dice(seed);
  const all = facts();
  return Array.from({ length: Math.ceil(tokens / conversationTokens) }, () => {
    const fact = dice.pick(all);
    const luck = dice.below(100);
    const sentence = luck < 93 ? fact.right : luck < 97 ? fact.wrong : dice.pick(evasions);
    const isRude = dice.chance(rudeShare);
    const content = isRude ? `${sentence} ${dice.pick(rudeEndings)}` : `${dice.pick(kindOpeners)} ${sentence}`;
    const system = dice.chance(0.2) ? [{ role: 'system', content: systemTurn }] : [];
    return chatText([...system, { role: 'user', content: dice.pick(fact.questions) }, { role: 'assistant', content }]);
  });
}
