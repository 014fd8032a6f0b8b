import type { JsonObject } from './api.ts';

/** One entry of `errors` in GitHub's 422 body. */
export interface FieldError {
  resource: string;
  field: string;
  code: 'missing' | 'missing_field' | 'invalid' | 'already_exists' | 'unprocessable' | 'custom';
  message?: string;
  value?: string | number | null;
}

/** An answer that is an error, in GitHub's shape; `documentation_url` and `status` are filled in by the server. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: JsonObject;
  readonly headers: Record<string, string>;

  constructor(status: number, message: string, more: JsonObject = {}, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.body = { message, ...more };
    this.headers = headers;
  }
}

export function notFound(message = 'Not Found'): ApiError {
  return new ApiError(404, message);
}

export function forbidden(message: string): ApiError {
  return new ApiError(403, message);
}

export function issuesDisabled(): ApiError {
  return new ApiError(410, 'Issues are disabled for this repo');
}

export function issueDeleted(): ApiError {
  return new ApiError(410, 'This issue was deleted');
}

export function issueLocked(): ApiError {
  return new ApiError(403, 'Unable to create comment because issue is locked.');
}

/** Recorded: a read is answered by 301, everything else by 307, with the same words. */
export function movedPermanently(url: string, method = 'GET'): ApiError {
  const documentation = 'https://docs.github.com/v3/#http-redirects';
  const more = { url, documentation_url: documentation };
  return new ApiError(method === 'GET' ? 301 : 307, 'Moved Permanently', more, { location: url });
}

/** 422 with the fields that are wrong. */
export function validationFailed(...errors: FieldError[]): ApiError {
  return new ApiError(422, 'Validation Failed', { errors: errors.map((error) => ({ ...error })) });
}

/** 422 for a body that GitHub's own schema check refuses before anything looks at its values. */
export function invalidRequest(detail: string): ApiError {
  return new ApiError(422, `Invalid request.\n\n${detail}`);
}
