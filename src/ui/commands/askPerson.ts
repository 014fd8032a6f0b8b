import * as vscode from 'vscode';
import { knownPeople } from '../../services/people.ts';
import { askLine, askOne } from '../multiStep.ts';
import type { OpenSession } from '../session/openRoot.ts';

const { t } = vscode.l10n;

/**
 * Asks for a person, as written.
 * @param role what they are asked for
 * @param current who has it now; then it can be given back, which is an empty text
 * @param nobodyMeans what choosing nobody does
 * @throws FirebreakError `cancelled`
 */
export async function askPerson(
  session: OpenSession,
  role: string,
  current: string | undefined,
  nobodyMeans = t('gives the role back'),
): Promise<string> {
  const me = await session.context.author();
  const nobody = { who: '', label: `$(circle-slash) ${t('Nobody')}`, description: nobodyMeans };
  const other = { who: undefined, label: `$(edit) ${t('Somebody else…')}`, description: '' };
  const people = (await knownPeople(session, me)).map((who) => ({
    who,
    label: `$(person) ${who}`,
    description: who === me ? t('you') : '',
  }));
  const picked = await askOne<{ who: string | undefined; label: string; description: string }>({
    title: role,
    placeholder: current ? t('Now: {0}', current) : t('Who takes it?'),
    items: [...people, other, ...(current ? [nobody] : [])],
  });
  return (
    picked.who ??
    askLine({ title: role, prompt: t('@login or a name'), value: current ?? '', required: t('Name somebody.') })
  );
}
