import { Problem } from '#infra/local/process.ts';

/** A whole number of up to nine digits, given on the command line. @throws Problem naming the option */
export function wholeOption(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Problem(`--${name} must be a whole number`);
}
