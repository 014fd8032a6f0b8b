export interface Stage {
  readonly name: string;
  readonly command: readonly string[];
  readonly needs?: readonly string[];
  readonly window?: boolean;
  readonly counts?: string;
}

export function stages(options: {
  readonly grep?: string;
  readonly suite?: string;
  readonly countsOf: (stage: string) => string;
}): Stage[];
