import type { AlertCommand } from '../alerts/lazyAlertsUi.ts';
import type { CommandId } from '../contributions.ts';
import type { RecordingUiCommand } from '../recording/lazyRecordingUi.ts';
import type { RoomUiCommand } from '../room/lazyRoomUi.ts';
import type { SyncUiCommand } from '../sync/lazySyncUi.ts';
import type { WarRoomCommand } from '../warRoom/lazyWarRoomUi.ts';

/** The commands that no other part has: what people do with incidents, backlog and git. */
export type LazyCommand = Exclude<
  CommandId,
  | AlertCommand
  | RecordingUiCommand
  | RoomUiCommand
  | SyncUiCommand
  | WarRoomCommand
  | 'firebreak.chooseFolder'
  | 'firebreak.showLog'
>;
