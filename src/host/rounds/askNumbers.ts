import * as vscode from 'vscode';
import type { Choice, Step } from '../quickSteps';
import type { DraftSoFar } from './askDraft';

export const nextRoundTitle = 'Margin: Next Round';
const title = nextRoundTitle;

export const askCount: Step<DraftSoFar> = async (draft, ask) => {
  // Typed prompts are all answered.
  if (draft.prompts?.kind === 'typed') return { ...draft, count: null };
  const some = [50, 20, 100, 200].map((value) => ({
    label: `${value} prompts`,
    value,
  }));
  const choices = [...some, { label: 'All prompts', value: 'all' as const }, other];
  const count = await ask<number | 'all' | 'other'>({ title, placeholder: 'How many prompts?', choices });
  if (count === 'all') return { ...draft, count: null };
  return withNumber(draft, 'count', count, 'Number of prompts', (value) => Number.isInteger(value) && value > 0);
};

/** Random choice is the default; an endpoint does not say how sure it is, and of all prompts none is chosen. */
export const askChoice: Step<DraftSoFar> = async (draft, ask) => {
  if (draft.count === null || draft.endpoint !== null) return { ...draft, choice: 'random' };
  const choices: Choice<DraftSoFar['choice']>[] = [
    { label: 'At Random', description: 'what a round learns then holds for prompts like these', value: 'random' },
    {
      label: 'Where the Model Is Least Sure',
      detail: 'Drafts for three times as many prompts, and keeps those whose best and worst draft it values most alike',
      value: 'active',
    },
  ];
  const choice = await ask({ title, placeholder: `How shall ${draft.count} prompts be chosen?`, choices });
  return choice === null || choice === 'back' ? choice : { ...draft, choice };
};

export const askDrafts: Step<DraftSoFar> = async (draft, ask) => {
  const choices = [4, 2, 3, 6, 8].map((value) => ({ label: `${value} answers a prompt`, value }));
  const k = await ask({ title, placeholder: 'How many answers to each prompt?', choices });
  return k === null || k === 'back' ? k : { ...draft, k };
};

export const askTemperature: Step<DraftSoFar> = async (draft, ask) => {
  const about: readonly [number, string][] = [
    [1, 'as the model has learned'],
    [0.7, 'likelier words: answers differ less'],
    [1.3, 'rarer words: answers differ more, and fail more'],
  ];
  const choices = about.map(([value, description]) => ({ label: `Temperature ${value}`, description, value }));
  const asked = await ask<number | 'other'>({
    title,
    placeholder: 'How far may answers vary?',
    choices: [...choices, other],
  });
  return withNumber(draft, 'temperature', asked, 'Temperature, above 0', (value) => value > 0 && value <= 5);
};

export const askSeed: Step<DraftSoFar> = async (draft, ask) => {
  const choices = [
    { label: `Seed ${draft.seed}`, description: 'the same seed gives the same answers', value: 0 },
    other,
  ];
  const asked = await ask<number | 'other'>({
    title,
    placeholder: 'Seed of prompts, answers and their order',
    choices,
  });
  return withNumber(draft, 'seed', asked, 'Seed', (value) => Number.isSafeInteger(value) && value >= 0);
};

const other: Choice<'other'> = { label: 'Other…', alwaysShow: true, value: 'other' };

/** Takes a number of a list, or asks for another one. */
async function withNumber(
  draft: DraftSoFar,
  key: 'count' | 'temperature' | 'seed',
  answer: number | 'other' | 'back' | null,
  prompt: string,
  fits: (value: number) => boolean,
): Promise<DraftSoFar | 'back' | null> {
  if (typeof answer === 'number') return { ...draft, [key]: answer };
  if (answer !== 'other') return answer === 'back' ? 'back' : null;
  const text = await vscode.window.showInputBox({
    title,
    prompt,
    value: String(draft[key]),
    ignoreFocusOut: true,
    validateInput: (value) => (fits(Number(value)) && value.trim() !== '' ? null : `${prompt}: another number`),
  });
  return text === undefined ? null : { ...draft, [key]: Number(text) };
}
