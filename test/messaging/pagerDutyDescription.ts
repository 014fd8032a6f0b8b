import { Ajv, type ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';

const text = { type: 'string' };
const address = { type: 'string', format: 'uri' };

/**
 * An event as PagerDuty's own description of its Events API v2 has it (github.com/PagerDuty/api-schema,
 * reference/events-v2/openapiv3.json, in which every field is optional that is not `required` here). What it does not name is refused here: PagerDuty
 * would ignore it without a word. Lengths are those of its developer documentation ("Send an Alert Event").
 */
const event = {
  type: 'object',
  additionalProperties: false,
  required: ['routing_key', 'event_action'],
  properties: {
    routing_key: text,
    event_action: { enum: ['trigger', 'acknowledge', 'resolve'] },
    dedup_key: { type: 'string', maxLength: 255 },
    client: text,
    client_url: address,
    payload: {
      type: 'object',
      additionalProperties: false,
      required: ['summary', 'severity', 'source'],
      properties: {
        summary: { type: 'string', minLength: 1, maxLength: 1_024 },
        timestamp: { type: 'string', format: 'date-time' },
        severity: { enum: ['critical', 'warning', 'error', 'info'] },
        source: { type: 'string', minLength: 1 },
        component: text,
        group: text,
        class: text,
        custom_details: { type: 'object' },
      },
    },
    links: {
      type: 'array',
      items: { type: 'object', additionalProperties: false, required: ['href'], properties: { href: address, text } },
    },
    images: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['src'],
        properties: { src: address, href: address, alt: text },
      },
    },
  },
  // In prose there: the payload is a trigger's, and all others need the key.
  if: { properties: { event_action: { const: 'trigger' } } },
  // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
  then: { required: ['payload'] },
  else: { required: ['dedup_key'] },
};

const success = {
  type: 'object',
  additionalProperties: false,
  required: ['status'],
  properties: { status: text, dedup_key: text, message: text },
};

const failure = {
  type: 'object',
  additionalProperties: false,
  required: ['status', 'message'],
  properties: { status: text, message: text, errors: { type: 'array', items: text } },
};

const ajv = addFormats.default(new Ajv({ allErrors: true, strict: false }));
const judges = { event: ajv.compile(event), success: ajv.compile(success), failure: ajv.compile(failure) };

/** What is wrong with an event that is sent. */
export function judgeEvent(value: unknown): string[] {
  return judges.event(value) ? [] : (judges.event.errors ?? []).map(told);
}

/** What is wrong with an answer: 202 for what was taken; 400, 429 and those of a server in trouble. */
export function judgePagerAnswer(status: number, body: string): string[] {
  if (![202, 400, 429].includes(status) && status < 500) return [`${status} is no answer of PagerDuty`];
  const judge = status === 202 ? judges.success : judges.failure;
  return judge(JSON.parse(body)) ? [] : (judge.errors ?? []).map(told);
}

function told({ instancePath, message, params }: ErrorObject): string {
  return `${instancePath} ${message} ${JSON.stringify(params)}`;
}
