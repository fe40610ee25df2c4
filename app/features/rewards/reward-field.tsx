import { TextField } from '@shopify/polaris';
import type { RewardForm } from './reward-form.ts';

/** What every part of the form works with. */
export interface FormPart {
  readonly form: RewardForm;
  readonly set: <Name extends keyof RewardForm>(name: Name, value: RewardForm[Name]) => void;
  readonly errorOf: (name: string) => string | undefined;
  readonly currency: string;
}

/** The fields that are typed. */
type Typed = {
  [Name in keyof RewardForm]: string extends RewardForm[Name] ? Name : never;
}[keyof RewardForm];

interface RewardFieldProps {
  part: FormPart;
  name: Typed;
  label: string;
  helpText?: string;
  suffix?: string;
  inputMode?: 'numeric' | 'decimal';
  maxLength?: number;
  requiredIndicator?: boolean;
}

/** One field of the form, under its name. */
export function RewardField({ part, name, ...looks }: RewardFieldProps) {
  return (
    <TextField
      {...looks}
      value={part.form[name]}
      onChange={(value) => part.set(name, value)}
      error={part.errorOf(name)}
      autoComplete="off"
    />
  );
}
