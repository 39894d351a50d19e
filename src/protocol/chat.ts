/** The most models that answer side by side. */
export const mostColumns = 3;
/** The most characters of a prompt, so that a message stays below 256 KB. */
export const mostPrompt = 60_000;

/** How the models answer, with the names of GenerationConfig in `transformers`. */
export interface ChatSettings {
  /** The system prompt; empty: none. */
  readonly system: string;
  /** 0: always the most likely token. */
  readonly temperature: number;
  readonly topP: number;
  readonly seed: number;
  readonly maxNewTokens: number;
  /** An answer ends before the first of these. */
  readonly stop: readonly string[];
}

/** One of the models of a run: its start, or a checkpoint. */
export interface StepChoice {
  /** null: the model that the run starts from. */
  readonly step: number | null;
  readonly label: string;
}

/** A model that answers. A column with another model has another id. */
export interface ChatColumn {
  readonly id: number;
  readonly label: string;
  /** The run or the path that it is from. */
  readonly detail: string;
  /** The models of the same run; empty for a model without one. */
  readonly steps: readonly StepChoice[];
  /** The step of the run; null: its start, or no run. */
  readonly step: number | null;
  /** `closed`: it is opened with the next prompt. */
  readonly state: 'closed' | 'opening' | 'open' | 'failed';
  /** Why it could not be opened; null: it could. */
  readonly problem: string | null;
  /** False: the model has no chat template, and continues the text of the last turn. */
  readonly hasTemplate: boolean;
}

/** β·(log π − log π_ref) of an answer, under a model of the chat. */
export interface ShownReward {
  readonly value: number;
  readonly beta: number;
  /** Nats. */
  readonly logp: number;
  /** Nats. */
  readonly refLogp: number;
  readonly tokens: number;
  /** The label of the model whose reward it is. */
  readonly by: string;
}

export interface ChatAnswer {
  readonly column: number;
  readonly state: 'opening' | 'answering' | 'done' | 'failed';
  /** What the model wrote. */
  readonly text: string;
  /** What the person made of it; null: nothing. */
  readonly edited: string | null;
  readonly seed: number;
  readonly temperature: number;
  readonly tokens: number;
  readonly finish: 'stop' | 'length' | 'cancelled' | null;
  /** Seconds until the first token; null until the end. */
  readonly firstSeconds: number | null;
  /** Tokens in a second after the first one; null until the end, and for an answer of one token. */
  readonly rate: number | null;
  /** null: not known yet, or no model of the chat has a reference. */
  readonly reward: ShownReward | null;
  /** Why there is no answer, or no reward; null: no problem. */
  readonly problem: string | null;
}

/** A prompt of the person, and the answers to it. */
export interface ChatTurn {
  readonly id: number;
  readonly prompt: string;
  readonly answers: readonly ChatAnswer[];
  /** Ids of the columns with the better and the worse answer. */
  readonly chosen: number | null;
  readonly rejected: number | null;
  /** Where the pair was saved; null: it was not. */
  readonly saved: string | null;
}

export interface ChatState {
  readonly columns: readonly ChatColumn[];
  readonly settings: ChatSettings;
  /** Ids of the turns, in their order. */
  readonly turns: readonly number[];
  /** Whether an answer is being generated. */
  readonly running: boolean;
  /** The name of the file that gets the pairs; null: none was chosen. */
  readonly file: string | null;
  /** Whether the last saved pair can be taken back. */
  readonly canUndo: boolean;
}

/** What of a turn an action is about. */
export interface AnswerPlace {
  readonly turn: number;
  readonly column: number;
}

/** Which answer is the better one, and which the worse. */
export type PairSide = 'chosen' | 'rejected';

export type ChatHost = {
  requests: {
    hello: { params: null; result: ChatState };
    /** null: the turn is gone. */
    turn: { params: { readonly turn: number }; result: ChatTurn | null };
    /** Asks all models. */
    send: { params: { readonly text: string }; result: null };
    /** Asks again with another text. The turns after it are removed. */
    resend: { params: { readonly turn: number; readonly text: string }; result: null };
    /** Answers again with the next seed. The turns after it are removed. `column` null: all of them. */
    regenerate: { params: { readonly turn: number; readonly column: number | null }; result: null };
    stop: { params: null; result: null };
    /** Starts a new conversation. */
    clear: { params: null; result: null };
    settings: { params: ChatSettings; result: null };
    /** Asks for a model, and adds a column or gives one (`column`) another model. */
    choose: { params: { readonly column: number | null }; result: null };
    /** Another step of the run of a column. */
    step: { params: { readonly column: number; readonly step: number | null }; result: null };
    remove: { params: { readonly column: number }; result: null };
    /** Stops the opening of models. They are opened with the next prompt. */
    stopOpening: { params: null; result: null };
    /** An answer as the person wants it; null: as the model wrote it. */
    edit: { params: AnswerPlace & { readonly text: string | null }; result: null };
    mark: { params: AnswerPlace & { readonly side: PairSide }; result: null };
    /** Appends the marked pair to a file. @returns what was done; null: the person closed the list of files */
    save: { params: { readonly turn: number }; result: string | null };
    /** Chooses the file of the pairs. */
    chooseFile: { params: null; result: null };
    /** Takes the last saved pair back. @returns what was done */
    undo: { params: null; result: string };
  };
  events: {
    state: ChatState;
    turn: ChatTurn;
    /** More of an answer: `text` comes after its first `from` characters. */
    text: AnswerPlace & { readonly from: number; readonly text: string };
    /** The chat as text, which the view keeps for the next window. */
    keep: { readonly text: string };
  };
};

/** What the view remembers when the window closes. */
export interface ChatMemory {
  readonly kept?: string;
}

export type ChatView = {
  requests: Record<never, never>;
  events: Record<never, never>;
};
