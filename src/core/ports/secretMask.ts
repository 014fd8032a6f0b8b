/** Puts a mark in the place of each secret in a text. What is no secret stays as it is. */
export type SecretMask = (text: string) => Promise<string>;
