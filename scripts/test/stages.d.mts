export interface Stage {
  readonly name: string;
  readonly command: readonly string[];
  readonly needs?: readonly string[];
  readonly window?: boolean;
  readonly beside?: string;
  readonly counts?: string;
}

export function stages(options: {
  readonly grep?: string;
  readonly suite?: string;
  readonly countsOf: (stage: string) => string;
}): Stage[];
