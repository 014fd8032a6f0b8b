import { codeBlock } from '../../core/codeBlock.ts';
import type { Proposal } from '../../core/recording.ts';
import type { EventBase, TimelineEvent } from '../../core/timelineEvent.ts';

/** The event that a proposal becomes. */
export function recordedEvent(base: Omit<EventBase, 'body'>, proposal: Omit<Proposal, 'id' | 'at'>): TimelineEvent {
  const { kind, text, ref, exit, duration, cwd, output } = proposal;
  switch (kind) {
    case 'command':
    case 'task':
      return {
        ...base,
        kind: 'command',
        body:
          kind === 'command'
            ? console([`$ ${text}`, output])
            : [text, output && console([output])].filter(Boolean).join('\n\n'),
        ...(exit === undefined ? {} : { exit }),
        ...(duration === undefined ? {} : { duration }),
        ...(cwd === undefined ? {} : { cwd }),
      };
    case 'commit':
      return { ...base, kind: 'commit', body: ref === undefined ? text : `\`${ref}\` ${text}` };
    default:
      return { ...base, kind: 'note', body: ref === undefined ? text : `${text} (\`${ref}\`)` };
  }
}

function console(parts: readonly (string | undefined)[]): string {
  return codeBlock('console', parts.filter(Boolean).join('\n'));
}
