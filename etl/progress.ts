// How the stages of a run tell what they do: one message at a time, no words for the terminal in them.

export type Stage = "extract" | "load" | "build" | "detect" | "check" | "publish" | "warning";

export interface Progress {
  readonly stage: Stage;
  readonly message: string;
  /** Figures behind the message, for machines. */
  readonly figures?: Readonly<Record<string, number | string>>;
  /** One of many, e.g. of each file: for those who asked for details. */
  readonly isDetail?: true;
}

export type Report = (progress: Progress) => void;
