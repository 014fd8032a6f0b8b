import { ApiError, issueLocked, issuesDisabled, movedPermanently, notFound, validationFailed } from './apiError.ts';
import { secondaryLimit } from './rateLimit.ts';

/** What can go wrong, by name. */
export type FaultKind =
  // The write happens, the answer is lost:
  | { name: 'commit-then-502' | 'commit-then-503' }
  /** No answer ever; the socket stays open until the client gives up. */
  | { name: 'commit-then-timeout' }
  | { name: 'commit-then-reset' }
  /** The right status, and JSON that stops in the middle. */
  | { name: 'commit-then-truncated' }
  /** The right status, and no body. */
  | { name: 'commit-then-empty' }
  /** The right status, and a page of HTML, as from a proxy that wants a login. */
  | { name: 'commit-then-html' }
  // Nothing happens:
  | { name: '500-before' | '502-before' | '401' | '404' | '410' | '422' | 'locked-403' | 'issues-disabled-410' }
  /** The connection is cut before the request is looked at. */
  | { name: 'offline' }
  /** `retryAfter` in seconds; without it there is no such header. */
  | { name: '429' | 'secondary-limit-403'; retryAfter?: number }
  /** Uses up the hourly quota of whoever asks, for everything, until `resetIn` seconds from now. */
  | { name: 'primary-limit-403'; resetIn: number }
  /** `location` is an address, or a path below the API's base. */
  | { name: 'redirect-301'; location: string }
  // The request is answered as if all was well, and is not done as asked:
  /** 200 with the body it had. */
  | { name: 'patch-keeps-old-body' }
  /** Labels, assignees and milestone are left out. */
  | { name: 'dropped-labels' }
  /** Lists are those of `seconds` ago. */
  | { name: 'list-lag'; seconds: number };

export interface FaultMatch {
  /** If absent: any method that the fault makes sense for (writes for lost answers, reads for lagging lists). */
  method?: string;
  /** Tested against the path with its query, below the API's base; also as `/repos/o/r/…` if asked by id. */
  path?: RegExp;
  /** How many matching requests are let through before the first is hit; 0 if absent. */
  skip?: number;
  /** How many matching requests are hit; 1 if absent, `Infinity` for all. */
  count?: number;
}

export type Fault = FaultKind & FaultMatch;

export type FaultName = FaultKind['name'];

/** A fault that was injected: how often it hit, and the way to take it back. */
export class InjectedFault {
  readonly fault: Fault;
  #seen = 0;
  #hits = 0;
  #removed = false;

  constructor(fault: Fault) {
    this.fault = fault;
  }

  get hits(): number {
    return this.#hits;
  }

  remove(): void {
    this.#removed = true;
  }

  /** Whether this request is hit; counts it. `paths` are the ways to write the request's path. */
  take(method: string, paths: readonly string[]): boolean {
    const { fault } = this;
    if (this.#removed || !meansMethod(fault, method)) return false;
    if (fault.path && !paths.some((path) => matches(fault.path, path))) return false;
    this.#seen += 1;
    if (this.#seen <= (fault.skip ?? 0) || this.#hits >= (fault.count ?? 1)) return false;
    this.#hits += 1;
    return true;
  }
}

/** The faults in force; the first one injected that matches a request hits it. */
export class Faults {
  #injected: InjectedFault[] = [];

  inject(fault: Fault): InjectedFault {
    const injected = new InjectedFault(fault);
    this.#injected.push(injected);
    return injected;
  }

  clear(): void {
    this.#injected = [];
  }

  take(method: string, paths: readonly string[]): Fault | undefined {
    return this.#injected.find((injected) => injected.take(method, paths))?.fault;
  }
}

/** The answer of a fault that keeps the request from being done; `undefined` for the other faults. */
export function failureBefore(fault: Fault, apiBase: string): ApiError | undefined {
  switch (fault.name) {
    case '500-before':
      return new ApiError(500, 'Internal Server Error');
    case '502-before':
      return new ApiError(502, 'Server Error');
    case '401':
      return new ApiError(401, 'Bad credentials');
    case '404':
      return notFound();
    case '410':
      return new ApiError(410, 'This issue was deleted');
    case '422':
      return validationFailed({
        resource: 'Issue',
        field: 'title',
        code: 'custom',
        message: 'title is not acceptable',
      });
    case 'locked-403':
      return issueLocked();
    case 'issues-disabled-410':
      return issuesDisabled();
    case '429':
      return secondaryLimit(429, fault.retryAfter);
    case 'secondary-limit-403':
      return secondaryLimit(403, fault.retryAfter);
    case 'redirect-301':
      return movedPermanently(fault.location.startsWith('/') ? apiBase + fault.location : fault.location);
    default:
      return undefined;
  }
}

/** A page such as a proxy or an overloaded GitHub sends where JSON was expected. */
export const HTML_PAGE =
  '<!DOCTYPE html>\n<html><head><title>Unicorn! &middot; GitHub</title></head><body><p>This page is taking too long to load.</p></body></html>\n';

function meansMethod(fault: Fault, method: string): boolean {
  if (fault.method !== undefined) return fault.method === method;
  if (fault.name === 'patch-keeps-old-body') return method === 'PATCH';
  if (fault.name === 'list-lag') return method === 'GET';
  const needsWrite = fault.name === 'dropped-labels' || fault.name.startsWith('commit-then-');
  return !needsWrite || method !== 'GET';
}

/** A sticky or global expression would remember where it stopped, and miss every second request. */
function matches(pattern: RegExp | undefined, path: string): boolean {
  return pattern !== undefined && new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')).test(path);
}
