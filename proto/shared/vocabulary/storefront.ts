/** Pictures of the button that opens the panel. */
export const LAUNCHER_ICONS = ['nest', 'star', 'gift', 'heart', 'crown'] as const;
export type LauncherIcon = (typeof LAUNCHER_ICONS)[number];

export const LAUNCHER_POSITIONS = ['left', 'right'] as const;
export type LauncherPosition = (typeof LAUNCHER_POSITIONS)[number];
