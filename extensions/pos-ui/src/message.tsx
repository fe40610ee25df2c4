/** Why there is nothing to show, and what to do about it. */
export function Message({ heading, text }: { heading: string; text: string }) {
  return <s-empty-state heading={heading} subheading={text} />;
}
