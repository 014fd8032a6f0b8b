/** The colour themes that Firebreak is looked at in, by the kind of theme. */
export const themes = {
  light: { id: 'Light Modern', className: 'vs' },
  dark: { id: 'Dark Modern', className: 'vs-dark' },
  'high-contrast': { id: 'Default High Contrast', className: 'hc-black' },
} as const;

export type Theme = keyof typeof themes;

/** User settings of a quiet window: nothing that asks, phones home or moves by itself. */
export function calmSettings(theme: Theme): Record<string, unknown> {
  return {
    'workbench.colorTheme': themes[theme].id,
    'window.autoDetectColorScheme': false,
    'workbench.startupEditor': 'none',
    'workbench.tips.enabled': false,
    'workbench.welcomePage.walkthroughs.openOnInstall': false,
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'workbench.reduceMotion': 'on',
    'workbench.enableExperiments': false,
    'chat.disableAIFeatures': true,
    'git.openRepositoryInParentFolders': 'never',
    'git.autofetch': false,
    'telemetry.telemetryLevel': 'off',
    'extensions.autoCheckUpdates': false,
    'extensions.autoUpdate': false,
    'extensions.ignoreRecommendations': true,
    'update.mode': 'none',
    'security.workspace.trust.startupPrompt': 'never',
    'remote.autoForwardPorts': false,
    // A terminal that nobody has typed into yet begins anew when an extension that starts late adds to its environment.
    'terminal.integrated.environmentChangesRelaunch': false,
    // The lines of a terminal can be read from the page: a canvas tells nothing.
    'terminal.integrated.gpuAcceleration': 'off',
    'editor.accessibilitySupport': 'off',
    // They come when they are due, also in the middle of a flow that is about something else.
    'firebreak.reminders.enabled': false,
    'firebreak.recording.ask': false,
  };
}
