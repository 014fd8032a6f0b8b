/**
 * Replaces each secret in a text by words that say what was there: `‹masked: GitHub token›`. A text without one comes back as
 * it is. What is masked already is left alone. Nothing that a program printed or a person typed in a terminal is written to a
 * disk, not even to private state, before it went through here.
 */
export type SecretMask = (text: string) => Promise<string>;
