import { useEffect } from 'react';
import type { Refusal } from './refusal.ts';

/** Takes the keyboard to the first field that was refused; its error is read out with it. */
export function useFirstInvalid(refusal: Refusal | undefined): void {
  useEffect(() => {
    if (refusal === undefined || Object.keys(refusal.fields).length === 0) return;
    const timer = setTimeout(() => {
      document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    });
    return () => clearTimeout(timer);
  }, [refusal]);
}
