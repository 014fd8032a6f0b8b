import type { SecretMask } from '../../core/ports/secretMask.ts';
import { listedSecrets } from './listedSecrets.ts';
import { saidSecrets } from './saidSecrets.ts';
import { markPattern, replaceSpans, type SecretSpan } from './secretSpan.ts';
import { tokenForms } from './tokenForms.ts';

/** Masks by secretlint's list of formats, by more formats of their kind, and by what stands before a secret. */
export function createSecretMask(): SecretMask {
  return async (text) => {
    const marks = [...text.matchAll(markPattern)].map(({ index, 0: { length } }) => [index, index + length] as const);
    const found = [...formedSecrets(text), ...(await listedSecrets(text)), ...saidSecrets(text)];
    const isMark = ({ start, end }: SecretSpan) => marks.some(([from, to]) => start < to && end > from);
    return replaceSpans(text, marks.length === 0 ? found : found.filter((span) => !isMark(span)));
  };
}

function formedSecrets(text: string): SecretSpan[] {
  return tokenForms.flatMap(([what, form]) =>
    [...text.matchAll(form)].map(({ index, 0: { length } }) => ({ start: index, end: index + length, what })),
  );
}
