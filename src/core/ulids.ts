import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { decodeTime, encodeTime, isValid, monotonicFactory } from 'ulid';

/** Numbers in [0, 1), from a source that two clones do not share. */
export type Random = () => number;

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Makes ULIDs that grow even within one millisecond, or when the clock is set back. */
export function ulidFactory(random: Random): (epochMs: number) => string {
  const next = monotonicFactory(random);
  let last = 0;
  return (epochMs) => {
    last = Math.max(last, epochMs);
    return next(last);
  };
}

/**
 * A ULID that every clone derives alike from the same facts: what a person wrote by hand gets the same identity
 * wherever it is read.
 */
export function derivedUlid(epochMs: number, ...facts: readonly (string | number | null)[]): string {
  const digest = sha256(utf8ToBytes(JSON.stringify(facts)));
  let text = '';
  for (let index = 0; index < 16; index++) text += alphabet[(digest[index] ?? 0) & 31];
  return encodeTime(Math.max(0, epochMs), 10) + text;
}

/** The time in a ULID (epoch milliseconds), or undefined when the text is none. */
export function ulidTime(id: string): number | undefined {
  return isValid(id) ? decodeTime(id) : undefined;
}

/** Hex SHA-256 of UTF-8 text. */
export function contentHash(text: string): string {
  return [...sha256(utf8ToBytes(text))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
