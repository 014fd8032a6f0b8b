import { oneOf } from '../core/oneOf.ts';
import { complete, count, epoch, fields, flag, list, nullable, text, wholeText } from './parse.ts';
import { parseTimelineChange, type TimelineChange } from './timelineChange.ts';
import { parseTimelineView, type TimelineView, viewLimits } from './timelineView.ts';

/**
 * How a page gets its view and keeps it: see `TimelineFeed` and `TimelineCopy`. `earlier`: how many entries before the
 * first one are still to come.
 */
export type ViewMessage =
  | {
      readonly type: 'incident';
      readonly revision: number;
      readonly incident: TimelineView;
      readonly earlier: number;
    }
  /** What makes the view of the revision before into this one. */
  | { readonly type: 'changed'; readonly revision: number; readonly change: TimelineChange; readonly earlier: number }
  /** The incident's file is gone. The panel stays, in case it comes back (a checkout). */
  | { readonly type: 'gone'; readonly revision: number }
  /** This is what the page should have by now: it answers with what it shows, or that it missed something. */
  | { readonly type: 'current'; readonly revision: number };

/** What the extension tells the timeline panel. */
export type ToWebview =
  | ViewMessage
  /** What this request wanted to be written is on disk. */
  | { readonly type: 'written'; readonly request: number }
  /** An image is beside the incident, and this is how a note shows it. */
  | { readonly type: 'attached'; readonly markdown: string; readonly request: number }
  /** The person changed their mind about this request. */
  | { readonly type: 'dropped'; readonly request: number }
  /** Something that was asked for did not happen. `message` is one sentence for people; `request` names what it was. */
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
  'runAction',
  'checklist',
  'addActionItem',
  'openRca',
  'postRca',
  'notifyCustomers',
  'incidentActions',
] as const;
export type TimelineCommand = (typeof timelineCommands)[number];

/** What entries can be exported as. */
export const exportFormats = ['markdown', 'json', 'csv'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** What the picture of the incident over time can be exported as. `data` is the SVG's text, or the PNG in base64. */
export const pictureFormats = ['svg', 'png'] as const;
export type PictureFormat = (typeof pictureFormats)[number];

/** What the timeline panel asks of the extension. It comes from a page that shows other people's text: hold it suspect. */
export type FromWebview =
  /** The page can take messages; it asks for the incident. `needs`: ids of entries that it begins with. */
  | { readonly type: 'ready'; readonly needs: readonly string[] }
  /** A change does not fit what the page has: it asks for the whole incident. */
  | { readonly type: 'missed' }
  /** What it took last of the incident is on the page. */
  | { readonly type: 'shown'; readonly revision: number }
  /**
   * `request` is the page's own number for it, and comes back in `written` or `failed`. `about`: the entry that the note
   * is about.
   */
  | { readonly type: 'addNote'; readonly text: string; readonly about: string | null; readonly request: number }
  /** How an entry should read, or when it happened (epoch milliseconds; null leaves that as it is). */
  | {
      readonly type: 'correct';
      readonly id: string;
      readonly text: string;
      readonly at: number | null;
      readonly request: number;
    }
  | { readonly type: 'retract'; readonly id: string; readonly reason: string; readonly request: number }
  | { readonly type: 'pin'; readonly ids: readonly string[]; readonly pinned: boolean }
  /** An image that was pasted: base64. The answer is `attached`. */
  | { readonly type: 'pasteImage'; readonly media: string; readonly data: string; readonly request: number }
  /** The extension asks for the file of an image. The answer is `attached`, or `dropped`. */
  | { readonly type: 'chooseImage'; readonly request: number }
  /** Entries as a file of the person's choice; null for all of them. */
  | { readonly type: 'export'; readonly format: ExportFormat; readonly ids: readonly string[] | null }
  | { readonly type: 'exportPicture'; readonly format: PictureFormat; readonly data: string }
  /** Open the file behind an event. */
  | { readonly type: 'openEvent'; readonly id: string }
  | { readonly type: 'openIncident' }
  | { readonly type: 'run'; readonly command: TimelineCommand }
  /** Open an address outside: only http, https and mailto come through. */
  | { readonly type: 'openLink'; readonly href: string };

/** UTF-16 units; what is longer is refused. */
export const messageLimits = {
  note: 50_000,
  href: 2_000,
  failure: 2_000,
  /** 10 MB of image, in base64. */
  image: 14_000_000,
  picture: 14_000_000,
} as const;

const isTimelineCommand = oneOf(timelineCommands);
const isExportFormat = oneOf(exportFormats);
const isPictureFormat = oneOf(pictureFormats);

/** The images that are shown, by their media type: how the names of their files end. None of them can hold a script. */
export const imageEndings: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
};
const isImageMedia = oneOf(Object.keys(imageEndings));

const id = (value: unknown) => wholeText(value, viewLimits.id);
/** Whole or refused, as it is written to a file; may be empty. */
const freeText = (value: unknown) => (value === '' ? '' : wholeText(value, messageLimits.note));

function base64(value: unknown, limit: number): string | undefined {
  const whole = wholeText(value, limit);
  return whole !== undefined && /^[A-Za-z0-9+/]+={0,2}$/.test(whole) ? whole : undefined;
}

/** Reads a message for the webview; undefined when it is none. Over-long texts are cut to `viewLimits`. */
export function parseToWebview(value: unknown): ToWebview | undefined {
  const from = fields(value);
  switch (from?.type) {
    case 'incident': {
      const revision = count(from.revision);
      const incident = parseTimelineView(from.incident);
      const earlier = count(from.earlier);
      return revision === undefined || !incident || earlier === undefined
        ? undefined
        : { type: 'incident', revision, incident, earlier };
    }
    case 'changed': {
      const revision = count(from.revision);
      const change = parseTimelineChange(from.change);
      const earlier = count(from.earlier);
      return revision === undefined || !change || earlier === undefined
        ? undefined
        : { type: 'changed', revision, change, earlier };
    }
    case 'gone':
    case 'current': {
      const revision = count(from.revision);
      return revision === undefined ? undefined : { type: from.type, revision };
    }
    case 'written':
    case 'dropped': {
      const request = count(from.request);
      return request === undefined ? undefined : { type: from.type, request };
    }
    case 'attached': {
      const markdown = wholeText(from.markdown, messageLimits.href);
      const request = count(from.request);
      return markdown === undefined || request === undefined ? undefined : { type: 'attached', markdown, request };
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
    case 'ready': {
      const needs = list(from.needs, id);
      return needs && { type: 'ready', needs };
    }
    case 'missed':
      return { type: 'missed' };
    case 'shown': {
      const revision = count(from.revision);
      return revision === undefined ? undefined : { type: 'shown', revision };
    }
    case 'addNote': {
      const note = wholeText(from.text, messageLimits.note);
      const about = nullable(from.about, id);
      const request = count(from.request);
      return note === undefined || note.trim() === '' || about === undefined || request === undefined
        ? undefined
        : { type: 'addNote', text: note, about, request };
    }
    case 'correct': {
      const read = complete<Omit<Extract<FromWebview, { type: 'correct' }>, 'type'>>({
        id: id(from.id),
        text: freeText(from.text),
        at: nullable(from.at, epoch),
        request: count(from.request),
      });
      return read && { type: 'correct', ...read };
    }
    case 'retract': {
      const read = complete<Omit<Extract<FromWebview, { type: 'retract' }>, 'type'>>({
        id: id(from.id),
        reason: freeText(from.reason),
        request: count(from.request),
      });
      return read && { type: 'retract', ...read };
    }
    case 'pin': {
      const ids = list(from.ids, id);
      const pinned = flag(from.pinned);
      return ids === undefined || pinned === undefined ? undefined : { type: 'pin', ids, pinned };
    }
    case 'pasteImage': {
      const media = isImageMedia(from.media) ? from.media : undefined;
      const data = base64(from.data, messageLimits.image);
      const request = count(from.request);
      return media === undefined || data === undefined || request === undefined
        ? undefined
        : { type: 'pasteImage', media, data, request };
    }
    case 'chooseImage': {
      const request = count(from.request);
      return request === undefined ? undefined : { type: 'chooseImage', request };
    }
    case 'export': {
      const ids = nullable(from.ids, (value) => list(value, id));
      return ids === undefined || !isExportFormat(from.format)
        ? undefined
        : { type: 'export', format: from.format, ids };
    }
    case 'exportPicture': {
      const { format } = from;
      if (!isPictureFormat(format)) return undefined;
      const data =
        format === 'png' ? base64(from.data, messageLimits.picture) : wholeText(from.data, messageLimits.picture);
      return data === undefined ? undefined : { type: 'exportPicture', format, data };
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
