import * as vscode from 'vscode';
import { safeApiUrl } from '../../core/apiAddress.ts';
import { FirebreakError } from '../../core/errors.ts';
import { safeMessagingAddress } from '../../core/messagingAddress.ts';
import { type AnnounceTarget, announceTargets } from '../../core/policy.ts';
import type { MessagingTargets } from '../../core/ports/messaging.ts';
import { settings } from '../settings.ts';

const { t } = vscode.l10n;

/** What is kept for: of a webhook its address, which is a secret itself. */
export type SecretTarget = AnnounceTarget | 'customers';
const secretTargets: readonly SecretTarget[] = [...announceTargets, 'customers'];

/**
 * Tokens, keys and secret addresses of the war room, in the secret storage. Tokens are bound to the origin that they were entered for: another
 * address in the settings finds none.
 */
export class WarRoomTokens {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  /** What is switched on on this machine and has what it needs. @throws FirebreakError `unsafeAddress` */
  async targets(): Promise<MessagingTargets> {
    const on = settings.announce();
    const [slack, webhook, pagerduty, customers] = await Promise.all([
      on.slack ? this.get('slack') : undefined,
      on.webhook ? this.get('webhook') : undefined,
      on.pagerduty ? this.get('pagerduty') : undefined,
      this.get('customers'),
    ]);
    return {
      slack: slack ? { apiUrl: slackUrl(), token: slack } : undefined,
      webhook: webhook
        ? { address: safeMessagingAddress(webhook, t('The webhook address')), format: settings.webhookFormat() }
        : undefined,
      pagerduty: pagerduty ? { address: pagerUrl(), key: pagerduty } : undefined,
      customers: customers
        ? { address: safeMessagingAddress(customers, t('The webhook address')), format: settings.webhookFormat() }
        : undefined,
    };
  }

  /** @throws FirebreakError `unsafeAddress` */
  get(target: SecretTarget): Thenable<string | undefined> {
    return this.#secrets.get(keyOf(target));
  }

  /** Asks for what a target needs, and keeps it. @throws FirebreakError `cancelled`, `unsafeAddress` */
  async ask(target: SecretTarget): Promise<void> {
    const key = keyOf(target);
    const value = await vscode.window.showInputBox({
      ...question(target),
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) => complaint(target, text.trim()),
    });
    if (!value?.trim()) throw new FirebreakError('cancelled', 'Cancelled.');
    await this.#secrets.store(key, value.trim());
  }

  async remove(): Promise<void> {
    for (const target of secretTargets) await this.#secrets.delete(keyOf(target));
  }
}

function slackUrl(): string {
  return safeApiUrl(settings.slackApiUrl());
}

function pagerUrl(): string {
  return safeMessagingAddress(settings.pagerDutyUrl(), t('The address of PagerDuty'));
}

function keyOf(target: SecretTarget): string {
  if (target === 'slack') return `slack-token:${new URL(slackUrl()).origin}`;
  if (target === 'pagerduty') return `pagerduty-key:${new URL(pagerUrl()).origin}`;
  return target === 'customers' ? 'customers-webhook-address' : 'webhook-address';
}

function question(target: SecretTarget): { readonly title: string; readonly prompt: string } {
  switch (target) {
    case 'slack':
      return {
        title: t('Slack Token'),
        prompt: t(
          'The token of your Slack app (xoxb-…). It is kept in the secret storage and sent to {0} alone.',
          new URL(slackUrl()).origin,
        ),
      };
    case 'pagerduty':
      return {
        title: t('PagerDuty Integration Key'),
        prompt: t(
          'The key of an Events API v2 integration. It is kept in the secret storage and sent to {0} alone.',
          new URL(pagerUrl()).origin,
        ),
      };
    case 'webhook':
      return {
        title: t('Webhook Address'),
        prompt: t(
          'Where your team is told (https://…). It is kept in the secret storage, as it may be a secret itself.',
        ),
      };
    case 'customers':
      return {
        title: t('Webhook Address for Customers'),
        prompt: t(
          'Where messages to customers go (https://…), a status page for example. It is kept in the secret storage, as it may be a secret itself.',
        ),
      };
  }
}

function complaint(target: SecretTarget, text: string): string | undefined {
  if (text === '') return undefined;
  if (target === 'slack' || target === 'pagerduty') {
    return /^[\x21-\x7e]+$/.test(text) ? undefined : t('A token has no blanks or other characters.');
  }
  try {
    safeMessagingAddress(text, t('The webhook address'));
    return undefined;
  } catch (error) {
    if (FirebreakError.is(error)) return error.message;
    throw error;
  }
}
