import { FormLayout } from '@shopify/polaris';
import type { ReactNode } from 'react';
import { SectionCard } from './section-card.tsx';

/** A card of a form: its fields belong together under one heading. */
export function FormSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <SectionCard title={title}>
      <FormLayout>{children}</FormLayout>
    </SectionCard>
  );
}
