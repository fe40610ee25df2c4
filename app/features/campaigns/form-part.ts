import type { CampaignForm } from './campaign-form.ts';

/** What every part of the form works with. */
export interface FormPart {
  readonly form: CampaignForm;
  readonly set: <Name extends keyof CampaignForm>(name: Name, value: CampaignForm[Name]) => void;
  readonly errorOf: (name: keyof CampaignForm) => string | undefined;
  /** The campaign is over: nothing can be changed. */
  readonly isOver: boolean;
  /** It has started: earlier promises stay. */
  readonly hasBegun: boolean;
}
