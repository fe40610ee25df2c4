import { useEffect } from 'react';
import type { Refusal } from './refusal.ts';

/** Focuses the first refused field; screen readers read its error. */
export function useFirstInvalid(refusal: Refusal | undefined): void {
  useEffect(() => {
    if (refusal === undefined || Object.keys(refusal.fields).length === 0) return;
    const timer = setTimeout(() => {
      document.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid]')?.focus();
    });
    return () => clearTimeout(timer);
  }, [refusal]);
}
