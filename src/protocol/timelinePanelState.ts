import { type EventKind, isEventKind } from '../core/eventKind.ts';
import { fields, flag, nullable, text, wholeText } from './parse.ts';
import { messageLimits } from './timelineMessages.ts';
import { viewLimits } from './timelineView.ts';

/**
 * What the timeline panel keeps with `setState`, and what a serializer gets back after a reload: which incident it is,
 * and where its reader was. Never data: the extension sends that anew.
 */
export interface TimelinePanelState {
  /** The incident's uid. */
  readonly uid: string;
  readonly filterText: string;
  /** The kinds that are shown; empty for all. */
  readonly filterKinds: readonly (EventKind | 'unknown')[];
  /** The event at the top of the view, and how far below the top it stands (CSS pixels); null when at the newest. */
  readonly anchor: { readonly event: string; readonly offset: number } | null;
  /** A note that was not sent yet. */
  readonly draft: string;
  /** Whether the incident over time is shown; null until its reader said so. */
  readonly picture: boolean | null;
}

const isKind = (value: unknown): value is EventKind | 'unknown' => value === 'unknown' || isEventKind(value);

/** Reads a kept state. Only the uid is needed: what else is missing or odd starts afresh. */
export function parseTimelinePanelState(value: unknown): TimelinePanelState | undefined {
  const from = fields(value);
  const uid = wholeText(from?.uid, viewLimits.id);
  if (!from || uid === undefined) return undefined;
  const kinds = Array.isArray(from.filterKinds) ? from.filterKinds.filter(isKind) : [];
  return {
    uid,
    filterText: text(from.filterText, viewLimits.name) ?? '',
    filterKinds: kinds,
    anchor: nullable(from.anchor, parseAnchor) ?? null,
    draft: text(from.draft, messageLimits.note) ?? '',
    picture: flag(from.picture) ?? null,
  };
}

function parseAnchor(value: unknown): { event: string; offset: number } | undefined {
  const from = fields(value);
  const event = wholeText(from?.event, viewLimits.id);
  const offset = from?.offset;
  return event !== undefined && typeof offset === 'number' && Number.isFinite(offset) ? { event, offset } : undefined;
}
