/** The steps of the checklist on the home page, in the order a merchant takes them. */
export const SETUP_TASKS = ['review_rules', 'add_block', 'first_points'] as const;
export type SetupTaskName = (typeof SETUP_TASKS)[number];

export function isSetupTaskName(name: string): name is SetupTaskName {
  return SETUP_TASKS.some((task) => task === name);
}
