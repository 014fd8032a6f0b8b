import { Command } from 'commander';
import { FirebreakError } from '../../core/errors.ts';
import type { Incident } from '../../core/item.ts';
import { nextPhase, type Phase, phases } from '../../core/phase.ts';
import { changePhase } from '../../services/changePhase.ts';
import { uncheckedBoxes, uncheckedText } from '../../services/checklist.ts';
import { incidentAndWord } from '../chooseItem.ts';
import { type Cli, perform } from '../cli.ts';
import { changedItem } from '../results.ts';
import { spokenText } from '../spokenText.ts';
import { incidentArgument, oneWordOf, phaseWords } from '../words.ts';

interface PhaseOptions {
  readonly note: string;
}

export function phaseCommand(cli: Cli): Command {
  return new Command('phase')
    .description('Move an incident to the next phase, or to any.')
    .usage('[options] [id] <phase>')
    .addArgument(incidentArgument())
    .argument('[phase]', `next, or ${phases.join(', ')}`)
    .option('--note <markdown>', 'why; - reads it from stdin', '')
    .action(async (first: string | undefined, second: string | undefined, options: PhaseOptions, command: Command) =>
      perform(cli, command, async (session) => {
        const { incident, word } = incidentAndWord(session, first, second, 'the phase');
        const to = phaseNamed(incident, word);
        const before = incident.incident.phase;
        if (before === to) return changedItem(incident, `is in phase ${to} already`);
        const note = await spokenText(cli, options.note);
        const open = await uncheckedBoxes(session.context, incident, to);
        const text = open.length === 0 ? note : uncheckedText(open, note);
        const changed = await changePhase(session.context, incident, to, text);
        const outcome = changedItem(changed, `${before} -> ${changed.incident.phase}`);
        if (open.length === 0 || note !== '') return outcome;
        const titles = open.map(({ entry }) => entry.title).join(', ');
        const warning = `not ticked, and nobody said why: ${titles} (firebreak checklist; --note says why)`;
        return { ...outcome, warnings: [...(outcome.warnings ?? []), warning] };
      }),
    );
}

function phaseNamed(incident: Incident, word: string): Phase {
  const named = oneWordOf(phaseWords, word, 'phase');
  if (named !== 'next') return named;
  const next = nextPhase(incident.incident.phase);
  if (!next) throw new FirebreakError('alreadyClosed', `${incident.id} is closed: no phase comes after that.`);
  return next;
}
