import { type ChatChannel, type ChatRooms, MessagingError } from '../../core/ports/messaging.ts';

/**
 * Goes into a channel, and takes it out of the archive where it must.
 * @returns whether it was archived. @throws MessagingError
 */
export async function enterChannel(
  rooms: ChatRooms,
  { id, archived }: Pick<ChatChannel, 'id' | 'archived'>,
): Promise<boolean> {
  if (!archived) {
    try {
      await rooms.join(id);
      return false;
    } catch (error) {
      // Whoever is in no archived channel is told first that they are not in it.
      if (!MessagingError.is(error, 'archived')) throw error;
    }
  }
  await rooms.unarchive(id);
  await rooms.join(id);
  return true;
}

/**
 * Does something in a channel, also where somebody took the app out of it, or archived it too early.
 * @param cameBack after it was taken out of the archive
 * @throws MessagingError
 */
export async function insideChannel<T>(
  rooms: ChatRooms,
  channel: string,
  act: () => Promise<T>,
  cameBack: () => Promise<void> = async () => undefined,
): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!MessagingError.is(error, 'notInChannel', 'archived')) throw error;
    if (await enterChannel(rooms, { id: channel, archived: error.reason === 'archived' })) await cameBack();
    return act();
  }
}
