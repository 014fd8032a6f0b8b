import { type FieldError, validationFailed } from '../apiError.ts';

/** Measured: bodies of issues and comments may have this many bytes of UTF-8, whatever the message says. */
const MAX_BODY_BYTES = 262_144;
const MAX_TITLE_CHARACTERS = 256;
const MAX_LABEL_NAME_CHARACTERS = 50;
const MAX_LABEL_DESCRIPTION_CHARACTERS = 100;
const MAX_ASSIGNEES = 10;

export function isTooLongForBody(text: string): boolean {
  return Buffer.byteLength(text) > MAX_BODY_BYTES;
}

export function bodyTooLong(resource: string): FieldError {
  return { resource, field: 'body', code: 'custom', message: 'body is too long (maximum is 65536 characters)' };
}

/** Throws 422 for a title that is blank or too long. */
export function checkTitle(title: string, resource: string): void {
  if (title.trim() === '') throw validationFailed({ resource, field: 'title', code: 'missing_field' });
  if ([...title].length > MAX_TITLE_CHARACTERS) {
    const message = `title is too long (maximum is ${MAX_TITLE_CHARACTERS} characters)`;
    throw validationFailed({ resource, field: 'title', code: 'custom', message });
  }
}

/** Throws 422 for label names that can't be; GitHub words it differently when a label is only put on an issue. */
export function checkImplicitLabelName(name: string): void {
  if (name.trim() === '' || [...name].length > MAX_LABEL_NAME_CHARACTERS) {
    throw validationFailed({ resource: 'Label', field: 'name', code: 'invalid', value: name });
  }
}

export function checkLabelName(name: string): void {
  if (name.trim() === '') throw validationFailed({ resource: 'Label', field: 'name', code: 'missing_field' });
  if ([...name].length > MAX_LABEL_NAME_CHARACTERS) {
    const message = `name is too long (maximum is ${MAX_LABEL_NAME_CHARACTERS} characters)`;
    throw validationFailed({ resource: 'Label', field: 'name', code: 'custom', message });
  }
}

export function checkLabelColor(color: string): void {
  if (!/^[0-9a-f]{6}$/i.test(color)) throw validationFailed({ resource: 'Label', field: 'color', code: 'invalid' });
}

export function checkLabelDescription(description: string | null): void {
  if (description !== null && [...description].length > MAX_LABEL_DESCRIPTION_CHARACTERS) {
    const message = `description is too long (maximum is ${MAX_LABEL_DESCRIPTION_CHARACTERS} characters)`;
    throw validationFailed({ resource: 'Label', field: 'description', code: 'custom', message });
  }
}

/** Throws 422 for more people than an issue can have (kubernetes/test-infra#10391). */
export function checkAssigneeCount(count: number): void {
  if (count > MAX_ASSIGNEES) {
    const message = `You can only assign up to ${MAX_ASSIGNEES} assignees`;
    throw validationFailed({ resource: 'Issue', field: 'assignees', code: 'custom', message });
  }
}
