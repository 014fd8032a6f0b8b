import * as vscode from 'vscode';
import { type Criterion, criteria, proposedSeverity } from '../../core/criterion.ts';
import type { Item } from '../../core/item.ts';
import type { Severity } from '../../core/severity.ts';
import type { DeclareInput } from '../../services/declareIncident.ts';
import { inputStep, pickManyStep, pickStep, runSteps } from '../multiStep.ts';
import { criterionTexts } from '../words.ts';

const { t } = vscode.l10n;
const totalSteps = 3;

interface CriterionPick extends vscode.QuickPickItem {
  readonly criterion: Criterion;
}
interface ReviewPick extends vscode.QuickPickItem {
  readonly does: Severity | 'impact' | 'service' | 'commander';
}

/** What something else than a person says of the trouble. */
export interface DeclarationProposal {
  readonly flowTitle: string;
  readonly title: string;
  readonly severity: Severity;
  /** Why this severity. */
  readonly reason: string;
  readonly service: string;
}

/**
 * Asks what a declaration needs: title, criteria, and a last look that declares with Enter. Only the title has to be
 * typed: Enter, Enter, Enter declares.
 * @param item the backlog item to declare, if it is one
 * @param me how the person at this clone is written; the commander unless they say otherwise
 * @param proposal what the answers begin with
 * @throws FirebreakError `cancelled`
 */
export async function askDeclaration(
  item: Item | undefined,
  me: Promise<string>,
  proposal?: DeclarationProposal,
): Promise<DeclareInput> {
  const flowTitle = proposal?.flowTitle ?? (item ? t('Declare {0}', item.id) : t('Declare P0'));
  const answers = {
    title: proposal?.title ?? item?.title ?? '',
    criteria: [] as readonly Criterion[],
    severity: 'P0' as Severity,
    impact: '',
    service: proposal?.service ?? '',
    commander: undefined as string | undefined,
  };

  const askTitle = async () => {
    const result = await inputStep({
      title: flowTitle,
      step: 1,
      totalSteps,
      prompt: t('What is broken? Only this is required.'),
      placeholder: t('Production API down'),
      value: answers.title,
      check: (text) => (text.trim() === '' ? t('A title is needed: one line that says what is broken.') : undefined),
    });
    if (result === 'back') return false;
    answers.title = result.value;
    return true;
  };

  const askCriteria = async () => {
    const items: CriterionPick[] = criteria.map((criterion) => ({
      criterion,
      label: criterionTexts[criterion].title,
      detail: criterionTexts[criterion].detail,
    }));
    const result = await pickManyStep({
      title: flowTitle,
      step: 2,
      totalSteps,
      // Short: the number of ticked ones is drawn over its end.
      placeholder: t('Any one makes it a P0. Space ticks, Enter goes on.'),
      items,
      selected: items.filter((pick) => answers.criteria.includes(pick.criterion)),
    });
    if (result === 'back') return false;
    answers.criteria = result.value.map((pick) => pick.criterion);
    return true;
  };

  const review = async () => {
    answers.commander ??= await me;
    for (;;) {
      const result = await pickStep({
        title: flowTitle,
        step: 3,
        totalSteps,
        placeholder: t('Enter declares. The rest can wait.'),
        items: reviewItems(answers, proposal),
      });
      if (result === 'back') return false;
      const { does } = result.value;
      if (does === 'impact' || does === 'service' || does === 'commander') {
        await askDetail(does);
        continue;
      }
      answers.severity = does;
      return true;
    }
  };

  const askDetail = async (what: 'impact' | 'service' | 'commander') => {
    const prompts = {
      impact: t('Who and what is affected? Users, regions, features.'),
      service: t('Which service?'),
      commander: t('Who owns coordination? @login or a name; empty for nobody yet.'),
    };
    const result = await inputStep({
      title: flowTitle,
      // Past the first step, so that there is a way back to the review.
      step: 3,
      totalSteps,
      prompt: prompts[what],
      value: answers[what] ?? '',
    });
    if (result !== 'back') answers[what] = result.value.trim();
  };

  await runSteps([askTitle, askCriteria, review]);
  return {
    title: answers.title,
    severity: answers.severity,
    criteria: answers.criteria,
    ...(answers.impact ? { impact: answers.impact } : {}),
    ...(answers.service ? { service: answers.service } : {}),
    ...(answers.commander ? { commander: answers.commander } : {}),
  };
}

function reviewItems(
  answers: {
    criteria: readonly Criterion[];
    impact: string;
    service: string;
    commander: string | undefined;
  },
  proposal: DeclarationProposal | undefined,
): ReviewPick[] {
  const ticked = answers.criteria.map((criterion) => criterionTexts[criterion].title).join(', ');
  const declare = (severity: Severity, label: string, detail: string): ReviewPick => ({
    does: severity,
    label: `$(flame) ${label}`,
    detail,
    alwaysShow: true,
  });
  const asP0 = (detail: string) => declare('P0', t('Declare P0'), detail);
  const privacy = answers.criteria.includes('security-breach')
    ? ` ${t('It stays private: nothing of it is sent.')}`
    : '';
  const proposed =
    proposal && answers.criteria.length === 0
      ? [declare(proposal.severity, t('Declare {0}', proposal.severity), proposal.reason)]
      : [];
  const byCriteria =
    proposedSeverity(answers.criteria) === 'P0'
      ? [asP0(`${ticked}.${privacy}`), declare('P1', t('Declare P1 instead'), t('Same day: resolve within 24 hours.'))]
      : [
          declare(
            'P1',
            t('Declare P1'),
            t('No criterion is ticked, so the guide makes it P1: resolve within 24 hours.'),
          ),
          asP0(t('You decide: resolve within 4 hours; the sprint is interrupted.')),
        ];
  const severities = [...proposed, ...byCriteria.filter(({ does }) => proposed.every((pick) => pick.does !== does))];
  const empty = t('not given');
  return [
    ...severities,
    { does: 'impact', label: `$(edit) ${t('Impact')}`, description: answers.impact || empty },
    { does: 'service', label: `$(server) ${t('Affected service')}`, description: answers.service || empty },
    { does: 'commander', label: `$(person) ${t('Commander')}`, description: answers.commander || t('nobody yet') },
  ];
}
