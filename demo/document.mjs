/**
 * A markdown document with front matter. A list is written in flow style, an object as a block of its own, and text in
 * quotes where YAML would read it as something else. Keys without a value are left out.
 */
export function document(fields, body) {
  const lines = Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : entry(key, value)));
  return `---\n${lines.join('\n')}\n---\n${body}`;
}

function entry(key, value) {
  if (Array.isArray(value)) return [`${key}: [${value.map((one) => scalar(one, /[,[\]{}]/)).join(', ')}]`];
  if (typeof value === 'object') {
    return [`${key}:`, ...Object.entries(value).map(([inner, one]) => `  ${inner}: ${scalar(one)}`)];
  }
  return [`${key}: ${scalar(value)}`];
}

function scalar(value, alsoQuoted) {
  if (typeof value !== 'string') return String(value);
  const special = /^[\s@`"'%&*!|>#{[\]},?:-]|: | #|:$|^(true|false|null|~|\d[\d.]*)$/i.test(value);
  return special || alsoQuoted?.test(value) ? JSON.stringify(value) : value;
}
