import { lastLines } from '../../core/outputTail.ts';
import type { SecretMask } from '../../core/ports/secretMask.ts';
import type { Observation, Proposal } from '../../core/recording.ts';

/** Longer command lines are scripts that somebody pasted. */
const mostCharacters = 4_000;

/** What may be written down of an observation. @throws what the mask throws: then nothing may */
export async function maskedObservation(
  mask: SecretMask,
  { at: _at, key: _key, text, offScreen, cwd, output, ...rest }: Observation,
): Promise<Omit<Proposal, 'id' | 'incident' | 'at'>> {
  const masked = offScreen ? await maskedAcrossBreaks(mask, text) : await mask(text);
  // Masked as a whole first: the half of a secret is not recognised. The same holds for the output.
  const printed = output === undefined ? '' : lastLines(await mask(output));
  return {
    ...rest,
    text: masked.length > mostCharacters ? `${masked.slice(0, mostCharacters)}…` : masked,
    ...(cwd === undefined ? {} : { cwd: await mask(cwd) }),
    ...(printed === '' ? {} : { output: printed }),
  };
}

/** Without the breaks where the screen may have broken a secret in two, of which no half, or only the first, is recognised. */
async function maskedAcrossBreaks(mask: SecretMask, text: string): Promise<string> {
  const masked = await mask(text);
  if (!text.includes('\n')) return masked;
  const joined = await mask(text.replaceAll('\n', ''));
  return masked.replaceAll('\n', '') === joined ? masked : joined;
}
