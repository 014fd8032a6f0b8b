import { oneOf } from '../core/oneOf.ts';
import { count, fields, nullable, text, wholeText } from './parse.ts';
import { parseTimelineView, type TimelineView, viewLimits } from './timelineView.ts';

/** What the extension tells the timeline panel. The whole view is sent each time; the panel patches itself. */
export type ToWebview =
  | { readonly type: 'incident'; readonly incident: TimelineView }
  /** The incident's file is gone. The panel stays, in case it comes back (a checkout). */
  | { readonly type: 'gone' }
  /** The note of this request is on disk. */
  | { readonly type: 'noteAdded'; readonly request: number }
  /** Something that was asked for did not happen. `message` is one sentence for people; `request` names an `addNote`. */
  | { readonly type: 'failed'; readonly message: string; readonly request: number | null };

/** What can be asked of the extension for the incident as a whole, without words. */
export const timelineCommands = [
  'acknowledge',
  'changePhase',
  'changeSeverity',
  'assignRole',
  'postStatusUpdate',
  'recordDecision',
  /** Writes back every event file that the work tree lacks. */
  'restore',
  'openOnGitHub',
  'showProblems',
] as const;
export type TimelineCommand = (typeof timelineCommands)[number];

/** What the timeline panel asks of the extension. It comes from a page that shows other people's text: hold it suspect. */
export type FromWebview =
  /** The page can take messages; it asks for the incident. */
  | { readonly type: 'ready' }
  /** `request` is the page's own number for it, and comes back in `noteAdded` or `failed`. */
  | { readonly type: 'addNote'; readonly text: string; readonly request: number }
  /** Open the file behind an event. */
  | { readonly type: 'openEvent'; readonly id: string }
  | { readonly type: 'openIncident' }
  | { readonly type: 'run'; readonly command: TimelineCommand }
  /** Open an address outside: only http, https and mailto come through. */
  | { readonly type: 'openLink'; readonly href: string };

/** UTF-16 units; what is longer is refused. */
export const messageLimits = { note: 50_000, href: 2_000, failure: 2_000 } as const;

const isTimelineCommand = oneOf(timelineCommands);

/** Reads a message for the webview; undefined when it is none. Over-long texts are cut to `viewLimits`. */
export function parseToWebview(value: unknown): ToWebview | undefined {
  const from = fields(value);
  switch (from?.type) {
    case 'incident': {
      const incident = parseTimelineView(from.incident);
      return incident && { type: 'incident', incident };
    }
    case 'gone':
      return { type: 'gone' };
    case 'noteAdded': {
      const request = count(from.request);
      return request === undefined ? undefined : { type: 'noteAdded', request };
    }
    case 'failed': {
      const message = text(from.message, messageLimits.failure);
      const request = nullable(from.request, count);
      return message === undefined || request === undefined ? undefined : { type: 'failed', message, request };
    }
    default:
      return undefined;
  }
}

/** Reads a message from the webview; undefined when it is none, or asks for something that is not on offer. */
export function parseFromWebview(value: unknown): FromWebview | undefined {
  const from = fields(value);
  switch (from?.type) {
    case 'ready':
      return { type: 'ready' };
    case 'addNote': {
      const note = wholeText(from.text, messageLimits.note);
      const request = count(from.request);
      return note === undefined || note.trim() === '' || request === undefined
        ? undefined
        : { type: 'addNote', text: note, request };
    }
    case 'openEvent': {
      const id = wholeText(from.id, viewLimits.id);
      return id === undefined ? undefined : { type: 'openEvent', id };
    }
    case 'openIncident':
      return { type: 'openIncident' };
    case 'run':
      return isTimelineCommand(from.command) ? { type: 'run', command: from.command } : undefined;
    case 'openLink':
      return isOutsideAddress(from.href) ? { type: 'openLink', href: from.href } : undefined;
    default:
      return undefined;
  }
}

/** Whether a value is an http, https or mailto address that may be handed to the user's browser. */
export function isOutsideAddress(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > messageLimits.href) return false;
  // A URL parser strips blanks and control characters before it reads the scheme, so none may be there.
  return /^(?:https?:\/\/[^\s/\p{Cc}]|mailto:[^\s\p{Cc}])[^\s\p{Cc}]*$/iu.test(value);
}
