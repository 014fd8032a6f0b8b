import type { ProblemCode } from '../core/problem.ts';

/** Larger documents are not read: nobody wrote five megabytes by hand, and one such file must not stop the rest. */
export const maxDocumentBytes = 5 * 1024 * 1024;

export interface UndecodableText {
  readonly problem: Extract<ProblemCode, 'binary' | 'tooLarge'>;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The text of a document. A byte order mark is kept, because a write has to keep it.
 * @returns why not, when the bytes are no UTF-8 text (UTF-16 counts as binary: git treats it so too)
 */
export function decodeText(bytes: Uint8Array): { readonly text: string } | UndecodableText {
  if (bytes.length > maxDocumentBytes) return { problem: 'tooLarge' };
  if (bytes.includes(0)) return { problem: 'binary' };
  try {
    return { text: utf8.decode(bytes) };
  } catch {
    return { problem: 'binary' };
  }
}
