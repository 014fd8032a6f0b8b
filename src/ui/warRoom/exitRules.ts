import type { CustomerContext } from '../../services/customers/customerMessages.ts';
import type { IsWithheld } from '../../services/exits.ts';
import { readSyncRules } from '../../services/sync/syncRules.ts';
import type { OpenSession } from '../session/openRoot.ts';
import { settings } from '../settings.ts';

/** What stays inside, as the settings say now. @throws FirebreakError `invalidInput` where they mean nothing: then nothing leaves */
export function exitRules({ root }: OpenSession): IsWithheld {
  return readSyncRules(settings.syncSettings(root.folder.uri)).isWithheld;
}

/** For messages to customers. */
export function customerContext(session: OpenSession): CustomerContext {
  return { ...session.context, withheld: () => exitRules(session) };
}
