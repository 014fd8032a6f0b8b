import { type EventKind, isEventKind } from '../core/eventKind.ts';
import { oneOf } from '../core/oneOf.ts';
import { complete, fields, flag, list, nullable, text, wholeText } from './parse.ts';
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
  /** The people whose entries are shown; empty for all. */
  readonly filterPeople: readonly string[];
  /** Only what is pinned. */
  readonly filterPinned: boolean;
  /** The event at the top of the view, and how far below the top it stands (CSS pixels); null when at the newest. */
  readonly anchor: { readonly event: string; readonly offset: number } | null;
  /** A note that was not sent yet. */
  readonly draft: string;
  /** What is being changed of an entry, as far as it was typed. */
  readonly form: EntryFormState | null;
  /** Whether the incident over time is shown; null until its reader said so. */
  readonly picture: boolean | null;
}

export const entryForms = ['correct', 'retract', 'link'] as const;

export interface EntryFormState {
  readonly kind: (typeof entryForms)[number];
  /** The entry that it is about. */
  readonly event: string;
  readonly text: string;
  /** For `correct`: when it happened, as the field has it. For `link`: the address. */
  readonly field: string;
}

const isEntryForm = oneOf(entryForms);
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
    filterPeople: list(from.filterPeople, (value) => wholeText(value, viewLimits.name)) ?? [],
    filterPinned: from.filterPinned === true,
    anchor: nullable(from.anchor, parseAnchor) ?? null,
    draft: text(from.draft, messageLimits.note) ?? '',
    form: nullable(from.form, parseForm) ?? null,
    picture: flag(from.picture) ?? null,
  };
}

function parseAnchor(value: unknown): { event: string; offset: number } | undefined {
  const from = fields(value);
  const event = wholeText(from?.event, viewLimits.id);
  const offset = from?.offset;
  return event !== undefined && typeof offset === 'number' && Number.isFinite(offset) ? { event, offset } : undefined;
}

function parseForm(value: unknown): EntryFormState | undefined {
  const from = fields(value);
  if (!from || !isEntryForm(from.kind)) return undefined;
  return complete<EntryFormState>({
    kind: from.kind,
    event: wholeText(from.event, viewLimits.id),
    text: text(from.text, messageLimits.note),
    field: text(from.field, messageLimits.href),
  });
}
