import { ApiError, invalidRequest } from './apiError.ts';

/** Reads the fields of a request's JSON body; every error is a 422 (or 400) in GitHub's words. */
export class BodyFields {
  readonly #body: Readonly<Record<string, unknown>>;

  constructor(body: unknown) {
    if (body === undefined || body === null) this.#body = {};
    else if (isRecord(body)) this.#body = body;
    else throw new ApiError(400, 'Body should be a JSON object');
  }

  has(field: string): boolean {
    return this.#body[field] !== undefined;
  }

  /** Insists on the field, whatever its type. */
  require(field: string): this {
    if (!this.has(field)) throw invalidRequest(`"${field}" wasn't supplied.`);
    return this;
  }

  /** A string, `undefined` if absent. A number is taken as its digits, as GitHub does for titles. */
  string(field: string): string | undefined {
    const value = this.#body[field];
    if (value === undefined || typeof value === 'string') return value;
    if (typeof value === 'number') return String(value);
    throw wrongType(field, value, 'a string');
  }

  /** A string or `null`, `undefined` if absent. */
  nullableString(field: string): string | null | undefined {
    return this.#body[field] === null ? null : this.string(field);
  }

  /** An integer, also written as a string of digits; `undefined` if absent. */
  nullableInteger(field: string): number | null | undefined {
    const value = this.#body[field];
    if (value === undefined || value === null) return value;
    const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
    if (typeof number === 'number' && Number.isInteger(number)) return number;
    throw wrongType(field, value, 'an integer');
  }

  boolean(field: string): boolean | undefined {
    const value = this.#body[field];
    if (value === undefined || typeof value === 'boolean') return value;
    throw wrongType(field, value, 'a boolean');
  }

  /** An array of strings, or of objects with one string under `key`; `undefined` if absent. */
  names(field: string, key: string): string[] | undefined {
    const value = this.#body[field];
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) throw wrongType(field, value, 'an array');
    return value.map((element: unknown) => {
      if (typeof element === 'string') return element;
      const name = isRecord(element) ? element[key] : undefined;
      if (typeof name === 'string') return name;
      throw wrongType(`${field}/items`, element, 'a string');
    });
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrongType(field: string, value: unknown, expected: string): ApiError {
  const shown = value === null ? 'nil' : JSON.stringify(value);
  return invalidRequest(`For 'properties/${field}', ${shown} is not ${expected}.`);
}
